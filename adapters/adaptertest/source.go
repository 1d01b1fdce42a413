package adaptertest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A SourceControl moves the system behind one Source.
type SourceControl struct {
	// Set makes the system hold these records of a kind, and no others of it.
	Set func(t *testing.T, kind lis.Kind, records ...*lis.Record)
	// Break makes the next Pull fail once it has begun to read and before it
	// has read all; nil to leave that out.
	Break func(t *testing.T)
	// Seen is told of each cursor that was kept, for an Acknowledger that has
	// a say in what the system gives next; nil when nothing is needed.
	Seen func(t *testing.T, cursor string)
}

// SourceFeatures say what a source can tell.
type SourceFeatures struct {
	Kinds []lis.Kind
	// Lists means that the first Pull gives whole lists, with their marks; a
	// source without tells of what is gone by a Drop.
	Lists bool
	// Repeats means that each Pull gives all that there is, so that nothing is
	// learned from a quiet one; the gateway compares.
	Repeats bool
	// Differ says how a record that was pulled differs from the one that the
	// system was given, "" when it does not; nil when it comes as it was.
	Differ func(want, got *lis.Record) string
}

// RunSource runs the suite of sources. Each test opens one to an empty system.
func RunSource(t *testing.T, open func(t *testing.T) (adapters.Source, SourceControl), f SourceFeatures) {
	for _, c := range []struct {
		name string
		test func(*tap)
	}{
		{"PullEmpty", (*tap).empty},
		{"PullAll", (*tap).all},
		{"PullQuiet", (*tap).quiet},
		{"PullChanges", (*tap).changes},
		{"PullCutOff", (*tap).cutOff},
		{"PullBroken", (*tap).broken},
		{"PullCancelled", (*tap).cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &tap{T: t, SourceFeatures: f, open: open}
			p.source, p.control = open(t)
			c.test(p)
		})
	}
}

// A tap is what one test of a source works with.
type tap struct {
	*testing.T
	SourceFeatures
	open    func(t *testing.T) (adapters.Source, SourceControl)
	source  adapters.Source
	control SourceControl
}

// A flow is what one Pull gave.
type flow struct {
	items        []adapters.Item
	err          error
	cursor       string // the last, or the one it began with
	begun, ended map[lis.Kind]bool
}

// pull reads a Pull to its end, or some items of it.
func (p *tap) pull(ctx context.Context, cursor string, most int) *flow {
	p.Helper()
	f := &flow{cursor: cursor, begun: map[lis.Kind]bool{}, ended: map[lis.Kind]bool{}}
	for item, err := range p.source.Pull(ctx, cursor) {
		if f.err != nil {
			p.Errorf("something came after the error %v", f.err)
		}
		if f.err = err; err != nil {
			continue
		}
		p.take(f, item)
		if most--; most == 0 {
			break
		}
	}
	(&bench{T: p.T}).classed(f.err)
	p.keep(ctx, f)
	return f
}

// keep does what the gateway does when items are on disk.
func (p *tap) keep(ctx context.Context, f *flow) {
	p.Helper()
	if a, ok := p.source.(adapters.Acknowledger); ok && f.cursor != "" && ctx.Err() == nil {
		if err := a.Acknowledge(ctx, f.cursor, nil); err != nil {
			p.Errorf("acknowledge %q: %v", f.cursor, err)
		}
	}
	if p.control.Seen != nil {
		p.control.Seen(p.T, f.cursor)
	}
}

// take checks one item by itself and in its place.
func (p *tap) take(f *flow, it adapters.Item) {
	p.Helper()
	f.items = append(f.items, it)
	for _, problem := range faults(it) {
		p.Errorf("item %d (%s): %s", len(f.items), it.Where, problem)
	}
	if it.Begins != "" {
		f.begun[it.Begins], f.ended[it.Begins] = true, false
	}
	if it.Ends != "" {
		if !f.begun[it.Ends] {
			p.Errorf("item %d: the list of %s ends and never began", len(f.items), it.Ends)
		}
		f.ended[it.Ends] = true
	}
	if it.Cursor != "" {
		f.cursor = it.Cursor
	}
}

// faults says what is wrong with an item.
func faults(it adapters.Item) (found []string) {
	says := func(wrong bool, format string, args ...any) {
		if wrong {
			found = append(found, fmt.Sprintf(format, args...))
		}
	}
	says(it.Act != "" && it.Err != nil, "a change and an error in one")
	says((it.Act != "" || it.Err != nil) && it.Where == "", "it does not say where it stands")
	says(it.Act != "" && (it.Key == "" || lis.InfoOf(it.Kind) == nil), "a change of no object: kind %q, key %q", it.Kind, it.Key)
	switch it.Act {
	case "", lis.Drop:
	case lis.Put:
		says(it.Record == nil || it.Record.Object == nil, "a Put without content")
		says(it.Record != nil && it.Record.ID != it.Key, "a Put of another name than its record")
		says(it.Record != nil && it.Record.Object != nil && it.Record.Object.Kind() != it.Kind, "a Put of another kind than its record")
	case lis.Rekey:
		says(it.NewID == "", "a Rekey without the new name")
	default:
		says(true, "no such act as %q", it.Act)
	}
	return found
}

// changed are the items with a change, without those of other kinds.
func (p *tap) changed(items []adapters.Item) (found []adapters.Item) {
	for _, it := range items {
		if it.Act != "" && slices.Contains(p.Kinds, it.Kind) {
			found = append(found, it)
		}
	}
	return found
}

// same demands that what was pulled last of each object is what is there.
func (p *tap) same(items []adapters.Item, want ...*lis.Record) {
	p.Helper()
	newest := map[lis.Ref]adapters.Item{}
	for _, it := range p.changed(items) {
		newest[lis.Ref{Kind: it.Kind, ID: it.Key}] = it
	}
	for _, r := range want {
		ref := lis.Ref{Kind: r.Object.Kind(), ID: r.ID}
		if it := newest[ref]; it.Act != lis.Put {
			p.Errorf("%s %s did not come", ref.Kind, ref.ID)
		} else if text := p.differs(r, it.Record); text != "" {
			p.Errorf("%s %s: %s", ref.Kind, ref.ID, text)
		}
		delete(newest, ref)
	}
	for ref, it := range newest {
		if it.Act == lis.Put {
			p.Errorf("%s %s came and is not there", ref.Kind, ref.ID)
		}
	}
}

func (p *tap) differs(want, got *lis.Record) string {
	if p.Differ != nil {
		return p.Differ(want, got)
	}
	if a, b := describe(&lis.Record{Object: want.Object}), describe(&lis.Record{Object: got.Object}); a != b {
		return "want " + a + "\ngot  " + b
	}
	return ""
}
