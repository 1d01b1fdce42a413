package adaptertest

import (
	"context"
	"sync"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

func (b *bench) unsupportedKinds() {
	a := b.start()
	for _, info := range lis.Kinds {
		if b.supports(info.Kind) {
			continue
		}
		for _, act := range []lis.Act{lis.Put, lis.Drop} {
			_, err := b.apply(a, b.change(act, Sample(info.Kind, 1)))
			b.wantClass(string(act)+" of a "+string(info.Kind), err, adapters.Unsupported)
		}
	}
}

func (b *bench) unsupportedActs() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		b.must(a, b.change(lis.Put, r))
		refused := []lis.Act{"explode"}
		if b.NoDrop {
			refused = append(refused, lis.Drop)
		}
		if b.NoRekey {
			refused = append(refused, lis.Rekey)
		}
		for _, act := range refused {
			c := b.change(act, r)
			c.NewID = r.ID + ":new"
			_, err := b.apply(a, c)
			b.wantClass(string(act), err, adapters.Unsupported)
			b.holds(a, r)
		}
	})
}

func (b *bench) missingParents() {
	if !b.NeedsParents {
		b.Skip("the system does not ask for parents")
	}
	for _, kind := range []lis.Kind{lis.KindMembership, lis.KindCourseOffering, lis.KindCourseSection, lis.KindResult} {
		if !b.supports(kind) {
			continue
		}
		b.Run(string(kind), b.missingParentsOf(kind))
	}
}

// missingParentsOf puts a record before its parents, then after them.
func (b *bench) missingParentsOf(kind lis.Kind) func(*testing.T) {
	return func(t *testing.T) {
		each := &bench{T: t, Features: b.Features, open: b.open}
		a := each.start()
		c := each.change(lis.Put, Sample(kind, 1))
		_, err := each.apply(a, c)
		each.wantClass("put before its parents", err, adapters.Missing)
		each.wantParent(c.Record, err)
		each.putParents(a, kind, 1)
		each.must(a, c)
		each.holds(a, c.Record)
	}
}

// wantParent demands that what is missing is what the record refers to.
func (b *bench) wantParent(r *lis.Record, err error) {
	b.Helper()
	e := asError(err)
	if e == nil || e.Class != adapters.Missing {
		return
	}
	for _, link := range r.Object.Links() {
		if link.Value == string(e.Parent) {
			return
		}
	}
	b.Errorf("%v: the parent %q is nothing that %s %s refers to", err, e.Parent, r.Object.Kind(), r.ID)
}

func (b *bench) parallel() {
	a, kind := b.start(), lis.KindPerson
	if !b.supports(kind) {
		b.Skip("it has no persons")
	}
	const workers, each = 8, 5
	changes := make([]lis.Change, workers*each)
	for n := range changes {
		changes[n] = b.change(lis.Put, Sample(kind, n))
	}
	var all sync.WaitGroup
	start, ctx := make(chan struct{}), b.Context()
	for w := range workers {
		all.Go(func() {
			<-start
			for _, c := range changes[w*each : (w+1)*each] {
				b.applies(ctx, a, c)
			}
		})
	}
	close(start)
	all.Wait()
	for _, c := range changes {
		b.holds(a, c.Record)
	}
}

// applies is must for goroutines, which may not end the test. It shares
// nothing with the others, so that the race detector sees what they do.
func (b *bench) applies(ctx context.Context, a adapters.Adapter, c lis.Change) {
	o, err := a.Apply(ctx, c)
	if err != nil {
		b.Errorf("%s %s %s among others: %v", c.Act, c.Kind, c.Key, err)
		return
	}
	b.learn(c, o)
}

// cancelled calls with a context that has ended: nothing may be sent.
func (b *bench) cancelled() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		ctx, cancel := context.WithCancel(b.Context())
		cancel()
		b.endsPromptly(a, ctx, b.change(lis.Put, Sample(kind, 1)))
		b.lacks(a, kind, Sample(kind, 1).ID)
	})
}

// hanging cancels while the system lets the adapter wait.
func (b *bench) hanging() {
	if b.Hang == nil {
		b.Skip("no system that hangs")
	}
	b.open = b.Hang
	a := b.start()
	for _, info := range lis.Kinds {
		if b.supports(info.Kind) {
			ctx, cancel := context.WithTimeout(b.Context(), 50*time.Millisecond)
			b.endsPromptly(a, ctx, b.change(lis.Put, Sample(info.Kind, 1)))
			cancel()
			return
		}
	}
}

// endsPromptly demands that a call whose context ends returns soon, with
// Unavailable, so that the change is tried again.
func (b *bench) endsPromptly(a adapters.Adapter, ctx context.Context, c lis.Change) {
	b.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := a.Apply(ctx, c)
		done <- err
	}()
	<-ctx.Done()
	select {
	case err := <-done:
		b.classed(err)
		b.wantClass("apply after its context has ended", err, adapters.Unavailable)
	case <-time.After(promptly):
		b.Fatalf("apply did not return within %s of the end of its context", promptly)
	}
}

func (b *bench) list() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		lister, ok := a.(adapters.Lister)
		if !ok {
			b.Skip("it lists nothing")
		}
		want := map[lis.SourcedID]*lis.Record{}
		for n := 1; n <= 3; n++ {
			b.putParents(a, kind, n)
			want[Sample(kind, n).ID] = Sample(kind, n)
			b.must(a, b.change(lis.Put, Sample(kind, n)))
		}
		b.listed(lister, kind, want)
		for range lister.List(b.Context(), kind) {
			break // a reader may have enough
		}
	})
}

// listed demands that a list holds what was put, each once. There may be
// more: parents of the same kind.
func (b *bench) listed(lister adapters.Lister, kind lis.Kind, want map[lis.SourcedID]*lis.Record) {
	b.Helper()
	for got, err := range lister.List(b.Context(), kind) {
		b.classed(err)
		if err != nil {
			b.Fatalf("list: %v", err)
		}
		if got.Object == nil || got.Object.Kind() != kind {
			b.Errorf("a list of %s holds %s, which is none", kind, describe(got))
		}
		id := nameOf(got, want)
		if r := want[id]; r != nil {
			b.same(lister.(adapters.Adapter), r, got)
			delete(want, id)
		}
	}
	for id, r := range want {
		if b.hidden(lister.(adapters.Adapter), r) {
			continue
		}
		b.Errorf("%s %s is not in the list", kind, id)
	}
}

func (b *bench) readAbsent() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		b.lacks(a, kind, "there/is no:such&thing")
	})
}

func (b *bench) close() {
	a := b.open(b.T)
	for range 2 {
		if err := a.Close(); err != nil {
			b.Errorf("close: %v", err)
		}
	}
	// What a closed adapter answers is its own affair, if only it answers.
	b.classed(a.Check(b.Context()))
	for _, info := range lis.Kinds {
		if b.supports(info.Kind) {
			_, err := a.Apply(b.Context(), b.change(lis.Put, Sample(info.Kind, 1)))
			b.classed(err)
		}
	}
}
