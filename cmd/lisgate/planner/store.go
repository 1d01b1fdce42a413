package planner

import (
	"context"
	"fmt"
	"iter"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// records streams the records of a kind that are there.
func records(v journal.View, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for e, err := range v.Scan(kind, journal.Filter{}) {
			if err == nil && e.Deleted {
				continue
			}
			var rec *lis.Record
			if err == nil {
				rec, err = lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// section reads a section of the planner's records.
func section(v journal.View, id lis.SourcedID) (*lis.Record, *lis.CourseSection, error) {
	e, err := v.Get(lis.KindCourseSection, id)
	if err != nil {
		return nil, nil, err
	}
	if e == nil || e.Deleted {
		return nil, nil, fmt.Errorf("the planner has no section %s any more; plan again", id)
	}
	rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return nil, nil, err
	}
	return rec, rec.Object.(*lis.CourseSection), nil
}

// planned returns a section as the planner wants it: as it got it, with its
// meetings, and with what the packet is.
func (p *Planner) planned(v journal.View, s *Planned, packet, mode string) (*lis.Record, error) {
	rec, c, err := section(v, s.ID)
	if err != nil {
		return nil, err
	}
	was, _ := c.Plan() // what cannot be read of it is not said
	c.SetMeetings(s.Meetings)
	c.SetPlan(lis.Plan{State: lis.PlanProposed, Version: was.Version, Packet: packet, Mode: mode})
	return rec, nil
}

// takenBack returns the sections of which the planner was told that they were
// refused in the packet in which it sent them last, by a person or by the SIS.
func (p *Planner) takenBack(ctx context.Context) (map[lis.SourcedID]Refusal, error) {
	snap, err := p.endpoint.Store().Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	told := map[lis.SourcedID]Refusal{}
	for rec, err := range records(snap, lis.KindCourseSection) {
		if err != nil {
			return nil, err
		}
		plan, _ := rec.Object.(*lis.CourseSection).Plan() // see planned
		if plan.State == lis.PlanRefused && plan.Packet != "" && plan.Packet == p.returned[rec.ID] {
			told[rec.ID] = Refusal{Kind: lis.KindCourseSection, ID: rec.ID, Reason: plan.Reason}
		}
	}
	return told, nil
}
