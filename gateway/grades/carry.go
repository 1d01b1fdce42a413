package grades

import (
	"context"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// What a receipt says of a grade, where nobody gave a reason.
const (
	sentAgain = "submitted again after it was refused"
	sentLate  = "kept before; a route leads results to a SIS now"
	noRoute   = "kept; no route leads results to a SIS"
)

// carry sends a prepared grade on its way, and returns its state and the
// reason for it.
func (d *Desk) carry(ctx context.Context, caller string, p *prepared) (state, reason string, err error) {
	switch {
	case p.equal && len(p.refused) > 0:
		return d.resend(ctx, p.id, p.refused, sentAgain)
	case p.equal:
		return d.resend(ctx, p.id, p.untold, sentLate)
	}
	if err := d.keep(ctx, caller, p); err != nil {
		return "", "", err
	}
	routed, err := d.routed(ctx, p.id)
	if err == nil && !routed {
		return Kept, noRoute, nil
	}
	return Sent, p.reason, err
}

// resend sends what the records have to targets. Where that waits already
// somebody else was faster, and it is not sent twice.
func (d *Desk) resend(ctx context.Context, id lis.SourcedID, targets []string, why string) (state, reason string, err error) {
	var told []string
	for _, target := range targets {
		n, err := d.store.Resend(ctx, target, []lis.Ref{{Kind: lis.KindResult, ID: id}})
		if err != nil {
			return "", "", fmt.Errorf("submit a result again: %w", err)
		}
		if n > 0 {
			told = append(told, target)
		}
	}
	if len(told) == 0 {
		return Unchanged, "", nil
	}
	if r, ok := d.registrar.(*registrar.Registrar); ok {
		r.Wake(told)
	}
	return Sent, why, nil
}

// keep makes a prepared grade a record.
func (d *Desk) keep(ctx context.Context, caller string, p *prepared) error {
	call := &lis.Call{Operation: lis.OperationFor(lis.KindResult, lis.Replace), ID: p.id, Record: &lis.Record{ID: p.id, Object: p.result}}
	if a := d.registrar.Do(ctx, &registrar.Request{Call: call, Caller: caller}); !a.Status.OK() {
		return refuse("the records do not take it: %s", a.Status.Description)
	}
	return nil
}

// routed reports whether the newest change of a result goes to anybody.
func (d *Desk) routed(ctx context.Context, id lis.SourcedID) (bool, error) {
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	defer snap.Close()
	e, err := snap.Get(lis.KindResult, id)
	if err != nil || e == nil {
		return false, err
	}
	for s, err := range snap.Deliveries(lis.KindResult, id) {
		if err != nil || s.Seq == e.Seq {
			return err == nil, err
		}
	}
	return false, nil
}

// An outcome is what became of a result so far.
type outcome struct {
	accepted bool     // a target took some version of it
	sent     bool     // the newest one went to somebody
	refused  []string // the targets that did not take the newest one
}

func outcomeOf(snap journal.Snapshot, e *journal.Entry) (o outcome, err error) {
	for s, err := range snap.Deliveries(lis.KindResult, e.ID) {
		if err != nil {
			return o, err
		}
		o.sent = o.sent || s.Seq == e.Seq
		switch {
		case s.State == journal.Applied && s.Effect != lis.Superseded:
			o.accepted = true
		case s.Seq == e.Seq && (s.State == journal.Dead || s.State == journal.Dropped):
			o.refused = append(o.refused, s.Target)
		}
	}
	slices.Sort(o.refused)
	return o, nil
}

// untold returns where a result goes that went nowhere when it was kept: there
// may be a route for it now.
func (d *Desk) untold(snap journal.Snapshot, e *journal.Entry) ([]string, error) {
	r, ok := d.registrar.(*registrar.Registrar)
	if !ok {
		return nil, nil
	}
	var last *journal.Step
	for step, err := range snap.History(e.Kind, e.ID) {
		if err != nil {
			return nil, err
		}
		last = step
	}
	if last == nil || last.Act != lis.Put {
		return nil, nil
	}
	var err error
	c := last.Change
	if c.Record, err = lis.UnmarshalRecord(e.Kind, e.ID, e.Body); err != nil {
		return nil, err
	}
	return r.Targets(snap, &c)
}
