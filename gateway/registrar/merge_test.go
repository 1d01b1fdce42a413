package registrar

import (
	"context"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func twoPersons(t *testing.T) *house {
	h := newHouse(t)
	inactive := member("s4", "stay", "Learner")
	inactive.Member.Role[0].Status = "Inactive"
	h.must(call(lis.Create, lis.KindPerson, "go", "Ann"), call(lis.Create, lis.KindPerson, "stay", "Ann B"),
		put("m1", member("s1", "go", "Learner")),    // moves
		put("m2", member("s2", "go", "Learner")),    // is there already
		put("m3", member("s3", "go", "Instructor")), // another role
		put("m4", member("s4", "go", "Learner")),    // there, but Inactive
		put("n2", member("s2", "stay", "learner")), put("n3", member("s3", "stay", "Learner")), put("n4", inactive),
		put("r1", &lis.Result{LineItemSourcedID: "l1", PersonSourcedID: "go", ResultScore: text("1")}),
		put("r2", &lis.Result{LineItemSourcedID: "l2", PersonSourcedID: "go", ResultScore: text("2")}),
		put("q2", &lis.Result{LineItemSourcedID: "l2", PersonSourcedID: "stay", ResultScore: text("3")}),
		put("other", member("s1", "somebody", "Learner")))
	h.queued()
	return h
}

func TestMerge(t *testing.T) {
	h := twoPersons(t)
	a := h.Merge(context.Background(), "operator", "go", "stay ")
	if want := `merged into "stay"; moved 3 memberships, 1 result; dropped, because there already, 1 membership, 1 result`; !a.Status.OK() || a.Status.Description != want {
		t.Errorf("answered %+v\nwant %s", a.Status, want)
	}
	h.expect(h.queued(), []string{"put membership m1", "put membership m3", "put membership m4", "put result r1",
		"drop membership m2", "drop result r2", "drop person go"}, "changes, adds before drops")
	for id, want := range map[lis.SourcedID]string{"m1": "stay", "m3": "stay", "m4": "stay", "n2": "stay", "other": "somebody"} {
		if got := h.object(lis.KindMembership, id).(*lis.Membership).Person(); string(got) != want {
			t.Errorf("%s belongs to %s", id, got)
		}
	}
	if says(h.object(lis.KindResult, "q2")) != "3" || h.object(lis.KindResult, "r1").(*lis.Result).PersonSourcedID != "stay" {
		t.Error("the result of the one that stays counts, the other moves")
	}
	if h.object(lis.KindPerson, "go") != nil || says(h.object(lis.KindPerson, "stay")) != "Ann B" {
		t.Error("go is to be gone, and stay as it was")
	}
	m := h.messages("go")
	if last := m[len(m)-1]; last.Operation != "mergePersons" || last.Caller != "operator" {
		t.Errorf("kept %+v", last)
	}
}

// Two memberships of the one that goes, in the same place, become one.
func TestMergeOfTwoAlike(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindPerson, "go", "Ann"), call(lis.Create, lis.KindPerson, "stay", "Ann"),
		put("m1", member("s", "go", "Learner")), put("m2", member("s", "go", "Learner")))
	h.queued()
	h.Merge(context.Background(), "operator", "go", "stay")
	h.expect(h.queued(), []string{"put membership m1", "drop membership m2", "drop person go"}, "changes")
}

// Routes go by operation: the steps of a merge bear those that LIS has for them.
func TestMergeIsRoutedByItsSteps(t *testing.T) {
	h := twoPersons(t)
	var seen []string
	h.Targets = func(v journal.View, c *lis.Change) ([]string, error) {
		seen = append(seen, c.Operation)
		if c.Source != "" {
			t.Errorf("%s %s is from %q, and is the gateway's own", c.Act, c.Key, c.Source)
		}
		e, err := v.Get(c.Kind, c.Key)
		if err != nil || e == nil || e.Deleted || c.Record == nil {
			t.Errorf("%s %s: the view is not that of before the change: %v %v", c.Act, c.Key, e, err)
		}
		return nil, nil
	}
	h.Merge(context.Background(), "operator", "go", "stay")
	h.expect(seen, []string{"replaceMembership", "replaceMembership", "replaceMembership", "replaceResult", "deleteMembership", "deleteResult", "deletePerson"}, "operations")
}

