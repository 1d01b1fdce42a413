package intake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// Property: whatever lists a source says, in whatever batches, with bad rows,
// rows twice, cuts and crashes, the records after a pull that went well are
// the last whole list, and after any other they have lost nothing.
func TestListsAgainstAModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHouse(t)
		size := rapid.IntRange(1, 9).Draw(r, "batch")
		real := h.store
		model := map[string]string{}
		for range rapid.IntRange(1, 6).Draw(r, "pulls") {
			store := &failing{Store: real, left: 1 << 30}
			if rapid.IntRange(0, 3).Draw(r, "crashes") == 0 {
				store.left = rapid.IntRange(0, 6).Draw(r, "after")
			}
			h.store = store
			h.feeds(Feed{Name: "sis", Source: h.sis, Batch: size, Removals: Guard{Off: true}})
			h.store = real
			says, next, whole := drawList(r, model)
			h.sis.says(says...)
			before := h.contents()
			_, err := h.Pull(t.Context(), "sis")
			after := h.contents()
			if err == nil && whole {
				model = next
				if !maps.Equal(after, model) {
					r.Fatalf("the records are %v\nthe list was %v", after, model)
				}
				continue
			}
			if err == nil {
				t.Fatal("an error was lost")
			}
			for id := range before {
				if _, ok := after[id]; !ok && !errors.Is(err, errCrash) {
					r.Fatalf("%s was lost in a pull that failed: %v", id, err)
				}
			}
			model = after
		}
	})
}

// drawList draws what a source says, what the records then are, and whether it
// says all of it.
func drawList(r *rapid.T, model map[string]string) (says []any, next map[string]string, whole bool) {
	next = map[string]string{}
	says = append(says, begins(kPerson))
	for range rapid.IntRange(0, 20).Draw(r, "rows") {
		id, name := fmt.Sprint("p", rapid.IntRange(0, 9).Draw(r, "id")), fmt.Sprint("n", rapid.IntRange(0, 2).Draw(r, "name"))
		if rapid.IntRange(0, 5).Draw(r, "bad") == 0 {
			says = append(says, bad(kPerson, id))
			if _, ok := next[id]; !ok && model[id] != "" {
				next[id] = model[id]
			}
			continue
		}
		says = append(says, person(id, name))
		next[id] = name
	}
	if rapid.IntRange(0, 3).Draw(r, "cut") == 0 {
		at := rapid.IntRange(0, len(says)).Draw(r, "at")
		return append(slices.Clone(says[:at]), unavailable()), next, false
	}
	return append(says, ends(kPerson)), next, true
}

// contents is every person that is there, with the name.
func (h *house) contents() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	for _, id := range h.there(kPerson) {
		snap, err := h.store.Snapshot(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		e, err := snap.Get(kPerson, lis.SourcedID(id))
		snap.Close()
		if err != nil {
			h.t.Fatal(err)
		}
		rec, err := lis.UnmarshalRecord(kPerson, e.ID, e.Body)
		if err != nil {
			h.t.Fatal(err)
		}
		all[id] = rec.Object.(*lis.Person).Formatted()
	}
	return all
}

var _ adapters.Source = (*fake)(nil)
