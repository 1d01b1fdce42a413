package blackboard_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/blackboard"
	"lisgate/gateway/lis"
)

// Time runs out while Learn is at work: the next attempt looks for the end of
// the same data set. When the row has been sent otherwise since, it does not.
func TestFlatFileFollowsOnWhereItWasCutOff(t *testing.T) {
	f, l := newFlatFile(t, func(o *blackboard.Options) { o.Poll = 5 * time.Millisecond })
	l.Looks = 1000
	var first, second []lis.Change
	for n := range 1000 {
		first = append(first, put(sample(lis.KindPerson, n)))
	}
	cutOff := func(changes []lis.Change) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		_, errs := f.ApplyAll(ctx, changes)
		classed(t, errs[0], adapters.Unavailable)
	}
	cutOff(first)
	cutOff(first)
	if n := len(l.Files()); n != 1 {
		t.Errorf("%d files were sent", n)
	}
	revised := sample(lis.KindPerson, 1)
	revised.Object.(*lis.Person).ContactInfo = nil
	second = append(second, put(revised))
	all(t, f, second...)
	cutOff(first)
	if n := len(l.Files()); n != 3 {
		t.Errorf("%d files were sent, want 3: the first was overwritten in part", n)
	}
}

// Users come before courses, courses before memberships, whatever the order
// of the changes; each kind is one file.
func TestFlatFileOrder(t *testing.T) {
	f, l := newFlatFile(t)
	all(t, f, put(sample(lis.KindMembership, 1)), put(sample(lis.KindCourseSection, 1)), put(sample(lis.KindPerson, 1)), put(sample(lis.KindPerson, 2)))
	var got []string
	for _, file := range l.Files() {
		got = append(got, fmt.Sprintf("%s/%s %d", file.Object, file.Mode, strings.Count(file.Content, "\n")-1))
	}
	if strings.Join(got, ", ") != "person/store 2, course/store 1, membership/store 1" {
		t.Errorf("files: %v", got)
	}
}

// Which row was wrong stands only in the log: the rows of the file are refused
// as a whole, and one row alone is refused for itself.
func TestFlatFileRowErrors(t *testing.T) {
	f, l := newFlatFile(t)
	bad := sample(lis.KindPerson, 2)
	l.RowError = func(_ string, row map[string]string) string {
		if row["external_person_key"] == string(bad.ID) {
			return "secret reason"
		}
		return ""
	}
	changes := []lis.Change{put(sample(lis.KindPerson, 1)), put(bad), put(sample(lis.KindCourseSection, 1)), put(sample(lis.KindMembership, 1))}
	_, errs := f.ApplyAll(t.Context(), changes)
	for _, i := range []int{0, 1} {
		if e := classed(t, errs[i], adapters.Refused); !e.Whole || !strings.Contains(e.Hint, "View Logs") || !strings.Contains(e.Answer, "errors 1") {
			t.Errorf("row %d: whole %v, hint %q, answer %q", i, e.Whole, e.Hint, e.Answer)
		}
	}
	if errs[2] != nil {
		t.Errorf("the course: %v", errs[2])
	}
	if e := classed(t, errs[3], adapters.Missing); e.Parent != sample(lis.KindPerson, 1).ID || e.ParentKind != lis.KindPerson {
		t.Errorf("the membership waits for %s %s", e.ParentKind, e.Parent)
	}
	_, err := f.Apply(t.Context(), put(bad))
	if e := classed(t, err, adapters.Refused); e.Whole {
		t.Error("one row alone is whole")
	}
	if o, err := f.Apply(t.Context(), put(sample(lis.KindPerson, 1))); err != nil || !strings.Contains(o.Detail, "completed 1") {
		t.Errorf("the good row alone: %v %v", o, err)
	}
}

// Learn works while it is looked at.
func TestFlatFilePollsToTheEnd(t *testing.T) {
	f, l := newFlatFile(t)
	l.Looks = 5
	var changes []lis.Change
	for n := range 20 {
		changes = append(changes, put(sample(lis.KindPerson, n)))
	}
	all(t, f, changes...)
	if l.Users() != 20 {
		t.Errorf("%d users when the adapter was done", l.Users())
	}
}

