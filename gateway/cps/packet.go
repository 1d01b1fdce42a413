package cps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A packet is what a planner sends at one time: one section over SOAP, or all
// of a bulk file. It is checked as a whole, so that two sections may change
// rooms; and each of its items ends by itself, unless it says that all shall
// or none.
type packet struct {
	plan  *plan
	id    string // plan.packet, or the transactionId of the bulk exchange
	mode  string
	items []*item
	rest  []*registrar.Request // of a transaction: what is no section
	// broken says why nothing of a transaction is carried out.
	broken string
}

func (k *packet) audit() bool { return k.mode == lis.PacketAudit }
func (k *packet) whole() bool { return k.mode == lis.PacketTransaction }

// propose takes one section that came over SOAP.
func (d *Desk) propose(ctx context.Context, p *plan, q *registrar.Request) *lis.Answer {
	op, _ := lis.OperationNamed(q.Call.Operation)
	i := &item{q: q, meaning: op}
	k := &packet{plan: p, items: []*item{i}, mode: lis.PacketItems}
	if c, ok := sectionOf(q.Call); ok {
		asked, _ := c.Plan() // read again, and told of, with the item
		k.id, k.mode = asked.Packet, modeOf(asked)
	}
	if again, err := d.answeredBefore(ctx, i); again != nil || err != nil {
		return d.orBusy(again, err)
	}
	if err := d.take(ctx, k); err != nil {
		return d.orBusy(nil, err)
	}
	return &lis.Answer{Status: i.status, ID: i.answer}
}

func modeOf(asked lis.Plan) string {
	if asked.Mode == "" {
		return lis.PacketItems
	}
	return asked.Mode
}

func (d *Desk) orBusy(a *lis.Answer, err error) *lis.Answer {
	if err != nil {
		return &lis.Answer{Status: lis.StatusOf(lis.Busy, lis.CMS, err.Error())}
	}
	return a
}

// answeredBefore knows a createByProxy that comes again: it would clash with
// the section that it has made.
func (d *Desk) answeredBefore(ctx context.Context, i *item) (*lis.Answer, error) {
	if !i.proxied() || len(i.q.Hash) == 0 {
		return nil, nil
	}
	var m *journal.Message
	err := d.Store.Write(ctx, func(tx journal.Tx) (err error) {
		m, err = tx.Repeated(i.q.Hash, d.Now().Add(-d.Registrar.RepeatWindow))
		return err
	})
	if err != nil || m == nil || m.Answer == "" {
		return nil, err
	}
	id, err := d.nowKnownAs(ctx, m.Answer)
	return &lis.Answer{Status: lis.StatusOf(lis.Done, lis.CMS, "created by the same message before"), ID: id}, err
}

// take brings a packet through the desk: all its items end.
func (d *Desk) take(ctx context.Context, k *packet) error {
	if err := d.examine(ctx, k); err != nil {
		d.release(ctx, k.plan, k.items)
		return err
	}
	if k.audit() {
		return d.keepRefused(ctx, k)
	}
	if k.whole() && k.spoilt() {
		d.release(ctx, k.plan, k.items)
		return d.keepRefused(ctx, k)
	}
	refused := k.refused()
	switch err := d.write(ctx, k); {
	case errors.Is(err, registrar.ErrNotWhole):
		d.release(ctx, k.plan, k.items)
		k.spoilt()
		return d.keepRefused(ctx, k)
	case err != nil:
		d.release(ctx, k.plan, k.items)
		return err
	}
	d.keepMessages(ctx, refused)
	d.release(ctx, k.plan, k.refused()) // the registrar may have refused some
	return d.await(ctx, k)
}

// refused are the items of which nothing comes before anything is written.
func (k *packet) refused() (all []*item) {
	for _, i := range k.items {
		if i.ended() && !i.status.OK() {
			all = append(all, i)
		}
	}
	return all
}

// examine reads and checks the items, and reserves what they want.
func (d *Desk) examine(ctx context.Context, k *packet) error {
	if !known(k.mode) {
		for _, i := range k.items {
			i.end(lis.Invalid, lis.FieldPlanMode+": "+k.mode+" is none of "+strings.Join(modes, ", "))
		}
		return nil
	}
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	return k.plan.book.use(snap, func() error {
		for _, i := range k.items {
			if err := d.read(ctx, snap, k.plan, i); err != nil {
				return err
			}
			if i.ended() {
				continue
			}
			if err := d.fits(snap, k.plan, i); err != nil {
				return err
			}
		}
		k.once()
		return d.check(snap, k)
	})
}

