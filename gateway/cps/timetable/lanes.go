package timetable

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// findClashes marks the blocks that cannot both be: two at one time, unless
// one is cancelled or they are one class; and one at a time when the room
// cannot be used.
func (p *picture) findClashes() {
	slices.SortFunc(p.blocks, inOrder)
	for i, b := range p.blocks {
		for _, o := range p.blocks[i+1:] {
			if o.day != b.day || o.start >= b.end {
				break
			}
			if !b.entry.Cancelled && !o.entry.Cancelled && !b.entry.is(o.entry) {
				b.clash(o.entry.name())
				o.clash(b.entry.name())
			}
		}
		for _, u := range p.busy {
			if b.overlaps(u) && !b.entry.Cancelled {
				b.clash("the room is not available")
				break
			}
		}
	}
}

// clash notes a reason; ten are enough.
func (b *block) clash(with string) {
	if len(b.clashes) < 10 {
		b.clashes = append(b.clashes[:len(b.clashes):len(b.clashes)], with)
	}
}

// is reports whether two entries are one class.
func (e *Entry) is(o *Entry) bool { return e.Together != "" && e.Together == o.Together }

func inOrder(a, b *block) int {
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end),
		cmp.Compare(a.entry.Section, b.entry.Section), cmp.Compare(a.entry.Meeting.N, b.entry.Meeting.N),
		cmp.Compare(a.entry.Meeting.ID, b.entry.Meeting.ID), cmp.Compare(a.entry.Label, b.entry.Label))
}

// assignLanes puts overlapping blocks side by side, cluster by cluster.
func (p *picture) assignLanes() {
	var out, cluster []*block
	var day int
	var end = -1
	for _, b := range p.blocks {
		if b.day != day || int(b.start) >= end {
			out = append(out, p.arrange(cluster)...)
			cluster, end = nil, -1
		}
		cluster, day, end = append(cluster, b), b.day, max(end, int(b.end))
	}
	p.blocks = append(out, p.arrange(cluster)...)
}

// arrange gives each block of a cluster the first free lane. Those past the
// last lane are folded into one block.
func (p *picture) arrange(cluster []*block) []*block {
	var free []int // when each lane is free
	for _, b := range cluster {
		b.lane = slices.IndexFunc(free, func(until int) bool { return until <= int(b.start) })
		if b.lane < 0 {
			b.lane = len(free)
			free = append(free, 0)
		}
		free[b.lane] = int(b.end)
	}
	if len(free) > maxLanes {
		cluster = fold(cluster)
	}
	for _, b := range cluster {
		b.lanes = min(len(free), maxLanes)
		p.lanes[b.day] = max(p.lanes[b.day], b.lanes)
	}
	return cluster
}

// fold puts all from the last lane on into one block.
func fold(cluster []*block) []*block {
	var kept []*block
	rest := &block{lane: maxLanes - 1}
	for _, b := range cluster {
		if b.lane < rest.lane {
			kept = append(kept, b)
			continue
		}
		if len(rest.folded) == 0 {
			rest.day, rest.start = b.day, b.start
		}
		rest.start, rest.end = min(rest.start, b.start), max(rest.end, b.end)
		rest.folded = append(rest.folded, b)
		rest.clashes = append(rest.clashes, b.clashes...)
	}
	return append(kept, rest)
}

// words says all of a block in one sentence.
func (b *block) words() string {
	if b.folded != nil {
		var names []string
		for _, f := range b.folded[:min(len(b.folded), 20)] {
			names = append(names, f.entry.name())
		}
		return fmt.Sprintf("%s–%s %d more: %s", b.start, b.end, len(b.folded), strings.Join(names, "; "))
	}
	e := b.entry
	s := []string{fmt.Sprintf("%s–%s %s", b.start, b.end, e.name())}
	for _, part := range []string{e.Meeting.Type, e.Place, e.teachers()} {
		if part != "" {
			s = append(s, part)
		}
	}
	if e.Cancelled {
		s = append(s, "cancelled")
	}
	if len(b.clashes) > 0 {
		s = append(s, "clash: "+strings.Join(b.clashes, "; "))
	}
	return strings.Join(s, ", ")
}
