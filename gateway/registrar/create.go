package registrar

import (
	"bytes"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// content checks the record of a call and returns the step that writes it
// under an id.
func content(rec *lis.Record, k lis.Kind, id lis.SourcedID) (step, error) {
	if rec == nil {
		return step{}, incomplete(string(k) + "Record")
	}
	if id == "" {
		return step{}, incomplete("sourcedId")
	}
	copied := lis.Record{ID: id, Agent: rec.Agent, Object: rec.Object}
	if copied.Object == nil && k == lis.KindPerson {
		copied.Object = new(lis.Person) // legal: PersonRecord.Type
	}
	switch {
	case copied.Object == nil:
		return step{}, incomplete(string(k))
	case copied.Object.Kind() != k:
		return step{}, refuse(lis.Invalid, "the record holds a "+string(copied.Object.Kind())+
			" where the operation is about a "+string(k)+"; send the record that belongs to the operation")
	}
	s := step{Change: lis.Change{Kind: k, Key: id, Act: lis.Put}}
	return s, s.fill(&copied)
}

// whole is content that has all that its kind needs.
func whole(rec *lis.Record, k lis.Kind, id lis.SourcedID) (step, error) {
	s, err := content(rec, k, id)
	if err != nil {
		return s, err
	}
	if element := s.Record.Object.Missing(); element != "" {
		return s, incomplete(element)
	}
	return s, nil
}

func (r *Registrar) create(q *Request, op lis.Operation) (planner, error) {
	s, err := whole(q.Call.Record, op.Kind, about(q.Call))
	if err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(s.Kind, s.Key)
		switch {
		case err != nil:
			return nil, err
		case repeated(e, q):
			return &plan{description: "created by the same message before"}, nil
		}
		if old, err := r.outdated(tx, q, s.Record, e); old != nil || err != nil {
			return old, err
		}
		if e != nil && !e.Deleted {
			return nil, refuse(lis.AlreadyThere, "the "+string(s.Kind)+" "+quote(string(s.Key))+
				" is there already; use replace or update, or another sourcedId")
		}
		return &plan{description: "created", steps: []step{s.created()}}, nil
	}, nil
}

func (s step) created() step {
	s.Created = true
	return s
}

// createByProxy allots an id. What the client put in its place is of no
// meaning: peers send it empty or all zero.
func (r *Registrar) createByProxy(q *Request, op lis.Operation) (planner, error) {
	id := q.Allotted
	if id == "" {
		id = lis.SourcedID(r.NewID())
	}
	s, err := whole(q.Call.Record, op.Kind, id)
	if err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		before, err := r.allotted(tx, q, op.Kind)
		if err != nil {
			return nil, err
		}
		if before != "" {
			return &plan{description: "created by the same message before", answer: lis.Answer{ID: before}}, nil
		}
		e, err := tx.Get(s.Kind, s.Key)
		if err != nil {
			return nil, err
		}
		if e != nil && !e.Deleted {
			return nil, refuse(lis.AlreadyThere, "the allotted sourcedId "+quote(string(s.Key))+" is in use; send the message again")
		}
		return &plan{description: "created", answer: lis.Answer{ID: s.Key}, steps: []step{s.created()}}, nil
	}, nil
}

// allotted returns the id that the same message was given before, when the
// object is still there.
func (r *Registrar) allotted(tx journal.Tx, q *Request, k lis.Kind) (lis.SourcedID, error) {
	if len(q.Hash) == 0 {
		return "", nil
	}
	m, err := tx.Repeated(q.Hash, r.Now().Add(-r.RepeatWindow))
	if err != nil || m == nil || m.Answer == "" {
		return "", err
	}
	e, err := tx.Get(k, m.Answer)
	if err != nil || e == nil || e.Deleted {
		return "", err
	}
	return m.Answer, nil
}

// replace is the common write: one Get, one Message, one Append.
func (r *Registrar) replace(q *Request, op lis.Operation) (planner, error) {
	s, err := whole(q.Call.Record, op.Kind, about(q.Call))
	if err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(s.Kind, s.Key)
		if err != nil {
			return nil, err
		}
		if old, err := r.outdated(tx, q, s.Record, e); old != nil || err != nil {
			return old, err
		}
		return s.over(e, q), nil
	}, nil
}

// over plans to put the step's content in the place of an entry.
func (s step) over(e *journal.Entry, q *Request) *plan {
	switch {
	case repeated(e, q):
		return &plan{situation: createdOr(e.Version == 1), description: "taken from the same message before"}
	case e == nil || e.Deleted:
		return &plan{situation: lis.DoneCreated, description: "created", steps: []step{s.created()}}
	case bytes.Equal(e.Body, s.body):
		return &plan{description: "unchanged: it was so already"}
	}
	return &plan{description: "replaced", steps: []step{s}}
}

func createdOr(created bool) lis.Situation {
	if created {
		return lis.DoneCreated
	}
	return lis.Done
}
