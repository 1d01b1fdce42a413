package term

import (
	"iter"
	"math/rand/v2"

	"lisgate/gateway/lis"
)

// courses returns the sections in which a student sits, by number: of
// different offerings, as many as there are up to six.
func (t *Term) courses(student int) []int {
	r := t.dice(forCourses, student)
	var offerings, sections []int
	for _, o := range distinct(r, t.perStudent(), t.templates()) {
		offerings = append(offerings, o)
		sections = append(sections, sectionOf(o, r))
	}
	return sections
}

func (t *Term) perStudent() int { return min(coursesPerStudent, t.templates()) }

// distinct draws k different numbers below n (Floyd's way).
func distinct(r *rand.Rand, k, n int) []int {
	drawn := make([]int, 0, k)
	for top := n - k; top < n; top++ {
		x := r.IntN(top + 1)
		for _, seen := range drawn {
			if seen == x {
				x = top
			}
		}
		drawn = append(drawn, x)
	}
	return drawn
}

// learnings counts the memberships of learners.
func (t *Term) learnings() int { return t.students() * t.perStudent() }

// assistants counts the assistants of a section. Where everybody takes every
// course, nobody is free to help.
func (t *Term) assistants() int {
	if t.templates() <= coursesPerStudent {
		return 0
	}
	return assistantsOfSection
}

func (t *Term) membershipCount() int {
	return t.learnings() + t.Sections()*(1+t.assistants())
}

// memberships sends the instructor and the assistants of each section, then
// the learners, student by student.
func (t *Term) memberships(yield func(*lis.Call) bool) {
	for m := range t.Seats() {
		if !yield(replace(m.Record())) {
			return
		}
	}
}

// A Seat is a membership in numbers: who sits in which section as what.
type Seat struct {
	Section, Person int
	Role            string
}

// The roles of a term.
const (
	Instructor        = "Instructor"
	TeachingAssistant = "TeachingAssistant"
	Learner           = "Learner"
)

// Seats sends all memberships in numbers.
func (t *Term) Seats() iter.Seq[Seat] {
	return func(yield func(Seat) bool) {
		for section := range t.Sections() {
			if !t.staff(section, yield) {
				return
			}
		}
		for m := range t.learners() {
			if !yield(m) {
				return
			}
		}
	}
}

// learners sends who sits where, student by student.
func (t *Term) learners() iter.Seq[Seat] {
	return func(yield func(Seat) bool) {
		for student := range t.students() {
			for _, section := range t.courses(student) {
				if !yield(Seat{section, t.instructors + student, Learner}) {
					return
				}
			}
		}
	}
}

// staff sends the instructor of a section, and its assistants: students who
// do not sit in it themselves.
func (t *Term) staff(section int, yield func(Seat) bool) bool {
	if !yield(Seat{section, section % t.instructors, Instructor}) {
		return false
	}
	r := t.dice(forAssistants, section)
	helping := map[int]bool{}
	for len(helping) < t.assistants() {
		student := r.IntN(t.students())
		if helping[student] || t.sits(student, section) {
			continue
		}
		helping[student] = true
		if !yield(Seat{section, t.instructors + student, TeachingAssistant}) {
			return false
		}
	}
	return true
}

func (t *Term) sits(student, section int) bool {
	for _, s := range t.courses(student) {
		if s == section {
			return true
		}
	}
	return false
}
