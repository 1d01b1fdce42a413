package cps

import (
	"context"
	"encoding/json"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// rename gives a section the id that the SIS allotted.
func (d *Desk) rename(ctx context.Context, p *plan, a *heardOf) (lis.SourcedID, error) {
	s := a.standing
	pair, err := d.Store.Pair(ctx, p.SIS, lis.KindCourseSection, s.Section)
	if err != nil || pair == nil || pair.TargetID == "" || pair.TargetID == string(s.Section) {
		return s.Section, err
	}
	to := lis.SourcedID(pair.TargetID)
	r := registrar.Renaming{
		Caller: p.Name, Kind: lis.KindCourseSection, From: s.Section, To: to,
		Why: "the id that " + p.SIS + " allotted",
		Pairs: []journal.Pair{{Target: p.SIS, Kind: lis.KindCourseSection, ID: s.Section, TargetID: pair.TargetID, Gone: true, At: d.Now()},
			{Target: p.SIS, Kind: lis.KindCourseSection, ID: to, TargetID: pair.TargetID, Seq: pair.Seq, At: d.Now()}},
		After: func(tx journal.Tx) error { return d.move(tx, p, a, to) },
	}
	if s.PlannerID != "" {
		r.Pairs = append(r.Pairs, journal.Pair{Target: p.Planner, Kind: lis.KindCourseSection, ID: to, TargetID: string(s.PlannerID), At: d.Now()})
	}
	if s.Sent.Waiting && d.Reached(p.Planner) {
		r.Tell = []string{p.Planner}
	}
	return to, d.Registrar.Rename(ctx, r)
}

// move has a standing follow its section. The plan is the SIS's with it: after
// a crash nobody could tell any more what became of the change, for it went
// under the old id.
func (d *Desk) move(tx journal.Tx, p *plan, a *heardOf, to lis.SourcedID) error {
	from := a.standing.Section
	s, err := standing(tx, from)
	if err != nil || s == nil {
		return err
	}
	s.Section = to
	s.note(d.Now(), s.State, p.SIS, "the SIS calls it "+string(to))
	if a.working {
		s.Sent.Working, s.Sent.Waiting = true, true
		err = put(tx, s)
	} else {
		err = d.settle(tx, s, p.SIS, a.status.Description)
	}
	if err != nil {
		return err
	}
	data, err := json.Marshal(to)
	if err != nil {
		return err
	}
	return tx.PutJob(&journal.Job{ID: jobID(from), Kind: standingJob, State: moved, Updated: d.Now(), Data: data})
}
