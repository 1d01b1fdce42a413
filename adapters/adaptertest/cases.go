package adaptertest

import (
	"testing"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

func (b *bench) check() {
	if err := b.start().Check(b.Context()); err != nil {
		b.Errorf("check of a system that is there: %v", err)
	}
}

func (b *bench) putCreates() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		if o := b.must(a, b.change(lis.Put, r)); o.Effect != lis.Applied {
			b.Errorf("effect %q of the first Put, want %q", o.Effect, lis.Applied)
		}
		b.holds(a, r)
	})
}

// putAgain is what happens after a crash or a lost answer.
func (b *bench) putAgain() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		c := b.change(lis.Put, Sample(kind, 1))
		b.must(a, c)
		before := b.effects(a)
		c.Fence++
		b.must(a, c)
		if n := b.effects(a); n != before {
			b.Errorf("the same change had %d more effects when it came again", n-before)
		}
		b.holds(a, c.Record)
		b.listsOnce(a, c.Record)
	})
}

// listsOnce demands that there is one record of a name and not two.
func (b *bench) listsOnce(a adapters.Adapter, r *lis.Record) {
	b.Helper()
	lister, ok := a.(adapters.Lister)
	if !ok {
		return
	}
	count := 0
	for got, err := range lister.List(b.Context(), r.Object.Kind()) {
		if err != nil {
			b.Fatalf("list: %v", err)
		}
		if nameOf(got, map[lis.SourcedID]*lis.Record{r.ID: r}) == r.ID {
			count++
		}
	}
	if b.hidden(a, r) {
		count++
	}
	if count != 1 {
		b.Errorf("%s is listed %d times, want once", r.ID, count)
	}
}

func (b *bench) putOverwrites() {
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		b.must(a, b.change(lis.Put, r))
		second := b.change(lis.Put, revise(r))
		second.Created = true // the journal may think so: a Put still overwrites
		b.must(a, second)
		b.holds(a, second.Record)
		b.listsOnce(a, second.Record)
	})
}

func (b *bench) olderNeverOverwrites() {
	b.remembering()
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		older, newer := b.change(lis.Put, r), b.change(lis.Put, revise(r))
		b.must(a, newer)
		if o := b.must(a, older); o.Effect != lis.Unchanged {
			b.Errorf("effect %q of an older change, want %q", o.Effect, lis.Unchanged)
		}
		b.holds(a, newer.Record)
	})
}

// olderNeverRevives is the case that is forgotten: what is gone has a
// sequence too.
func (b *bench) olderNeverRevives() {
	b.remembering()
	if b.NoDrop {
		b.Skip("it cannot drop")
	}
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		first, older, drop := b.change(lis.Put, r), b.change(lis.Put, revise(r)), b.change(lis.Drop, r)
		b.must(a, first)
		b.must(a, drop)
		b.must(a, older)
		b.lacks(a, kind, r.ID)
	})
}

func (b *bench) remembering() {
	if b.Forgetful {
		b.Skip("the system keeps no sequence")
	}
}

func (b *bench) drop() {
	if b.NoDrop {
		b.Skip("it cannot drop")
	}
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		b.must(a, b.change(lis.Put, r))
		c := b.change(lis.Drop, r)
		if o := b.must(a, c); o.Effect != lis.Applied {
			b.Errorf("effect %q of a Drop, want %q", o.Effect, lis.Applied)
		}
		b.lacks(a, kind, r.ID)
		b.gone(a, c)
		c = b.change(lis.Put, r)
		b.must(a, c) // and it can come back
		b.holds(a, r)
	})
}

// gone applies the Drop again: it is the same change, so it cannot fail
// unless the system declared that for what is not there.
func (b *bench) gone(a adapters.Adapter, c lis.Change) {
	b.Helper()
	if o, err := b.apply(a, c); err == nil && o.Effect != lis.Unchanged {
		b.Errorf("effect %q of the same Drop of %s %s again, want %q", o.Effect, c.Kind, c.Key, lis.Unchanged)
	} else if err != nil && b.DropAbsent == "" {
		b.Errorf("the same Drop of %s %s again: %v", c.Kind, c.Key, err)
	}
}

func (b *bench) dropAbsent() {
	if b.NoDrop {
		b.Skip("it cannot drop")
	}
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		o, err := b.apply(a, b.change(lis.Drop, Sample(kind, 1)))
		switch {
		case b.DropAbsent != "":
			b.wantClass("drop of what is not there", err, b.DropAbsent)
		case err != nil:
			b.Errorf("drop of what is not there: %v", err)
		case o.Effect != lis.Unchanged:
			b.Errorf("effect %q of dropping what is not there, want %q", o.Effect, lis.Unchanged)
		}
	})
}

func (b *bench) rekey() {
	if b.NoRekey {
		b.Skip("it cannot rekey")
	}
	b.eachKind(func(b *bench, a adapters.Adapter, kind lis.Kind) {
		r := Sample(kind, 1)
		b.must(a, b.change(lis.Put, r))
		moved := &lis.Record{ID: r.ID + ":new", Agent: r.Agent, Object: r.Object}
		c := b.change(lis.Rekey, moved)
		c.Key, c.NewID = r.ID, moved.ID
		b.must(a, c)
		b.lacks(a, kind, r.ID)
		b.holds(a, moved)
		b.must(a, c) // again, after a lost answer
		b.holds(a, moved)
		later := b.change(lis.Put, revise(moved))
		b.must(a, later)
		b.holds(a, later.Record)
		b.lacks(a, kind, r.ID)
	})
}

func (b *bench) names() {
	if !b.supports(lis.KindPerson) {
		b.Skip("it has no persons")
	}
	a := b.start()
	for n, h := range people {
		b.Run(h.language+" "+h.given, func(t *testing.T) {
			each := &bench{T: t, Features: b.Features, seq: int64(n)}
			r := Sample(lis.KindPerson, n)
			each.must(a, each.change(lis.Put, r))
			each.holds(a, r)
		})
	}
}
