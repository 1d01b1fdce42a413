package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// promptly is how soon a call must return once its context has ended.
const promptly = 2 * time.Second

// Features say what an adapter can do. The zero Features are those of a
// system that can do everything.
type Features struct {
	Kinds   []lis.Kind // what the system has a place for; empty for all ten
	NoDrop  bool       // Drop is Unsupported
	NoRekey bool       // Rekey is Unsupported

	// DropAbsent is the class of the error when what is to be dropped is not
	// there; "" when that is success with Unchanged.
	DropAbsent adapters.Class
	// NeedsParents means that a record whose parents are not there is Missing one.
	NeedsParents bool
	// Forgetful means that the system keeps no sequence, so that order is
	// left to the gateway alone.
	Forgetful bool

	// Crosswalk is what the adapters are opened with that need to know what
	// the system calls things; nil for none. The suite empties it before it
	// opens one, and writes into it what the gateway would.
	Crosswalk *Crosswalk

	// Effects counts what the system has been made to do, such as the
	// writing requests that its imitation saw; nil when it does not count.
	Effects func(a adapters.Adapter) int
	// Differ says how a record that was read back differs from the one that
	// was put, "" when it does not; nil when it comes back as it was, or as the
	// Mirror of the adapter says.
	Differ func(put, got *lis.Record) string
	// Hang opens an adapter whose system never answers; nil to leave that out.
	Hang func(t *testing.T) adapters.Adapter
}

// Run runs the suite. Each test opens an adapter to an empty system.
func Run(t *testing.T, open func(t *testing.T) adapters.Adapter, f Features) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"Check", (*bench).check},
		{"PutCreates", (*bench).putCreates},
		{"PutAgain", (*bench).putAgain},
		{"PutOverwrites", (*bench).putOverwrites},
		{"OlderNeverOverwrites", (*bench).olderNeverOverwrites},
		{"OlderNeverRevives", (*bench).olderNeverRevives},
		{"Drop", (*bench).drop},
		{"DropAbsent", (*bench).dropAbsent},
		{"Rekey", (*bench).rekey},
		{"Names", (*bench).names},
		{"UnsupportedKinds", (*bench).unsupportedKinds},
		{"UnsupportedActs", (*bench).unsupportedActs},
		{"MissingParents", (*bench).missingParents},
		{"Parallel", (*bench).parallel},
		{"Cancelled", (*bench).cancelled},
		{"Hanging", (*bench).hanging},
		{"BatchPuts", (*bench).batchPuts},
		{"BatchOverwrites", (*bench).batchOverwrites},
		{"BatchDrops", (*bench).batchDrops},
		{"BatchBadRow", (*bench).batchBadRow},
		{"BatchMissing", (*bench).batchMissing},
		{"BatchEnds", (*bench).batchEnds},
		{"List", (*bench).list},
		{"Mirror", (*bench).mirror},
		{"ReadAbsent", (*bench).readAbsent},
		{"Close", (*bench).close},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(&bench{T: t, Features: f, open: open}) })
	}
}

// A bench is what one test works with. It numbers the changes.
type bench struct {
	*testing.T
	Features
	open func(t *testing.T) adapters.Adapter
	seq  int64
}

// eachKind runs a test for each supported kind, with an adapter to a system
// that holds the parents of the first samples.
func (b *bench) eachKind(test func(b *bench, a adapters.Adapter, kind lis.Kind)) {
	for _, info := range lis.Kinds {
		if !b.supports(info.Kind) {
			continue
		}
		b.Run(string(info.Kind), func(t *testing.T) {
			each := &bench{T: t, Features: b.Features, open: b.open}
			a := each.start()
			each.putParents(a, info.Kind, 1)
			test(each, a, info.Kind)
		})
	}
}

func (b *bench) supports(k lis.Kind) bool { return len(b.Kinds) == 0 || slices.Contains(b.Kinds, k) }

// start opens an adapter, which is closed when the test ends.
func (b *bench) start() adapters.Adapter {
	b.Helper()
	if b.Crosswalk != nil {
		b.Crosswalk.clear()
	}
	a := b.open(b.T)
	b.Cleanup(func() { _ = a.Close() })
	return a
}

func (b *bench) putParents(a adapters.Adapter, kind lis.Kind, n int) {
	b.Helper()
	for _, r := range Parents(kind, n) {
		if b.supports(r.Object.Kind()) {
			b.must(a, b.change(lis.Put, r))
		}
	}
}

// change makes the next change.
func (b *bench) change(act lis.Act, r *lis.Record) lis.Change {
	b.seq++
	kind := r.Object.Kind()
	verb := map[lis.Act]lis.Verb{lis.Put: lis.Replace, lis.Drop: lis.Delete, lis.Rekey: lis.ChangeIdentifier}[act]
	seq := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC).UnixMicro() + b.seq
	return lis.Change{
		ID: fmt.Sprintf("suite-%d", b.seq), Seq: seq, Version: b.seq, Fence: 1,
		Kind: kind, Key: r.ID, Act: act, Record: r,
		Operation: lis.OperationFor(kind, verb), Source: "sis", Time: time.UnixMicro(seq).UTC(),
	}
}

func (b *bench) apply(a adapters.Adapter, c lis.Change) (lis.Outcome, error) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	o, err := a.Apply(ctx, c)
	b.classed(err)
	if err == nil && o.Effect != lis.Applied && o.Effect != lis.Unchanged {
		b.Errorf("%s %s: effect %q; an outcome without an error is Applied or Unchanged", c.Act, c.Kind, o.Effect)
	}
	if err == nil {
		b.learn(c, o)
	}
	return o, err
}

// must applies a change that has to succeed.
func (b *bench) must(a adapters.Adapter, c lis.Change) lis.Outcome {
	b.Helper()
	o, err := b.apply(a, c)
	if err != nil {
		b.Fatalf("%s %s %s: %v", c.Act, c.Kind, c.Key, err)
	}
	return o
}

// classed demands that an error has one of the five classes.
func (b *bench) classed(err error) {
	b.Helper()
	if err == nil {
		return
	}
	e := asError(err)
	if e == nil {
		b.Errorf("error without a class: %v", err)
		return
	}
	switch e.Class {
	case adapters.Unavailable, adapters.Busy, adapters.Missing, adapters.Refused, adapters.Unsupported:
	default:
		b.Errorf("error with an unknown class %q: %v", e.Class, err)
	}
	switch {
	case e.Err == nil:
		b.Errorf("error of class %s does not say what went wrong", e.Class)
	case e.Class == adapters.Missing && e.Parent == "":
		b.Errorf("%v: it does not say in Parent what is missing, so that nothing can wait for it; without a name it is Unavailable", err)
	case e.Match != "" && (e.Class != adapters.Refused || e.Hint == ""):
		b.Errorf("%v: a Match is Refused, and its Hint says how a person can tell whether the two are one", err)
	}
}

func asError(err error) *adapters.Error {
	var e *adapters.Error
	errors.As(err, &e)
	return e
}

// wantClass demands an error of a class.
func (b *bench) wantClass(what string, err error, want adapters.Class) {
	b.Helper()
	if err == nil {
		b.Errorf("%s: no error, want %s", what, want)
	} else if got := adapters.ClassOf(err); got != want {
		b.Errorf("%s: %v, want class %s", what, err, want)
	}
}
