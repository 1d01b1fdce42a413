package moodle

import (
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

func TestAPlanChangesNothing(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	plan := func(c lis.Change, effect lis.Effect, words string) {
		t.Helper()
		before := w.site.Changes()
		o, err := w.Plan(t.Context(), c)
		if err != nil || o.Effect != effect || !strings.Contains(o.Detail, words) {
			t.Errorf("%s %s: %+v, %v; want %s and %q", c.Act, c.Kind, o, err, effect, words)
		}
		if n := w.site.Changes() - before; n != 0 {
			t.Errorf("%s %s: the plan made %d changes", c.Act, c.Kind, n)
		}
	}
	group := &lis.Record{ID: "D", Object: groupOf("Dept", "")}
	joint := &lis.Record{ID: "X", Object: course{Shortname: "X"}.association([]lis.SourcedID{"S1"})}
	for _, c := range []struct {
		r     *lis.Record
		words string
		again lis.Effect
	}{
		{personRecord(1), "would make an account", lis.Unchanged},
		{group, "would make a category", lis.Unchanged},
		{sectionRecord("S1", "One"), "would make a course", lis.Unchanged},
		{memberRecord("S1", 1, "Learner"), "would enrol", lis.Unchanged},
		{joint, "would make a course", lis.Unchanged},
	} {
		plan(put(c.r), lis.Applied, c.words)
		plan(drop(c.r), lis.Unchanged, "")
		w.must(put(c.r))
		plan(put(c.r), c.again, "")
		plan(drop(c.r), lis.Applied, "would")
	}
	_, err := w.Plan(t.Context(), put(memberRecord("S9", 1, "Learner")))
	w.is(err, adapters.Missing, "S9")
}
