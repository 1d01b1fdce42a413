package itc2019

import (
	"cmp"
	"fmt"
	"slices"

	"lisgate/gateway/lis"
)

// An enrolment is the students of one class while it is read.
type enrolment struct {
	class   string
	section lis.SourcedID
	now     map[lis.SourcedID]*lis.Record // memberships as learner, by person
	seen    map[lis.SourcedID]bool
}

// readStudents reads the students of a class, and takes those out of its
// section whom it does not list.
func (s *solution) readStudents(e *element, class string, section lis.SourcedID) error {
	n := &enrolment{class: class, section: section, now: map[lis.SourcedID]*lis.Record{}, seen: map[lis.SourcedID]bool{}}
	for r, err := range s.src.Linked(lis.KindMembership, lis.Link{Name: lis.LinkCollection, Value: string(section)}) {
		if err != nil {
			return fmt.Errorf("read the memberships in section %s: %w", section, err)
		}
		if m, ok := member(r); ok && m.CollectionSourcedID == section && learnerRole(m) >= 0 {
			n.now[m.Person()] = r
		}
	}
	e.bound(s.s.limits.Students, "Students")
	if err := s.s.each(e, map[string]kind{"student": {"id", func(e *element) error { return s.readStudent(e, n) }}}); err != nil {
		return err
	}
	return s.takeOut(n)
}

func member(r *lis.Record) (*lis.Membership, bool) {
	if r == nil || r.Object == nil {
		return nil, false
	}
	m, ok := r.Object.(*lis.Membership)
	return m, ok && m.Member != nil
}

// learnerRole returns the place of the role Learner, or -1.
func learnerRole(m *lis.Membership) int {
	return slices.IndexFunc(m.Member.Role, func(r lis.Role) bool { return r.RoleType == roleLearner })
}

func (s *solution) readStudent(e *element, n *enrolment) error {
	id, err := e.id("id")
	if err != nil {
		return s.refuse(e, n.class, err)
	}
	person, err := s.person(id)
	if err != nil {
		return err
	}
	if person == "" || n.seen[person] {
		what := "is not in the problem; correct the id, or import the problem first"
		if person != "" {
			what = "is there twice; keep one"
		}
		return s.refuse(e, n.class, e.fault("student %q of it %s", clip(id), what))
	}
	n.seen[person] = true
	if err := s.emit(replaceMembership, s.membership(n, person, id)); err != nil {
		return err
	}
	return s.s.each(e, nil)
}

// person returns the sourcedId of a student, "" when nobody is known by the id.
func (s *solution) person(id string) (lis.SourcedID, error) {
	if known, ok := s.persons[id]; ok {
		return known, nil
	}
	r, err := s.known(lis.KindPerson, partStudent, id)
	if err != nil {
		return "", fmt.Errorf("read a student: %w", err)
	}
	if r == nil || r.Object == nil {
		return "", nil
	}
	s.persons[id] = r.ID
	return r.ID, nil
}

// membership returns the membership that is there, active, or a new one.
func (s *solution) membership(n *enrolment, person lis.SourcedID, student string) *lis.Record {
	r, ok := n.now[person]
	if !ok {
		r = s.g.learner(n.section, lis.KindCourseSection, student)
		r.Object.(*lis.Membership).Member.PersonSourcedID = person
		return r
	}
	m, inner := *r.Object.(*lis.Membership), *r.Object.(*lis.Membership).Member
	inner.Role = slices.Clone(inner.Role)
	if role := &inner.Role[learnerRole(&m)]; role.Status != "" {
		role.Status = active
	}
	m.Member = &inner
	return &lis.Record{ID: r.ID, Agent: r.Agent, Object: &m}
}

// takeOut deletes the memberships of students whom the class does not list.
func (s *solution) takeOut(n *enrolment) error {
	if s.o.KeepStudents {
		return nil
	}
	var gone []lis.SourcedID
	for person, r := range n.now {
		if m, ok := member(r); ok && learns(m) && !n.seen[person] {
			gone = append(gone, r.ID)
		}
	}
	slices.SortFunc(gone, func(a, b lis.SourcedID) int { return cmp.Compare(a, b) })
	for _, id := range gone {
		if !s.yield(&lis.Call{Operation: deleteMembership, ID: id}, nil) {
			return errStopped
		}
	}
	return nil
}
