package adaptertest

import (
	"context"
	"math"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// fill has the system hold some samples of each kind.
func (p *tap) fill(numbers ...int) (records []*lis.Record) {
	for _, kind := range p.Kinds {
		var some []*lis.Record
		for _, n := range numbers {
			some = append(some, Sample(kind, n))
		}
		p.control.Set(p.T, kind, some...)
		records = append(records, some...)
	}
	return records
}

// whole pulls to the end, which has to be reached.
func (p *tap) whole(cursor string) *flow {
	p.Helper()
	f := p.pull(p.Context(), cursor, math.MaxInt)
	if f.err != nil {
		p.Fatalf("pull from %q: %v", cursor, f.err)
	}
	for kind := range f.begun {
		if !f.ended[kind] {
			p.Errorf("the list of %s began and did not end", kind)
		}
	}
	return f
}

func (p *tap) empty() {
	p.same(p.whole("").items)
}

// all demands everything at first, each object once, and within its list.
func (p *tap) all() {
	want := p.fill(1, 2, 3)
	f := p.whole("")
	p.same(f.items, want...)
	if n := len(p.changed(f.items)); n != len(want) {
		p.Errorf("%d changes for %d objects", n, len(want))
	}
	if f.cursor == "" {
		p.Error("no cursor: the next pull would have to begin anew")
	}
	if p.Lists {
		p.listed(f)
	}
}

// listed demands that each kind has its list, with all of its items inside.
func (p *tap) listed(f *flow) {
	open := map[lis.Kind]bool{}
	for i, it := range f.items {
		if it.Begins != "" {
			open[it.Begins] = true
		}
		if it.Act == lis.Put && !open[it.Kind] {
			p.Errorf("item %d (%s): a %s outside its list", i+1, it.Where, it.Kind)
		}
		if it.Ends != "" {
			open[it.Ends] = false
		}
	}
	for _, kind := range p.Kinds {
		if !f.ended[kind] {
			p.Errorf("no list of %s", kind)
		}
	}
}

// quiet demands that nothing comes twice when nothing happened.
func (p *tap) quiet() {
	if p.Repeats {
		p.Skip("each pull gives all that there is")
	}
	p.fill(1, 2, 3)
	cursor := p.whole("").cursor
	for range 2 {
		f := p.whole(cursor)
		if n := len(p.changed(f.items)); n != 0 {
			p.Errorf("%d changes came again, though nothing had happened", n)
		}
		cursor = f.cursor
	}
}

// changes has one object of each kind changed, one gone and one come.
func (p *tap) changes() {
	p.fill(1, 2, 3)
	cursor := p.whole("").cursor
	var news, all []*lis.Record
	gone := map[lis.Ref]bool{}
	for _, kind := range p.Kinds {
		kept, changed, came := Sample(kind, 1), revise(Sample(kind, 2)), Sample(kind, 4)
		p.control.Set(p.T, kind, kept, changed, came)
		news, all = append(news, changed, came), append(all, kept, changed, came)
		gone[lis.Ref{Kind: kind, ID: Sample(kind, 3).ID}] = true
	}
	f := p.whole(cursor)
	p.news(f, news, all)
	p.absent(f, gone)
}

func (p *tap) news(f *flow, news, all []*lis.Record) {
	p.Helper()
	if p.Repeats || len(f.ended) > 0 {
		news = all // a list has what did not change too
	}
	p.same(f.items, news...)
}

// absent demands that what is gone is either dropped or not in a whole list.
func (p *tap) absent(f *flow, gone map[lis.Ref]bool) {
	for _, it := range f.items {
		ref := lis.Ref{Kind: it.Kind, ID: it.Key}
		if it.Act == lis.Drop {
			delete(gone, ref)
		} else if gone[ref] {
			p.Errorf("%s %s is gone and came", ref.Kind, ref.ID)
		}
	}
	for ref := range gone {
		if !f.ended[ref.Kind] {
			p.Errorf("%s %s is gone, and nothing says so", ref.Kind, ref.ID)
		}
	}
}

// cutOff breaks off after each number of items and goes on from the last
// cursor, as the gateway does after a crash: nothing is lost. Each time it is
// another system, since some forget what they gave.
func (p *tap) cutOff() {
	for most := 1; ; most++ {
		if most > 1000 {
			p.Fatal("a pull of a few objects has more than 1000 items")
		}
		p.source, p.control = p.open(p.T)
		want := p.fill(1, 2, 3)
		part := p.pull(p.Context(), "", most)
		if part.err != nil {
			p.Fatalf("pull: %v", part.err)
		}
		rest := p.whole(part.cursor)
		p.same(append(part.items, rest.items...), want...)
		if p.Failed() {
			p.Fatalf("it was broken off after %d items, and went on from %q", most, part.cursor)
		}
		if len(part.items) < most {
			return
		}
	}
}

// broken has the system fail midway: the error ends the pull, no list of what
// was not read has an end, and a later pull has it all.
func (p *tap) broken() {
	if p.control.Break == nil {
		p.Skip("the system cannot be made to fail")
	}
	want := p.fill(1, 2, 3)
	p.control.Break(p.T)
	f := p.pull(p.Context(), "", math.MaxInt)
	if f.err == nil {
		p.Error("a pull that broke has no error")
	}
	p.unfinished(f, 3)
	rest := p.whole(f.cursor)
	p.same(append(f.items, rest.items...), want...)
}

// unfinished demands that no list ended of which not all items came.
func (p *tap) unfinished(f *flow, each int) {
	p.Helper()
	count := map[lis.Kind]int{}
	for _, it := range p.changed(f.items) {
		count[it.Kind]++
	}
	for kind, ended := range f.ended {
		if ended && count[kind] < each {
			p.Errorf("%d of %d %s came, and their list ends as if it were whole", count[kind], each, kind)
		}
	}
}

// cancelled pulls with a context that has ended, and with one that ends midway.
func (p *tap) cancelled() {
	p.fill(1, 2, 3)
	for _, after := range []int{0, 1} {
		ctx, cancel := context.WithCancel(p.Context())
		f := &flow{begun: map[lis.Kind]bool{}, ended: map[lis.Kind]bool{}}
		if after == 0 {
			cancel()
		}
		for item, err := range p.source.Pull(ctx, "") {
			if f.err = err; err != nil {
				break
			}
			p.take(f, item)
			cancel()
		}
		cancel()
		(&bench{T: p.T}).classed(f.err)
		if f.err != nil && adapters.ClassOf(f.err) != adapters.Unavailable {
			p.Errorf("a pull whose context has ended: %v, want class %s", f.err, adapters.Unavailable)
		}
		if f.err == nil && len(p.changed(f.items)) < 3*len(p.Kinds) {
			p.Error("a pull whose context has ended stopped early without an error")
		}
		p.unfinished(f, 3)
	}
}
