package load

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/journal"
)

// look is how often the gateway is asked how it stands, and tellEvery how
// often that is told.
const (
	look      = time.Second
	tellEvery = 10 * time.Second
)

// A watch asks the gateway all the while how it stands.
type watch struct {
	t      *testing.T
	g      *gateway
	began  time.Time
	cancel context.CancelFunc
	ended  chan struct{}

	mu     sync.Mutex
	parked map[string]int64 // the most at one time
	done   map[string]point // when a target had nothing waiting, since the last mark
	from   map[string]point // where the mark was
}

// A point is how many changes were settled for good at a time.
type point struct {
	at      time.Time
	settled int64
}

func newWatch(ctx context.Context, t *testing.T, g *gateway) *watch {
	w := &watch{t: t, g: g, began: time.Now(), ended: make(chan struct{}), parked: map[string]int64{}}
	w.mark(nil)
	ctx, w.cancel = context.WithCancel(ctx)
	go func() {
		defer close(w.ended)
		w.run(ctx)
	}()
	return w
}

func (w *watch) stop() {
	w.cancel()
	<-w.ended
}

// mark begins anew to note when targets are done.
func (w *watch) mark(now map[string]sum) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done, w.from = map[string]point{}, map[string]point{}
	for name, s := range now {
		w.from[name] = point{time.Now(), s.applied + s.dead}
	}
}

func (w *watch) run(ctx context.Context) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		tell := time.Since(told) >= tellEvery
		if tell {
			told = time.Now()
		}
		w.once(ctx, tell)
	}
}

func (w *watch) once(ctx context.Context, tell bool) {
	all, err := w.g.targets(ctx)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range all {
		w.parked[s.Target] = max(w.parked[s.Target], s.Standing.Parked)
		if tell {
			w.t.Logf("%4.0fs %s: %d waiting, %d of them parked; %.0f a second; %d MiB", time.Since(w.began).Seconds(),
				s.Target, s.Standing.Waiting, s.Standing.Parked, s.Rate, w.g.memory("VmRSS"))
		}
	}
}

// await waits until nothing waits for the targets, and returns the balance.
func (w *watch) await(ctx context.Context, names ...string) map[string]sum {
	w.t.Helper()
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		sums, err := w.g.balance(ctx)
		if err != nil {
			w.t.Fatalf("cannot read the balance: %v\n%s", err, w.g.tail())
		}
		if w.allDone(sums, names) {
			return sums
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			w.t.Fatalf("it is not done in time: %v\n%s\n%s", sums, w.waits(), w.g.tail())
		}
	}
}

// waits says for what some of the changes wait that are parked.
func (w *watch) waits() string {
	var all []journal.Settled
	if err := w.g.ask(context.Background(), "parked", &all); err != nil {
		return err.Error()
	}
	text := fmt.Sprintln(len(all), "are parked")
	for i := range min(len(all), 10) {
		text += fmt.Sprintf("%+v\n", all[i])
	}
	return text
}

func (w *watch) allDone(sums map[string]sum, names []string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := true
	for _, name := range names {
		s := sums[name]
		if s.waiting > 0 || s.sent == 0 {
			all = false
		} else if w.done[name].at.IsZero() {
			w.done[name] = point{time.Now(), s.applied + s.dead}
		}
	}
	return all
}

// rate is how many changes a second a target was brought since the mark.
func (w *watch) rate(name string) float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	from, to := w.from[name], w.done[name]
	if from.at.IsZero() {
		from.at = w.began
	}
	return float64(to.settled-from.settled) / to.at.Sub(from.at).Seconds()
}

// took is how long a target took since the mark.
func (w *watch) took(name string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := w.from[name].at
	if from.IsZero() {
		from = w.began
	}
	return w.done[name].at.Sub(from).Round(time.Millisecond)
}

// follow notes how much is settled until nothing waits.
func (w *watch) follow(ctx context.Context, name string) (points []point) {
	w.t.Helper()
	ticker := time.NewTicker(look / 10)
	defer ticker.Stop()
	for {
		sums, err := w.g.balance(ctx)
		if err != nil {
			w.t.Fatalf("cannot read the balance: %v\n%s", err, w.g.tail())
		}
		points = append(points, point{time.Now(), sums[name].applied + sums[name].dead})
		if sums[name].waiting == 0 {
			return points
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			w.t.Fatalf("it is not done in time: %v\n%s", sums, w.g.tail())
		}
	}
}
