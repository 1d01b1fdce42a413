package planner

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
)

// A Returned says what became of a packet.
type Returned struct {
	Packet      string          `json:"packet"`
	Mode        string          `json:"mode"`
	Sections    int             `json:"sections"`
	Memberships int             `json:"memberships"`
	Applied     int64           `json:"applied"` // as the gateway counts
	Failed      int64           `json:"failed"`
	Refused     []Refusal       `json:"refused,omitempty"` // those of the failed that were named
	Wrong       []lis.SourcedID `json:"wrong,omitempty"`   // put into a taken room on purpose, see Options.Clash
}

// A Refusal is what was not taken, and why.
type Refusal struct {
	Kind   lis.Kind      `json:"kind"`
	ID     lis.SourcedID `json:"sourcedId"`
	Status string        `json:"status,omitempty"` // codeMinor
	Reason string        `json:"reason"`
}

// Return sends the plan to the gateway as one packet, a bulk data file with
// the sections first and then who teaches and who sits in them; or only that
// of the sections that are named. The mode is one of lis.PacketItems and so
// on; "" is item by item.
func (p *Planner) Return(ctx context.Context, mode string, sections ...lis.SourcedID) (*Returned, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.solution == nil {
		return nil, fmt.Errorf("return the plan: %w", errNoPlan)
	}
	if mode == "" {
		mode = lis.PacketItems
	}
	k := &packet{planner: p, id: p.o.NewID(), mode: mode, only: sections, ops: map[string]lis.Ref{}, seats: map[lis.SourcedID]bool{}}
	out := &Returned{Packet: k.id, Mode: mode}
	if !p.erred && p.o.Clash > 0 {
		out.Wrong = p.solution.Mistake(p.o.Clash)
	}
	p.erred = true
	report, err := k.send(ctx)
	if err != nil {
		return nil, fmt.Errorf("return the plan: %w", err)
	}
	out.take(k, report)
	if mode != lis.PacketAudit {
		p.keep(k, out)
	}
	return out, nil
}

// take reads the report.
func (r *Returned) take(k *packet, report *lis.BulkReport) {
	r.Sections, r.Memberships = len(k.sections), k.memberships
	if report.Applied != nil {
		r.Applied = *report.Applied
	}
	if report.Failed != nil {
		r.Failed = *report.Failed
	}
	for _, f := range report.Failure {
		ref := k.ops[f.TransactionOpIdentifier]
		r.Refused = append(r.Refused, Refusal{ref.Kind, ref.ID, f.FailStatus, f.Description.String()})
	}
}

// keep remembers what was sent, and what of it was refused.
func (p *Planner) keep(k *packet, r *Returned) {
	for _, id := range k.sections {
		p.returned[id] = k.id
		delete(p.refused, id)
	}
	if len(k.only) == 0 {
		clear(p.seats)
	}
	for id := range k.seats {
		p.seats[id] = true
	}
	for _, f := range r.Refused {
		if f.Kind == lis.KindCourseSection {
			p.refused[f.ID] = f
		}
	}
}

// A packet is a plan on its way.
type packet struct {
	planner     *Planner
	id, mode    string
	only        []lis.SourcedID
	sections    []lis.SourcedID
	memberships int
	ops         map[string]lis.Ref
	seats       map[lis.SourcedID]bool // memberships of learners in it
}

// send writes the file while it is sent.
func (k *packet) send(ctx context.Context) (*lis.BulkReport, error) {
	snap, err := k.planner.endpoint.Store().Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	from, to := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := soap.WriteBulk(to, k.items(snap))
		to.CloseWithError(err)
		written <- err
	}()
	report, err := k.planner.post(ctx, k.planner.o.URL, k.planner.user(), from)
	from.CloseWithError(io.ErrClosedPipe) // where the gateway has not read to the end
	if broken := <-written; broken != nil && (err != nil || broken != io.ErrClosedPipe) {
		err = fmt.Errorf("write the packet: %w", broken)
	}
	return report, err
}

// items streams the operations of the packet.
func (k *packet) items(v journal.View) iter.Seq2[*registrar.BulkItem, error] {
	return func(yield func(*registrar.BulkItem, error) bool) {
		give := func(call *lis.Call, kind lis.Kind) bool {
			op := fmt.Sprintf("%s.%d", k.id, len(k.ops)+1)
			k.ops[op] = lis.Ref{Kind: kind, ID: call.ID}
			return yield(&registrar.BulkItem{Op: op, Call: call}, nil)
		}
		planned := k.planner.solution.Planned
		for i := range planned {
			if !k.holds(planned[i].ID) {
				continue
			}
			rec, err := k.planner.planned(v, &planned[i], k.id, k.mode)
			if err != nil {
				yield(nil, err)
				return
			}
			k.sections = append(k.sections, rec.ID)
			if !give(replacing(rec), lis.KindCourseSection) {
				return
			}
		}
		for i := range planned {
			if k.holds(planned[i].ID) && !k.people(&planned[i], give) {
				return
			}
		}
		k.leavers(give)
	}
}

func (k *packet) holds(id lis.SourcedID) bool { return len(k.only) == 0 || slices.Contains(k.only, id) }

// people gives who teaches a section, and who sits in it.
func (k *packet) people(s *Planned, give func(*lis.Call, lis.Kind) bool) bool {
	for _, person := range teachers(s) {
		if !k.member(s.ID, person, "Instructor", give) {
			return false
		}
	}
	for _, person := range s.Students {
		if !k.member(s.ID, person, "Learner", give) {
			return false
		}
	}
	return true
}

func teachers(s *Planned) []lis.SourcedID {
	var all []lis.SourcedID
	for i := range s.Meetings {
		for _, in := range s.Meetings[i].Instructors {
			if !slices.Contains(all, in.Person) {
				all = append(all, in.Person)
			}
		}
	}
	return all
}

// agent is the instance of the planner.
const agent = "planner.example.edu"

// member gives a membership: as it was got where it was, else one of the
// planner's own.
func (k *packet) member(section, person lis.SourcedID, role string, give func(*lis.Call, lis.Kind) bool) bool {
	rec := k.planner.known[place{section, person}]
	if rec == nil || !active(rec.Object.(*lis.Membership), role) {
		rec = &lis.Record{ID: "p-" + section + "-" + person, Agent: agent, Object: &lis.Membership{
			CollectionSourcedID: section, MembershipIDType: string(lis.KindCourseSection), DataSource: agent,
			Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{{RoleType: role, Status: lis.StatusActive}}},
		}}
	}
	if role == "Learner" {
		k.seats[rec.ID] = true
	}
	k.memberships++
	return give(replacing(rec), lis.KindMembership)
}

// leavers gives the deletes of seats that the planner sent before and that are
// no longer in the plan.
func (k *packet) leavers(give func(*lis.Call, lis.Kind) bool) {
	if len(k.only) > 0 {
		return
	}
	for _, id := range sortedKeys(k.planner.seats) {
		if k.seats[id] {
			continue
		}
		k.memberships++
		if !give(&lis.Call{Operation: lis.OperationFor(lis.KindMembership, lis.Delete), ID: id}, lis.KindMembership) {
			return
		}
	}
}

func replacing(rec *lis.Record) *lis.Call {
	return &lis.Call{Operation: lis.OperationFor(rec.Object.Kind(), lis.Replace), ID: rec.ID, Record: rec}
}
