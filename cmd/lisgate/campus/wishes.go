package campus

import (
	"sort"

	"lisgate/gateway/lis"
)

// mostWishes is how many courses a student wants at most.
const mostWishes = 5

// Students take the seats of all courses in a fixed stride: the courses of a
// student are far apart in the list, and who sits beside somebody in one course
// does so in the others, as in a curriculum. No seat is taken twice.

// stride is what the places of two wishes of one student are apart: a little
// more than a fifth of all seats, so that five of them meet no course twice,
// and without a common divisor with their number.
func (c *Campus) stride() int {
	s := max(c.seats*205/1000, 1)
	for gcd(s, c.seats) != 1 {
		s++
	}
	return s
}

// wishesOf is how many courses a student wants: as many as there are seats for,
// and in a small campus no more than lie further apart than its largest course.
func (c *Campus) wishesOf() int {
	n, largest, apart := min(mostWishes, c.seats*9/10/max(c.size.Students, 1)), 0, c.stride()
	for i := range c.courses {
		largest = max(largest, c.courses[i].seats())
	}
	for n > 1 && (apart < largest || c.seats-(n-1)*apart < largest) {
		n--
	}
	return max(n, 1)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// wishCount is how many wishes there are in all.
func (c *Campus) wishCount() int { return min(c.size.Students*c.wishes, c.seats) }

// courseAt returns the course of a wish by its number from 0.
func (c *Campus) courseAt(wish int) int {
	seat := (wish*c.stride() + int(c.seed%uint64(c.seats))) % c.seats
	return sort.Search(len(c.courses), func(i int) bool { return c.courses[i].before > seat }) - 1
}

// demand is how many students want a course, as the students' office expects:
// nearly as many as will.
func (c *Campus) demand(k *course) int {
	return max(1, k.seats()*c.wishCount()/c.seats)
}

// wanting sends what students want to take, student by student.
func (c *Campus) wanting(yield func(*lis.Call) bool) {
	for wish := range c.wishCount() {
		student, course := wish/c.wishes, c.courseAt(wish)
		if !yield(replace(learner(c.StudentID(student), OfferingID(course)))) {
			return
		}
	}
}

func learner(person, offering lis.SourcedID) *lis.Record {
	return membership("w-"+offering+"-"+person, person, offering, lis.KindCourseOffering, "Learner", "Learner")
}

func membership(id, person, of lis.SourcedID, kind lis.Kind, role, sub string) *lis.Record {
	return record(id, &lis.Membership{
		CollectionSourcedID: of, MembershipIDType: string(kind),
		Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{{
			RoleType: role, SubRole: sub, Status: lis.StatusActive, TimeFrame: timeFrame(), DataSource: agent,
		}}},
		DataSource: agent,
	})
}

// instructors returns who teaches a section: one person, and two in a great
// hall. Cross-listed sections have the same.
func (c *Campus) instructors(section int) []int {
	k := &c.courses[c.of[section]]
	if k.form == crossListing {
		section--
	}
	first := section % c.size.Instructors
	if k.form == great {
		return []int{first, (first + c.size.Instructors/2) % c.size.Instructors}
	}
	return []int{first}
}

func (c *Campus) teachingCount() int {
	n := 0
	for section := range c.size.Sections {
		n += len(c.instructors(section))
	}
	return n
}

// teaching sends who teaches which section.
func (c *Campus) teaching(yield func(*lis.Call) bool) {
	for section := range c.size.Sections {
		for n, person := range c.instructors(section) {
			id, sub := InstructorID(person), "PrimaryInstructor"
			if n > 0 {
				sub = "SecondaryInstructor"
			}
			m := membership("t-"+SectionID(section)+"-"+id, id, SectionID(section), lis.KindCourseSection, "Instructor", sub)
			if !yield(replace(m)) {
				return
			}
		}
	}
}
