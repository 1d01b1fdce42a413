package gateway

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"
)

// watchEvery is how often it is looked for what is worth an alarm.
const watchEvery = 5 * time.Second

// heard remembers when each caller last sent something that was kept.
type heard struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (h *heard) note(caller string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at == nil {
		h.at = map[string]time.Time{}
	}
	h.at[caller] = at
}

func (h *heard) last(caller string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at[caller]
}

// watch raises an alarm when a change waits too long for its target, or a
// source or a caller was not heard of for longer than is expected, and says
// when that is over: in the log, and as a metric.
func (g *Gateway) watch(ctx context.Context) error {
	raised := map[string]bool{}
	timer := time.NewTicker(watchEvery)
	defer timer.Stop()
	for {
		g.look(ctx, raised)
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

func (g *Gateway) look(ctx context.Context, raised map[string]bool) {
	within := g.fresh.Load()
	if targets, err := g.engine.Status(ctx); err == nil {
		for _, t := range targets {
			age := time.Duration(0)
			if !t.Standing.Oldest.IsZero() {
				age = time.Since(t.Standing.Oldest)
			}
			g.metrics.stand(t.Target, t.Standing, age)
			g.alarm(raised, "target "+t.Target, within > 0 && age > time.Duration(within), zap.Duration("oldest_waits", age.Round(time.Second)),
				zap.String("see", "lisgate status, lisgate dead --target "+t.Target))
		}
	}
	if feeds, err := g.feedStatus(ctx); err == nil {
		for _, f := range feeds {
			g.alarm(raised, "feed "+f.Name, f.Late, zap.Time("last", f.LastSuccess), zap.Duration("expected_every", time.Duration(f.Expect)), zap.String("trouble", f.LastTrouble))
		}
	}
}

// alarm tells a change, and the metric always.
func (g *Gateway) alarm(raised map[string]bool, what string, now bool, fields ...zap.Field) {
	g.metrics.alarm(what, now)
	if raised[what] == now {
		return
	}
	raised[what] = now
	if now {
		g.log.Warn("alarm: not fresh", append(fields, zap.String("what", what))...)
	} else {
		g.log.Info("alarm is over", zap.String("what", what))
	}
}
