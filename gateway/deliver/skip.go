package deliver

import (
	"bytes"
	"context"
	"time"

	"lisgate/gateway/lis"
)

// skip settles a Put of what was sent last as Unchanged. What was sent again
// on purpose is sent.
func (l *lane) skip(w way, parcels []*parcel) {
	for _, p := range parcels {
		same := l.target.SkipSame || p.Kind == lis.KindResult
		if p.Act != lis.Put || !same || p.Again > 0 || p.Approved {
			continue
		}
		known, err := l.known(w.cut, p)
		switch {
		case l.failed("cannot read the crosswalk", err):
			p.settle(l.untried(p.item, l.engine.now().Add(time.Second)))
		case known:
			p.settle(l.applied(p))
		}
	}
}

// known reports whether the target has what a parcel brings.
func (l *lane) known(ctx context.Context, p *parcel) (bool, error) {
	pair, err := l.engine.store.Pair(ctx, l.target.Name, p.Kind, p.Key)
	if err != nil || pair == nil || pair.Gone || !bytes.Equal(pair.Hash, p.hash()) {
		return false, err
	}
	p.outcome = lis.Outcome{Effect: lis.Unchanged, TargetID: pair.TargetID, Detail: "not sent: it is what was sent last"}
	between, err := l.between(ctx, p, pair.Seq)
	return !between, err
}

// between reports whether there was a change of the object since the one that
// was applied last. It may have arrived although nobody said so, and then the
// target has something else.
func (l *lane) between(ctx context.Context, p *parcel, last int64) (bool, error) {
	snapshot, err := l.engine.store.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	defer snapshot.Close()
	for d, err := range snapshot.Deliveries(p.Kind, p.Key) {
		if err != nil {
			return false, err
		}
		if d.Target == l.target.Name && d.Seq > last && d.Seq < p.Seq {
			return true, nil
		}
	}
	return false, nil
}
