package planner

import (
	"maps"
	"slices"

	"lisgate/gateway/lis"
)

// A seating says which students sit in which sections.
type seating struct {
	table    *table
	students map[lis.SourcedID][]lis.SourcedID // of a section
	sections map[lis.SourcedID][]*Section      // of a student
	unseated []Unseated
}

// seat gives each student one section of each category of what they want: the
// one with the fewest clashes, and of those the emptiest.
func (t *table) seat() *seating {
	s := &seating{table: t, students: map[lis.SourcedID][]lis.SourcedID{}, sections: map[lis.SourcedID][]*Section{}}
	for i := range t.problem.Sections {
		section := &t.problem.Sections[i]
		for _, student := range section.Seated {
			s.sit(student, section)
		}
	}
	wishes := t.wishes()
	for _, student := range slices.Sorted(maps.Keys(wishes)) {
		offerings := wishes[student]
		slices.SortStableFunc(offerings, func(a, b lis.SourcedID) int { return t.ways(a) - t.ways(b) })
		for _, offering := range offerings {
			s.enrol(student, offering)
		}
	}
	for _, list := range s.students {
		slices.Sort(list)
	}
	return s
}

// ways is in how many ways an offering can be taken.
func (t *table) ways(offering lis.SourcedID) int {
	n := 1
	for _, sections := range t.types[offering] {
		n *= len(sections)
	}
	return n
}

func (s *seating) sit(student lis.SourcedID, section *Section) {
	s.students[section.ID] = append(s.students[section.ID], student)
	s.sections[student] = append(s.sections[student], section)
}

// A choice is sections that a student could take, and how well they suit.
type choice struct {
	sections []*Section
	clashes  int
	filled   int // of the fullest, in thousandths
}

func (c *choice) better(o *choice) bool {
	if o == nil || c.clashes != o.clashes {
		return o == nil || c.clashes < o.clashes
	}
	return c.filled < o.filled
}

// mostChoices bounds the search of one student in one offering.
const mostChoices = 500

// enrol gives a student the best sections of an offering.
func (s *seating) enrol(student, offering lis.SourcedID) {
	types := s.table.types[offering]
	categories := slices.SortedFunc(maps.Keys(types), func(a, b string) int { return s.depth(types[a]) - s.depth(types[b]) })
	if len(categories) == 0 {
		s.unseated = append(s.unseated, Unseated{student, offering, "the offering has no section; add one"})
		return
	}
	var best *choice
	left := mostChoices
	var try func(n int, c choice)
	try = func(n int, c choice) {
		if left--; left < 0 {
			return
		}
		if n == len(categories) {
			if c.better(best) {
				c.sections = slices.Clone(c.sections)
				best = &c
			}
			return
		}
		for _, section := range types[categories[n]] {
			if next, ok := s.with(student, c, section); ok {
				try(n+1, next)
			}
		}
	}
	try(0, choice{})
	if best == nil {
		s.unseated = append(s.unseated, Unseated{student, offering, "no section with a time has a seat left; raise a limit or add a section"})
		return
	}
	for _, section := range best.sections {
		if !s.has(student, section) {
			s.sit(student, section)
		}
	}
}

// depth sorts what has a parent behind its parents. Names decide the rest.
func (s *seating) depth(sections []*Section) int {
	for _, section := range sections {
		if section.Link.Parent != "" {
			return 1
		}
	}
	return 0
}

func (s *seating) has(student lis.SourcedID, section *Section) bool {
	return slices.Contains(s.sections[student], section)
}

// with adds a section to a choice, if it has a place and a seat and belongs to
// what was chosen before.
func (s *seating) with(student lis.SourcedID, c choice, section *Section) (choice, bool) {
	u, seats := s.table.unitOf[section.ID], s.table.seatsOf(section)
	has := len(s.students[section.ID])
	switch {
	case s.has(student, section):
		c.filled = -1
	case s.sitsBeside(student, section), u.at == nil && !u.arranged, seats > 0 && has >= seats, !belongs(c.sections, section):
		return c, false
	default:
		c.clashes += s.clashes(student, c.sections, u)
		c.filled = max(c.filled, 1000*has/max(seats, 1))
	}
	c.sections = append(c.sections[:len(c.sections):len(c.sections)], section)
	return c, true
}

// sitsBeside reports whether a student has another section of the same category.
func (s *seating) sitsBeside(student lis.SourcedID, section *Section) bool {
	return slices.ContainsFunc(s.sections[student], func(o *Section) bool {
		return o != section && o.Offering == section.Offering && o.Category == section.Category
	})
}

// belongs reports whether the parent of a section was chosen, where it is one
// of the offering.
func belongs(chosen []*Section, section *Section) bool {
	parent := section.Link.Parent
	return parent == "" || len(chosen) == 0 ||
		slices.ContainsFunc(chosen, func(o *Section) bool { return o.ID == parent }) ||
		!slices.ContainsFunc(chosen, func(o *Section) bool { return o.Link.Parent == "" && o.Offering == section.Offering })
}

func (s *seating) clashes(student lis.SourcedID, chosen []*Section, u *unit) (n int) {
	if u.at == nil {
		return 0
	}
	for _, list := range [][]*Section{s.sections[student], chosen} {
		for _, o := range list {
			if other := s.table.unitOf[o.ID]; other != u && other.at != nil && other.at.overlaps(u.at) {
				n++
			}
		}
	}
	return n
}

// clashing counts the classes that students of a unit have at a time.
func (s *seating) clashing(u *unit, p *pattern) (n int) {
	for _, section := range u.sections {
		for _, student := range s.students[section.ID] {
			for _, o := range s.sections[student] {
				if other := s.table.unitOf[o.ID]; other != u && other.at != nil && other.at.overlaps(p) {
					n++
				}
			}
		}
	}
	return n
}

// total counts the pairs of classes that a student has at the same time.
func (s *seating) total() (n int) {
	for _, sections := range s.sections {
		for i, a := range sections {
			u := s.table.unitOf[a.ID]
			for _, b := range sections[:i] {
				if o := s.table.unitOf[b.ID]; o != u && u.at != nil && o.at != nil && u.at.overlaps(o.at) {
					n++
				}
			}
		}
	}
	return n
}
