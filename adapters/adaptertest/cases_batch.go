package adaptertest

import (
	"context"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// batchPuts sends a batch twice, and then each of its changes by itself: what
// was done in a batch is what Apply would have done.
func (b *bench) batchPuts() {
	a, batcher := b.batcher()
	changes := b.changes(lis.Put, b.term(3))
	b.mustAll(batcher, changes)
	before := b.effects(a)
	b.mustAll(batcher, changes)
	if n := b.effects(a); n != before {
		b.Errorf("the same batch had %d more effects when it came again", n-before)
	}
	for _, c := range changes {
		b.must(a, c)
	}
	if n := b.effects(a); n != before {
		b.Errorf("the changes of a batch had %d more effects when each came by itself", n-before)
	}
	for _, c := range changes {
		b.holds(a, c.Record)
	}
}

// batchOverwrites changes in a batch what was put one by one.
func (b *bench) batchOverwrites() {
	a, batcher := b.batcher()
	records := b.term(2)
	for _, c := range b.changes(lis.Put, records) {
		b.must(a, c)
	}
	for i, r := range records {
		if r.Object.Kind() != lis.KindMembership { // one that is Inactive is gone for many
			records[i] = revise(r)
		}
	}
	changes := b.changes(lis.Put, records)
	b.mustAll(batcher, changes)
	for _, c := range changes {
		b.holds(a, c.Record)
	}
}

// batchDrops drops what stands last first, as the gateway does.
func (b *bench) batchDrops() {
	a, batcher := b.batcher()
	if b.NoDrop {
		b.Skip("it cannot drop")
	}
	records := b.term(2)
	for _, c := range b.changes(lis.Put, records) {
		b.must(a, c)
	}
	slices.Reverse(records)
	changes := b.changes(lis.Drop, records)
	b.mustAll(batcher, changes)
	before := b.effects(a)
	for _, c := range changes {
		b.gone(a, c)
	}
	if n := b.effects(a); n != before {
		b.Errorf("the removals of a batch had %d more effects when each came by itself", n-before)
	}
	for _, r := range records {
		b.lacks(a, r.Object.Kind(), r.ID)
	}
}

// batchBadRow demands that one bad row harms no other, unless the system does
// not say which it was.
func (b *bench) batchBadRow() {
	a, batcher := b.batcher()
	if rows, _ := batcher.Limits(); rows < 3 {
		b.Skip("it takes too few changes at once")
	}
	changes := b.changes(lis.Put, b.term(1))
	rows, _ := batcher.Limits()
	if changes = changes[:min(len(changes), rows-1)]; len(changes) > 1 {
		changes = slices.Insert(changes, len(changes)/2, b.bad())
	} else {
		changes = append(changes, b.bad())
	}
	errs := b.applyAll(batcher, changes)
	for i, c := range changes {
		switch {
		case c.Act == explode && errs[i] == nil:
			b.Errorf("row %d, which nobody can carry out, was", i)
		case c.Act != explode && errs[i] != nil && !b.whole(errs[i]):
			b.Errorf("row %d fell with the bad one, whose error does not say Whole: %v", i, errs[i])
		case c.Act != explode && errs[i] == nil:
			b.must(a, c)
			b.holds(a, c.Record)
		}
	}
}

// batchMissing sends a row whose parents are not there among others.
func (b *bench) batchMissing() {
	a, batcher := b.batcher()
	if !b.NeedsParents || !b.supports(lis.KindMembership) || !b.supports(lis.KindPerson) {
		b.Skip("the system does not ask for parents")
	}
	orphan := b.change(lis.Put, Sample(lis.KindMembership, 1))
	changes := []lis.Change{b.change(lis.Put, Sample(lis.KindPerson, 2)), orphan, b.change(lis.Put, Sample(lis.KindPerson, 3))}
	errs := b.applyAll(batcher, changes)
	if !b.whole(errs[1]) {
		b.wantClass("a row before its parents", errs[1], adapters.Missing)
		b.wantParent(orphan.Record, errs[1])
	}
	for _, i := range []int{0, 2} {
		if errs[i] != nil && !b.whole(errs[i]) {
			b.Errorf("row %d fell with the one whose parents are missing: %v", i, errs[i])
		}
	}
	b.putParents(a, lis.KindMembership, 1)
	b.mustAll(batcher, []lis.Change{orphan})
	b.holds(a, orphan.Record)
}

// explode is an act that no system knows.
const explode lis.Act = "explode"

func (b *bench) bad() lis.Change {
	for _, info := range lis.Kinds {
		if b.supports(info.Kind) {
			c := b.change(lis.Put, Sample(info.Kind, 9))
			c.Act = explode
			return c
		}
	}
	panic("an adapter for no kind at all")
}

func (b *bench) whole(err error) bool {
	e := asError(err)
	return e != nil && e.Whole
}

// batchEnds calls with a context that has ended, and with no changes.
func (b *bench) batchEnds() {
	a, batcher := b.batcher()
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	rows, _ := batcher.Limits()
	changes := b.changes(lis.Put, b.term(1))
	changes = changes[:min(len(changes), rows)]
	before := b.effects(a)
	outcomes, errs := batcher.ApplyAll(ctx, changes)
	b.each(changes, outcomes, errs)
	for _, err := range errs {
		b.wantClass("a row of a batch whose context has ended", err, adapters.Unavailable)
	}
	if outcomes, errs = batcher.ApplyAll(b.Context(), nil); len(outcomes)+len(errs) != 0 {
		b.Errorf("%d outcomes and %d errors of an empty batch", len(outcomes), len(errs))
	}
	if n := b.effects(a); n != before {
		b.Errorf("%d effects of batches that were none", n-before)
	}
}
