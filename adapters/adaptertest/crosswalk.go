package adaptertest

import (
	"context"
	"fmt"
	"sync"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var _ adapters.Crosswalk = (*Crosswalk)(nil)

// A Crosswalk is that of one target, in memory, as the gateway keeps it. The
// zero Crosswalk is empty.
type Crosswalk struct {
	mu     sync.Mutex
	ids    map[lis.Ref]string
	owners map[owned]lis.SourcedID // of what is not gone
}

type owned struct {
	kind lis.Kind
	id   string
}

// TargetID returns the system's id of an object, of one that is gone too.
func (x *Crosswalk) TargetID(_ context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ids[lis.Ref{Kind: kind, ID: id}], nil
}

// SourcedID returns the object that has an id of the system.
func (x *Crosswalk) SourcedID(_ context.Context, kind lis.Kind, targetID string) (lis.SourcedID, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.owners[owned{kind, targetID}], nil
}

// Learn writes down what became of a change: a Put that tells no id leaves
// the one that is known, a Rekey moves the entry, a Drop leaves it but lets
// its id go. It fails, and keeps nothing, when the id belongs to another.
func (x *Crosswalk) Learn(c lis.Change, o lis.Outcome) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	from, to := lis.Ref{Kind: c.Kind, ID: c.Key}, lis.Ref{Kind: c.Kind, ID: c.Key}
	if c.Act == lis.Rekey {
		to.ID = c.NewID
	}
	id := o.TargetID
	if id == "" || c.Act == lis.Drop {
		id = x.ids[from]
	}
	place := owned{c.Kind, id}
	if owner := x.owners[place]; id != "" && owner != "" && owner != from.ID && owner != to.ID {
		return fmt.Errorf("%s %q of the system belongs to %s and cannot belong to %s too", c.Kind, id, owner, to.ID)
	}
	x.forget(from, c.Act == lis.Drop)
	if c.Act != lis.Drop && id != "" {
		x.keep(to, place)
	}
	return nil
}

func (x *Crosswalk) forget(ref lis.Ref, known bool) {
	delete(x.owners, owned{ref.Kind, x.ids[ref]})
	if !known {
		delete(x.ids, ref)
	}
}

func (x *Crosswalk) keep(ref lis.Ref, place owned) {
	if x.ids == nil {
		x.ids, x.owners = map[lis.Ref]string{}, map[owned]lis.SourcedID{}
	}
	x.ids[ref], x.owners[place] = place.id, ref.ID
}

// clear makes it empty, for the next system.
func (x *Crosswalk) clear() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ids, x.owners = nil, nil
}

// learn tells the crosswalk of a success, where there is one.
func (b *bench) learn(c lis.Change, o lis.Outcome) {
	if b.Crosswalk == nil {
		return
	}
	if err := b.Crosswalk.Learn(c, o); err != nil {
		b.Errorf("%s of %s %s: %v", c.Act, c.Kind, c.Key, err)
	}
}
