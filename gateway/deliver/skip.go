package deliver

import (
	"bytes"
	"context"
	"time"

	"lisgate/gateway/lis"
)

// skip settles as Unchanged a Put of what was sent last, and a Put that leaves
// the scope of a target which does not have it. What was sent again on purpose
// is sent.
func (l *lane) skip(w way, parcels []*parcel) {
	for _, p := range parcels {
		needless := l.needless(p)
		if needless == nil || p.Approved {
			continue
		}
		skips, err := needless(w.cut, p)
		switch {
		case l.failed("cannot read the crosswalk", err):
			p.settle(l.untried(p.item, l.engine.now().Add(time.Second)))
		case skips:
			p.settle(l.applied(p))
		}
	}
}

// needless returns what tells that a parcel need not be sent, or nil.
func (l *lane) needless(p *parcel) func(context.Context, *parcel) (bool, error) {
	switch {
	case p.leaves():
		return l.absent
	case p.change.Act == lis.Put && p.Again == 0 && (l.target.SkipSame || p.Kind == lis.KindResult):
		return l.known
	}
	return nil
}

// absent reports whether the target never had what a parcel takes away, or has
// it no more. What stands there of others' making is not ours to remove. What
// was ours, and is sent again, is taken away again.
func (l *lane) absent(ctx context.Context, p *parcel) (bool, error) {
	pair, err := l.engine.store.Pair(ctx, l.target.Name, p.Kind, p.Key)
	if err != nil || pair != nil && !pair.Gone {
		return false, err
	}
	if pair != nil && p.Again > 0 {
		p.Repeat = true
		return false, nil
	}
	p.outcome = lis.Outcome{Effect: lis.Unchanged, Detail: "not sent: it is not for this target, which does not have it"}
	return true, nil
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
