package gateway

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A flow is what has not come through from a source or a caller to a target.
// What has is counted by target only: see journal.Balance.
type flow struct {
	Source  string `json:"source"`
	Target  string `json:"target"`
	Waiting int64  `json:"waiting"` // neither parked nor held
	Parked  int64  `json:"parked"`
	Held    int64  `json:"held"`
	Refused int64  `json:"refused"`
	// More says that only the oldest were counted.
	More bool `json:"more,omitempty"`
	// Of what is parked: since when the oldest waits, whether that is longer
	// than is allowed, and how many wait for parents of which kind ("" when it
	// may be of several).
	ParkedSince time.Time          `json:"parkedSince,omitzero"`
	Late        bool               `json:"late,omitempty"`
	Lacks       map[lis.Kind]int64 `json:"lacks,omitempty"`
}

// countedMost is how many changes of a state are counted at a target.
const countedMost = 20_000

// ends are whence a flow comes and where it goes.
type ends struct{ source, target string }

// flows counts what stands between sources and targets.
func (g *Gateway) flows(ctx context.Context) ([]flow, error) {
	snap, err := g.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	found := map[ends]*flow{}
	for i := range g.targets {
		target := g.targets[i].Name
		for _, rows := range []iter.Seq2[*journal.Settled, error]{snap.Queue(target, journal.Waiting),
			snap.Queue(target, journal.Parked), snap.Queue(target, journal.Held), snap.Dead(target)} {
			if err := countFlows(found, rows); err != nil {
				return nil, err
			}
		}
	}
	within, now := time.Duration(g.fresh.Load()), time.Now()
	all := make([]flow, 0, len(found))
	for _, f := range found {
		f.Late = within > 0 && !f.ParkedSince.IsZero() && now.Sub(f.ParkedSince) > within
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b flow) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target))
	})
	return all, nil
}

func countFlows(found map[ends]*flow, rows iter.Seq2[*journal.Settled, error]) error {
	counted := 0
	for s, err := range rows {
		if err != nil {
			return err
		}
		way := ends{s.Source, s.Target}
		f := found[way]
		if f == nil {
			f = &flow{Source: s.Source, Target: s.Target}
			found[way] = f
		}
		if counted++; counted > countedMost {
			f.More = true
			return nil
		}
		f.count(s)
	}
	return nil
}

func (f *flow) count(s *journal.Settled) {
	switch s.State {
	case journal.Waiting:
		f.Waiting++
	case journal.Held:
		f.Held++
	case journal.Dead:
		f.Refused++
	case journal.Parked:
		f.Parked++
		f.park(s)
	}
}

// park takes up what is parked. A change has the time at which it was made;
// one that is sent again has waited since then only.
func (f *flow) park(s *journal.Settled) {
	if f.Lacks == nil {
		f.Lacks = map[lis.Kind]int64{}
	}
	f.Lacks[s.Parent.Kind]++
	since := time.UnixMicro(s.Seq).UTC()
	if s.Again > 0 {
		since = s.At
	}
	if f.ParkedSince.IsZero() || since.Before(f.ParkedSince) {
		f.ParkedSince = since
	}
}

// parkedAt sums up what is parked at a target, and names the kind of parent
// that most of it waits for.
func parkedAt(all []flow, target string) (sum flow, lacks string) {
	sum = flow{Target: target, Lacks: map[lis.Kind]int64{}}
	for i := range all {
		f := &all[i]
		if f.Target != target {
			continue
		}
		sum.Parked += f.Parked
		sum.Late = sum.Late || f.Late
		if sum.ParkedSince.IsZero() || !f.ParkedSince.IsZero() && f.ParkedSince.Before(sum.ParkedSince) {
			sum.ParkedSince = f.ParkedSince
		}
		for k, n := range f.Lacks {
			sum.Lacks[k] += n
		}
	}
	lacks = "group or course object" // of one of several kinds
	most := sum.Lacks[""]
	for _, info := range lis.Kinds {
		if n := sum.Lacks[info.Kind]; n > most {
			most, lacks = n, string(info.Kind)
		}
	}
	return sum, lacks
}
