package deliver

import (
	"testing"
	"time"

	"lisgate/gateway/journal"
)

func TestTallyCountsARun(t *testing.T) {
	start := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	var run tally
	never := func(time.Time) bool { return false }
	always := func(time.Time) bool { return true }
	if _, _, _, ok := run.take(always); ok {
		t.Error("a run without a delivery was told")
	}
	for i, state := range []journal.State{journal.Applied, journal.Waiting, journal.Dead, journal.Applied} {
		run.count(journal.Settlement{State: state, At: start.Add(time.Duration(i) * time.Second)})
	}
	if _, _, _, ok := run.take(never); ok {
		t.Error("a run that is not over was told")
	}
	applied, dead, took, ok := run.take(always)
	if !ok || applied != 2 || dead != 1 || took != 3*time.Second {
		t.Errorf("got %d applied, %d dead in %s, %v", applied, dead, took, ok)
	}
	if _, _, _, ok := run.take(always); ok {
		t.Error("a run was told twice")
	}
}
