package deliver

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
)

// A target that takes thousands gets thousands, one that takes few bytes gets
// few, and a slow one has nothing leased that it cannot take yet.
func TestBatchesAreFull(t *testing.T) {
	cases := []struct {
		name    string
		target  Target
		rows    int
		latency time.Duration
		limit   int // bytes
		largest int
		calls   int
		changes int
	}{
		{name: "thousands", rows: 2000, latency: 20 * time.Second, target: Target{Workers: 1}, largest: 2000, calls: 4, changes: 8000},
		{name: "thousands for three", rows: 2000, latency: 20 * time.Second, target: Target{Workers: 3}, largest: 2000, calls: 4, changes: 8000},
		{name: "less than it takes", rows: 5000, latency: time.Millisecond, target: Target{BatchRows: 100}, largest: 100, calls: 20, changes: 2000},
		{name: "one by one", rows: 5000, target: Target{BatchRows: 1}, largest: 1, calls: 2000, changes: 2000},
		{name: "few bytes", rows: 5000, latency: time.Millisecond, limit: 1000, target: Target{}, largest: 10, calls: 350, changes: 2000},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms := &limited{batches: batches{Adapter: &memory.Adapter{BatchRows: c.rows, Latency: c.latency}}, bytes: c.limit}
				c.target.Name, c.target.Adapter = "lms", lms
				h.put("lms", numbered(c.changes)...)
				store := &givenBack{Store: h.store}
				h.start(store, c.target)
				time.Sleep(2 * time.Minute)
				if n := store.untried.Load(); n > 0 {
					t.Errorf("%d were leased and given back untried", n)
				}
				h.balance("lms", int64(c.changes), 0, 0)
				if sizes := lms.sizes(); slices.Max(sizes) > c.largest || len(sizes) > c.calls {
					t.Errorf("%d calls, the largest of %d, want %d of %d", len(sizes), slices.Max(sizes), c.calls, c.largest)
				}
				h.end()
			})
		})
	}
}

// givenBack is a store that counts what is given back untried.
type givenBack struct {
	journal.Store
	untried atomic.Int64
}

func (g *givenBack) Settle(ctx context.Context, settlements []journal.Settlement) error {
	for _, s := range settlements {
		if s.Untried {
			g.untried.Add(1)
		}
	}
	return g.Store.Settle(ctx, settlements)
}

// limited takes so many bytes in a call.
type limited struct {
	batches
	bytes int
}

func (l *limited) Limits() (int, int) {
	rows, _ := l.Adapter.Limits()
	return rows, l.bytes
}

func TestHowManyGoTogether(t *testing.T) {
	items := func(attempts ...int) (items []item) {
		for _, n := range attempts {
			it := item{}
			it.Attempts, it.Body = n, make([]byte, 100)
			items = append(items, it)
		}
		return items
	}
	cases := []struct {
		m     measure
		items []item
		want  int
	}{
		{measure{rows: 1}, items(0, 0), 1},
		{measure{rows: 3}, items(0, 1, 0, 0), 3},
		{measure{rows: 3}, items(0, 2, 0), 2},
		{measure{rows: 3}, items(2, 0, 2), 1},
		{measure{rows: 16}, items(2, 2, 2, 2, 2), 4},
		{measure{rows: 16}, items(3, 3), 1},
		{measure{rows: 9, bytes: 250}, items(0, 0, 0, 0), 2},
		{measure{rows: 9, bytes: 10}, items(0, 0, 0, 0), 1},
		{measure{rows: 10000}, items(1000000, 1000000), 1},
	}
	for i, c := range cases {
		load, rest := c.m.part(c.items)
		if len(load) != c.want || len(load)+len(rest) != len(c.items) {
			t.Errorf("case %d: %d and %d, want %d of %d", i, len(load), len(rest), c.want, len(c.items))
		}
		for _, it := range append(load, rest...) {
			if it.Body == nil {
				t.Errorf("case %d: something was lost", i)
			}
		}
	}
}
