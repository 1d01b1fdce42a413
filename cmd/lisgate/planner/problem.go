// Package planner is a pretend planner: a timetabler with a simple heuristic,
// and a system around it that speaks LIS as a planning system would.
//
// The timetabler (Schedule) is honest and no optimiser: largest first, the best
// time for each section at its turn, and no search beyond moving one other
// section out of the way. It keeps what is hard: rooms, seats, features, times
// that are not to be had, instructors, required constraints, cross-listed
// sections together. Clashes of students it avoids as far as that goes and
// counts. What it cannot place it names, with the reason.
//
// What cannot be held: constraints other than those of the table in
// constraints.go, travel times, room groups, and the penalties of constraints
// that are not required. Solution.Unheeded names what was met of them.
package planner

import (
	"lisgate/gateway/lis"
)

// A Problem is what there is to plan.
type Problem struct {
	Begin, End   lis.Date // of the term, both days included
	TimeZone     string   // of all times of day, an IANA name
	Rooms        map[lis.SourcedID]lis.Room
	Sections     []Section
	Associations []Association
	// Wanted are the students of each offering. Each gets one section of each
	// category that the offering has.
	Wanted map[lis.SourcedID][]lis.SourcedID
	// Unread says what of the records could not be read.
	Unread []string
}

// A Section is a section to be planned.
type Section struct {
	ID       lis.SourcedID
	Offering lis.SourcedID
	Category string // Lecture, Laboratory …
	Limit    int    // how many students may sit in it; 0 for no limit
	Request  lis.Request
	Link     lis.SectionLink
	// Fixed are meetings that stay as they are; without them the section is planned.
	Fixed       []lis.Meeting
	Instructors []lis.SourcedID
	Seated      []lis.SourcedID // students who sit in it already
}

// An Association is what binds sections.
type Association struct {
	ID          lis.SourcedID
	Sections    []lis.SourcedID
	Constraints []lis.Constraint // none for cross-listed sections
}

// maxWeeks is how long a term may be: a week is a bit of a word.
const maxWeeks = 64

// A Solution is a timetable. It is not safe for use by many goroutines.
type Solution struct {
	Planned  []Planned // those that have a time or need none, in the order of the problem
	Unplaced []Unplaced
	Unseated []Unseated
	// Clashes counts pairs of classes that one student has at the same time.
	Clashes int
	// Unheeded says what of the problem this planner does not look at.
	Unheeded []string

	table *table
}

// A Planned is a section with its place in the timetable.
type Planned struct {
	ID       lis.SourcedID
	Meetings []lis.Meeting
	Students []lis.SourcedID // in the order of their ids
}

// An Unplaced is a section that has found no place.
type Unplaced struct {
	ID     lis.SourcedID `json:"section"`
	Reason string        `json:"reason"`
}

// An Unseated is a student who has found no seat in an offering.
type Unseated struct {
	Student  lis.SourcedID `json:"student"`
	Offering lis.SourcedID `json:"offering"`
	Reason   string        `json:"reason"`
}

// Section returns a planned section, or nil.
func (s *Solution) Section(id lis.SourcedID) *Planned {
	for i := range s.Planned {
		if s.Planned[i].ID == id {
			return &s.Planned[i]
		}
	}
	return nil
}
