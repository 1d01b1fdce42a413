package lissoap

import (
	"slices"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

// PeopleSoft takes memberships only, and cannot replace them.
func TestPeopleSoft(t *testing.T) {
	e := new(endpoint)
	address := serve(t, e)
	a := open(t, Options{URL: address, Profile: "peoplesoft"})
	r := adaptertest.Sample(lis.KindMembership, 1)
	other := adaptertest.Sample(lis.KindMembership, 2)
	other.ID = r.ID
	for i, c := range []struct {
		record *lis.Record
		effect lis.Effect
		calls  []string
	}{
		{r, lis.Applied, []string{"createMembership"}},
		{r, lis.Unchanged, []string{"createMembership", "readMembership"}},
		{other, lis.Applied, []string{"createMembership", "readMembership", "deleteMembership", "createMembership"}},
	} {
		before := len(e.operations())
		o, err := a.Apply(t.Context(), change(lis.Put, c.record))
		if err != nil || o.Effect != c.effect {
			t.Errorf("%d: %+v, %v", i, o, err)
		}
		if got := e.operations()[before:]; !slices.Equal(got, c.calls) {
			t.Errorf("%d: calls %v, want %v", i, got, c.calls)
		}
	}
	if _, err := a.Apply(t.Context(), change(lis.Put, adaptertest.Sample(lis.KindPerson, 1))); adapters.ClassOf(err) != adapters.Unsupported {
		t.Errorf("a person: %v", err)
	}
	listed, err := lis.Collect(a.(adapters.Lister).List(t.Context(), lis.KindMembership))
	if err != nil || len(listed) != 1 {
		t.Errorf("listed %d, %v", len(listed), err)
	}
}