func TestFlatFileWaitEndsWithItsContext(t *testing.T) {
	f, l := newFlatFile(t, func(o *blackboard.Options) { o.Poll = time.Hour })
	l.Looks = 50
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := f.Apply(ctx, put(sample(lis.KindPerson, 1)))
	classed(t, err, adapters.Unavailable)
}

func TestFlatFilePreflight(t *testing.T) {
	long := sample(lis.KindPerson, 1)
	long.ID = lis.SourcedID(strings.Repeat("x", 65))
	bar := sample(lis.KindPerson, 1)
	bar.ID = "a|b"
	name := sample(lis.KindPerson, 1)
	name.Object.(*lis.Person).Name[0].PartName[0].InstanceValue = lis.NewText("", strings.Repeat("é", 101))
	nameless := &lis.Record{ID: "n", Object: &lis.Person{}}
	mentor := sample(lis.KindMembership, 1)
	mentor.Object.(*lis.Membership).Member.Role[0].RoleType = "Mentor"
	group := sample(lis.KindMembership, 1)
	group.Object.(*lis.Membership).MembershipIDType = "group"
	for name, c := range map[string]struct {
		record *lis.Record
		class  adapters.Class
		want   string
	}{
		"KeyOf65":       {long, adapters.Refused, "external_person_key has 65 characters; Learn takes 64"},
		"BarInKey":      {bar, adapters.Refused, "cannot carry in a key"},
		"LongName":      {name, adapters.Refused, "firstname has 101"},
		"Nameless":      {nameless, adapters.Refused, "no name"},
		"Mentor":        {mentor, adapters.Refused, `no role for "Mentor"`},
		"OfGroup":       {group, adapters.Unsupported, "course sections only"},
		"Term":          {sample(lis.KindGroup, 1), adapters.Unsupported, "LIS door"},
		"CourseOffered": {sample(lis.KindCourseOffering, 1), adapters.Unsupported, "no place"},
	} {
		t.Run(name, func(t *testing.T) {
			f, l := newFlatFile(t)
			_, err := f.Apply(t.Context(), put(c.record))
			if e := classed(t, err, c.class); !strings.Contains(e.Error(), c.want) || c.class == adapters.Refused && e.Hint == "" {
				t.Errorf("error %v, hint %q; want %q", e, e.Hint, c.want)
			}
			if len(l.Files()) > 0 {
				t.Error("it was sent all the same")
			}
		})
	}
}

// Suspend keeps what is there and locks it; delete deletes it.
func TestFlatFileRemovals(t *testing.T) {
	for removal, want := range map[adapters.Removal]string{adapters.Suspend: "disabled", adapters.Inactive: "disabled", adapters.Delete: ""} {
		f, l := newFlatFile(t, func(o *blackboard.Options) { o.Removal = removal })
		person := sample(lis.KindPerson, 1)
		all(t, f, put(person))
		bare := drop(person)
		bare.Record = nil // nothing is known of it any more
		all(t, f, bare)
		if got := l.Status(string(person.ID)); got != want {
			t.Errorf("%s: row_status %q, want %q", removal, got, want)
		}
	}
	if _, err := blackboard.NewFlatFile(blackboard.Options{URL: "https://x.edu", Integration: "I", User: "u", Removal: adapters.Complete}); err == nil {
		t.Error("it takes complete, which Learn cannot do")
	}
}

// The same person in the same course under a new identifier: the removal of
// the old one must not lock out the new.
func TestFlatFileDropOfAnotherMembershipIsNone(t *testing.T) {
	p := &pairs{to: map[lis.Ref]string{}}
	f, l := newFlatFile(t, func(o *blackboard.Options) { o.Crosswalk = p })
	old := sample(lis.KindMembership, 1)
	renewed := &lis.Record{ID: "renewed", Object: old.Object}
	all(t, f, put(sample(lis.KindPerson, 1)), put(sample(lis.KindCourseSection, 1)))
	for _, c := range []lis.Change{put(old), put(renewed)} {
		p.to = map[lis.Ref]string{} // one id of the system belongs to one sourcedId
		p.learned(c, all(t, f, c)[0])
	}
	if o := all(t, f, drop(old)); o[0].Effect != lis.Unchanged {
		t.Errorf("effect %q", o[0].Effect)
	}
	m := old.Object.(*lis.Membership)
	if got := l.Enrolled(string(m.CollectionSourcedID), string(m.Person())); got != "Student enabled" {
		t.Errorf("the membership is %q", got)
	}
}

