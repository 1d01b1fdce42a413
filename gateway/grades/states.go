package grades

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
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

// WriteRefused writes, as CSV, the results that the SIS refused and those of
// the newest receipt of each system that the gateway did, for somebody who
// enters them by hand.
func (d *Desk) WriteRefused(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"courseSectionSourcedId", "personSourcedId", "lineItemSourcedId", "resultScore", "refusedBy", "reason", "answer", "time"}); err != nil {
		return err
	}
	for s, err := range d.States(ctx, "") {
		if err != nil {
			return err
		}
		if s.State == "refused" {
			if err := out.Write(line(s.Section, s.Person, s.LineItem, s.Score, s.Target, s.Reason, s.Answer, s.At)); err != nil {
				return err
			}
		}
	}
	newest := map[string]*Receipt{}
	var order []string
	for r, err := range d.Receipts(ctx) {
		if err != nil {
			return err
		}
		if newest[r.From] == nil {
			order = append(order, r.From)
		}
		newest[r.From] = r
	}
	for _, from := range order {
		for _, row := range newest[from].Rows {
			if row.State != RefusedBy {
				continue
			}
			if err := out.Write(line(row.Section, row.Person, row.LineItem, row.Score, "lisgate", row.Reason, "", newest[from].Time)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// line makes a row of the CSV. A cell that a spreadsheet would take for a
// formula gets an apostrophe before it.
func line(section, person, item lis.SourcedID, score, by, reason, answer string, at time.Time) []string {
	cells := []string{string(section), string(person), string(item), score, by, reason, answer, at.UTC().Format(time.RFC3339)}
	for i, cell := range cells {
		if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '@' || cell[0] == '-' && len(cell) > 1 && (cell[1] < '0' || cell[1] > '9')) {
			cells[i] = "'" + cell
		}
	}
	return cells
}
