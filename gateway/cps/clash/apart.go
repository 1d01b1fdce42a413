package clash

import (
	"cmp"
	"slices"

	"lisgate/gateway/lis"
)

// apart looks for cross-listed sections that meet at other times or in other
// rooms. One that has no place yet is not apart.
func (c *checkup) apart() {
	var own []slot
	met := 0
	for _, listing := range c.x.listed[c.p.ID] {
		for _, id := range c.x.listings[listing] {
			o := c.x.sections[id]
			if id == c.p.ID || o == nil || len(o.bookings) == 0 || alike(c.p, o) {
				continue
			}
			if own == nil {
				own = c.p.slots()
			}
			if t, differ := difference(own, o.slots()); differ {
				t.Rule, t.Other, t.other = RuleCrossList, id, o
				c.add(t)
				met++
			}
			if met == maxMet {
				return
			}
		}
	}
}

// alike reports whether two sections are written in the same way, as they
// mostly are: then they need not be sorted.
func alike(p, o *placed) bool {
	return slices.EqualFunc(p.bookings, o.bookings, func(a, b booking) bool {
		return a.day == b.day && a.start == b.start && a.end == b.end && a.weeks.equal(b.weeks) &&
			p.Meetings[a.meeting].Room == o.Meetings[b.meeting].Room
	})
}

// A slot is a room at a time of one weekday, in all weeks in which a section
// has it, in however many meetings that is written.
type slot struct {
	weeks
	room       lis.SourcedID
	day        uint8
	start, end lis.Clock
}

func (s slot) compare(o slot) int {
	return cmp.Or(cmp.Compare(s.day, o.day), cmp.Compare(s.start, o.start), cmp.Compare(s.end, o.end), cmp.Compare(s.room, o.room))
}

func (p *placed) slots() []slot {
	all := make([]slot, len(p.bookings))
	for i, b := range p.bookings {
		all[i] = slot{weeks: b.weeks, room: p.Meetings[b.meeting].Room, day: b.day, start: b.start, end: b.end}
	}
	slices.SortFunc(all, slot.compare)
	n := 0
	for _, s := range all[1:] {
		if all[n].compare(s) == 0 {
			all[n].weeks = all[n].union(s.weeks)
			continue
		}
		n++
		all[n] = s
	}
	return all[:n+1]
}

// difference returns the first slot that only one has, or has in other weeks.
func difference(own, others []slot) (trace, bool) {
	for i, j := 0, 0; i < len(own) || j < len(others); i, j = i+1, j+1 {
		switch {
		case j == len(others) || i < len(own) && own[i].compare(others[j]) < 0:
			return own[i].trace(own[i].first, false), true
		case i == len(own) || own[i].compare(others[j]) > 0:
			return others[j].trace(others[j].first, true), true
		}
		if week, theirs, differ := own[i].differs(others[j].weeks); differ {
			return own[i].trace(week, theirs), true
		}
	}
	return trace{}, false
}

func (s slot) trace(week int32, theirs bool) trace {
	return trace{
		Finding: Finding{Room: s.room, Date: dateOf(week, s.day), Start: s.start, End: s.end},
		theirs:  theirs,
	}
}
