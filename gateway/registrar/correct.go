package registrar

import (
	"context"
	"errors"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// ErrMoved says that an object is no longer at the version at which somebody
// looked at it.
var ErrMoved = errors.New("the object has changed meanwhile; look at it again")

// A Correction sets the content of an object back, or takes the object away.
type Correction struct {
	Caller  string // who wants it; the change itself has no source
	Ref     lis.Ref
	Record  *lis.Record // its content from now on; nil takes the object away
	Version int64       // at which it must be, 0 for what was never there
	Tell    []string    // the targets to tell, these and no others
	Why     string
	After   func(journal.Tx) error // what it writes is kept together with the change; nil for nothing
}

// Correct makes a correction: a change of the gateway's own, told to exactly
// those that it names, also when the content is what it was, because then they
// are to hear it again. Its message has the reason for its description. What
// refers to an object that is taken away keeps the reference; the memberships
// of a section go with it, as they do in a delete, and are told to the same.
//
// The error is ErrMoved when the version is another one; nothing is kept then.
func (r *Registrar) Correct(ctx context.Context, c Correction) (seq int64, err error) {
	call := &lis.Call{Operation: lis.OperationFor(c.Ref.Kind, lis.Delete), ID: c.Ref.ID}
	if c.Record != nil {
		call.Operation = lis.OperationFor(c.Ref.Kind, lis.Replace)
		call.Record = &lis.Record{ID: c.Ref.ID, Agent: c.Record.Agent, Object: c.Record.Object}
	}
	q := &Request{Caller: c.Caller, Call: call, Body: bodyOf(call)}
	return r.own(ctx, q, func(tx journal.Tx) (*plan, error) { return c.plan(tx) }, c.After)
}

func (c *Correction) plan(v journal.View) (*plan, error) {
	if c.Ref.ID == "" {
		return nil, incomplete("sourcedId")
	}
	e, err := v.Get(c.Ref.Kind, c.Ref.ID)
	if err != nil {
		return nil, err
	}
	if versionOf(e) != c.Version {
		return nil, ErrMoved
	}
	p := &plan{own: true, only: exactly(c.Tell), description: c.Why}
	if c.Record == nil {
		return p, c.drop(v, p, e)
	}
	s, err := content(c.Record, c.Ref.Kind, c.Ref.ID)
	s.Created = e == nil || e.Deleted
	p.steps = []step{s}
	return p, err
}

// drop plans to take the object away.
func (c *Correction) drop(v journal.View, p *plan, e *journal.Entry) error {
	if e == nil {
		return notThere(c.Ref.Kind, c.Ref.ID)
	}
	if c.Ref.Kind == lis.KindCourseSection {
		members := func(ref *reference) bool { return ref.from == lis.KindMembership }
		if _, _, err := p.cascadeOf(v, c.Ref.Kind, c.Ref.ID, members); err != nil {
			return err
		}
	}
	p.steps = append(p.steps, step{Change: lis.Change{Kind: c.Ref.Kind, Key: c.Ref.ID, Act: lis.Drop}})
	return nil
}

func versionOf(e *journal.Entry) int64 {
	if e == nil {
		return 0
	}
	return e.Version
}
