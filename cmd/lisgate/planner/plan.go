package planner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lisgate/gateway/lis"
)

// errNoPlan says what must come first.
var errNoPlan = errors.New("there is no plan yet; fetch, and plan")

// Plan makes a timetable of the planner's records.
func (p *Planner) Plan(ctx context.Context) (*Solution, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	problem, known, err := p.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	p.solution, p.known = Schedule(problem), known
	clear(p.refused)
	return p.solution, nil
}

// Solution returns the timetable, or nil. It is the planner's: what is done
// with it while the planner works on it is not safe.
func (p *Planner) Solution() *Solution {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.solution
}

// read makes a problem of the records.
func (p *Planner) read(ctx context.Context) (*Problem, map[place]*lis.Record, error) {
	snap, err := p.endpoint.Store().Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer snap.Close()
	r, known := newReader(p.o.Term), map[place]*lis.Record{}
	for _, kind := range kindsRead {
		for rec, err := range records(snap, kind) {
			if err != nil {
				return nil, nil, err
			}
			r.add(rec)
			if m, ok := rec.Object.(*lis.Membership); ok && (active(m, "Learner") || active(m, "Instructor")) {
				known[place{m.CollectionSourcedID, m.Person()}] = rec
			}
		}
	}
	problem, err := r.problem(p.o.TimeZone)
	return problem, known, err
}

// CloseRoom takes a room out of the plan, and returns the sections that moved.
func (p *Planner) CloseRoom(room lis.SourcedID) ([]lis.SourcedID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.solution == nil {
		return nil, errNoPlan
	}
	return p.solution.CloseRoom(room), nil
}

// A State is how far a planner is.
type State struct {
	Planned  int        `json:"planned"`
	Seated   int        `json:"seated"`   // places of students in sections
	Clashes  int        `json:"clashes"`  // classes that one student has at the same time
	Returned int        `json:"returned"` // sections that were sent to the gateway
	Unplaced []Unplaced `json:"unplaced,omitempty"`
	Unseated int        `json:"unseated"` // wishes of students that could not be met
	Unheeded []string   `json:"unheeded,omitempty"`
	Refused  []Refusal  `json:"refused,omitempty"`
}

// State says how far the planner is.
func (p *Planner) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := State{Returned: len(p.returned)}
	if p.solution != nil {
		s.Planned, s.Clashes, s.Unplaced = len(p.solution.Planned), p.solution.Clashes, slices.Clone(p.solution.Unplaced)
		s.Unseated, s.Unheeded = len(p.solution.Unseated), slices.Clone(p.solution.Unheeded)
		for i := range p.solution.Planned {
			s.Seated += len(p.solution.Planned[i].Students)
		}
	}
	for _, id := range sortedKeys(p.refused) {
		s.Refused = append(s.Refused, p.refused[id])
	}
	return s
}

// Planned returns the place of a section in the timetable.
func (p *Planner) Planned(id lis.SourcedID) (Planned, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.solution == nil {
		return Planned{}, false
	}
	s := p.solution.Section(id)
	if s == nil {
		return Planned{}, false
	}
	return *s, true
}
