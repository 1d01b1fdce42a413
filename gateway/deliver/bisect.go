package deliver

import (
	"cmp"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// bisect sends the changes again that were refused as a whole, in two halves.
// One that is refused alone is to blame itself.
func (l *lane) bisect(w way, parcels []*parcel) {
	blamed := refusedWhole(parcels)
	if len(parcels) == 1 || len(blamed) == 0 {
		return
	}
	half := (len(blamed) + 1) / 2
	for _, part := range [][]*parcel{blamed[:half], blamed[half:]} {
		if part = l.inTime(w, part); len(part) > 0 {
			l.throttle(w, part)
			l.attempt(w, part)
		}
	}
}

// refusedWhole returns those of which the target does not say which is to blame.
func refusedWhole(parcels []*parcel) []*parcel {
	var blamed []*parcel
	for _, p := range parcels {
		if p.err == nil {
			continue
		}
		if e := classified(p.err); e.Whole && (e.Class == adapters.Refused || e.Class == adapters.Unsupported) {
			blamed = append(blamed, p)
		}
	}
	return blamed
}

// inTime gives back what would outlast its lease, as an attempt: next time
// there are fewer in the batch.
func (l *lane) inTime(w way, parcels []*parcel) []*parcel {
	for _, p := range parcels {
		if w.ctx.Err() != nil || p.until.Sub(l.engine.now()) < l.target.Timeout+leaseLeft {
			p.settle(l.again(p.item))
		}
	}
	return onTheirWay(parcels)
}

// rank is the order in which objects depend on each other: what stands later
// may need what stands before.
var rank = map[lis.Kind]int{
	lis.KindGroup: 1, lis.KindPerson: 2, lis.KindCourseTemplate: 3, lis.KindCourseOffering: 4, lis.KindCourseSection: 5,
	lis.KindSectionAssociation: 6, lis.KindMembership: 7, lis.KindLineItem: 8, lis.KindResult: 9, lis.KindResultValue: 10,
}

// byDependency orders what is made by rank, and after it what goes, the other
// way round; what is alike in that, as it happened.
func byDependency(a, b *parcel) int {
	return cmp.Or(cmp.Compare(turn(a), turn(b)), cmp.Compare(a.Seq, b.Seq))
}

func turn(p *parcel) int {
	if p.change.Act == lis.Drop {
		return 2*len(rank) - rank[p.Kind]
	}
	return rank[p.Kind] - len(rank)
}
