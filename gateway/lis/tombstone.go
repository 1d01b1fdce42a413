package lis

// Tombstone returns what a plural read from a savepoint says of a record that
// is gone, given its last content. The contract has no element for "deleted",
// so each kind says it as its schema allows: a person record may be empty, a
// membership has roles that can be Inactive, course objects have a status.
// The other kinds have no place for it and repeat their last content; there
// the ids from the savepoint and a failing read tell.
func Tombstone(k Kind, last *Record) *Record {
	gone := &Record{ID: last.ID, Agent: last.Agent}
	if k == KindPerson {
		return gone
	}
	switch o := last.Object.(type) {
	case *Membership:
		gone.Object = o.ended()
	case *CourseTemplate:
		gone.Object = &CourseTemplate{Status: StatusDeleted}
	case *CourseOffering:
		gone.Object = &CourseOffering{Status: StatusDeleted}
	case *CourseSection:
		gone.Object = &CourseSection{Status: StatusDeleted}
	case *SectionAssociation:
		gone.Object = &SectionAssociation{Status: StatusDeleted}
	default:
		gone.Object = o
	}
	return gone
}

// The values of a status element. Deleted is in the later LTI lists only; the
// CMS schema has plain text there.
const (
	StatusActive   = "Active"
	StatusInactive = "Inactive"
	StatusDeleted  = "Deleted"
)

// ended returns the membership with every role Inactive, and one such role
// when it has none, because a role is where a membership says that it ended.
func (m *Membership) ended() *Membership {
	c := *m
	if m.Member == nil {
		return &c
	}
	c.Member = &Member{PersonSourcedID: m.Member.PersonSourcedID, Role: append([]Role(nil), m.Member.Role...)}
	for i := range c.Member.Role {
		c.Member.Role[i].Status = StatusInactive
	}
	if len(c.Member.Role) == 0 {
		c.Member.Role = []Role{{RoleType: "Member", Status: StatusInactive}}
	}
	return &c
}
