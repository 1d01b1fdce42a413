package gateway

import (
	"strings"
	"testing"
	"time"

	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// What leaves a scope or a filter is removed at the target that has it, and so
// is what is deleted after that; what comes back is put again.
func TestWhatLeavesARouteLeavesItsTarget(t *testing.T) {
	for name, c := range map[string]struct {
		route config.Route
		out   *lis.Membership
	}{
		"role":   {config.Route{From: []string{"sis"}, Role: []string{"Learner"}}, enrolment("p-1", "Instructor", "")},
		"filter": {config.Route{When: `kind != "membership" or membership.member.role[0].status != "Inactive"`}, enrolment("p-1", "Learner", "Inactive")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newChain(t, c.route, func(to *config.Target) { // it has no word for what left
				to.Map.Roles, to.Map.Statuses = map[string]string{"Learner": "Learner"}, map[string]string{"Active": "Active"}
			}).run()
			h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Learner", ""))
			h.want(lis.KindMembership, "m-1", "Learner")
			h.say(h.sis, "replaceMembership", "m-1", c.out)
			h.want(lis.KindMembership, "m-1", "")
			if found := h.diff(lis.KindMembership, false); len(found) != 0 {
				t.Errorf("found %q", found)
			}
			h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Learner", ""))
			h.want(lis.KindMembership, "m-1", "Learner")
			h.say(h.sis, "replaceMembership", "m-1", c.out)
			h.say(h.sis, "deleteMembership", "m-1", nil)
			h.want(lis.KindMembership, "m-1", "")

			h.say(h.sis, "replaceMembership", "never", c.out)
			h.say(h.sis, "replaceMembership", "never", c.out)
			h.say(h.sis, "deleteMembership", "never", nil)
			if told := h.deliveries(lis.KindMembership, "never"); len(told) != 0 {
				t.Errorf("the LMS was told %q of what was never for it", told)
			}
		})
	}
}

// A term is looked up above; a section that moves to another leaves.
func TestWhatLeavesATerm(t *testing.T) {
	h := newChain(t, config.Route{Term: []string{"2026FA"}}, nil).run()
	section := func(term string) *lis.CourseSection {
		return &lis.CourseSection{Title: lis.NewText("en", "Optics"), AcademicSession: lis.NewText("en", term)}
	}
	h.say(h.sis, "replaceCourseSection", "s-1", section("2026FA"))
	h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Learner", ""))
	h.want(lis.KindCourseSection, "s-1", "Optics")
	h.say(h.sis, "replaceCourseSection", "s-1", section("2027SP"))
	h.want(lis.KindCourseSection, "s-1", "")
	if told := h.deliveries(lis.KindMembership, "m-1"); len(told) != 1 {
		t.Errorf("nobody said anything of the membership, and the LMS was told %q", told)
	}
	h.say(h.lms, "replaceMembership", "m-1", enrolment("p-1", "Learner", "")) // not every LMS removes it with its section
	found := h.diff(lis.KindMembership, true)
	if want := "extra m-1: it left what the routes want here"; len(found) != 1 || found[0] != want {
		t.Errorf("found %q, want %q", found, want)
	}
	h.want(lis.KindMembership, "m-1", "")
}

