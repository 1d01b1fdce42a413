package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A HeldGroup is what is held at one target, of one kind, for one reason.
type HeldGroup struct {
	Target string       `json:"target,omitempty"`
	Source string       `json:"source,omitempty"` // what a source no longer lists, before it is taken for gone
	Kind   lis.Kind     `json:"kind"`
	Hold   journal.Hold `json:"hold"`
	Job    string       `json:"job,omitempty"` // of a source's: names it in a decision
	Count  int64        `json:"count"`
	Reason string       `json:"reason"`
	Oldest time.Time    `json:"oldest"`
	Sample []Delivery   `json:"sample,omitempty"`
}

// sampled is how many rows of a group are shown.
const sampled = 20

// A Decision ends holds: of a target, of a kind there, of single objects; or
// of one job of a source.
type Decision struct {
	Target  string          `json:"target,omitempty"`
	Kind    lis.Kind        `json:"kind,omitempty"`
	Hold    journal.Hold    `json:"hold,omitempty"`
	IDs     []lis.SourcedID `json:"sourcedIds,omitempty"`
	Job     string          `json:"job,omitempty"`
	Approve bool            `json:"approve"`
}

// Feeds are the sources, and what they hold.
type Feeds interface {
	Status(ctx context.Context) (any, error)
	Pull(ctx context.Context, name string) (any, error)
	Holds(ctx context.Context) ([]HeldGroup, error)
	Decide(ctx context.Context, job string, approve bool, by string) error
}

func (c *Console) holdRoutes() {
	c.look("GET /admin/v1/holds", c.holds)
	c.do("POST /admin/v1/holds", c.decide)
}

func (c *Console) holds(snap journal.Snapshot, r *http.Request) (any, error) {
	if err := c.named(r.URL.Query().Get("target")); err != nil {
		return nil, err
	}
	groups, err := grouped(snap, r.URL.Query().Get("target"))
	if err != nil || c.Feeds == nil {
		return groups, err
	}
	absent, err := c.Feeds.Holds(r.Context())
	return append(groups, absent...), err
}

// A groupKey tells groups apart.
type groupKey struct {
	target string
	kind   lis.Kind
	hold   journal.Hold
}

func grouped(snap journal.Snapshot, target string) ([]HeldGroup, error) {
	groups, newest := map[groupKey]*HeldGroup{}, map[groupKey]time.Time{}
	for s, err := range snap.Queue(target, journal.Held) {
		if err != nil {
			return nil, err
		}
		k := groupKey{s.Target, s.Kind, s.Hold}
		g := groups[k]
		if g == nil {
			g = &HeldGroup{Target: s.Target, Kind: s.Kind, Hold: s.Hold, Oldest: s.At}
			groups[k] = g
		}
		if g.Count++; len(g.Sample) < sampled {
			g.Sample = append(g.Sample, deliveryOf(s))
		}
		if s.At.Before(g.Oldest) {
			g.Oldest = s.At
		}
		if s.At.After(newest[k]) { // a flood grows: the last reason counted the most
			newest[k], g.Reason = s.At, s.Reason
		}
	}
	list := []HeldGroup{}
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b HeldGroup) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Hold, b.Hold))
	})
	return list, nil
}

// decide carries a decision out and says how many deliveries it was about.
func (c *Console) decide(r *http.Request) (any, error) {
	var d Decision
	if err := decode(r, &d); err != nil {
		return nil, err
	}
	switch {
	case d.Job != "" && c.Feeds == nil:
		return nil, notFound("there are no sources")
	case d.Job != "":
		return c.decideJob(r, &d)
	case d.Target == "":
		return nil, badRequest("say whose holds are decided: target, or job for a source's")
	}
	if err := c.named(d.Target); err != nil {
		return nil, err
	}
	n := 0
	for {
		seqs, err := c.held(r.Context(), &d)
		if err != nil {
			return nil, err
		}
		if len(seqs) == 0 {
			break
		}
		decided, err := c.Store.Decide(r.Context(), d.Target, seqs, d.Approve, operator(r), c.Now())
		if err != nil {
			return nil, badRequest(err.Error())
		}
		if n += decided; decided == 0 {
			break
		}
	}
	c.Wake([]string{d.Target})
	return map[string]int{"decided": n}, nil
}

// decideJob decides what a source no longer lists, and says how many objects
// that was about.
func (c *Console) decideJob(r *http.Request, d *Decision) (any, error) {
	groups, err := c.Feeds.Holds(r.Context())
	if err != nil {
		return nil, err
	}
	count := int64(0)
	for i := range groups {
		if groups[i].Job == d.Job {
			count = groups[i].Count
		}
	}
	if err := c.Feeds.Decide(r.Context(), d.Job, d.Approve, operator(r)); err != nil {
		return nil, badRequest(err.Error())
	}
	return map[string]int64{"decided": count}, nil
}

// held returns some of what a decision is about.
func (c *Console) held(ctx context.Context, d *Decision) ([]int64, error) {
	snap, err := c.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	var seqs []int64
	for s, err := range snap.Queue(d.Target, journal.Held) {
		if err != nil {
			return nil, err
		}
		if (d.Kind == "" || d.Kind == s.Kind) && (d.Hold == "" || d.Hold == s.Hold) && (len(d.IDs) == 0 || slices.Contains(d.IDs, s.ID)) {
			if seqs = append(seqs, s.Seq); len(seqs) == shown {
				break
			}
		}
	}
	return seqs, nil
}