func TestMergeRefusals(t *testing.T) {
	h := twoPersons(t)
	h.must(call(lis.Create, lis.KindPerson, "was", "x"), call(lis.Delete, lis.KindPerson, "was", ""))
	h.queued()
	cases := []struct {
		from, into lis.SourcedID
		minor      lis.CodeMinor
		says       string
	}{
		{"go", "nobody", lis.UnknownObject, `"nobody"`}, {"nobody", "stay", lis.UnknownObject, `"nobody"`},
		{"was", "stay", lis.UnknownObject, `"was"`}, {"go", "go", lis.InvalidData, "two persons"}, {"go", "", lis.IncompleteData, "two sourcedIds"},
	}
	for _, c := range cases {
		a := h.Merge(context.Background(), "operator", c.from, c.into)
		if a.Status.CodeMinor != c.minor || !strings.Contains(a.Status.Description, c.says) {
			t.Errorf("%s into %s: %+v", c.from, c.into, a.Status)
		}
	}
	if n := len(h.queued()); n != 0 {
		t.Errorf("refused merges made %d changes", n)
	}
	got := h.do(&lis.Call{Operation: "changePersonIdentifier", ID: "go", NewID: "stay"})
	if got.Status.CodeMinor != lis.IDAllocInUseFail || !strings.Contains(got.Status.Description, "merge") {
		t.Errorf("a new identifier that is another's: %+v", got.Status)
	}
}

func TestRemoveOfAnExtra(t *testing.T) {
	h := newHouse(t)
	rec := &lis.Record{ID: "x", Object: member("s", "p", "Learner")}
	if err := h.Remove(t.Context(), "operator", lis.KindMembership, rec, []string{"lms"}, "healed by ann"); err != nil {
		t.Fatal(err)
	}
	h.expect(h.queued(), []string{"drop membership x"}, "changes")
	h.expect(h.woken, []string{"lms"}, "woken")
	if e := h.entry(lis.KindMembership, "x"); e == nil || !e.Deleted || len(e.Body) == 0 {
		t.Errorf("left %+v", e)
	}
	if m := h.messages("x"); len(m) != 1 || !strings.Contains(m[0].Status.Description, "healed by ann") {
		t.Errorf("kept %+v", m)
	}
	h.Remove(t.Context(), "operator", lis.KindMembership, rec, []string{"portal"}, "again, at another")
	h.expect(len(h.queued()), 0, "changes for others")
	h.expect(h.woken, []string{"lms", "portal"}, "woken")
}

func TestRemoveRefusals(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindPerson, "p", "Ann"))
	h.queued()
	person := &lis.Record{ID: "p", Object: &lis.Person{}}
	cases := map[string]func() error{
		"the records hold": func() error { return h.Remove(t.Context(), "o", lis.KindPerson, person, []string{"lms"}, "") },
		"no target":        func() error { return h.Remove(t.Context(), "o", lis.KindPerson, person, nil, "") },
		"no kind":          func() error { return h.Remove(t.Context(), "o", "cat", person, []string{"lms"}, "") },
		"sourcedId":        func() error { return h.Remove(t.Context(), "o", lis.KindPerson, nil, []string{"lms"}, "") },
		"holds a person":   func() error { return h.Remove(t.Context(), "o", lis.KindGroup, person, []string{"lms"}, "") },
	}
	for want, f := range cases {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if n := len(h.queued()); n != 0 {
		t.Errorf("%d changes", n)
	}
}
