package cps

import (
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An outcome is what the SIS made of a change.
type outcome struct {
	settled bool
	taken   bool // the SIS has it
	waits   bool // it is still in the queue, and must not go any more
	working bool // the SIS has it, and will say later what it thinks of it
	status  lis.Status
}

// outcomeOf looks up what became of a change at the SIS.
func outcomeOf(snap journal.Snapshot, p *plan, s *Standing) (outcome, error) {
	for d, err := range snap.Deliveries(lis.KindCourseSection, s.Section) {
		if err != nil {
			return outcome{}, err
		}
		if d.Target == p.SIS && d.Seq == s.Sent.Seq {
			working := d.State == journal.Applied && strings.HasPrefix(d.Detail, string(lis.Processing))
			return outcome{settled(d), d.State == journal.Applied, unlinked(d), working, verdict(d, working)}, nil
		}
	}
	return outcome{settled: true, status: lis.StatusOf(lis.Undeliverable, lis.CMS,
		"no target "+p.SIS+" takes sections; give the plan a SIS that is a target")}, nil
}

// refusals are the code minors that a SIS's refusal is passed on with [ours];
// what it says is kept as the reason of the delivery, and begins with the code.
var refusals = []struct {
	code lis.CodeMinor
	as   lis.Situation
}{
	{lis.IDAllocInUseFail, lis.NewIDInUse},
	{lis.IDAllocFail, lis.NewIDInUse},
	{lis.LinkFailure, lis.Undeliverable},
	{lis.UnknownObject, lis.NotThere},
	{lis.IncompleteData, lis.Incomplete},
	{lis.UnauthorizedRequest, lis.NotAllowed},
}

// verdict is what the planner is answered for a delivery.
func verdict(d *journal.Settled, working bool) lis.Status {
	text := strings.TrimSpace(d.Reason + " " + d.Detail)
	switch {
	case d.State == journal.Applied && !working:
		return lis.StatusOf(lis.Done, lis.CMS, strings.TrimSpace("the SIS has it. "+d.Detail))
	case unlinked(d):
		return lis.StatusOf(lis.Undeliverable, lis.CMS, "the SIS has not what the section belongs to: "+text)
	case d.State == journal.Dead, d.State == journal.Dropped:
		for _, r := range refusals {
			if strings.Contains(text, string(r.code)) {
				return lis.StatusOf(r.as, lis.CMS, "the SIS refuses it: "+text)
			}
		}
		return lis.StatusOf(lis.Invalid, lis.CMS, "the SIS refuses it: "+text)
	}
	return lis.StatusOf(lis.Accepted, lis.CMS, strings.TrimSpace("the SIS has not answered yet; read "+lis.FieldPlanState+" later. "+text))
}

// settled reports whether a delivery has come to an end, as far as a plan is
// concerned. One that waits for its offering has: the planner is told what is
// missing, and sends it again.
func settled(d *journal.Settled) bool {
	return d.State != journal.Waiting && d.State != journal.Held || unlinked(d)
}

// unlinked reports whether the SIS lacks what a section belongs to.
func unlinked(d *journal.Settled) bool {
	return d.State == journal.Parked || d.State == journal.Waiting && d.Attempts > 0 && strings.Contains(d.Reason, string(lis.LinkFailure))
}
