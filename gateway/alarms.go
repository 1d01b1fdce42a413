package gateway

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
)

// watchEvery is how often it is looked for what is worth an alarm.
const watchEvery = 5 * time.Second

// watch raises an alarm when a change waits too long for its target or for its
// parent, or a source or a caller was not heard of for longer than is expected,
// and says when that is over: in the log, and as a metric.
func (g *Gateway) watch(ctx context.Context) error {
	w := watcher{Gateway: g, raised: map[string]bool{}}
	if err := g.recall(ctx); err != nil && ctx.Err() == nil {
		g.log.Warn("it cannot be read when callers were last heard", zap.Error(err))
	}
	timer := time.NewTicker(watchEvery)
	defer timer.Stop()
	for {
		w.look(ctx)
		w.keep(ctx, false)
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			w.keep(last, true)
			return nil
		case <-timer.C:
		}
	}
}

// A watcher is what raises alarms, with those that it has raised.
type watcher struct {
	*Gateway
	raised map[string]bool
	rest   time.Time // flows are not counted before
}

func (w *watcher) keep(ctx context.Context, all bool) {
	if err := w.keepHeard(ctx, all); err != nil && ctx.Err() == nil && !errors.Is(err, journal.ErrClosed) {
		w.log.Warn("it cannot be kept when callers were last heard", zap.Error(err))
	}
}

func (w *watcher) look(ctx context.Context) {
	within := time.Duration(w.fresh.Load())
	if targets, err := w.engine.Status(ctx); err == nil {
		for _, t := range targets {
			age := time.Duration(0)
			if !t.Standing.Oldest.IsZero() {
				age = time.Since(t.Standing.Oldest)
			}
			w.metrics.stand(t.Target, t.Standing, age)
			w.alarm(notFresh, "target "+t.Target, within > 0 && age > within, zap.Duration("oldest_waits", age.Round(time.Second)),
				zap.String("see", "lisgate status, lisgate dead --target "+t.Target))
		}
	}
	if time.Now().After(w.rest) {
		w.lookAtFlows(ctx)
	}
	if feeds, err := w.feedStates(ctx); err == nil {
		for _, f := range feeds {
			w.alarm(notFresh, "feed "+f.Name, f.Late, zap.Time("last", f.LastSuccess), zap.Duration("expected_every", time.Duration(f.Expect)), zap.String("trouble", f.LastTrouble))
		}
	}
}

// lookAtFlows looks for what is parked too long. Where much is to be counted it
// is counted less often: for a fiftieth of the time.
func (w *watcher) lookAtFlows(ctx context.Context) {
	began := time.Now()
	flows, err := w.flows(ctx)
	w.rest = time.Now().Add(50 * time.Since(began))
	if err != nil {
		return
	}
	w.metrics.flow(flows)
	for i := range w.targets {
		name := w.targets[i].Name
		sum, lacks := parkedAt(flows, name)
		w.alarm("alarm: parked too long", "parked at "+name, sum.Late, zap.Int64("parked", sum.Parked), zap.Time("since", sum.ParkedSince),
			zap.String("most_wait_for_a", lacks), zap.String("see", "lisgate parked --target "+name))
	}
}

const notFresh = "alarm: not fresh"

// alarm tells a change, and the metric always.
func (w *watcher) alarm(text, what string, now bool, fields ...zap.Field) {
	w.metrics.alarm(what, now)
	if w.raised[what] == now {
		return
	}
	w.raised[what] = now
	if now {
		w.log.Warn(text, append(fields, zap.String("what", what))...)
	} else {
		w.log.Info("alarm is over", zap.String("what", what))
	}
}
