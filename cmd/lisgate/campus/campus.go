// Package campus makes up a campus before its timetable is made: a term,
// buildings and rooms, courses and what is asked of the planner for each of
// their sections, staff, and students with the courses that they want to take.
//
// It is what a student information system tells a planner at the beginning
// (CPS facts, 5.3, seed): groups, templates, offerings, requested sections and
// their associations, people, memberships. Everything follows from a seed and a
// size; only the list of courses is held, the rest is made when its turn comes.
// The rooms and the times suffice, with about 70 % of the room hours in use.
// People are those of package term: none is real.
package campus

import (
	"iter"
	"math/rand/v2"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// A Size is how much there is of a campus.
type Size struct {
	Rooms, Sections, Students int
	Instructors               int // made even; 0 for as many as the sections need
}

// Whole is the campus of the tests.
var Whole = Size{Rooms: 60, Sections: 900, Students: 12000, Instructors: 250}

// A Campus is a made-up campus. The same seed and size are the same campus.
type Campus struct {
	seed    uint64
	size    Size
	people  *term.Term // whose people these are
	courses []course
	of      []int // the course of a section
	seats   int   // in all courses
	wishes  int   // how many courses a student wants
}

// leastRooms is one of each shape, see shapes.
const leastRooms = 12

// sectionsPerInstructor is how much somebody teaches.
const sectionsPerInstructor = 3.6

// New returns the campus of a seed. There are at least twelve rooms, one
// section and two instructors.
func New(seed uint64, size Size) *Campus {
	size.Rooms, size.Sections = max(size.Rooms, leastRooms), max(size.Sections, 1)
	if size.Instructors <= 0 {
		size.Instructors = int(float64(size.Sections) / sectionsPerInstructor)
	}
	size.Instructors = max(2, size.Instructors+size.Instructors%2)
	c := &Campus{seed: seed, size: size, people: term.New(seed, float64(size.Instructors)/instructorsOfTerm)}
	c.layOut()
	return c
}

// instructorsOfTerm is how many instructors package term has at scale 1.
const instructorsOfTerm = 40

// Small returns a campus for demos: 12 rooms, 60 sections, 600 students.
func Small(seed uint64) *Campus { return New(seed, Size{Rooms: 12, Sections: 60, Students: 600}) }

// Size returns how much there is.
func (c *Campus) Size() Size { return c.size }

// A Phase is a part of the seed that must be there before the next part makes
// sense.
type Phase = term.Phase

// Seed returns what a planner is told, parents before those who refer to them.
func (c *Campus) Seed() []Phase {
	groups := 1 + buildingCount + c.size.Rooms
	courses, sections, people := len(c.courses), c.size.Sections, c.size.Instructors+c.size.Students
	return []Phase{
		{Name: "term, buildings and rooms", Kind: lis.KindGroup, Count: groups, Calls: replacing(groups, c.group)},
		{Name: "course templates", Kind: lis.KindCourseTemplate, Count: courses, Calls: replacing(courses, c.template)},
		{Name: "course offerings", Kind: lis.KindCourseOffering, Count: courses, Calls: replacing(courses, c.offering)},
		{Name: "requested sections", Kind: lis.KindCourseSection, Count: sections, Calls: replacing(sections, c.section)},
		{Name: "section associations", Kind: lis.KindSectionAssociation, Count: c.associationCount(), Calls: c.associations},
		{Name: "staff and students", Kind: lis.KindPerson, Count: people, Calls: replacing(people, c.people.Person)},
		{Name: "who teaches", Kind: lis.KindMembership, Count: c.teachingCount(), Calls: c.teaching},
		{Name: "what students want to take", Kind: lis.KindMembership, Count: c.wishCount(), Calls: c.wanting},
	}
}

// replacing makes the calls that replace objects 0 to n-1.
func replacing(n int, record func(int) *lis.Record) iter.Seq[*lis.Call] {
	return func(yield func(*lis.Call) bool) {
		for i := range n {
			if !yield(replace(record(i))) {
				return
			}
		}
	}
}

func replace(r *lis.Record) *lis.Call {
	return &lis.Call{Operation: lis.OperationFor(r.Object.Kind(), lis.Replace), ID: r.ID, Record: r}
}

// dice returns the chance of one object: the same for the same number, and
// independent of what was made before.
func (c *Campus) dice(purpose uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed^purpose*0x9e3779b97f4a7c15, uint64(i)))
}

// What chance is for.
const (
	forCourse uint64 = iota + 101
	forRoom
	forSection
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
