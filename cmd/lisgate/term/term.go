// Package term makes up one university term: departments, courses, people of
// many languages and their enrolments, as a student information system would
// send them, and at its end the grades that the learning system sends back.
//
// Everything follows from a seed and a scale. Nothing is held: each object is
// made when its turn comes, from its number, so that a term may be of any
// size. No person in it is real, and all addresses are under example.edu.
package term

import (
	"iter"
	"math"
	"math/rand/v2"

	"lisgate/gateway/lis"
)

// The size of a term at scale 1.
const (
	baseDepartments = 12
	basePairs       = 20 // of offerings: one with two sections, one with one
	basePeople      = 2000
)

// How a term hangs together.
const (
	facultyCount        = 4
	offeringsPerPair    = 2
	sectionsPerPair     = 3
	coursesPerStudent   = 6
	assistantsOfSection = 3
)

// A Term is a made-up term. The same seed and scale are the same term.
type Term struct {
	seed uint64

	departments, pairs, people int
	instructors                int // the first of the people
}

// New returns the term of a seed. Scale 1 has 60 sections, 2,000 people and
// 12,000 memberships; what is below 0.02 counts as that.
func New(seed uint64, scale float64) *Term {
	t := &Term{seed: seed}
	size := func(base, least int) int { return max(least, int(math.Round(float64(base)*scale))) }
	t.departments = min(size(baseDepartments, facultyCount), len(subjects))
	t.pairs = size(basePairs, 1)
	t.people = size(basePeople, 40)
	t.instructors = t.pairs * 2
	return t
}

func (t *Term) templates() int { return t.pairs * offeringsPerPair }

// Sections counts the sections.
func (t *Term) Sections() int { return t.pairs * sectionsPerPair }
func (t *Term) students() int { return t.people - t.instructors }

// A Phase is a part of the term that must be there before the next part
// makes sense.
type Phase struct {
	Name  string // for people, such as "course sections"
	Kind  lis.Kind
	Count int
	Calls iter.Seq[*lis.Call]
}

// Roster returns what the student information system knows at the beginning
// of the term, parents before those who refer to them.
func (t *Term) Roster() []Phase {
	return []Phase{
		{"groups", lis.KindGroup, t.groupCount(), t.groups},
		{"course templates", lis.KindCourseTemplate, t.templates(), replacing(t.templates(), t.template)},
		{"course offerings", lis.KindCourseOffering, t.templates(), replacing(t.templates(), t.offering)},
		{"course sections", lis.KindCourseSection, t.Sections(), replacing(t.Sections(), t.section)},
		{"section associations", lis.KindSectionAssociation, t.associations(), replacing(t.associations(), t.association)},
		{"people", lis.KindPerson, t.people, replacing(t.people, t.Person)},
		{"memberships", lis.KindMembership, t.membershipCount(), t.memberships},
	}
}

// Grades returns what the learning system knows at the end of the term. The
// results come as one replaceResultsForLineItem per section; Count is of the
// results in them.
func (t *Term) Grades() []Phase {
	return []Phase{
		{"grade scales", lis.KindResultValue, len(scales), replacing(len(scales), t.scale)},
		{"final line items", lis.KindLineItem, t.Sections(), replacing(t.Sections(), t.lineItem)},
		{"final results", lis.KindResult, t.learnings(), t.results},
	}
}

// Counts returns how many objects of each kind the term has, grades included.
func (t *Term) Counts() map[lis.Kind]int {
	counts := map[lis.Kind]int{}
	for _, phase := range append(t.Roster(), t.Grades()...) {
		counts[phase.Kind] += phase.Count
	}
	return counts
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
func (t *Term) dice(purpose uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(t.seed^purpose*0x9e3779b97f4a7c15, uint64(i)))
}

// What chance is for.
const (
	forPerson uint64 = iota + 1
	forCourses
	forAssistants
	forSection
	forResult
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
