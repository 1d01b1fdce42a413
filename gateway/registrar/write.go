package registrar

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A planner decides, inside the transaction, what a write does. It reads
// only: a refusal must leave nothing behind. It may be run more than once.
type planner func(journal.Tx) (*plan, error)

// A plan is what a write does and how it is answered.
type plan struct {
	situation   lis.Situation
	description string
	answer      lis.Answer // all but the status
	steps       []step     // in order
	only        []string   // the targets to tell, whatever Targets says; nil: as it says
	own         bool       // the changes are the gateway's own: they have no source
	exchange    *journal.Exchange

	subject lis.Ref // the object that Outcome.Version is of, where somebody wants to know
	made
}

// made is what the steps of a plan came to, once they are carried out.
type made struct {
	first   int64 // the sequence of the first
	version int64 // of the subject after the last; 0 when none was about it
}

// A step is one change to one object. Its content is given, or taken from the
// journal when its turn comes, so that a plan of many steps stays small.
type step struct {
	lis.Change
	body  []byte
	links []lis.Link
	alter func(lis.Object) // Put of what is there, altered
	only  []string         // as that of the plan, for this step
}

// writes is what each verb that writes makes of a request, before the
// transaction: everything that needs no look at the journal is done here.
var writes map[lis.Verb]func(*Registrar, *Request, lis.Operation) (planner, error)

func init() {
	writes = map[lis.Verb]func(*Registrar, *Request, lis.Operation) (planner, error){
		lis.Create:           (*Registrar).create,
		lis.CreateByProxy:    (*Registrar).createByProxy,
		lis.Replace:          (*Registrar).replace,
		lis.Update:           (*Registrar).update,
		lis.Delete:           (*Registrar).delete,
		lis.ChangeIdentifier: (*Registrar).changeIdentifier,
		lis.CreateFrom:       (*Registrar).createFrom,
		lis.UpdateStatus:     (*Registrar).updateStatus,
		lis.AddRelation:      (*Registrar).addRelation,
		lis.RemoveRelation:   (*Registrar).removeRelation,
		lis.ReplacePlural:    (*Registrar).replaceResults,

		lis.BulkAnnounce:        (*Registrar).announce,
		lis.BulkAnnounceFailure: (*Registrar).announceFailure,
		lis.BulkCancel:          (*Registrar).moveExchange,
		lis.BulkIgnore:          (*Registrar).moveExchange,
		lis.BulkReportBack:      (*Registrar).reportBack,
		lis.BulkRequest:         (*Registrar).request,
	}
}

func (r *Registrar) write(ctx context.Context, q *Request, op lis.Operation) *lis.Answer {
	answer := r.commit(ctx, q, op, r.prepare(q, op))
	if op.Service == lis.BDEMS && answer.Status.OK() {
		r.nudge()
	}
	return answer
}

// commit carries out a plan in a transaction of its own.
func (r *Registrar) commit(ctx context.Context, q *Request, op lis.Operation, decide planner) *lis.Answer {
	var answer *lis.Answer
	var woken []string
	q.kept = r.Store.Keep(q.Body)
	err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
		answer, woken, err = r.carryOut(tx, q, op, decide)
		return err
	})
	if err != nil {
		return &lis.Answer{Status: statusOf(err, op.Service, lis.Busy)}
	}
	r.wake(woken)
	return answer
}

// prepare does what can be done outside the transaction. A refusal becomes a
// plan too, because it is kept like any other answer.
func (r *Registrar) prepare(q *Request, op lis.Operation) planner {
	trim(q.Call)
	decide, err := writes[op.Verb](r, q, op)
	if err != nil {
		return func(journal.Tx) (*plan, error) { return nil, err }
	}
	return decide
}

