// Package clash finds what cannot be in a timetable: two sections in one room
// or with one instructor at one time, too few seats, a closed room, dates
// outside the term, and cross-listed sections that meet apart.
//
// It rests on CPS facts, 5.2 (the fields of a meeting and of a room) and 5.5
// (what is refused). LIS and what is known of CPS say nothing of clashes: the
// rules are ours, and so is what each weighs (rules.go).
//
// Each room and each person has a calendar: a tree for each day of the week,
// of the bookings of that day, by week and time. A booking is one weekday of
// one meeting; its weeks are a set of bits, counted from one Monday for all,
// so that masks with different start dates compare word by word. A search
// takes O(log n) steps and one for each booking found, and a packet of n
// meetings O(n log n).
//
// What cannot be held:
//   - Times are civil: two time zones in one room are not seen through.
//   - A meeting without dates takes those of the term. With no start at all,
//     no day, no times, or an end that is not after its start it takes no
//     time, and is not checked; nor is an arranged one, or a cancelled section.
//   - The meetings of one section do not clash with one another.
//   - Sections are cross-listed when one association names both. The work of a
//     cross-listing grows with the square of its sections; there are few.
//   - Travel between rooms takes no time.
package clash

import (
	"hash/maphash"
	"slices"

	"lisgate/gateway/lis"
)

// A Section is what is checked of a course section. Its slices are kept, not
// copied: they must not change afterwards.
type Section struct {
	ID       lis.SourcedID
	Label    string
	Meetings []lis.Meeting
	// Students are those enrolled or expected; nil for none. It is asked only
	// when the answer could matter.
	Students   func() int
	Max        int      // maxNumberofStudents; 0 for not known
	Begin, End lis.Date // of the term; 0 for not known
	// Instructors teach all meetings. One who is named in a meeting too
	// teaches only those that name him.
	Instructors []lis.SourcedID
	Cancelled   bool
}

// An Index holds the timetable that is checked against. It has no lock:
// Section and Clashes only read, and may run side by side; all else changes it.
type Index struct {
	rules       map[Rule]Severity
	seed        maphash.Seed // of the shape of the trees, never of a result
	sections    map[lis.SourcedID]*placed
	rooms       calendars
	people      calendars
	facilities  map[lis.SourcedID]*facility
	listings    map[lis.SourcedID][]lis.SourcedID // cross-listing -> sections
	listed      map[lis.SourcedID][]lis.SourcedID // section -> cross-listings
	comparisons int                               // of bookings in Try, for tests
}

// New returns an empty index.
func New(rules Rules) *Index {
	return &Index{
		rules:      rules.complete(),
		seed:       maphash.MakeSeed(),
		sections:   map[lis.SourcedID]*placed{},
		rooms:      calendars{},
		people:     calendars{},
		facilities: map[lis.SourcedID]*facility{},
		listings:   map[lis.SourcedID][]lis.SourcedID{},
		listed:     map[lis.SourcedID][]lis.SourcedID{},
	}
}

// PutSection takes a section in as it is, unchecked, in place of what the
// index had of it.
func (x *Index) PutSection(s Section) {
	x.DropSection(s.ID)
	x.put(x.place(s))
}

// DropSection takes a section out.
func (x *Index) DropSection(id lis.SourcedID) {
	if p := x.sections[id]; p != nil {
		x.take(p)
	}
}

// Section returns a section as it was put in.
func (x *Index) Section(id lis.SourcedID) (Section, bool) {
	if p := x.sections[id]; p != nil {
		return p.Section, true
	}
	return Section{}, false
}

// PutRoom says how many seats a room has and when it cannot be used. What is
// booked in it stays.
func (x *Index) PutRoom(id lis.SourcedID, r lis.Room) { x.facilities[id] = newFacility(r) }

// DropRoom forgets that. What is booked in the room stays.
func (x *Index) DropRoom(id lis.SourcedID) { delete(x.facilities, id) }

// PutCrossListing says that sections are one class under several names: they
// may share room, time and instructor. They need not be in the index.
func (x *Index) PutCrossListing(id lis.SourcedID, sections []lis.SourcedID) {
	x.DropCrossListing(id)
	for _, s := range sections {
		if !slices.Contains(x.listed[s], id) {
			x.listed[s] = append(x.listed[s], id)
			x.listings[id] = append(x.listings[id], s)
		}
	}
}

// DropCrossListing says that they are not.
func (x *Index) DropCrossListing(id lis.SourcedID) {
	for _, s := range x.listings[id] {
		x.listed[s] = slices.DeleteFunc(x.listed[s], func(l lis.SourcedID) bool { return l == id })
		if len(x.listed[s]) == 0 {
			delete(x.listed, s)
		}
	}
	delete(x.listings, id)
}

// Clashes says what is wrong with a section as the index has it now, hard and
// soft.
func (x *Index) Clashes(id lis.SourcedID) []Finding {
	p := x.sections[id]
	if p == nil {
		return nil
	}
	return x.check(p, count{}).findings()
}