// What leaves while it still waits is not put there at all, be the change that
// took it away in the queue or, written at one time with it, not.
func TestWhatLeavesBeforeItArrives(t *testing.T) {
	h := newChain(t, config.Route{Role: []string{"Learner"}}, nil)
	h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Learner", ""))
	h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Instructor", ""))
	if wait := h.deliveries(lis.KindMembership, "m-1"); len(wait) != 2 {
		t.Errorf("%q wait, want both", wait)
	}
	err := h.sis.store.Write(t.Context(), func(tx journal.Tx) error {
		if err := h.append(tx, "m-2", "Learner", []string{"lms"}); err != nil {
			return err
		}
		return h.append(tx, "m-2", "Instructor", nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	h.run()
	for _, id := range []lis.SourcedID{"m-1", "m-2"} {
		h.await(id, func(last string) bool { return !strings.Contains(last, "waiting") })
		for _, d := range h.deliveries(lis.KindMembership, id) {
			if !strings.Contains(d, "applied") {
				t.Errorf("%s: %q", id, d)
			}
		}
		look(h, h.lms, func(v journal.Snapshot) (any, error) {
			for step, err := range v.History(lis.KindMembership, id) {
				if err != nil || step.Act == lis.Put {
					t.Errorf("the LMS was given %s: %+v, %v", id, step, err)
				}
			}
			return nil, nil
		})
	}
}

func (h *chain) append(tx journal.Tx, id lis.SourcedID, role string, to []string) error {
	record := &lis.Record{ID: id, Object: enrolment("p-1", role, "")}
	body, err := lis.MarshalRecord(record)
	if err != nil {
		return err
	}
	c := &lis.Change{Kind: lis.KindMembership, Key: id, Act: lis.Put, Record: record, Source: "sis", Operation: "replaceMembership"}
	return tx.Append(c, body, record.Object.Links(), nil, 0, to)
}

// A removal of this sort is one for the guard against too many of them.
func TestLeavingIsRestrained(t *testing.T) {
	h := newChain(t, config.Route{Role: []string{"Learner"}}, func(to *config.Target) { to.Removals.After = time.Hour }).run()
	h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Learner", ""))
	h.want(lis.KindMembership, "m-1", "Learner")
	h.say(h.sis, "replaceMembership", "m-1", enrolment("p-1", "Instructor", ""))
	h.await("m-1", func(last string) bool { return strings.Contains(last, "a removal waits until it is") })
	h.want(lis.KindMembership, "m-1", "Learner")
}

// A merge goes where the changes of the source go, though an operator asked
// for it; and is compared as what the source said.
func TestAMergeGoesWhereItsObjectsWent(t *testing.T) {
	h := newChain(t, config.Route{From: []string{"sis"}}, nil).run()
	for _, id := range []lis.SourcedID{"go", "stay"} {
		h.say(h.sis, "replacePerson", id, &lis.Person{DataSource: "sis"})
	}
	h.say(h.sis, "replaceMembership", "m-1", enrolment("go", "Learner", ""))
	h.want(lis.KindMembership, "m-1", `"go"`)
	if a := h.sis.registrar.Merge(t.Context(), "operator", "go", "stay"); !a.Status.OK() {
		t.Fatal(a.Status)
	}
	h.want(lis.KindMembership, "m-1", `"stay"`)
	h.want(lis.KindPerson, "go", "")
	for _, k := range []lis.Kind{lis.KindPerson, lis.KindMembership} {
		if found := h.diff(k, false); len(found) != 0 {
			t.Errorf("%s: found %q", k, found)
		}
	}
	h.say(h.lms, "deleteMembership", "m-1", nil)
	if found := h.diff(lis.KindMembership, false); len(found) != 1 || !strings.HasPrefix(found[0], "missing m-1") {
		t.Errorf("found %q", found)
	}
}

// Targets need a restart: what a route sent to a new one would wait for nobody.
func TestReloadRefusesARouteToATargetThatDoesNotRun(t *testing.T) {
	g := house(t, nil)
	next := config.Default()
	next.Targets = []config.Target{{Name: "new", Adapter: "lissoap", URL: "http://127.0.0.1:9/"}}
	if err := g.Reload(next); err != nil {
		t.Fatalf("a target that no route leads to: %v", err)
	}
	next.Routes = []config.Route{{Name: "all", To: []string{"new"}}}
	if err := g.Reload(next); err == nil || !strings.Contains(err.Error(), `route "all" leads to "new"`) || !strings.Contains(err.Error(), "restart") {
		t.Errorf("got %v", err)
	}
}