// carryOut plans a write and keeps the message with its effects.
func (r *Registrar) carryOut(tx journal.Tx, q *Request, op lis.Operation, decide planner) (*lis.Answer, []string, error) {
	p, err := decide(tx)
	if err != nil {
		if !isRefusal(err) {
			return nil, nil, err
		}
		p = &plan{}
		p.answer.Status = statusOf(err, op.Service, lis.Busy)
	} else {
		p.answer.Status = lis.StatusOf(p.situation, op.Service, p.description)
	}
	m := r.message(q, p.answer.Status)
	if m.Answer = p.answer.ID; m.Answer != "" {
		m.ID = m.Answer
	}
	seq, err := tx.Message(m)
	if err != nil {
		return nil, nil, err
	}
	woken, err := r.append(tx, q, p, seq)
	return &p.answer, woken, err
}

// append carries out the steps of a plan and returns the targets to wake.
func (r *Registrar) append(tx journal.Tx, q *Request, p *plan, message int64) ([]string, error) {
	var woken []string
	for i := range p.steps {
		s := p.steps[i] // a copy: the content is let go with it
		if err := s.complete(tx); err != nil {
			return nil, err
		}
		if !p.own {
			s.Source = q.Caller
		}
		if s.Operation == "" {
			s.Operation = q.Call.Operation
		}
		targets, err := r.targets(tx, p, &s)
		if err != nil {
			return nil, err
		}
		if err := tx.Append(&s.Change, s.body, s.links, q.Hash, message, targets); err != nil {
			return nil, err
		}
		p.note(&s.Change)
		woken = union(woken, targets)
	}
	if p.exchange != nil {
		return woken, tx.PutExchange(p.exchange)
	}
	return woken, nil
}

// note takes up what a step came to.
func (p *plan) note(c *lis.Change) {
	if p.first == 0 {
		p.first = c.Seq
	}
	if c.Kind == p.subject.Kind && c.Key == p.subject.ID {
		p.version = c.Version
	}
}

func (r *Registrar) targets(v journal.View, p *plan, s *step) ([]string, error) {
	switch {
	case s.only != nil:
		return s.only, nil
	case p.only != nil:
		return p.only, nil
	}
	targets, err := r.Targets(v, &s.Change)
	if err != nil {
		return nil, fmt.Errorf("find the targets of %s %s: %w", s.Kind, quote(string(s.Key)), err)
	}
	return targets, nil
}

// complete fills in a step whose content was left in the journal.
func (s *step) complete(v journal.View) error {
	if s.Record != nil {
		return nil
	}
	e, err := v.Get(s.Kind, s.Key)
	if err != nil || e == nil || len(e.Body) == 0 { // a Drop of what was never there
		return err
	}
	if s.Record, err = lis.UnmarshalRecord(s.Kind, s.Key, e.Body); err != nil {
		return err
	}
	s.body = e.Body
	if s.alter == nil {
		return nil
	}
	s.alter(s.Record.Object)
	return s.fill(s.Record)
}

// fill gives the step its content.
func (s *step) fill(rec *lis.Record) (err error) {
	s.Record, s.links = rec, rec.Object.Links()
	s.body, err = lis.MarshalRecord(rec)
	return err
}

func (r *Registrar) message(q *Request, st lis.Status) *journal.Message {
	m := &journal.Message{
		Time: r.Now(), Caller: q.Caller, Operation: q.Call.Operation, ID: about(q.Call),
		MessageID: q.MessageID, Hash: q.Hash, Status: st, Deviations: q.Deviations, Body: q.Body, Kept: q.kept,
	}
	if outer := q.Call.ID; outer != "" && m.ID != outer && q.Call.Record != nil {
		m.Deviations = append(slices.Clone(m.Deviations), "outer sourcedId "+quote(string(outer))+
			" differs from the inner "+quote(string(m.ID))+", which counts")
	}
	return m
}

func (r *Registrar) wake(targets []string) {
	if len(targets) > 0 {
		r.Wake(targets)
	}
}

// repeated reports whether the entry is as this very message left it.
func repeated(e *journal.Entry, q *Request) bool {
	return e != nil && len(q.Hash) > 0 && bytes.Equal(e.Hash, q.Hash)
}

func union(set, more []string) []string {
	for _, s := range more {
		if !slices.Contains(set, s) {
			set = append(set, s)
		}
	}
	return set
}
