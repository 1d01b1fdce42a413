package deliver

import (
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestTallyCountsARun(t *testing.T) {
	start := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	var run tally
	never := func(time.Time) bool { return false }
	always := func(time.Time) bool { return true }
	if _, ok := run.take(always); ok {
		t.Error("a run without a delivery was told")
	}
	count := func(seq int64, state journal.State, after time.Duration) {
		it := item{}
		it.Seq, it.Kind, it.Act = seq, lis.KindPerson, lis.Drop
		run.count(it, journal.Settlement{State: state, Hold: journal.HoldRemoval, At: start.Add(after)})
	}
	count(7, journal.Parked, 0)
	if _, ok := run.take(always); ok {
		t.Error("what is parked began a run")
	}
	for i, state := range []journal.State{journal.Applied, journal.Waiting, journal.Dead, journal.Held, journal.Applied} {
		count(int64(i), state, time.Duration(i)*time.Second)
	}
	count(8, journal.Parked, time.Hour)
	count(8, journal.Parked, 2*time.Hour)
	count(7, journal.Waiting, time.Hour)
	if _, ok := run.take(never); ok {
		t.Error("a run that is not over was told")
	}
	if g := run.removed(lis.KindPerson); g != (gone{applied: 2, held: 1}) {
		t.Errorf("removals %+v", g)
	}
	r, ok := run.take(always)
	if want := (Counts{Applied: 2, Refused: 1, Held: 1, Parked: 1}); !ok || r.sum != want || r.kinds[lis.KindPerson] != want || r.took != 4*time.Second {
		t.Errorf("got %+v, %v", r, ok)
	}
	if _, ok := run.take(always); ok {
		t.Error("a run was told twice")
	}
	if _, sum := run.now(); sum != (Counts{Parked: 1}) {
		t.Errorf("the next run begins with %+v", sum)
	}
	delivery := func(seq int64) journal.Delivery {
		return journal.Delivery{Change: lis.Change{Seq: seq, Kind: lis.KindPerson}}
	}
	run.superseded([]journal.Delivery{delivery(8), delivery(9)}, []journal.Delivery{delivery(9), delivery(10)})
	if _, sum := run.now(); sum != (Counts{}) {
		t.Errorf("after a newer change took the place of what was parked: %+v", sum)
	}
}
