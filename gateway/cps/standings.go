package cps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Standings are kept as jobs of the journal: one row a section, written in the
// transaction that changes it.
const (
	standingJob = "plan"
	answerJob   = "planAnswer"
)

func jobID(section lis.SourcedID) string { return standingJob + "/" + string(section) }

// moved is the state of a standing whose section has another id now.
const moved = "moved"

// mostPast is how many events are kept of a section.
const mostPast = 20

// note writes an event down, and the state that it leads to.
func (s *Standing) note(at time.Time, state lis.PlanState, by, text string) {
	s.State, s.Updated = state, at
	s.Past = append(s.Past, Event{At: at, State: state, By: by, Text: text})
	if len(s.Past) > mostPast {
		s.Past = s.Past[len(s.Past)-mostPast:]
	}
}

// jobs are where a standing is read.
type jobs interface {
	Job(id string) (*journal.Job, error)
}

// standing returns that of a section, or nil.
func standing(v jobs, section lis.SourcedID) (*Standing, error) {
	j, err := v.Job(jobID(section))
	if err != nil || j == nil || j.State == moved {
		return nil, err
	}
	return readStanding(j)
}

func readStanding(j *journal.Job) (*Standing, error) {
	s := new(Standing)
	if err := json.Unmarshal(j.Data, s); err != nil {
		return nil, fmt.Errorf("read the standing of %s: %w", j.ID, err)
	}
	return s, nil
}

func put(tx journal.Tx, s *Standing) error {
	s.Meeting = "" // it is the section's
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.PutJob(&journal.Job{ID: jobID(s.Section), Kind: standingJob, State: string(s.State), Updated: s.Updated, Data: data})
}

// nowKnownAs follows a section to the id that the SIS allotted.
func (d *Desk) nowKnownAs(ctx context.Context, id lis.SourcedID) (lis.SourcedID, error) {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	defer snap.Close()
	j, err := snap.Job(jobID(id))
	if err != nil || j == nil || j.State != moved {
		return id, err
	}
	var to lis.SourcedID
	err = json.Unmarshal(j.Data, &to)
	return to, err
}

// change alters the standing of a section in a transaction of its own.
func (d *Desk) change(ctx context.Context, section lis.SourcedID, alter func(journal.Tx, *Standing) error) error {
	return d.Store.Write(ctx, func(tx journal.Tx) error {
		s, err := standing(tx, section)
		if err != nil || s == nil {
			return err
		}
		if err := alter(tx, s); err != nil {
			return err
		}
		return put(tx, s)
	})
}

// HeldState asks Standings for what waits for a person.
const HeldState lis.PlanState = "held"

// Standings streams where the sections of a plan stand ("" for all plans), in
// one state, or with HeldState those that wait for a person.
func (d *Desk) Standings(ctx context.Context, plan string, state lis.PlanState) iter.Seq2[*Standing, error] {
	return func(yield func(*Standing, error) bool) {
		snap, err := d.Store.Snapshot(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer snap.Close()
		for j, err := range snap.Jobs(standingJob) {
			if err == nil && j.State == moved {
				continue
			}
			var s *Standing
			if err == nil {
				s, err = readStanding(j)
			}
			if err == nil && !wanted(s, plan, state) {
				continue
			}
			if err == nil {
				err = compare(snap, s)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func wanted(s *Standing, plan string, state lis.PlanState) bool {
	return (plan == "" || s.Plan == plan) && (state == "" || s.State == state || state == HeldState && s.Held != nil)
}

// compare adds what the section is now, and to what is held that too, where it
// is no more what it was then.
func compare(snap journal.Snapshot, s *Standing) error {
	e, err := snap.Get(lis.KindCourseSection, s.Section)
	if err != nil || e == nil || e.Deleted {
		return err
	}
	c, err := content[*lis.CourseSection](e)
	if err != nil {
		return err
	}
	s.Meeting = c.Meeting.String()
	if s.Held == nil || s.Held.Base != nil && e.Version == s.Held.Base.Version {
		return nil
	}
	s.Held.Current = version("", e.Version, s.Updated, c)
	for step, err := range snap.History(lis.KindCourseSection, s.Section) {
		if err != nil {
			return err
		}
		s.Held.Current.By, s.Held.Current.At = step.Source, step.Time
	}
	return nil
}

// Standing returns that of a section, nil when no planner has said anything of
// it.
func (d *Desk) Standing(ctx context.Context, section lis.SourcedID) (*Standing, error) {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	s, err := standing(snap, section)
	if err == nil && s != nil {
		err = compare(snap, s)
	}
	return s, err
}

// Summaries returns how each plan stands.
func (d *Desk) Summaries(ctx context.Context) ([]Summary, error) {
	if len(d.plans) == 0 {
		return nil, errors.New("nothing is planned here: the config has no plans")
	}
	var all []Summary
	for _, p := range d.plans {
		all = append(all, Summary{Plan: p.Name, Planner: p.Planner, SIS: p.SIS, Sections: map[lis.PlanState]int{}})
	}
	of := func(plan string) *Summary {
		for i := range all {
			if all[i].Plan == plan {
				return &all[i]
			}
		}
		return new(Summary) // of a plan that the config had before
	}
	for s, err := range d.Standings(ctx, "", "") {
		if err != nil {
			return nil, err
		}
		sum := of(s.Plan)
		if sum.Sections == nil {
			continue
		}
		sum.Sections[s.State]++
		if s.Held != nil {
			sum.Held++
		}
		if s.Sent != nil {
			sum.Sent++
		}
	}
	for a, err := range d.Answers(ctx) {
		if err != nil {
			return nil, err
		}
		if p, _ := d.party(a.From); p != nil {
			of(p.Name).Answers++
		}
	}
	return all, nil
}
