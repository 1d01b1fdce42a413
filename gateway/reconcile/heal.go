package reconcile

import (
	"context"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// batch is how many objects are sent again in one transaction.
const batch = 500

// A Remover takes an object away from a target of which the records know
// nothing.
type Remover interface {
	Remove(ctx context.Context, caller string, kind lis.Kind, r *lis.Record, targets []string, why string) error
}

// A Healing brings a target back to the records: it is given differences one
// by one and sends what is to be sent again by the way that every change goes,
// with the order, the limits and the guard against too many removals there.
type Healing struct {
	Store  Store   `json:"-"`
	Remove Remover `json:"-"`
	Target string  `json:"-"`
	Caller string  `json:"-"` // who asked for it
	// Extras says that what the records know nothing of is removed too.
	Extras bool `json:"-"`

	Resent  int64 `json:"resent"`
	Removed int64 `json:"removed"`
	Left    int64 `json:"left"` // extras that were left alone, and what no mapping takes

	waiting []lis.Ref
}

// Add heals one difference.
func (h *Healing) Add(ctx context.Context, d *Difference) error {
	switch {
	case d.state == journal.Waiting || d.state == journal.Parked || d.state == journal.Held:
		h.Left++ // it is on its way, or a person decides
		return nil
	case d.What == Refused, d.What == Extra && !d.known && !h.Extras:
		h.Left++
		return nil
	case d.What == Extra && !d.known:
		return h.remove(ctx, d)
	case d.What == Extra && !d.again:
		h.Left++ // the records have it, and want it elsewhere
		return nil
	}
	h.waiting = append(h.waiting, lis.Ref{Kind: d.Kind, ID: d.ID})
	if len(h.waiting) < batch {
		return nil
	}
	return h.Flush(ctx)
}

// Flush sends what is not sent yet. Call it at the end.
func (h *Healing) Flush(ctx context.Context) error {
	if len(h.waiting) == 0 {
		return nil
	}
	n, err := h.Store.Resend(ctx, h.Target, h.waiting)
	if err != nil {
		return fmt.Errorf("heal %s: %w", h.Target, err)
	}
	h.Resent += int64(n)
	h.waiting = h.waiting[:0]
	return nil
}

func (h *Healing) remove(ctx context.Context, d *Difference) error {
	record := d.record
	if record.ID == "" {
		m, ok := record.Object.(*lis.Membership)
		if !ok {
			h.Left++
			return nil
		}
		record = named(record, lis.SourcedID("extra:"+string(m.CollectionSourcedID)+":"+string(m.Person())))
	}
	if err := h.Remove.Remove(ctx, h.Caller, d.Kind, record, []string{h.Target}, "the records do not know it"); err != nil {
		return fmt.Errorf("heal %s: %w", h.Target, err)
	}
	h.Removed++
	return nil
}
