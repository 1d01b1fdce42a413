package cps

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// write carries out what a packet may do, in one transaction with where each
// plan then stands.
func (d *Desk) write(ctx context.Context, k *packet) error {
	items := k.open()
	requests := make([]*registrar.Request, 0, len(items)+len(k.rest))
	for _, i := range items {
		requests = append(requests, i.request())
	}
	requests = append(requests, k.rest...)
	outcomes, err := d.Registrar.Together(ctx, requests, k.whole(), func(tx journal.Tx, outcomes []registrar.Outcome) error {
		for n, i := range items {
			i.became(outcomes[n])
			if err := d.begin(tx, k, i); err != nil {
				return err
			}
		}
		return d.holdAll(tx, k)
	})
	k.became(items, outcomes)
	if err != nil {
		return fmt.Errorf("write %d sections: %w", len(items), err)
	}
	d.tellHeld(ctx, k)
	return nil
}

// became takes down how the registrar ended what it was asked.
func (k *packet) became(items []*item, outcomes []registrar.Outcome) {
	for n, o := range outcomes {
		switch {
		case n >= len(items) && !o.OK():
			k.broken = or(k.broken, "another item of it was refused ("+o.Description+")")
		case n < len(items):
			items[n].became(o)
			if !o.OK() {
				items[n].status = o.Status
			}
		}
	}
}

func (i *item) became(o registrar.Outcome) {
	i.seq, i.version, i.before = o.Seq, o.Version, o.Before
	if i.answer = i.id; o.ID != "" {
		i.answer = o.ID
	}
}

// begin keeps that a change is on its way to the SIS.
func (d *Desk) begin(tx journal.Tx, k *packet, i *item) error {
	if i.seq == 0 {
		return nil // refused, or nothing to do
	}
	s, err := standing(tx, i.id)
	if err != nil {
		return err
	}
	if s == nil {
		s = &Standing{Plan: k.plan.Name, Section: i.id}
	}
	switch {
	case i.approver != "":
		s.note(d.Now(), lis.PlanProposed, i.approver, "approved")
	case s.Held != nil:
		s.note(d.Now(), lis.PlanRefused, i.q.Caller, "what was held gave way to a newer change")
	}
	s.Held = nil
	if i.called != "" && i.called != i.id {
		s.PlannerID = i.called
	}
	s.Packet, s.Version, s.Reason = k.packetOf(i), i.version, ""
	s.Sent = &Sent{Seq: i.seq, Version: i.version, At: d.Now(), Created: i.proxied(), Before: i.before,
		Waiting: i.approver != ""}
	s.note(d.Now(), lis.PlanProposed, i.q.Caller, i.q.Call.Operation+" "+i.section.Meeting.String())
	return put(tx, s)
}

// packetOf is what an item came in.
func (k *packet) packetOf(i *item) string {
	if i.asked.Packet != "" {
		return i.asked.Packet
	}
	return k.id
}

// holdAll keeps what waits for a person.
func (d *Desk) holdAll(tx journal.Tx, k *packet) error {
	for _, i := range k.items {
		if i.hold == nil || i.ended() {
			continue
		}
		s, err := standing(tx, i.id)
		if err != nil {
			return err
		}
		if s == nil {
			s = &Standing{Plan: k.plan.Name, Section: i.id}
		}
		if i.called != "" && i.called != i.id {
			s.PlannerID = i.called
		}
		s.Held, s.Packet = i.hold, k.packetOf(i)
		s.note(d.Now(), lis.PlanProposed, i.q.Caller, "held: "+i.hold.Rule)
		if err := put(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// tellHeld ends the items that wait for a person.
func (d *Desk) tellHeld(ctx context.Context, k *packet) {
	var held []*item
	for _, i := range k.items {
		if i.hold == nil || i.ended() {
			continue
		}
		held = append(held, i)
		i.end(lis.Accepted, "section "+quote(i.id)+" waits for a person's decision ("+i.hold.Rule+"); read its "+lis.FieldPlanState+" later")
		i.answer = i.id
	}
	d.keepMessages(ctx, held)
}
