package canvas

import (
	"slices"

	"lisgate/gateway/lis"
)

// Mirror says what of a record comes back from Canvas: names, dates, status,
// and who belongs where. Account and term of a course do not, nor the second
// and further roles of a membership. What would be in the state that a Drop
// leaves does not come back at all.
func (a *Adapter) Mirror(r *lis.Record) *lis.Record {
	if r == nil || r.Object == nil || a.takes(r.Object.Kind()) != nil {
		return nil
	}
	switch o := r.Object.(type) {
	case *lis.Person:
		return userOf(r.ID, o).record()
	case *lis.Group:
		return a.mirrorGroup(r.ID, o)
	case *lis.CourseOffering:
		c, err := offeringCourse(r.ID, o)
		if err != nil || a.courseGone(&c) {
			return nil
		}
		return c.record(string(r.ID))
	case *lis.CourseSection:
		s, err := a.sectionOf(r.ID, o)
		if err != nil {
			return nil
		}
		return s.record(s.CourseSIS)
	case *lis.SectionAssociation:
		c := associationCourse(r.ID, o)
		if a.courseGone(&c) || len(o.Sections()) == 0 {
			return nil
		}
		var members []string
		for _, s := range o.Sections() {
			members = append(members, string(s))
		}
		return associationRecord(&c, slices.Compact(members))
	case *lis.Membership:
		return a.mirrorMembership(r.ID, o)
	}
	return nil
}

func (a *Adapter) mirrorGroup(id lis.SourcedID, g *lis.Group) *lis.Record {
	switch {
	case isTerm(g):
		t, err := termOf(id, g)
		if err != nil {
			return nil
		}
		return t.record()
	case a.isAccount(g):
		return account{SIS: string(id), Name: groupName(g), ParentSIS: parentOf(g)}.record()
	}
	return nil
}

func (a *Adapter) mirrorMembership(id lis.SourcedID, m *lis.Membership) *lis.Record {
	wanted, err := a.enrollmentsOf(m)
	if err != nil {
		return nil
	}
	for _, e := range wanted {
		if a.ended(e) {
			continue
		}
		e.Type = typeOfLabel[e.Role]
		e.Role = or(e.Type, e.Role)
		of := *m
		of.MembershipIDType = collectionKind(m)
		return a.membershipRecord(id, e, &of)
	}
	return nil
}