func TestFlatFileMembershipOfWhichNothingIsKnown(t *testing.T) {
	f, _ := newFlatFile(t)
	c := drop(sample(lis.KindMembership, 1))
	c.Record = nil
	_, err := f.Apply(t.Context(), c)
	classed(t, err, adapters.Refused)
}

// A lost answer: the file goes again and does no harm.
func TestFlatFileLostAnswer(t *testing.T) {
	f, l := newFlatFile(t)
	l.LoseAnswers.Store(true)
	_, err := f.Apply(t.Context(), put(sample(lis.KindPerson, 1)))
	classed(t, err, adapters.Unavailable)
	l.LoseAnswers.Store(false)
	all(t, f, put(sample(lis.KindPerson, 1)))
	if l.Users() != 1 || l.Effects() != 1 {
		t.Errorf("%d users, %d effects", l.Users(), l.Effects())
	}
}

func TestFlatFileAnswers(t *testing.T) {
	sentence := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				fmt.Fprint(w, text)
				return
			}
			fmt.Fprint(w, `<dataSetStatus><completedCount>1</completedCount><errorCount>0</errorCount><queuedCount>0</queuedCount><warningCount>2</warningCount></dataSetStatus>`)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		class  adapters.Class // "" for success
	}{
		"Usual":         {sentence("Success: Feed File Uploaded. Use the reference code afc3d6e84df84f51944a06cccee8f59a to track these records in the logs."), ""},
		"UUID":          {sentence("Feed accepted (AFC3D6E8-4DF8-4F51-944A-06CCCEE8F59A)."), ""},
		"OtherCode":     {sentence("Uploaded. Reference code: set_42"), ""},
		"NoCode":        {sentence("Error: the feed file is empty."), adapters.Unavailable},
		"LoginPage":     {sentence("<html>reference code afc3d6e84df84f51944a06cccee8f59a</html>"), adapters.Unavailable},
		"WrongPassword": {status(401), adapters.Unavailable},
		"WrongAddress":  {status(404), adapters.Unavailable},
		"NoRight":       {status(403), adapters.Unavailable},
		"ServerError":   {status(500), adapters.Unavailable},
		"Throttled":     {status(429), adapters.Busy},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := blackboard.NewFlatFile(options(serve(t, c.answer), &clock{today}))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			o, err := f.Apply(t.Context(), put(sample(lis.KindPerson, 1)))
			if c.class == "" {
				if err != nil || !strings.Contains(o.Detail, "warnings 2") {
					t.Errorf("%v, %v", o, err)
				}
				return
			}
			if e := classed(t, err, c.class); strings.Contains(e.Error()+e.Hint, "pa:ss") {
				t.Errorf("the password is seen: %v", e)
			}
		})
	}
}

// Nothing is queued, and not all is accounted for: that is no success.
func TestFlatFileRowsThatAreNotAccountedFor(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			fmt.Fprint(w, "Use the reference code afc3d6e84df84f51944a06cccee8f59a.")
			return
		}
		fmt.Fprint(w, `<s><completedCount>1</completedCount><errorCount>0</errorCount><queuedCount>0</queuedCount></s>`)
	}
	for _, loose := range []bool{false, true} {
		o := options(serve(t, http.HandlerFunc(answer)), &clock{today})
		o.LooseCounts = loose
		f, err := blackboard.NewFlatFile(o)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		_, errs := f.ApplyAll(t.Context(), []lis.Change{put(sample(lis.KindPerson, 1)), put(sample(lis.KindPerson, 2))})
		if loose {
			if errs[0] != nil {
				t.Errorf("with loose counts: %v", errs[0])
			}
			continue
		}
		if e := classed(t, errs[0], adapters.Unavailable); !strings.Contains(e.Error(), "1 of 2 rows") {
			t.Errorf("%v", e)
		}
	}
}
