package gateway

import (
	"context"
	"maps"
	"sync"
	"time"

	"lisgate/gateway/journal"
)

// heardJob is the kind of the jobs that hold when a caller was last heard.
const heardJob = "heard"

// keepHeardEvery is how often that is written at the most: after a crash a
// caller may seem to have been silent for so much longer.
const keepHeardEvery = 30 * time.Second

// heard remembers when each caller last sent something that was kept.
type heard struct {
	mu     sync.Mutex
	at     map[string]time.Time
	kept   map[string]time.Time // as it is on disk
	keptAt time.Time
}

// note takes what is news: what is read from the disk may be older.
func (h *heard) note(caller string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at == nil {
		h.at, h.kept = map[string]time.Time{}, map[string]time.Time{}
	}
	if at.After(h.at[caller]) {
		h.at[caller] = at
	}
}

func (h *heard) last(caller string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at[caller]
}

// news returns what is not on disk, unless that was written a moment ago.
func (h *heard) news(now time.Time, all bool) map[string]time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !all && now.Sub(h.keptAt) < keepHeardEvery {
		return nil
	}
	h.keptAt = now
	news := map[string]time.Time{}
	for caller, at := range h.at {
		if at.After(h.kept[caller]) {
			news[caller] = at
		}
	}
	return news
}

func (h *heard) wrote(news map[string]time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.Copy(h.kept, news)
}

// recall reads when callers were heard before this start.
func (g *Gateway) recall(ctx context.Context) error {
	snap, err := g.store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	for j, err := range snap.Jobs(heardJob) {
		if err != nil {
			return err
		}
		g.heard.note(j.ID[len(heardJob)+1:], j.Updated)
	}
	return nil
}

// keepHeard writes when callers were heard: now and then, and all at the end.
func (g *Gateway) keepHeard(ctx context.Context, all bool) error {
	news := g.heard.news(time.Now(), all)
	if len(news) == 0 {
		return nil
	}
	err := g.store.Write(ctx, func(tx journal.Tx) error {
		for caller, at := range news {
			if err := tx.PutJob(&journal.Job{ID: heardJob + "/" + caller, Kind: heardJob, State: "idle", Updated: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		g.heard.wrote(news)
	}
	return err
}
