package lissoap

import (
	"strings"

	"lisgate/gateway/lis"
)

// shaped returns a call as the dialect wants it. The call that was given, and
// its records, are left alone.
func (d *dialect) shaped(call *lis.Call) (*lis.Call, error) {
	c := *call
	var err error
	if c.Record, err = d.record(call.Record); err != nil {
		return nil, err
	}
	c.Records = nil
	for _, r := range call.Records {
		shaped, err := d.record(r)
		if err != nil {
			return nil, err
		}
		c.Records = append(c.Records, shaped)
	}
	return &c, nil
}

func (d *dialect) record(r *lis.Record) (*lis.Record, error) {
	if r == nil || r.Object == nil {
		return r, nil
	}
	shaped := &lis.Record{ID: r.ID, Agent: r.Agent, Object: lis.InfoOf(r.Object.Kind()).New()}
	lis.Merge(shaped.Object, r.Object) // a deep copy, for it begins empty
	if d.agent != "" {
		shaped.Agent = d.agent
	}
	if m, ok := shaped.Object.(*lis.Membership); ok && d.roles != nil {
		if err := d.translate(m); err != nil {
			return nil, err
		}
	}
	return shaped, d.shape(shaped)
}

// translate puts the roles of a membership into the peer's words.
func (d *dialect) translate(m *lis.Membership) error {
	if m.Member == nil {
		return nil
	}
	for i := range m.Member.Role {
		role := &m.Member.Role[i]
		theirs, ok := d.roles[role.RoleType]
		if !ok {
			return unsupported("the peer has no role for %q; map it to one it has, such as Learner or Instructor", role.RoleType)
		}
		role.RoleType = theirs
	}
	return nil
}

// shapeStrict: MMS knows three languages (LanguageSet.Type) [wsdl]; a text in
// another is said to be in the nearest, for it is kept whole so [ours].
func shapeStrict(r *lis.Record) error {
	m, ok := r.Object.(*lis.Membership)
	if !ok || m.Member == nil {
		return nil
	}
	for _, role := range m.Member.Role {
		if role.TimeFrame == nil || role.TimeFrame.AdminPeriod == nil {
			continue
		}
		text := role.TimeFrame.AdminPeriod
		switch language, _, _ := strings.Cut(text.Language, "-"); {
		case text.Language == "en-US":
		case language == "fr":
			text.Language = "fr"
		default:
			text.Language = "en"
		}
	}
	return nil
}

// termType is how a group says that it is a term.
const termType = "TERM"

// shapeILP: a term is known by the id of its type [peer]. ILP sends no other
// group, so lmbnxt would make terms of departments [infer].
func shapeILP(r *lis.Record) error {
	g, ok := r.Object.(*lis.Group)
	if !ok {
		return nil
	}
	if !g.IsType(termType) {
		return unsupported("the peer knows groups of type %s only", termType)
	}
	sayTerm(g, "IMS-LIS2.0")
	return nil
}

// sayTerm says TERM in both places where receivers look, the type
// (Blackboard) and its id (ILP) [peer], and the scheme, where there is none,
// that the receiver's own peers send [peer].
func sayTerm(g *lis.Group, scheme string) {
	if g.GroupType.Scheme == nil {
		g.GroupType.Scheme = lis.NewText("en", scheme)
	}
	for i := range g.GroupType.TypeValue {
		v := &g.GroupType.TypeValue[i]
		if v.ID.String() != termType && v.Type.String() != termType {
			continue
		}
		v.ID = lis.NewText("", termType)
		if v.Type.String() != termType {
			v.Type = lis.NewText("en", termType)
		}
	}
}
