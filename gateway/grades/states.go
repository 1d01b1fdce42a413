package grades

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A State says where a person's result is on its way to a SIS.
type State struct {
	Section  lis.SourcedID `json:"courseSectionSourcedId"`
	Person   lis.SourcedID `json:"personSourcedId"`
	LineItem lis.SourcedID `json:"lineItemSourcedId"`
	Result   lis.SourcedID `json:"resultSourcedId"`
	Score    string        `json:"resultScore"`
	Target   string        `json:"target"`
	// State is sent, accepted or refused; resubmitted when it is on its way,
	// or was taken, after it had been sent before.
	State  string    `json:"state"`
	Before int       `json:"submittedBefore,omitempty"` // how often
	Reason string    `json:"reason,omitempty"`          // the SIS's, and why it changed
	Answer string    `json:"answer,omitempty"`          // the SIS's own words
	At     time.Time `json:"at"`
}

// States streams the states of the results of a section, or of all when it is "".
func (d *Desk) States(ctx context.Context, section lis.SourcedID) iter.Seq2[*State, error] {
	return func(yield func(*State, error) bool) {
		snap, err := d.store.Snapshot(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer snap.Close()
		s := &states{snap: snap, section: section, items: map[lis.SourcedID]lis.SourcedID{}}
		for e, err := range snap.Scan(lis.KindResult, journal.Filter{}) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !s.of(e, yield) {
				return
			}
		}
	}
}

// states reads the states of results in one view.
type states struct {
	snap    journal.Snapshot
	section lis.SourcedID
	items   map[lis.SourcedID]lis.SourcedID // line item to section
}

// of yields the states of one result, and reports whether to go on.
func (s *states) of(e *journal.Entry, yield func(*State, error) bool) bool {
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return yield(nil, err)
	}
	r := record.Object.(*lis.Result)
	in, err := s.sectionOf(r.LineItemSourcedID)
	if err != nil {
		return yield(nil, err)
	}
	if s.section != "" && in != s.section {
		return true
	}
	last, order := map[string]*State{}, []string(nil)
	for d, err := range s.snap.Deliveries(lis.KindResult, e.ID) {
		if err != nil {
			return yield(nil, err)
		}
		now := &State{Section: in, Person: r.PersonSourcedID, LineItem: r.LineItemSourcedID, Result: e.ID, Score: r.ResultScore.String(), Target: d.Target}
		before := last[d.Target]
		if before == nil {
			order = append(order, d.Target)
		}
		now.take(d, before, r.Extension.Get(reasonField))
		last[d.Target] = now
	}
	for _, target := range order {
		if !yield(last[target], nil) {
			return false
		}
	}
	return true
}

// take makes a state of a delivery, given the one before it.
func (s *State) take(d *journal.Settled, before *State, reason string) {
	s.At, s.Reason, s.Answer, s.Before = d.At, d.Reason, d.Detail, d.Again
	if before != nil {
		s.Before += before.Before
		if d.Effect != lis.Superseded {
			s.Before++
		}
	}
	switch d.State {
	case journal.Applied:
		s.State = "accepted"
	case journal.Dead, journal.Dropped:
		s.State = "refused"
	default:
		s.State = "sent"
	}
	if s.Before > 0 && s.State != "refused" {
		s.State = "resubmitted"
		if d.State == journal.Applied {
			s.State = "accepted"
		}
		if s.Reason == "" {
			s.Reason = reason
		}
	}
}

func (s *states) sectionOf(item lis.SourcedID) (lis.SourcedID, error) {
	if id, known := s.items[item]; known {
		return id, nil
	}
	id, _, err := SectionOf(s.snap, item)
	if err == nil {
		s.items[item] = id
	}
	return id, err
}

// SectionOf returns the section of a line item, and whether it is the final one.
func SectionOf(v journal.View, item lis.SourcedID) (section lis.SourcedID, final bool, err error) {
	e, err := v.Get(lis.KindLineItem, item)
	if err != nil || e == nil {
		return "", false, err
	}
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return "", false, err
	}
	i := record.Object.(*lis.LineItem)
	if i.Context != nil {
		section = i.Context.ContextIdentifier
	}
	return section, suits(i, &Grade{Type: Final}), nil
}

// Receipts streams the receipts that were kept, oldest first.
func (d *Desk) Receipts(ctx context.Context) iter.Seq2[*Receipt, error] {
	return func(yield func(*Receipt, error) bool) {
		snap, err := d.store.Snapshot(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer snap.Close()
		for j, err := range snap.Jobs(jobKind) {
			if err != nil {
				yield(nil, err)
				return
			}
			r := &Receipt{}
			if err := json.Unmarshal(j.Data, r); err != nil {
				err = fmt.Errorf("read receipt %s: %w", j.ID, err)
				yield(nil, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}
