package gateway

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"lisgate/adapters/moodle/moodlefake"
	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

func membershipOf(person, role, status string) *lis.Membership {
	return &lis.Membership{CollectionSourcedID: "CS1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: role, Status: status}}}}
}

// The roster has what leads to the target, as the target is told it, and
// nothing else.
func TestRosterIsWhatLeadsToTheTarget(t *testing.T) {
	store, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, m := range []struct {
		id, source, person, role string
		act                      lis.Act
	}{
		{"mine", "sis", "P1", "Learner", lis.Put},
		{"idle", "sis", "P1", "Instructor", lis.Put},
		{"gone", "sis", "P1", "Learner", lis.Put},
		{"gone", "sis", "P1", "Learner", lis.Drop},
		{"elsewhere", "hr", "P1", "Learner", lis.Put},
		{"wordless", "sis", "P1", "Mentor", lis.Put},
		{"another", "sis", "P2", "Learner", lis.Put},
	} {
		o := membershipOf(m.person, m.role, "Active")
		r := &lis.Record{ID: lis.SourcedID(m.id), Object: o}
		body, err := lis.MarshalRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		err = store.Write(t.Context(), func(tx journal.Tx) error {
			c := &lis.Change{Kind: lis.KindMembership, Key: r.ID, Act: m.act, Source: m.source, Operation: "replaceMembership"}
			return tx.Append(c, body, o.Links(), nil, 0, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := newPlan(&config.Config{
		Targets: []config.Target{{Name: "lms", Map: config.Map{Roles: map[string]string{"Learner": "student", "Instructor": "teacher"}}}},
		Routes:  []config.Route{{From: []string{"sis"}, To: []string{"lms"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{Target: &config.Target{Name: "lms"}, store: store, plan: func() *plan { return p }}
	found, err := b.roster().Memberships(t.Context(), "CS1", "P1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range found {
		got = append(got, string(r.ID)+" "+r.Object.(*lis.Membership).Member.Role[0].RoleType)
	}
	if want := []string{"idle teacher", "mine student"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if r := (&builder{Target: &config.Target{}}).roster(); r != nil {
		t.Errorf("there is a roster without records: %v", r)
	}
}

// A role change as Banner's ILP sends it: the new membership comes, the old
// one goes Inactive or is deleted, and the person is never lost at Moodle.
func TestARoleChangeThroughTheHouse(t *testing.T) {
	site := moodlefake.New(moodlefake.Options{})
	server := httptest.NewServer(site)
	defer server.Close()
	g := house(t, func(c *config.Config) {
		c.Targets = []config.Target{{Name: "lms", Adapter: "moodle", URL: server.URL, Token: "t"}}
		c.Routes = []config.Route{{Name: "all", To: []string{"lms"}}}
	})
	say := func(operation, id string, o lis.Object) {
		t.Helper()
		call := &lis.Call{Operation: operation, ID: lis.SourcedID(id)}
		if o != nil {
			call.Record = &lis.Record{ID: call.ID, Object: o}
		}
		if a := g.registrar.Do(t.Context(), &registrar.Request{Call: call, Caller: "sis"}); !a.Status.OK() {
			t.Fatalf("%s %s: %+v", operation, id, a.Status)
		}
	}
	want := func(suspended bool, roles ...string) {
		t.Helper()
		for until := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			if err := g.Idle(ctx); err != nil {
				t.Fatal(err)
			}
			cancel()
			e, there := site.Enrolment("CS1", "P1")
			if slices.Sort(e.Roles); there && e.Suspended == suspended && slices.Equal(e.Roles, roles) {
				return
			}
			if time.Now().After(until) {
				t.Fatalf("enrolled %v %+v, want suspended %v and %v", there, e, suspended, roles)
			}
		}
	}
	say("replaceCourseSection", "CS1", &lis.CourseSection{Label: lis.NewText("en", "One"), Title: lis.NewText("en", "One"), Status: "Active"})
	say("replacePerson", "P1", person("user1"))
	say("replaceMembership", "CM-1", membershipOf("P1", "Learner", "Active"))
	want(false, "student")
	say("replaceMembership", "CM-2", membershipOf("P1", "Learner", "Active"))
	say("replaceMembership", "CM-1", membershipOf("P1", "Learner", "Inactive"))
	want(false, "student")
	say("replaceMembership", "CM-3", membershipOf("P1", "Instructor", "Active"))
	say("deleteMembership", "CM-2", nil)
	want(false, "editingteacher")
	if dead := deadOf(t, g); dead != 0 {
		t.Errorf("%d dead letters", dead)
	}
	say("replaceMembership", "CM-3", membershipOf("P1", "Instructor", "Inactive"))
	want(true, "editingteacher", "student")
}

func person(user string) *lis.Person {
	value := func(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: lis.NewText("en", s)} }
	return &lis.Person{
		Name: []lis.Name{{NameType: value("Full"), PartName: []lis.BaseValue{
			{InstanceName: lis.NewText("en", "First"), InstanceValue: lis.NewText("en", "Ann")},
			{InstanceName: lis.NewText("en", "Last"), InstanceValue: lis.NewText("en", "Ek")}}}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: value("EmailPrimary"), ContactInfoValue: lis.NewText("en", user+"@example.invalid")}},
		Roles: []lis.EnterpriseRoles{{EnterpriseRolesType: value("Other"),
			UserID: []lis.UserID{{UserIDValue: lis.NewText("en", user), UserIDType: lis.NewText("en", "Logon ID")}}}},
	}
}

func deadOf(t *testing.T, g *Gateway) (n int) {
	t.Helper()
	snap, err := g.store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for s, err := range snap.Dead("lms") {
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s", s.ID, s.Reason)
		n++
	}
	return n
}
