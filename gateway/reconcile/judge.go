package reconcile

import (
	"context"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// compare tells how what the target has differs from what it should have.
func (c *comparison) compare(snap journal.Snapshot, e *journal.Entry, w wish, have *lis.Record) error {
	d := &Difference{Kind: c.kind, ID: have.ID, known: e != nil}
	switch {
	case w.err != nil:
		d.What, d.Why = Refused, w.err.Error()
	case w.record == nil:
		d.What, d.Why, d.record = Extra, why(e, w), have
		d.again = e != nil && e.Deleted || w.hidden
		d.left = w.left
	default:
		fields, err := differing(w.record, have)
		if err != nil || len(fields) == 0 {
			return err
		}
		d.What, d.Fields = Differs, fields
	}
	if e != nil {
		d.ID = e.ID
	}
	return c.report(snap, e, d, have)
}

// why says why the records do not want an object at the target.
func why(e *journal.Entry, w wish) string {
	switch {
	case w.hidden:
		return "it is not active in the records"
	case e == nil:
		return "the records do not know it"
	case e.Deleted:
		return "it was deleted"
	case w.left:
		return "it left what the routes want here"
	}
	return "no route leads it here"
}

// report tells a difference, unless the object is on its way.
func (c *comparison) report(snap journal.Snapshot, e *journal.Entry, d *Difference, r *lis.Record) error {
	if r != nil {
		if m, ok := r.Object.(*lis.Membership); ok {
			d.Person, d.Collection = m.Person(), m.CollectionSourcedID
		}
	}
	if e != nil {
		moving, err := c.moving(snap, e, d)
		if err != nil || moving {
			return err
		}
	}
	c.sum.count(d)
	return c.tell(d)
}

// delivered returns the newest delivery of an entry to the target, or nil.
func (c *comparison) delivered(snap journal.Snapshot, e *journal.Entry) (last *journal.Settled, err error) {
	for s, err := range snap.Deliveries(e.Kind, e.ID) {
		if err != nil {
			return nil, err
		}
		if s.Target == c.Target {
			last = s
		}
	}
	return last, nil
}

// failed reports whether a delivery ended without the target having it.
func failed(s *journal.Settled) bool {
	return s != nil && (s.State == journal.Dead || s.State == journal.Dropped)
}

// moving reports whether an entry changed, or was delivered, since the
// comparison began; and notes where its delivery stands.
func (c *comparison) moving(snap journal.Snapshot, e *journal.Entry, d *Difference) (bool, error) {
	last, err := c.delivered(snap, e)
	if err != nil {
		return false, err
	}
	began := c.began.UnixMicro()
	if e.Seq > began || last != nil && last.At.UnixMicro() > began {
		c.sum.Skipped++
		return true, nil
	}
	if last == nil {
		return false, nil
	}
	d.again = d.again || d.left // what the target was never told of is the target's own
	if d.What == Missing && failed(last) {
		d.What = Refused
	}
	if d.state = last.State; last.State != journal.Applied && d.Why == "" {
		d.Why = string(last.State)
		if last.Reason != "" {
			d.Why += ": " + last.Reason
		}
	}
	return false, nil
}

// scan walks the records. With a reader each is read at the target; without
// one what was not seen in the list is missing.
func (c *comparison) scan(ctx context.Context, reader adapters.Reader) error {
	after := lis.SourcedID("")
	for {
		next, more, err := c.page(ctx, reader, after)
		if err != nil || !more {
			return err
		}
		after = next
	}
}

// page walks some of the records, in one view.
func (c *comparison) page(ctx context.Context, reader adapters.Reader, after lis.SourcedID) (last lis.SourcedID, more bool, err error) {
	snap, err := c.Store.Snapshot(ctx)
	if err != nil {
		return after, false, err
	}
	defer snap.Close()
	n := 0
	for e, err := range snap.Scan(c.kind, journal.Filter{After: after}) {
		if err != nil {
			return after, false, err
		}
		if n++; n > most {
			return after, true, nil
		}
		after = e.ID
		if err := c.record(ctx, snap, e, reader); err != nil {
			return after, false, err
		}
	}
	return after, false, nil
}

// record looks at one record.
func (c *comparison) record(ctx context.Context, snap journal.Snapshot, e *journal.Entry, reader adapters.Reader) error {
	w, err := c.wanted(ctx, snap, e)
	if err != nil {
		return err
	}
	if w.record != nil || w.err != nil {
		c.sum.Wanted++
	}
	if c.seen[e.ID] {
		return nil
	}
	if reader != nil {
		return c.read(ctx, snap, e, w, reader)
	}
	return c.absent(snap, e, w)
}

// absent tells of a record that the target does not have. One that is wanted,
// and that the target refused, is told although it would not be listed: the
// adapter may know no better of what it cannot place.
func (c *comparison) absent(snap journal.Snapshot, e *journal.Entry, w wish) error {
	switch {
	case w.err != nil:
		return c.report(snap, e, &Difference{What: Refused, Kind: c.kind, ID: e.ID, Why: w.err.Error(), known: true}, nil)
	case w.hidden:
		if last, err := c.delivered(snap, e); err != nil || !failed(last) {
			return err
		}
	case w.record == nil:
		return nil
	}
	return c.report(snap, e, &Difference{What: Missing, Kind: c.kind, ID: e.ID, known: true}, w.record)
}

// read compares a record with what the target says of it when asked.
func (c *comparison) read(ctx context.Context, snap journal.Snapshot, e *journal.Entry, w wish, reader adapters.Reader) error {
	if w.record == nil && w.err == nil {
		return c.absent(snap, e, w)
	}
	have, err := reader.Read(ctx, c.kind, e.ID)
	if err != nil {
		return err
	}
	if have != nil {
		c.sum.Listed++
		return c.compare(snap, e, w, c.bare(have))
	}
	return c.absent(snap, e, w)
}
