package planner

import (
	"cmp"
	"maps"
	"slices"

	"lisgate/gateway/lis"
)

// A unit is what is placed as one: a section, or cross-listed ones together.
type unit struct {
	sections    []*Section
	seats       int // in the room
	noRoom      bool
	features    []string
	instructors []lis.SourcedID
	times       []moment
	rooms       []*room // those that would do, best first
	bonds       []bond
	fixed       bool
	arranged    bool

	at     *pattern // nil for not placed
	room   *room
	reason string // why it is not placed
}

func (u *unit) id() lis.SourcedID { return u.sections[0].ID }

// A table is a timetable in the making.
type table struct {
	problem  *Problem
	calendar calendar
	units    []*unit // in the order of the problem
	unitOf   map[lis.SourcedID]*unit
	rooms    []*room // in the order of their ids
	busy     map[lis.SourcedID][]booking
	crowd    map[pair]int // students who want both offerings
	near     map[lis.SourcedID][]lis.SourcedID
	types    map[lis.SourcedID]map[string][]*Section // the sections of an offering, by category
	seating  *seating                                // nil before students are seated
	ignored  map[string]bool
}

func newTable(p *Problem, c calendar) *table {
	t := &table{problem: p, calendar: c, unitOf: map[lis.SourcedID]*unit{}, busy: map[lis.SourcedID][]booking{}, ignored: map[string]bool{}}
	t.openRooms()
	t.count()
	for _, members := range t.gather() {
		u := t.unit(members)
		t.units = append(t.units, u)
		for _, s := range members {
			t.unitOf[s.ID] = u
		}
	}
	for i := range p.Associations {
		t.bind(&p.Associations[i])
	}
	return t
}

func (t *table) ignore(what string) { t.ignored[what] = true }

// gather puts cross-listed sections together.
func (t *table) gather() [][]*Section {
	lead := map[lis.SourcedID]lis.SourcedID{} // towards the first of its group
	find := func(id lis.SourcedID) lis.SourcedID {
		for lead[id] != "" && lead[id] != id {
			id = lead[id]
		}
		return id
	}
	for i := range t.problem.Associations {
		a := &t.problem.Associations[i]
		if !lis.CrossListing(a.Constraints) {
			continue
		}
		for _, id := range a.Sections {
			if first, mine := find(a.Sections[0]), find(id); first != mine {
				lead[mine] = first
			}
		}
	}
	groups, order := map[lis.SourcedID][]*Section{}, []lis.SourcedID(nil)
	for i := range t.problem.Sections {
		s := &t.problem.Sections[i]
		first := find(s.ID)
		if groups[first] == nil {
			order = append(order, first)
		}
		groups[first] = append(groups[first], s)
	}
	all := make([][]*Section, len(order))
	for i, id := range order {
		all[i] = groups[id]
	}
	return all
}

// unit says what sections need together.
func (t *table) unit(members []*Section) *unit {
	u := &unit{sections: members, noRoom: true}
	var times [][]moment
	people, features := map[lis.SourcedID]bool{}, map[string]bool{}
	least := 0
	for _, s := range members {
		q := &s.Request
		u.seats += t.seatsOf(s)
		least = max(least, q.MinRoomCapacity)
		u.noRoom = u.noRoom && q.NoRoom
		u.fixed = u.fixed || len(s.Fixed) > 0
		u.arranged = isArranged(q)
		times = append(times, t.calendar.moments(q))
		for _, f := range q.RoomFeatures {
			features[f] = true
		}
		for _, p := range s.Instructors {
			people[p] = true
		}
		if len(q.RoomGroups) > 0 {
			t.ignore("room groups of requests")
		}
	}
	u.seats = max(u.seats, least)
	u.features, u.instructors = slices.Sorted(maps.Keys(features)), slices.Sorted(maps.Keys(people))
	u.times = together(times)
	u.rooms = t.suitable(u)
	return u
}

// seatsOf is how many students a section may have: its limit, or its share of
// those who want the offering.
func (t *table) seatsOf(s *Section) int {
	if s.Limit > 0 {
		return s.Limit
	}
	peers := len(t.types[s.Offering][s.Category])
	return (len(t.problem.Wanted[s.Offering]) + peers - 1) / max(peers, 1)
}

// turn is the order in which units are placed: largest first, then those with
// the fewest ways.
func (t *table) turn() []*unit {
	order := slices.Clone(t.units)
	slices.SortStableFunc(order, func(a, b *unit) int {
		ways := func(u *unit) int { return len(u.times) * max(len(u.rooms), 1) }
		return cmp.Or(cmp.Compare(b.seats, a.seats), cmp.Compare(ways(a), ways(b)), cmp.Compare(a.id(), b.id()))
	})
	return order
}

type pair struct{ a, b lis.SourcedID }

// count finds out which offerings students want together.
func (t *table) count() {
	t.crowd, t.near = map[pair]int{}, map[lis.SourcedID][]lis.SourcedID{}
	t.types = map[lis.SourcedID]map[string][]*Section{}
	for i := range t.problem.Sections {
		s := &t.problem.Sections[i]
		if t.types[s.Offering] == nil {
			t.types[s.Offering] = map[string][]*Section{}
		}
		t.types[s.Offering][s.Category] = append(t.types[s.Offering][s.Category], s)
	}
	for _, offerings := range t.wishes() {
		for i, a := range offerings {
			for _, b := range offerings[:i] {
				if t.crowd[pair{a, b}]++; t.crowd[pair{a, b}] == 1 {
					t.near[a], t.near[b] = append(t.near[a], b), append(t.near[b], a)
				}
			}
		}
	}
}

// wishes returns the offerings of each student, in the order of their ids.
func (t *table) wishes() map[lis.SourcedID][]lis.SourcedID {
	all := map[lis.SourcedID][]lis.SourcedID{}
	for _, offering := range slices.Sorted(maps.Keys(t.problem.Wanted)) {
		for _, student := range t.problem.Wanted[offering] {
			if had := all[student]; len(had) == 0 || had[len(had)-1] != offering {
				all[student] = append(had, offering)
			}
		}
	}
	return all
}
