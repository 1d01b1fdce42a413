package adaptertest

import (
	"context"
	"slices"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// batcher opens an adapter that takes batches, or skips the test.
func (b *bench) batcher() (adapters.Adapter, adapters.Batcher) {
	b.Helper()
	a := b.start()
	batcher, ok := a.(adapters.Batcher)
	if !ok {
		b.Skip("it takes no batches")
	}
	rows, bytes := batcher.Limits()
	if rows < 0 || bytes < 0 {
		b.Fatalf("limits of %d changes and %d bytes; 0 changes is for no batches, 0 bytes for no limit", rows, bytes)
	}
	if rows == 0 {
		b.Skip("it takes no batches as it was opened")
	}
	return a, batcher
}

// term returns samples of all kinds that are supported, those first that
// others need, each once: the order in which the gateway sends a batch. There
// is one association only, since two samples of it share a section, which many
// systems have in one of them at a time.
func (b *bench) term(most int) []*lis.Record {
	var records []*lis.Record
	seen := map[lis.Ref]bool{}
	for n := range most {
		for _, info := range lis.Kinds {
			if n > 0 && info.Kind == lis.KindSectionAssociation {
				continue
			}
			for _, r := range append(Parents(info.Kind, n), Sample(info.Kind, n)) {
				ref := lis.Ref{Kind: r.Object.Kind(), ID: r.ID}
				if b.supports(ref.Kind) && !seen[ref] {
					seen[ref] = true
					records = append(records, r)
				}
			}
		}
	}
	return records
}

func (b *bench) changes(act lis.Act, records []*lis.Record) []lis.Change {
	changes := make([]lis.Change, len(records))
	for i, r := range records {
		changes[i] = b.change(act, r)
	}
	return changes
}

// applyAll sends changes in calls of as many as the adapter takes.
func (b *bench) applyAll(batcher adapters.Batcher, changes []lis.Change) (errs []error) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	rows, _ := batcher.Limits()
	for part := range slices.Chunk(changes, rows) {
		o, e := batcher.ApplyAll(ctx, part)
		b.each(part, o, e)
		errs = append(errs, e...)
	}
	return errs
}

// each demands one outcome or one error for each change.
func (b *bench) each(changes []lis.Change, outcomes []lis.Outcome, errs []error) {
	b.Helper()
	if len(outcomes) != len(changes) || len(errs) != len(changes) {
		b.Fatalf("%d outcomes and %d errors for %d changes", len(outcomes), len(errs), len(changes))
	}
	for i, c := range changes {
		b.classed(errs[i])
		switch effect := outcomes[i].Effect; {
		case errs[i] != nil && effect != "":
			b.Errorf("row %d, %s %s: effect %q beside the error %v", i, c.Act, c.Kind, effect, errs[i])
		case errs[i] == nil && effect != lis.Applied && effect != lis.Unchanged:
			b.Errorf("row %d, %s %s: effect %q without an error", i, c.Act, c.Kind, effect)
		case errs[i] == nil:
			b.learn(c, outcomes[i])
		}
	}
}

// mustAll sends changes that have to succeed.
func (b *bench) mustAll(batcher adapters.Batcher, changes []lis.Change) {
	b.Helper()
	errs := b.applyAll(batcher, changes)
	for i, err := range errs {
		if err != nil {
			b.Errorf("row %d, %s %s %s: %v", i, changes[i].Act, changes[i].Kind, changes[i].Key, err)
		}
	}
}
