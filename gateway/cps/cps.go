// Package cps lets planners and SIS plan courses together: it stands between
// them as the broker of Course Planning and Scheduling.
//
// CPS 1.0 (IMS Candidate Final, 2013) is an application profile of LIS: the
// services are those of LIS 2.0, and what they lack travels as extension
// fields. The body of the document could not be had, so this is CPS-style
// exchange over LIS 2.0 and claims no conformance; all that is ours stands in
// lis/planningfields.go and in the tables of this room.
//
// # The flow
//
//	seed     SIS -> records -> planner     as any change; a planner may also ask for a bulk extract
//	return   planner -> desk -> records -> SIS     replace, update, createByProxy of a section, or a packet (BDEMS)
//	change   either side, at any time
//	publish  the desk sets the status Active; only now the targets under publish are told
//
// What a planner sends is a proposal. The desk reads it (packet.go), puts it
// together with what the section is (merge.go: neither side overwrites what it
// does not speak of), checks it (book.go, package clash), holds it for a person
// where a rule says so (hold.go), and writes it as a change that goes to the SIS
// and to nobody else (targets.go). When the SIS has it, the others are told;
// when the SIS refuses it, the section is set back (conclude.go). The planner is
// answered with the SIS's own word if that comes in time, else processing; then
// it reads plan.state, or is told at its endpoint.
//
// A change that says what the section is already is no change: nothing travels.
package cps

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"lisgate/gateway/cps/clash"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A Plan ties a planner to a SIS.
type Plan struct {
	Name         string
	Planner      string         // a caller, and a target where it has an endpoint
	SIS          string         // a target, and a caller where it pushes
	Publish      []string       // targets that are told of what is Active only
	Vocabulary   string         // extensionNameVocabulary that the two are sent
	Zone         *time.Location // of the institution
	Checks       clash.Rules
	Approve      []Approval
	AnswerWithin time.Duration // how long a call of the planner waits for the SIS
	PacketItems  int           // the most of one packet
}

// An Approval holds changes for a person: those for which all that is given
// is true.
type Approval struct {
	Name  string
	After lis.Date // they come on or after this day
	Over  int      // the section has more students
	Clash bool     // a check found something
}

// Options say what a desk works with.
type Options struct {
	Store     journal.Store
	Registrar *registrar.Registrar
	Plans     []Plan
	Wake      func(targets []string)
	// Routed returns the targets of a change by the routes alone.
	Routed func(v journal.View, c *lis.Change) ([]string, error)
	// Reached reports whether a party is a target.
	Reached func(name string) bool
	NewID   func() string // sourcedIds until the SIS has allotted one
	Now     func() time.Time
	Log     *zap.Logger
}

// A Desk is where plans are received, checked, decided and passed on. It is
// safe for use by many goroutines.
type Desk struct {
	Options
	plans []*plan
}

// A plan is a Plan at work.
type plan struct {
	Plan
	book *book
	busy sync.Mutex // one conclusion at a time
	mu   sync.Mutex
	sent map[lis.SourcedID]bool // on the way to the SIS: whether a call waits for word
}

// New returns a desk.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	d := &Desk{Options: o}
	for _, p := range o.Plans {
		if p.Zone == nil {
			p.Zone = time.UTC
		}
		d.plans = append(d.plans, &plan{Plan: p, book: newBook(p.Checks), sent: map[lis.SourcedID]bool{}})
	}
	return d
}

// A role is what a caller is in a plan.
type role int

const (
	nobody role = iota
	planner
	sis
)

// party returns the plan in which a caller has a role.
func (d *Desk) party(caller string) (*plan, role) {
	for _, p := range d.plans {
		switch caller {
		case "":
		case p.Planner:
			return p, planner
		case p.SIS:
			return p, sis
		}
	}
	return nil, nobody
}

// Party reports whether a caller is one side of a plan.
func (d *Desk) Party(caller string) bool {
	_, as := d.party(caller)
	return as != nobody
}

func (d *Desk) named(name string) *plan {
	for _, p := range d.plans {
		if p.Name == name || name == "" && len(d.plans) == 1 {
			return p
		}
	}
	return nil
}

// A Next carries out a call as if there were no desk.
type Next func(ctx context.Context, q *registrar.Request) *lis.Answer

// Do carries out a call of anybody. Those of parties pass the desk.
func (d *Desk) Do(ctx context.Context, q *registrar.Request, next Next) *lis.Answer {
	p, as := d.party(q.Caller)
	op, known := lis.OperationNamed(q.Call.Operation)
	switch {
	case as == nobody || !known:
		return next(ctx, q)
	case !op.Verb.Writes():
		return d.overlay(ctx, p, op, next(ctx, q))
	case as == planner && !taken(op):
		return d.Registrar.Refuse(ctx, q, lis.StatusOf(lis.NotOffered, op.Service, "a planner sends sections, associations and memberships; "+
			op.Name+" is the SIS's to send"))
	case op.Kind == lis.KindCourseSection && proposing[op.Verb] && as == planner:
		return d.propose(ctx, p, q)
	case op.Kind == lis.KindCourseSection && proposing[op.Verb] && as == sis:
		return d.fromSIS(ctx, p, q, next)
	}
	return next(ctx, q)
}

// proposing are the verbs that say what a section is to be.
var proposing = map[lis.Verb]bool{lis.Create: true, lis.CreateByProxy: true, lis.Replace: true, lis.Update: true, lis.UpdateStatus: true}

// taken reports whether a planner may send a write: it plans sections, and
// says who teaches and sits in them (CPS facts, 5.6, and what planning needs
// to take away again [ours]).
func taken(op lis.Operation) bool {
	switch op.Kind {
	case lis.KindCourseSection, lis.KindSectionAssociation, lis.KindMembership:
		return true
	}
	return op.Service == lis.BDEMS
}
