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

// A Decision ends holds: of a kind at a target, for one reason, of single
// objects, or all that there are; or of one job of a source.
type Decision struct {
	Target  string          `json:"target,omitempty"`
	Kind    lis.Kind        `json:"kind,omitempty"`
	Hold    journal.Hold    `json:"hold,omitempty"`
	IDs     []lis.SourcedID `json:"sourcedIds,omitempty"`
	All     bool            `json:"all,omitempty"` // all at the target: it has to be said
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

// decide carries a decision out.
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
	case !d.All && d.Kind == "" && d.Hold == "" && len(d.IDs) == 0:
		return nil, badRequest("say which holds of " + d.Target + " are decided: kind, hold or sourcedIds, or all for every one there")
	}
	if err := c.named(d.Target); err != nil {
		return nil, err
	}
	answer, err := c.decideAll(r.Context(), &d, operator(r))
	c.Wake([]string{d.Target})
	return answer, err
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
	return Decided{Decided: count}, nil
}
