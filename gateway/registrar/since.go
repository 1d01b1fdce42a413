package registrar

import (
	"iter"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// after reads the savepoint of a call as a place in the journal.
func (r *Registrar) after(snap journal.Snapshot, c *lis.Call) (int64, error) {
	if c.SavePoint == "" {
		return 0, incomplete("fromSavePoint")
	}
	seq, err := lis.SequenceOf(c.SavePoint)
	if err != nil {
		return 0, refuse(lis.BadSavePoint, err.Error()+"; send the savePoint of an earlier answer, or a date")
	}
	last, err := snap.Last()
	if err != nil {
		return 0, err
	}
	if seq > last && seq > r.Now().UnixMicro() {
		return 0, refuse(lis.SavePointAhead, "savepoint "+c.SavePoint+" lies ahead: the newest change is "+
			lis.SavePoint(last)+"; read all again and go on from the savePoint of that answer")
	}
	return max(seq, 1), nil // 0 would mean: in no order of time
}

func (r *Registrar) readIDsFrom(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	since, err := r.after(snap, c)
	if err != nil {
		return nil, err
	}
	changed := snap.Scan(op.Kind, journal.Filter{Since: since, Deleted: true, IDsOnly: true})
	return answerIDs(snap, op, ids(changed), "no "+string(op.Kind)+" has changed since "+c.SavePoint)
}

// readPluralFrom answers what changed with its content; of what is gone a
// tombstone, see lis.Tombstone.
func (r *Registrar) readPluralFrom(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	since, err := r.after(snap, c)
	if err != nil {
		return nil, err
	}
	changed := withAnyContent(snap.Scan(op.Kind, journal.Filter{Since: since, Deleted: true}))
	some, err := nonEmpty(changed)
	if err != nil {
		return nil, err
	}
	a := &lis.Answer{Records: contents(changed)}
	if !some {
		a.Status = lis.StatusOf(lis.NothingFound, op.Service, "no "+string(op.Kind)+" has changed since "+c.SavePoint)
	}
	a.SavePoint, err = savePoint(snap)
	return a, err
}

// contents reads the records of entries.
func contents(entries iter.Seq2[*journal.Entry, error]) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for e, err := range entries {
			var rec *lis.Record
			if err == nil {
				rec, err = lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
			}
			if err == nil && e.Deleted {
				rec = lis.Tombstone(e.Kind, rec)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// withAnyContent leaves out the tombstones of what was never there: who reads
// records was never told of such an object.
func withAnyContent(entries iter.Seq2[*journal.Entry, error]) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && len(e.Body) == 0 {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
