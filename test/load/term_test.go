package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/moodle/moodlefake"
	"lisgate/test/e2e/program"
)

// What the issue asks for. The queue is drained as fast as Moodle takes it but
// for a tenth.
const (
	memoryMost    = 300 // MiB
	rowsPerSecond = 1000
	drainLeast    = 0.9
	steadyFrom    = 0.1
	steadyTo      = 0.9
	takesMost     = 9 * time.Minute // before something hangs
)

// TestTerm sends a term to both systems at once, then changes more than half
// of the memberships while Moodle is down, and lets Moodle come back to take
// 1,000 rows a second.
func TestTerm(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), takesMost)
	defer cancel()
	r, dice := newRoster(part()), chance(t)
	site, moodleCalls, moodle := serveMoodle(t)
	account, canvasCalls, canvas := serveCanvas(t)
	g := start(t, moodle, canvas)
	w := newWatch(ctx, t, g)
	defer w.stop()

	all, ledger := r.shuffled(dice), &ledger{}
	ledger.note(all)
	rate := send(ctx, t, g, r, all)
	t.Logf("%d messages taken, %.0f a second", len(all), rate)
	sums := w.await(ctx, "moodle", "canvas")
	balanced(t, ledger, sums)
	t.Logf("at Moodle after %s, %.0f a second; at Canvas after %s, %.0f a second; parked at most %v; peak %d MiB",
		w.took("moodle"), w.rate("moodle"), w.took("canvas"), w.rate("canvas"), w.parked, g.memory("VmHWM"))
	tellCalls(t, "Moodle", moodleCalls)
	tellCalls(t, "Canvas", canvasCalls)

	again := later(r.memberships * 5 / 9)
	ledger.note(again)
	share := drain(ctx, t, w, site, sums, func() { t.Logf("%d changes taken, %.0f a second", len(again), send(ctx, t, g, r, again)) })
	sums = w.await(ctx, "moodle", "canvas")
	balanced(t, ledger, sums)
	if share < drainLeast && !program.Race {
		t.Errorf("a Moodle that takes %d rows a second was brought %.2f of that; it must be %.2f", rowsPerSecond, share, drainLeast)
	}

	peak := g.memory("VmHWM")
	t.Logf("peak %d MiB", peak)
	if peak >= memoryMost && !program.Race {
		t.Errorf("the gateway took %d MiB; it must be less than %d", peak, memoryMost)
	}
	tellCalls(t, "Moodle", moodleCalls)
	tellCalls(t, "Canvas", canvasCalls)
	moodleHas(t, r, ledger, site)
	canvasHas(t, r, ledger, account)
	tellOrder(t, moodleInOrder(t, site.Effects()))
	tellOrder(t, canvasInOrder(t, canvasCalls.imports))
	if account.MaxConcurrent() > 1 {
		t.Errorf("Canvas had %d imports at one time", account.MaxConcurrent())
	}
}

// drain fills the queue of a Moodle that is down, lets it come back, and
// returns the share of its rate that it was brought in the steady part.
func drain(ctx context.Context, t *testing.T, w *watch, site *moodlefake.Site, before map[string]sum, fill func()) float64 {
	t.Helper()
	site.Switch(func(s *moodlefake.Switches) { s.Down, s.RowsPerSecond = true, rowsPerSecond })
	w.mark(before)
	fill()
	sums := w.await(ctx, "canvas")
	t.Logf("at Canvas after %s, %.0f a second", w.took("canvas"), w.rate("canvas"))
	todo := sums["moodle"].waiting
	site.Switch(func(s *moodlefake.Switches) { s.Down = false })
	began := time.Now()
	points := w.follow(ctx, "moodle")
	from, to := steady(points, before["moodle"].applied, todo)
	share := float64(to.settled-from.settled) / to.at.Sub(from.at).Seconds() / rowsPerSecond
	t.Logf("%d changes waited for Moodle; drained in %s; %.0f a second in the steady part, %.3f of its rate",
		todo, time.Since(began).Round(time.Millisecond), share*rowsPerSecond, share)
	site.Switch(func(s *moodlefake.Switches) { s.RowsPerSecond = 0 })
	return share
}

// steady returns the points between which a tenth and nine tenths were done.
func steady(points []point, before, todo int64) (from, to point) {
	for _, p := range points {
		done := float64(p.settled-before) / float64(todo)
		if from.at.IsZero() && done >= steadyFrom {
			from = p
		}
		if done <= steadyTo {
			to = p
		}
	}
	return from, to
}

func tellOrder(t *testing.T, o *order) {
	t.Helper()
	t.Logf("%s: %d rows of %d objects, %d of them as before, all in order", o.where, o.rows, len(o.newest), o.again)
}

func tellCalls(t *testing.T, name string, r *record) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, call := range slices.Sorted(maps.Keys(r.calls)) {
		lines = append(lines, fmt.Sprintf("%s %d", call, r.calls[call]))
	}
	rows := 0
	for _, sheets := range r.imports {
		for _, sheet := range sheets {
			rows += len(sheet) - 1
		}
	}
	if len(r.imports) > 0 {
		lines = append(lines, fmt.Sprintf("%d rows in %d imports", rows, len(r.imports)))
	}
	t.Logf("calls to %s: %s", name, strings.Join(lines, ", "))
}
