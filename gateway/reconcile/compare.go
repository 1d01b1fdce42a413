package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// most is how many objects are looked up in one view of the journal, which
// cannot tidy up behind a view that is open for long.
const most = 1000

// A comparison is one kind being compared.
type comparison struct {
	Options
	kind  lis.Kind
	began time.Time
	seen  map[lis.SourcedID]bool // entries of the journal that the target has
	tell  func(*Difference) error
	sum   Summary
}

// Compare tells every difference as it is found, and returns the summaries of
// the kinds that were compared. An error of tell ends it; trouble with the
// target is in the summary of the kind.
func Compare(ctx context.Context, o Options, tell func(*Difference) error) ([]Summary, error) {
	lister, lists := o.Adapter.(adapters.Lister)
	reader, reads := o.Adapter.(adapters.Reader)
	if !lists && !reads {
		return nil, fmt.Errorf("target %s cannot be compared: its adapter can neither list nor read what the target holds", o.Target)
	}
	var sums []Summary
	for _, info := range lis.Kinds {
		if len(o.Kinds) > 0 && !slices.Contains(o.Kinds, info.Kind) {
			continue
		}
		c := &comparison{Options: o, kind: info.Kind, began: o.Now(), seen: map[lis.SourcedID]bool{}, tell: tell, sum: Summary{Kind: info.Kind}}
		var err error
		if lists {
			err = c.listed(ctx, lister)
		} else {
			err = c.scan(ctx, reader)
		}
		if unsupported(err) && len(o.Kinds) == 0 {
			continue // the target has no such kind, and nobody asked for it
		}
		if err := c.trouble(err); err != nil {
			return sums, err
		}
		sums = append(sums, c.sum)
	}
	return sums, nil
}

func unsupported(err error) bool {
	var e *adapters.Error
	return errors.As(err, &e) && e.Class == adapters.Unsupported
}

// trouble notes what went wrong with the target, and returns what is no
// affair of the target.
func (c *comparison) trouble(err error) error {
	var e *adapters.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	c.sum.Trouble = adapters.Advise(err.Error(), e.Hint)
	return nil
}

// listed compares the target's whole list, then looks for what was not in it.
func (c *comparison) listed(ctx context.Context, l adapters.Lister) error {
	batch := make([]*lis.Record, 0, most)
	for have, err := range l.List(ctx, c.kind) {
		if err != nil {
			return err // what was not read is not known to be absent
		}
		if batch = append(batch, c.bare(have)); len(batch) == most {
			if err := c.look(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := c.look(ctx, batch); err != nil {
		return err
	}
	return c.scan(ctx, nil)
}

// bare is what the target has, without what it was told beside the record.
func (c *comparison) bare(have *lis.Record) *lis.Record {
	if c.Bare == nil || have == nil {
		return have
	}
	return c.Bare(have)
}

// look compares some of what the target has.
func (c *comparison) look(ctx context.Context, batch []*lis.Record) error {
	snap, err := c.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	for _, have := range batch {
		c.sum.Listed++
		if err := c.one(ctx, snap, have); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) one(ctx context.Context, snap journal.Snapshot, have *lis.Record) error {
	if have.ID == "" && c.kind == lis.KindMembership {
		return c.nameless(ctx, snap, have)
	}
	e, err := snap.Get(c.kind, have.ID)
	if err != nil {
		return err
	}
	if e != nil && c.seen[e.ID] {
		return twice(string(e.ID))
	}
	w, err := c.wanted(ctx, snap, e)
	if err != nil {
		return err
	}
	if e != nil {
		c.seen[e.ID] = true
	}
	return c.compare(snap, e, w, have)
}

// twice ends a comparison: a list with an object in it twice has been paged
// wrongly, and may lack others.
func twice(name string) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("the target listed %s twice: its list is not to be trusted, and nothing is told missing from it", name)}
}

// A wish is what a target should have for an entry: nil for nothing.
type wish struct {
	record *lis.Record
	hidden bool  // it is led there, and would not be listed
	left   bool  // it is not led there, for it left a scope or a filter
	err    error // of the mapping
}

// wanted returns what the target should hold for an entry.
func (c *comparison) wanted(ctx context.Context, snap journal.Snapshot, e *journal.Entry) (wish, error) {
	if e == nil || e.Deleted {
		return wish{}, nil
	}
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return wish{}, err
	}
	change, err := c.change(snap, e, record)
	if err != nil {
		return wish{}, err
	}
	if ok, err := c.Wanted(snap, &change); !ok || err != nil {
		return c.unwanted(snap, &change, err)
	}
	return c.shaped(ctx, change)
}

// unwanted says of what is not wanted whether it left the scope of the routes.
func (c *comparison) unwanted(snap journal.Snapshot, change *lis.Change, err error) (w wish, _ error) {
	if err == nil && c.Left != nil {
		w.left, err = c.Left(snap, change)
	}
	return w, err
}

// shaped returns the wish for a change that leads to the target.
func (c *comparison) shaped(ctx context.Context, change lis.Change) (w wish, err error) {
	if c.Shape != nil {
		if change, err = c.Shape(ctx, change); err != nil {
			return wish{err: err}, nil
		}
	}
	mirrored := c.mirror(change.Record)
	return wish{record: mirrored, hidden: mirrored == nil}, nil
}

func (c *comparison) mirror(r *lis.Record) *lis.Record {
	if m, ok := c.Adapter.(adapters.Mirror); ok {
		return m.Mirror(r)
	}
	return r
}

// change is the change that made an entry what it is, as the routes know it:
// what the gateway made itself goes where the changes of a source before went.
func (c *comparison) change(snap journal.Snapshot, e *journal.Entry, r *lis.Record) (lis.Change, error) {
	change := lis.Change{Seq: e.Seq, Version: e.Version, Kind: e.Kind, Key: e.ID, Act: lis.Put, Record: r,
		Operation: lis.OperationFor(e.Kind, lis.Replace), Time: time.UnixMicro(e.Seq).UTC()}
	for step, err := range snap.History(e.Kind, e.ID) {
		if err != nil {
			return change, err
		}
		change.Operation = step.Operation
		if step.Source != "" {
			change.Source = step.Source
		}
	}
	return change, nil
}
