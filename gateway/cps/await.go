package cps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// await waits for the SIS's word on the items of a packet, and ends them with
// that or with processing.
func (d *Desk) await(ctx context.Context, k *packet) error {
	waiting := map[lis.SourcedID]*item{}
	for _, i := range k.items {
		switch {
		case !i.ended() && i.seq == 0:
			i.end(lis.Done, "unchanged: it was so already")
		case !i.ended():
			waiting[i.id] = i
			k.plan.expect(i.id, true)
		}
	}
	deadline := time.NewTimer(k.plan.AnswerWithin + time.Duration(len(waiting))*10*time.Millisecond)
	defer deadline.Stop()
	for pause := 2 * time.Millisecond; len(waiting) > 0; pause = min(2*pause, 200*time.Millisecond) {
		if err := d.hear(ctx, k.plan, waiting); err != nil {
			return err
		}
		if len(waiting) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return d.leave(context.WithoutCancel(ctx), k.plan, waiting)
		case <-deadline.C:
			return d.leave(ctx, k.plan, waiting)
		case <-time.After(pause):
		}
	}
	return nil
}

// hear ends the items of which the SIS has given word.
func (d *Desk) hear(ctx context.Context, p *plan, waiting map[lis.SourcedID]*item) error {
	ended, err := d.conclude(ctx, p, keys(waiting))
	for id, st := range ended {
		i := waiting[id]
		if i.status = st; st.CodeMajor == lis.Success {
			i.warn()
		}
		if i.proxied() && st.OK() {
			if i.answer, err = d.nowKnownAs(ctx, id); err != nil {
				return err
			}
		}
		p.forget(id)
		delete(waiting, id)
	}
	return err
}

func keys(m map[lis.SourcedID]*item) []lis.SourcedID {
	ids := make([]lis.SourcedID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// leave answers processing, and notes that the planner is to be told.
func (d *Desk) leave(ctx context.Context, p *plan, waiting map[lis.SourcedID]*item) error {
	var errs []error
	for id, i := range waiting {
		i.end(lis.Accepted, "section "+quote(id)+" is kept and on its way to the SIS, which has not answered yet; read its "+lis.FieldPlanState+" later")
		errs = append(errs, d.change(ctx, id, waits))
		p.expect(id, false) // Run goes on with it, and has to know who waits
	}
	return errors.Join(errs...)
}

// warn adds to a success what is odd.
func (i *item) warn() {
	switch {
	case len(i.findings) > 0:
		i.end(lis.DoneWarned, texts(i.findings, false))
	case len(i.unknown) > 0:
		i.end(lis.DoneUnknownField, "kept, and not understood: "+strings.Join(i.unknown, ", "))
	}
}

// expect notes that the SIS is to give word of a section, and whether a call
// of the planner waits for it.
func (p *plan) expect(id lis.SourcedID, awaited bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent[id] = awaited
}

func (p *plan) forget(id lis.SourcedID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sent, id)
}

// left returns the sections of which nobody waits for word.
func (p *plan) left() []lis.SourcedID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []lis.SourcedID
	for id, awaited := range p.sent {
		if !awaited {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Run concludes what the SIS answers when no call waits for it any more, and
// what was on its way when the gateway was stopped.
func (d *Desk) Run(ctx context.Context) error {
	if err := d.recall(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(concludeEvery)
	defer tick.Stop()
	for {
		for _, p := range d.plans {
			ended, err := d.conclude(ctx, p, p.left())
			for id := range ended {
				p.forget(id)
			}
			if err != nil && ctx.Err() == nil {
				d.Log.Error("conclude plans", zap.String("plan", p.Name), zap.Error(err))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// concludeEvery is how often a SIS that was away is looked at [ours].
const concludeEvery = 250 * time.Millisecond

// recall finds what was on its way to a SIS before this start. Whoever waited
// for it then has lost the connection, and is to be told.
func (d *Desk) recall(ctx context.Context) error {
	if len(d.plans) == 0 {
		return nil
	}
	var left []*Standing
	for s, err := range d.Standings(ctx, "", "") {
		if err != nil {
			return err
		}
		if s.Sent != nil && !s.Sent.Working {
			left = append(left, s)
		}
	}
	for _, s := range left {
		p := d.named(s.Plan)
		if p == nil {
			continue
		}
		if err := d.change(ctx, s.Section, waits); err != nil {
			return err
		}
		p.expect(s.Section, false)
	}
	return nil
}

// waits notes that the planner waits for word.
func waits(_ journal.Tx, s *Standing) error {
	if s.Sent != nil {
		s.Sent.Waiting = true
	}
	return nil
}
