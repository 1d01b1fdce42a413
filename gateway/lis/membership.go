package lis

// Membership says that a person belongs to a collection, and in which roles
// (MMS 2.0, Membership.Type).
type Membership struct {
	CollectionSourcedID SourcedID `json:"collectionSourcedId,omitempty"`
	MembershipIDType    string    `json:"membershipIdType,omitempty"` // courseTemplate, courseOffering, courseSection, sectionAssociation, group
	Member              *Member   `json:"member,omitempty"`
	DataSource          string    `json:"dataSource,omitempty"`
}

// Member is the person of a membership (Member.Type).
type Member struct {
	PersonSourcedID SourcedID `json:"personSourcedId,omitempty"`
	Role            []Role    `json:"role,omitempty"`
}

// Role is a role of a member (Role.Type). Status Inactive is a drop without
// a delete.
type Role struct {
	RoleType    string     `json:"roleType,omitempty"` // Learner, Instructor and so on; peers send others
	SubRole     string     `json:"subRole,omitempty"`
	TimeFrame   *TimeFrame `json:"timeFrame,omitempty"`
	Status      string     `json:"status,omitempty"` // Active, Inactive
	DateTime    string     `json:"dateTime,omitempty"`
	CreditHours *int64     `json:"creditHours,omitempty"`
	DataSource  string     `json:"dataSource,omitempty"`
	RecordInfo  *Metadata  `json:"recordInfo,omitempty"`
	Extension   *Extension `json:"extension,omitempty"`
}

// Kind returns KindMembership.
func (*Membership) Kind() Kind { return KindMembership }

// Missing names the collection or the person when either is not given.
func (m *Membership) Missing() string {
	switch {
	case m.CollectionSourcedID == "":
		return "collectionSourcedId"
	case m.Member == nil || m.Member.PersonSourcedID == "":
		return "personSourcedId"
	}
	return ""
}

// Person returns the member's sourcedId, or "".
func (m *Membership) Person() SourcedID {
	if m.Member == nil {
		return ""
	}
	return m.Member.PersonSourcedID
}
