package deliver

import (
	"context"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A parcel is one change on its way through the stages.
type parcel struct {
	item
	change  lis.Change    // as the adapter gets it
	body    []byte        // the content in that shape
	person  lis.SourcedID // of a membership
	began   time.Time     // of the attempt
	tried   bool          // the target was asked
	outcome lis.Outcome
	err     error

	done *journal.Settlement // what becomes of it; nil while it is on its way
	lost bool                // cut off, and may still be going on: its lease has to run out
}

// A stage takes the parcels that are on their way one step further, and ends
// the way of some.
type stage func(w way, parcels []*parcel)

// A way is how long things go on: no attempt begins after the end of ctx, and
// those under way end with cut.
type way struct{ ctx, cut context.Context }

// stages are what happens to a change, in order; what a stage settles, the
// next ones do not see.
func (l *lane) stages() []stage {
	return []stage{
		l.admit,    // is it still to be tried, and is there time
		l.open,     // read its content
		l.shape,    // give it the form that the target wants
		l.skip,     // the target has it already
		l.restrain, // removals wait, or are held
		l.throttle, // wait until the rate of the target lets it go
		l.admit,    // is there time still
		l.send,     // call the adapter
		l.verify,   // read it back
		l.conclude, // what the answer means for the queue
	}
}

// work carries what is in the queue.
func (l *lane) work(ctx, cut context.Context, results chan<- settled) {
	for {
		load, left := l.queue.take(l.measure(), l.hungry)
		if load == nil {
			return
		}
		if size := l.size(); left <= size/2 && left+len(load) > size/2 {
			l.nudge()
		}
		for _, p := range l.carry(way{ctx, cut}, load) {
			if p.lost {
				l.outstanding.Add(-1)
			} else {
				results <- settled{l, p.item, *p.done}
			}
		}
	}
}

// hungry asks for a batch when a worker has none. Where changes go one by one
// they are leased ahead.
func (l *lane) hungry() {
	if l.measure().rows > 1 {
		l.nudge()
	}
}

// carry takes a load through the stages. In the end each parcel is done or lost.
func (l *lane) carry(w way, load []item) []*parcel {
	parcels := make([]*parcel, len(load))
	for i := range load {
		parcels[i] = &parcel{item: load[i]}
	}
	began := l.engine.now()
	for _, s := range l.stages() {
		if going := onTheirWay(parcels); len(going) > 0 {
			s(w, going)
		}
	}
	l.timed(parcels, l.engine.now().Sub(began))
	return parcels
}

func onTheirWay(parcels []*parcel) []*parcel {
	going := make([]*parcel, 0, len(parcels))
	for _, p := range parcels {
		if p.done == nil && !p.lost {
			going = append(going, p)
		}
	}
	return going
}

// timed smooths the time that a change takes, of a load of which any was sent.
func (l *lane) timed(parcels []*parcel, took time.Duration) {
	for _, p := range parcels {
		if p.tried {
			each := int64(took) / int64(len(parcels))
			l.pace.Store(max(1, (l.pace.Load()*7+each+8)/8))
			return
		}
	}
}

// settle ends the way of a parcel.
func (p *parcel) settle(s journal.Settlement) {
	if p.change.Act != p.Act { // "" before the content was read
		s.Act = p.change.Act
	}
	p.done = &s
}

// leaves reports whether a change goes as a Drop that is none in the journal:
// its object leaves the scope of the target.
func (p *parcel) leaves() bool { return p.change.Act == lis.Drop && p.Act != lis.Drop }