var modes = []string{lis.PacketItems, lis.PacketTransaction, lis.PacketAudit}

func known(mode string) bool {
	for _, m := range modes {
		if m == mode {
			return true
		}
	}
	return false
}

// fits looks at what a section refers to and at what it is based on.
func (d *Desk) fits(snap journal.Snapshot, p *plan, i *item) error {
	if parent := i.section.ParentOfferingID; parent != "" && (i.old == nil || i.old.ParentOfferingID != parent) {
		e, err := snap.Get(lis.KindCourseOffering, parent)
		if err != nil {
			return err
		}
		if e == nil || e.Deleted {
			i.end(lis.Undeliverable, "section "+quote(i.id)+": its parentOfferingId "+quote(parent)+" is not known; have the SIS send the offering first")
			return nil
		}
	}
	return d.fresh(snap, p, i)
}

// fresh refuses what is based on a section that has changed since.
func (d *Desk) fresh(snap journal.Snapshot, p *plan, i *item) error {
	if i.entry == nil || i.asked.Version <= 0 || i.asked.Version >= i.entry.Version {
		return nil
	}
	for step, err := range snap.History(lis.KindCourseSection, i.id) {
		if err != nil {
			return err
		}
		if step.Version > i.asked.Version && step.Source != "" && step.Source != p.Planner {
			i.end(lis.Invalid, fmt.Sprintf("stale: section %s is at %s %d, and this is based on %d; %s changed it on %s. Read it and plan again",
				quote(i.id), lis.FieldPlanVersion, i.entry.Version, i.asked.Version, step.Source, step.Time.In(p.Zone).Format("2006-01-02 15:04")))
			return nil
		}
	}
	return nil
}

// once refuses a section that stands twice in a packet: which one is meant
// cannot be known.
func (k *packet) once() {
	seen := map[lis.SourcedID]bool{}
	for _, i := range k.items {
		if i.ended() {
			continue
		}
		if seen[i.id] {
			i.end(lis.Invalid, "section "+quote(i.id)+" stands in this packet before; send it once")
		}
		seen[i.id] = true
	}
}

// spoilt ends all items of a transaction when one of them is refused or has to
// wait for a person.
func (k *packet) spoilt() bool {
	for _, i := range k.items {
		if i.hold != nil && k.broken == "" {
			i.end(lis.Invalid, "it needs a person's decision: "+i.hold.Rule+"; send it by itself, or item by item")
		}
		if i.ended() && !i.status.OK() && k.broken == "" {
			k.broken = "section " + quote(i.id) + " was refused (" + i.status.Description + ")"
		}
	}
	if k.broken == "" {
		return false
	}
	k.endRest()
	return true
}

// endRest ends what was well in a transaction that is not carried out.
func (k *packet) endRest() {
	for _, i := range k.items {
		if i.hold = nil; !i.ended() || i.status.OK() {
			i.end(lis.Invalid, k.notCarriedOut())
		}
	}
}

func (k *packet) notCarriedOut() string {
	return "not carried out: the packet is all or nothing, and " + k.broken
}

// keepRefused keeps the messages of items that change nothing.
func (d *Desk) keepRefused(ctx context.Context, k *packet) error {
	for _, i := range k.items {
		if !i.ended() { // of an audit
			i.end(lis.Done, i.would())
		}
	}
	d.keepMessages(ctx, k.items)
	return nil
}

// keepMessages keeps what came and how it was answered, so that a person can
// look it up.
func (d *Desk) keepMessages(ctx context.Context, items []*item) {
	requests, answers := make([]*registrar.Request, len(items)), make([]lis.Status, len(items))
	for n, i := range items {
		i.q.Call.ID = about(i.q.Call)
		requests[n], answers[n] = i.q, i.status
	}
	if len(items) > 0 {
		d.Registrar.RefuseAll(ctx, requests, answers)
	}
}

// release gives back what items have reserved.
func (d *Desk) release(ctx context.Context, p *plan, items []*item) {
	if len(items) == 0 {
		return
	}
	snap, err := d.Store.Snapshot(context.WithoutCancel(ctx))
	if err != nil {
		return // the journal cannot be read; the next start begins a new book
	}
	defer snap.Close()
	_ = p.book.use(snap, func() error {
		var errs []error
		for _, i := range items {
			if i.id != "" {
				errs = append(errs, p.book.restore(i.id))
			}
		}
		return errors.Join(errs...)
	})
}
