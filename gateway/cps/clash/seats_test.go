package clash

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"lisgate/gateway/lis"
)

// Many sections under one cross-listing are counted, and not all are named.
// When there are too many times to look at, all are taken to be there at once.
func TestManyShareTheSeats(t *testing.T) {
	for _, n := range []int{6, 90} {
		x := New(nil)
		x.PutRoom("R", lis.Room{Capacity: 9})
		var ids []lis.SourcedID
		for i := range n {
			s := section(fmt.Sprintf("s%02d", i), mondayR).of(2, 0)
			s.Label = strings.Repeat("é", 100)
			x.PutSection(s)
			ids = append(ids, s.ID)
		}
		x.PutCrossListing("x", ids)
		fs := x.Clashes("s00")
		if len(fs) != 1 || fs[0].Rule != RuleCapacity || !strings.Contains(fs[0].Text, fmt.Sprintf("9 seats for %d students", 2*n)) ||
			!strings.Contains(fs[0].Text, fmt.Sprintf("(s03) and %d more; choose", n-4)) || strings.Contains(fs[0].Text, strings.Repeat("é", maxLabel)) {
			t.Errorf("%d: %+v", n, fs)
		}
	}
}

// Looks run side by side; the race detector watches.
func TestLooksSideBySide(t *testing.T) {
	c := newCampus(200)
	x := c.index()
	for _, s := range c.sections {
		s.Students = func() int { return 70 }
		x.PutSection(s)
	}
	x.PutCrossListing("x", []lis.SourcedID{"sec-1", "sec-2", "sec-3"})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, s := range c.sections {
				x.Clashes(s.ID)
				x.Section(s.ID)
			}
		})
	}
	all.Wait()
	if x.Clashes("nobody") != nil {
		t.Error("clashes of nobody")
	}
}
