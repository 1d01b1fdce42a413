package planner

import (
	"cmp"
	"fmt"
	"slices"
)

// The weights by which times are compared [ours].
const (
	timePenalty    = 20 // a point of a preference
	studentPenalty = 6  // a student who would have two classes at once
	crowdPenalty   = 1  // a class at the same time, so that the week is spread
)

// place finds a time and a room for a unit. Where there is none as things are,
// one other unit may move.
func (t *table) place(u *unit) bool {
	if u.arranged || u.at != nil {
		return true
	}
	if u.find(t) || t.makeRoom(u) {
		u.reason = ""
		return true
	}
	return false
}

// find takes the best time at which everything is free, and says why where
// there is none.
func (u *unit) find(t *table) bool {
	switch {
	case len(u.times) == 0:
		u.reason = "no time fits: the request names none within the term, or those of cross-listed sections have none in common; name other times"
		return false
	case !u.noRoom && len(u.rooms) == 0:
		u.reason = u.lacking()
		return false
	}
	var noRoom, noPerson, bound int
	for _, m := range t.ranked(u) {
		switch {
		case t.teaches(u, &m.pattern) != nil:
			noPerson++
		case !t.book(u, &m.pattern):
			noRoom++
		case u.broken() != nil:
			t.free(u)
			bound++
		default:
			return true
		}
	}
	u.reason = fmt.Sprintf("none of its %d times is free: at %d the instructor teaches elsewhere, at %d all %d rooms that would do are taken, at %d a required constraint stands against it; name more times, or close fewer rooms",
		len(u.times), noPerson, noRoom, len(u.rooms), bound)
	return false
}

// ranked returns the times of a unit, best first.
func (t *table) ranked(u *unit) []moment {
	cost := make(map[int]int, len(u.times))
	order := make([]int, len(u.times))
	for i := range u.times {
		m := &u.times[i]
		order[i] = i
		cost[i] = timePenalty*m.penalty + studentPenalty*t.clashing(u, &m.pattern) + crowdPenalty*t.others(u, &m.pattern)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost[a], cost[b]) })
	list := make([]moment, len(order))
	for i, n := range order {
		list[i] = u.times[n]
	}
	return list
}

// others counts the units at a time.
func (t *table) others(u *unit, p *pattern) (n int) {
	for _, o := range t.units {
		if o != u && o.at != nil && o.at.overlaps(p) {
			n++
		}
	}
	return n
}

// clashing estimates how many students would have two classes at a time: of
// those who want both offerings the share that has no other section to go to.
// Once students are seated it counts them.
func (t *table) clashing(u *unit, p *pattern) int {
	if t.seating != nil {
		return t.seating.clashing(u, p)
	}
	n := 0
	for _, s := range u.sections {
		for _, offering := range t.near[s.Offering] {
			both := t.crowd[pair{s.Offering, offering}] + t.crowd[pair{offering, s.Offering}]
			for _, sections := range t.types[offering] {
				for _, other := range sections {
					if o := t.unitOf[other.ID]; o != u && o != nil && o.at != nil && o.at.overlaps(p) {
						n += both / len(sections) / len(t.types[s.Offering][s.Category])
					}
				}
			}
		}
		n += t.clashingOwn(s, p)
	}
	return n
}

// clashingOwn counts what a section and those of another category in the same
// offering take from each other: a lecture and its laboratories.
func (t *table) clashingOwn(s *Section, p *pattern) int {
	n := 0
	for category, sections := range t.types[s.Offering] {
		if category == s.Category {
			continue
		}
		for _, other := range sections {
			if o := t.unitOf[other.ID]; o != nil && o.at != nil && o.at.overlaps(p) {
				n += len(t.problem.Wanted[s.Offering]) / len(sections) / len(t.types[s.Offering][s.Category])
			}
		}
	}
	return n
}

// teaches returns what an instructor of a unit does at a time, or nil.
func (t *table) teaches(u *unit, p *pattern) *booking {
	for _, person := range u.instructors {
		if b := taken(t.busy[person], p); b != nil {
			return b
		}
	}
	return nil
}

// book puts a unit into the best free room at a time.
func (t *table) book(u *unit, p *pattern) bool {
	if u.noRoom {
		t.put(u, p, nil)
		return true
	}
	for _, r := range u.rooms {
		if !r.closed && taken(r.booked, p) == nil {
			t.put(u, p, r)
			return true
		}
	}
	return false
}

// put places a unit, whoever is there.
func (t *table) put(u *unit, p *pattern, r *room) {
	at := *p
	u.at, u.room = &at, r
	if r != nil {
		r.booked = append(r.booked, booking{at, u})
	}
	for _, person := range u.instructors {
		t.busy[person] = append(t.busy[person], booking{at, u})
	}
}

// free takes a unit out of the timetable.
func (t *table) free(u *unit) {
	mine := func(b booking) bool { return b.by == u }
	if u.room != nil {
		u.room.booked = slices.DeleteFunc(u.room.booked, mine)
	}
	for _, person := range u.instructors {
		t.busy[person] = slices.DeleteFunc(t.busy[person], mine)
	}
	u.at, u.room = nil, nil
}

// makeRoom moves one other unit out of the way of a unit.
func (t *table) makeRoom(u *unit) bool {
	for _, m := range t.ranked(u) {
		if t.teaches(u, &m.pattern) != nil {
			continue
		}
		for _, r := range u.rooms {
			if other := inTheWay(r, &m.pattern); other != nil && t.swap(u, other, &m.pattern, r) {
				return true
			}
		}
	}
	return false
}

// inTheWay returns the only unit in a room at a time, if it can move.
func inTheWay(r *room, p *pattern) *unit {
	var one *unit
	for i := range r.booked {
		b := &r.booked[i]
		if !b.overlaps(p) {
			continue
		}
		if b.by == nil || b.by.fixed || one != nil && one != b.by {
			return nil
		}
		one = b.by
	}
	return one
}

// swap puts a unit where another is and the other elsewhere, or leaves all as
// it was.
func (t *table) swap(u, other *unit, p *pattern, r *room) bool {
	at := other.at
	t.free(other)
	t.put(u, p, r)
	if u.broken() == nil && other.find(t) {
		return true
	}
	t.free(u)
	t.put(other, at, r)
	other.reason = ""
	return false
}
