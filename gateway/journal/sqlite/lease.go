package sqlite

import (
	"time"

	"lisgate/gateway/lis"
)

// A lease says who has a delivery now. Leases are kept in memory: the store
// has one process, and when that dies all its leases are free at once.
type lease struct {
	chain    chain
	seq      int64
	subject  subject
	fence    int64
	until    time.Time
	stamp    int64 // the newest commit then
	unsure   bool  // there was a lease before it that came to no end
	settling bool  // an outcome is in the transaction in hand
}

// A subject is what a change is about.
type subject struct {
	act       lis.Act
	id, newID string
}

// A chain is what has to be delivered to one target in order.
type chain struct{ target, kind, id string }

// A place is one change on its way to one target.
type place struct {
	target string
	seq    int64
}

// leases are those that were handed out, found both ways: a chain has one at
// most, so that never two of its changes are on their way.
type leases struct {
	epoch  int64 // how often the store was opened: later fences are larger
	count  int64
	chains map[chain]*lease
	places map[place]*lease
	// promised are what the transaction in hand gives to somebody, or abandons:
	// nobody else may have them before it ends.
	promised map[place]bool
}

func newLeases() leases {
	return leases{chains: map[chain]*lease{}, places: map[place]*lease{}, promised: map[place]bool{}}
}

// fence returns the next fencing number. They grow over all deliveries, and
// over restarts too.
func (l *leases) fence() int64 {
	l.count++
	return l.epoch<<32 + l.count
}

// free reports whether a chain may be handed out.
func (l *leases) free(c chain, now time.Time) bool {
	old := l.chains[c]
	return old == nil || !old.settling && !old.until.After(now)
}

func (l *leases) put(n *lease) {
	if old := l.chains[n.chain]; old != nil {
		delete(l.places, place{n.chain.target, old.seq})
	}
	l.chains[n.chain], l.places[place{n.chain.target, n.seq}] = n, n
}

func (l *leases) drop(old *lease) {
	p := place{old.chain.target, old.seq}
	if l.places[p] == old {
		delete(l.places, p)
	}
	if l.chains[old.chain] == old {
		delete(l.chains, old.chain)
	}
}
