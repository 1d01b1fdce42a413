package gateway

import (
	"context"
	"errors"
	"testing"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// A target that says success to whom it does not know is told of memberships
// only after it has been told of the person and the section.
func TestMembershipsWaitAtATargetThatBelievesAnything(t *testing.T) {
	store := journaltest.NewMemory(nil)
	defer store.Close()
	g := &Gateway{store: store}
	same := func(_ context.Context, c lis.Change) (lis.Change, error) { return c, nil }
	shape := g.afterParents(&config.Target{Name: "plugin", Adapter: "lissoap", Profile: "ilp"}, same)
	membership := lis.Change{Kind: lis.KindMembership, Act: lis.Put, Key: "m", Record: &lis.Record{ID: "m", Object: &lis.Membership{
		CollectionSourcedID: "s", MembershipIDType: "courseSection", Member: &lis.Member{PersonSourcedID: "p"}}}}
	for _, step := range []struct {
		told journal.Pair
		want lis.SourcedID
	}{
		{journal.Pair{}, "p"},
		{journal.Pair{Kind: lis.KindPerson, ID: "p"}, "s"},
		{journal.Pair{Kind: lis.KindCourseSection, ID: "s"}, ""},
		{journal.Pair{Kind: lis.KindPerson, ID: "p", Gone: true}, "p"},
	} {
		if step.told.ID != "" {
			step.told.Target = "plugin"
			if err := store.Write(t.Context(), func(tx journal.Tx) error { return tx.SetPair(step.told, "test") }); err != nil {
				t.Fatal(err)
			}
		}
		_, err := shape(t.Context(), membership)
		var missing *adapters.Error
		if got := errors.As(err, &missing); got != (step.want != "") || got && (missing.Class != adapters.Missing || missing.Parent != step.want) {
			t.Errorf("after %s: %v, want it to wait for %q", step.told.ID, err, step.want)
		}
	}
	drop := membership
	drop.Act = lis.Drop
	if _, err := shape(t.Context(), drop); err != nil {
		t.Errorf("a drop waits: %v", err)
	}
	strict := g.afterParents(&config.Target{Name: "lms", Adapter: "lissoap", Profile: "strict"}, same)
	if _, err := strict(t.Context(), membership); err != nil {
		t.Errorf("a strict target: %v", err)
	}
}
