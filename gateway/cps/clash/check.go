package clash

import (
	"cmp"
	"slices"

	"lisgate/gateway/lis"
)

// order is that in which rules are checked and told.
var order = [...]Rule{RuleRoom, RuleInstructor, RuleBusy, RuleTerm, RuleCapacity, RuleCrossList}

// A checkup is the check of one section against the index. It changes neither.
type checkup struct {
	x           *Index
	p           *placed
	crosslisted bool
	asked       count
	traces      []trace
	at          map[key]int // in traces
	comparisons int
}

// A trace is a finding before it is put in words.
type trace struct {
	Finding
	other           *placed
	seats, students int
	with            []*placed // whose students are counted too
	theirs          bool      // crosslist: it is the other that meets then
}

// Findings with the same key are told once, with the earliest date.
type key struct {
	rule                Rule
	other, room, person lis.SourcedID
}

// check looks for all that is wrong with a section.
func (x *Index) check(p *placed, asked count) *checkup {
	c := &checkup{x: x, p: p, asked: asked, crosslisted: len(x.listed[p.ID]) > 0}
	for i, look := range [len(order)]func(){c.rooms, c.people, c.closed, c.term, c.seats, c.apart} {
		if x.rules[order[i]] != Off && len(p.bookings) > 0 {
			look()
		}
	}
	return c
}

// rooms looks for other sections in its rooms.
func (c *checkup) rooms() {
	met := 0
	for i := range c.p.bookings {
		b := &c.p.bookings[i]
		room := c.p.Meetings[b.meeting].Room
		if room != "" && met < maxMet {
			c.overlaps(c.x.rooms.day(room, b.day), b, &met, trace{Finding: Finding{Rule: RuleRoom, Room: room}})
		}
	}
}

// people looks for other sections of its instructors.
func (c *checkup) people() {
	met := 0
	for i := range c.p.bookings {
		b := &c.p.bookings[i]
		for _, t := range c.p.teachers[b.meeting] {
			if met < maxMet {
				c.overlaps(c.x.people.day(t, b.day), b, &met, trace{Finding: Finding{Rule: RuleInstructor, Person: t}})
			}
		}
	}
}

// overlaps traces what of a tree overlaps a booking and may not.
func (c *checkup) overlaps(tree *node, b *booking, met *int, t trace) {
	c.search(tree, b, func(o *booking, week int32) bool {
		if o.at.ID == c.p.ID || c.together(o.at) {
			return true
		}
		t.Other, t.other = o.at.ID, o.at
		c.add(t.on(week, b, max(b.start, o.start), min(b.end, o.end)))
		*met++
		return *met < maxMet
	})
}

// closed looks for times at which its rooms cannot be used.
func (c *checkup) closed() {
	met := 0
	for i := range c.p.bookings {
		b := &c.p.bookings[i]
		room := c.p.Meetings[b.meeting].Room
		f := c.x.facilities[room]
		if f == nil || met >= maxMet {
			continue
		}
		t := trace{Finding: Finding{Rule: RuleBusy, Room: room}}
		c.search(f.busy[b.day], b, func(o *booking, week int32) bool {
			c.add(t.on(week, b, max(b.start, o.start), min(b.end, o.end)))
			met++
			return met < maxMet
		})
	}
}

// term looks for days outside the term.
func (c *checkup) term() {
	for i := range c.p.bookings {
		b := &c.p.bookings[i]
		t := trace{Finding: Finding{Rule: RuleTerm}}
		if begin := c.p.Begin; begin != 0 && dateOf(b.first, b.day) < begin {
			c.add(t.on(b.first, b, b.start, b.end))
		} else if end := c.p.End; end != 0 {
			if week, ok := b.common(b.weeks, weekTo(end, int(b.day))+1); ok {
				c.add(t.on(week, b, b.start, b.end))
			}
		}
	}
}

func (c *checkup) search(tree *node, b *booking, found func(*booking, int32) bool) {
	s := search{booking: b, found: found}
	s.in(tree)
	c.comparisons += s.comparisons
}

// together reports whether a section is cross-listed with the one checked.
func (c *checkup) together(o *placed) bool {
	return c.crosslisted && slices.ContainsFunc(c.x.listed[c.p.ID], func(l lis.SourcedID) bool {
		return slices.Contains(c.x.listed[o.ID], l)
	})
}

// on gives a trace its time.
func (t trace) on(week int32, b *booking, start, end lis.Clock) trace {
	t.Date, t.Start, t.End = dateOf(week, b.day), start, end
	return t
}

func (c *checkup) add(t trace) {
	t.Section, t.Hard = c.p.ID, c.x.rules[t.Rule] == Hard
	k := key{t.Rule, t.Other, t.Room, t.Person}
	i, told := c.at[k]
	switch {
	case !told:
		if c.at == nil {
			c.at = map[key]int{}
		}
		c.at[k] = len(c.traces)
		c.traces = append(c.traces, t)
	case t.compare(c.traces[i]) < 0:
		c.traces[i] = t
	}
}

// compare puts the earliest first, and of these the longest.
func (t trace) compare(o trace) int {
	return cmp.Or(cmp.Compare(t.Date, o.Date), cmp.Compare(t.Start, o.Start), cmp.Compare(o.End, t.End))
}

// refused reports whether there is a hard finding.
func (c *checkup) refused() bool {
	return slices.ContainsFunc(c.traces, func(t trace) bool { return t.Hard })
}

// findings returns what was found in words: hard ones first, then by rule, the
// earliest first; at most maxFindings, and one that counts the others.
func (c *checkup) findings() []Finding {
	if len(c.traces) == 0 {
		return nil
	}
	slices.SortFunc(c.traces, func(a, b trace) int {
		if a.Hard && !b.Hard {
			return -1
		} else if b.Hard && !a.Hard {
			return 1
		}
		return cmp.Or(slices.Index(order[:], a.Rule)-slices.Index(order[:], b.Rule), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Start, b.Start),
			cmp.Compare(a.Other, b.Other), cmp.Compare(a.Room, b.Room), cmp.Compare(a.Person, b.Person))
	})
	c.at = nil // the places are others now
	told := make([]Finding, 0, min(len(c.traces), maxFindings+1))
	for i := range c.traces {
		if i == maxFindings {
			return append(told, c.more(&c.traces[i], len(c.traces)-i))
		}
		t := &c.traces[i]
		t.Text = c.text(t)
		told = append(told, t.Finding)
	}
	return told
}
