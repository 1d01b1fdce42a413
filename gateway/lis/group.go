package lis

// Group is a group as GMS 2.0 knows one (Group.Type): a department, a term,
// a class, a room, by its GroupType.
type Group struct {
	GroupType     *GroupType     `json:"groupType,omitempty"`
	Org           *Org           `json:"org,omitempty"`
	Email         string         `json:"email,omitempty"`
	URL           string         `json:"url,omitempty"`
	TimeFrame     *TimeFrame     `json:"timeframe,omitempty"` // GMS spells it with a small f
	Relationship  []Relationship `json:"relationship,omitempty"`
	EnrollControl *EnrollControl `json:"enrollControl,omitempty"`
	Description   *Description   `json:"description,omitempty"`
	DataSource    string         `json:"dataSource,omitempty"`
	RecordInfo    *Metadata      `json:"recordInfo,omitempty"`
	Extension     *Extension     `json:"extension,omitempty"`
}

// GroupType says what a group is, under a scheme (GroupType.Type).
type GroupType struct {
	Scheme    *Text       `json:"scheme,omitempty"`
	TypeValue []TypeValue `json:"typevalue,omitempty"`
}

// TypeValue is one type of a group (TypeValue.Type). A term has the type
// TERM: Blackboard says so in Type, ILP in ID.
type TypeValue struct {
	ID    *Text `json:"id,omitempty"`
	Type  *Text `json:"type,omitempty"`
	Level *Text `json:"level,omitempty"`
}

// Relationship binds a group to another (Relationship.Type).
type Relationship struct {
	RelationID SourcedID `json:"relationId,omitempty"`
	Relation   string    `json:"relation,omitempty"` // Parent, Child
	SourcedID  SourcedID `json:"sourcedId,omitempty"`
	Label      *Text     `json:"label,omitempty"`
}

// Kind returns KindGroup.
func (*Group) Kind() Kind { return KindGroup }

// Missing returns "": no element of a group is needed to keep it.
func (*Group) Missing() string { return "" }

// IsType reports whether one of the group's types is named name, in either
// of the two places where peers put it.
func (g *Group) IsType(name string) bool {
	if g.GroupType == nil {
		return false
	}
	for _, v := range g.GroupType.TypeValue {
		if v.ID.String() == name || v.Type.String() == name {
			return true
		}
	}
	return false
}
