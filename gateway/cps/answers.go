package cps

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A SIS that answered processing says later what it thinks of a plan: it sends
// the section with plan.packet and plan.state, confirmed or refused, and
// plan.reason [ours]. What comes when nobody waits for it is kept and shown:
//
//	late       the plan was decided already, the other way
//	repeated   the same was said before
//	unmatched  nothing was sent in such a packet
const (
	late      = "late"
	repeated  = "repeated"
	unmatched = "unmatched"
)

// answers reports whether a section from the SIS is an answer to a plan.
func answers(asked lis.Plan) bool {
	return asked.Packet != "" && (asked.State == lis.PlanConfirmed || asked.State == lis.PlanRefused)
}

// hearAnswer matches an answer with the plan that it is about.
func (d *Desk) hearAnswer(ctx context.Context, p *plan, h *heard, asked lis.Plan) error {
	s, err := d.Standing(ctx, h.id)
	if err != nil {
		return err
	}
	waited := s != nil && s.Packet == asked.Packet && s.Sent != nil
	switch {
	case waited && asked.State == lis.PlanRefused:
		err = d.setBack(ctx, p, s, lis.StatusOf(lis.Invalid, lis.CMS, or(asked.Reason, "the SIS refuses it and says no reason")))
	case waited:
		err = d.agreed(ctx, p, s)
	default:
		err = d.keepAnswer(ctx, p, h, asked, s)
	}
	if waited {
		p.forget(h.id)
	}
	if h.status.CodeMajor == "" {
		h.status = lis.StatusOf(lis.Done, lis.CMS, "the answer is kept")
	}
	return err
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// agreed passes on what the SIS has confirmed.
func (d *Desk) agreed(ctx context.Context, p *plan, s *Standing) error {
	a := &heardOf{standing: s, now: s.Section}
	if err := d.tell(ctx, p, []*heardOf{a}); err != nil {
		return err
	}
	if err := d.change(ctx, s.Section, func(tx journal.Tx, s *Standing) error { return d.settle(tx, s, p.SIS, "the SIS confirms it") }); err != nil {
		return err
	}
	return d.callBackAll(ctx, p, []*heardOf{a})
}

// keepAnswer keeps an answer that nobody waits for.
func (d *Desk) keepAnswer(ctx context.Context, p *plan, h *heard, asked lis.Plan, s *Standing) error {
	a := &Answer{At: d.Now(), From: p.SIS, Section: h.id, Packet: asked.Packet, State: asked.State, Reason: asked.Reason, Kind: kindOf(s, asked), Times: 1}
	h.status = lis.StatusOf(lis.DoneWarned, lis.CMS, "the answer is "+a.Kind+": "+a.explain()+"; it is kept for a person to see")
	id := answerJob + "/" + string(h.id) + "/" + asked.Packet + "/" + string(asked.State)
	return d.Store.Write(ctx, func(tx journal.Tx) error {
		kept := *a
		j, err := tx.Job(id)
		if err != nil {
			return err
		}
		if j != nil {
			if err := json.Unmarshal(j.Data, &kept); err != nil {
				return fmt.Errorf("read %s: %w", id, err)
			}
			kept.At, kept.Times = a.At, kept.Times+1
		}
		data, err := json.Marshal(&kept)
		if err != nil {
			return err
		}
		return tx.PutJob(&journal.Job{ID: id, Kind: answerJob, State: kept.Kind, Updated: kept.At, Data: data})
	})
}

func kindOf(s *Standing, asked lis.Plan) string {
	switch {
	case s == nil || s.Packet != asked.Packet:
		return unmatched
	case s.State == asked.State, s.State == lis.PlanPublished && asked.State == lis.PlanConfirmed:
		return repeated
	}
	return late
}

func (a *Answer) explain() string {
	switch a.Kind {
	case late:
		return "the plan of section " + quote(a.Section) + " was decided before"
	case repeated:
		return "the same was said of section " + quote(a.Section) + " before"
	}
	return "nothing was sent of section " + quote(a.Section) + " in packet " + quote(lis.SourcedID(a.Packet))
}

// Answers streams what a SIS said when nobody waited for it.
func (d *Desk) Answers(ctx context.Context) iter.Seq2[*Answer, error] {
	return func(yield func(*Answer, error) bool) {
		snap, err := d.Store.Snapshot(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer snap.Close()
		for j, err := range snap.Jobs(answerJob) {
			a := new(Answer)
			if err == nil {
				err = json.Unmarshal(j.Data, a)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}
