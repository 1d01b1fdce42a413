package registrar

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"sync"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A reader answers from a snapshot. An answer with streams keeps the snapshot
// until it is closed; an error is a refusal or trouble.
type reader func(*Registrar, journal.Snapshot, *lis.Call, lis.Operation) (*lis.Answer, error)

// reads is what each verb that reads does.
var reads = map[lis.Verb]reader{
	lis.Read:           (*Registrar).readOne,
	lis.ReadCore:       (*Registrar).readCore,
	lis.ReadAllIDs:     (*Registrar).readAll,
	lis.ReadIDsFrom:    (*Registrar).readIDsFrom,
	lis.ReadPlural:     (*Registrar).readPlural,
	lis.ReadPluralFrom: (*Registrar).readPluralFrom,
	lis.Discover:       (*Registrar).discover,
	lis.ReadIDsFor:     (*Registrar).readIDsFor,
	lis.ReadIDFor:      (*Registrar).readIDFor,
}

func (r *Registrar) read(ctx context.Context, q *Request, op lis.Operation, read reader) *lis.Answer {
	snap, err := r.Store.Snapshot(ctx)
	if err != nil {
		return &lis.Answer{Status: statusOf(err, op.Service, lis.CannotRead)}
	}
	trim(q.Call)
	a, err := read(r, snap, q.Call, op)
	if err != nil {
		a = &lis.Answer{Status: statusOf(err, op.Service, lis.CannotRead)}
	} else if a.Status.CodeMajor == "" {
		a.Status = lis.StatusOf(lis.Done, op.Service, "")
	}
	if a.IDs == nil && a.Records == nil {
		snap.Close()
		return a
	}
	a.Close = sync.OnceFunc(func() { snap.Close() })
	return a
}

func (r *Registrar) readOne(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	if c.ID == "" {
		return nil, incomplete("sourcedId")
	}
	_, rec, err := present(snap, op.Kind, c.ID)
	return &lis.Answer{Record: rec}, err
}

func (r *Registrar) readCore(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	a, err := r.readOne(snap, c, op)
	if err != nil {
		return nil, err
	}
	core := &lis.PersonCore{SourcedID: c.ID}
	p := a.Record.Object.(*lis.Person)
	if len(p.FormName) > 0 {
		core.FormName = &p.FormName[0]
	} else if name := p.Formatted(); name != "" {
		core.FormName = &lis.FormName{FormattedName: lis.NewText("", name)}
	}
	for i := range p.Roles {
		if len(p.Roles[i].UserID) > 0 {
			core.UserID = &p.Roles[i].UserID[0]
			break
		}
	}
	return &lis.Answer{Core: core}, nil
}

func (r *Registrar) readAll(snap journal.Snapshot, _ *lis.Call, op lis.Operation) (*lis.Answer, error) {
	return answerIDs(snap, op, ids(snap.Scan(op.Kind, journal.Filter{IDsOnly: true})),
		"there is no "+string(op.Kind)+" yet")
}

// answerIDs answers with a stream of ids. Whether there is one at all is
// looked up first, because the status goes before them on the wire.
func answerIDs(snap journal.Snapshot, op lis.Operation, seq iter.Seq2[lis.SourcedID, error], none string) (*lis.Answer, error) {
	some, err := nonEmpty(seq)
	if err != nil {
		return nil, err
	}
	a := &lis.Answer{IDs: seq}
	if !some {
		a.Status = lis.StatusOf(lis.NothingFound, op.Service, none)
	}
	a.SavePoint, err = savePoint(snap)
	return a, err
}

// savePoint names the place in the journal up to which a snapshot sees.
func savePoint(v journal.View) (string, error) {
	last, err := v.Last()
	return lis.SavePoint(last), err
}

// nonEmpty reports whether a stream has an item.
func nonEmpty[T comparable](seq iter.Seq2[T, error]) (bool, error) {
	for _, err := range seq {
		return err == nil, err
	}
	return false, nil
}

// ids leaves the ids of entries.
func ids(entries iter.Seq2[*journal.Entry, error]) iter.Seq2[lis.SourcedID, error] {
	return func(yield func(lis.SourcedID, error) bool) {
		for e, err := range entries {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(e.ID, nil) {
				return
			}
		}
	}
}

// readPlural answers those that are known; which are not is counted first.
func (r *Registrar) readPlural(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	if len(c.IDs) == 0 {
		return nil, incomplete("sourcedIdSet")
	}
	var missing []lis.SourcedID
	for _, id := range c.IDs {
		e, err := snap.Get(op.Kind, id)
		if err != nil {
			return nil, err
		}
		if e == nil || e.Deleted {
			missing = append(missing, id)
		}
	}
	a := &lis.Answer{Records: records(snap, op.Kind, c.IDs)}
	switch {
	case len(missing) == len(c.IDs):
		a.Status = lis.StatusOf(lis.NothingFound, op.Service, "none of the ids is that of a "+string(op.Kind)+": "+list(missing))
	case len(missing) > 0:
		a.Status = lis.StatusOf(lis.SomeUnknown, op.Service,
			strconv.Itoa(len(missing))+" of "+strconv.Itoa(len(c.IDs))+" ids are unknown: "+list(missing))
	}
	var err error
	a.SavePoint, err = savePoint(snap)
	return a, err
}

// list shows the first few ids of many.
func list(ids []lis.SourcedID) string {
	const few = 10
	var parts []string
	for i, id := range ids {
		if i == few {
			parts = append(parts, "and "+strconv.Itoa(len(ids)-few)+" more")
			break
		}
		parts = append(parts, quote(string(id)))
	}
	return strings.Join(parts, ", ")
}

// records streams those of the ids that are there, in the order asked for.
func records(v journal.View, k lis.Kind, ids []lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for _, id := range ids {
			e, err := v.Get(k, id)
			if err == nil && (e == nil || e.Deleted) {
				continue
			}
			var rec *lis.Record
			if err == nil {
				rec, err = lis.UnmarshalRecord(k, id, e.Body)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}
