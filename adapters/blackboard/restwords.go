package blackboard

import (
	"context"
	"strings"

	"lisgate/gateway/lis"
)

func text(s string) *lis.Text { return lis.NewText("", s) }

func plainly(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: text(s)} }

// person makes the words of what Learn keeps of a user.
func (u user) person() *lis.Person {
	p := &lis.Person{}
	name := lis.Name{NameType: plainly("Full")}
	for _, part := range [][2]string{{"First", u.first}, {"Middle", u.middle}, {"Last", u.last}} {
		if part[1] != "" {
			name.PartName = append(name.PartName, lis.BaseValue{InstanceName: text(part[0]), InstanceValue: text(part[1])})
		}
	}
	p.Name = []lis.Name{name}
	if u.email != "" {
		p.ContactInfo = []lis.ContactInfo{{ContactInfoType: plainly("EmailPrimary"), ContactInfoValue: text(u.email)}}
	}
	roles := lis.EnterpriseRoles{UserID: []lis.UserID{{UserIDValue: text(u.login), UserIDType: text("Logon ID")}}}
	if u.role != "" {
		roles.InstitutionRole = []lis.InstitutionRole{{InstitutionRoleType: plainly(u.role)}}
	}
	p.Roles = []lis.EnterpriseRoles{roles}
	return p
}

func (u *learnUser) record() *lis.Record {
	words := user{login: u.UserName}
	if u.Name != nil {
		words.first, words.middle, words.last = u.Name.Given, u.Name.Middle, u.Name.Family
	}
	if u.Contact != nil {
		words.email = u.Contact.Email
	}
	if len(u.InstitutionRoleIDs) > 0 {
		words.role = u.InstitutionRoleIDs[0]
	}
	return &lis.Record{ID: lis.SourcedID(u.ExternalID), Object: words.person()}
}

func sectionOf(name, available, begin, end string) *lis.CourseSection {
	s := &lis.CourseSection{Title: text(name), Status: "Active"}
	if available == "No" {
		s.Status = "Inactive"
	}
	if begin != "" || end != "" {
		s.TimeFrame = []lis.TimeFrame{{Begin: begin, End: end}}
	}
	return s
}

func (c *learnCourse) record() *lis.Record {
	available, begin, end := "", "", ""
	if c.Availability != nil {
		available = c.Availability.Available
		if d := c.Availability.Duration; d != nil {
			begin, end = date(d.Start), date(d.End)
		}
	}
	return &lis.Record{ID: lis.SourcedID(c.ExternalID), Object: sectionOf(c.Name, available, begin, end)}
}

// date is the day of a moment: the flat file carries no more.
func date(moment string) string {
	day, _, _ := strings.Cut(moment, "T")
	return day
}

func member(course, person, role string, active bool) *lis.Membership {
	status := "Active"
	if !active {
		status = "Inactive"
	}
	return &lis.Membership{
		CollectionSourcedID: lis.SourcedID(course), MembershipIDType: string(lis.KindCourseSection),
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: role, Status: status}}},
	}
}

// membership makes the words of a member, under the identifier that the
// crosswalk has for it.
func (a *REST) membership(ctx context.Context, course, person string, m *learnMember) (*lis.Record, error) {
	active := m.Availability == nil || m.Availability.Available != "No"
	r := &lis.Record{Object: member(course, person, roleOf(m.CourseRoleID), active)}
	if a.o.Crosswalk != nil {
		id, err := a.o.Crosswalk.SourcedID(ctx, lis.KindMembership, pairID(course, person))
		if err != nil {
			return nil, unavailable("look for a membership in the crosswalk: %w", err)
		}
		r.ID = id
	}
	return r, nil
}

// mirror says how a record comes back from Learn: nil for what it would not
// list.
func mirror(o Options, r *lis.Record) *lis.Record {
	back := &lis.Record{ID: r.ID}
	switch c := r.Object.(type) {
	case *lis.Person:
		u, err := userOf(r.ID, c)
		if err != nil {
			return nil
		}
		u.first, u.middle, u.last, u.email, u.login = clean(u.first), clean(u.middle), clean(u.last), clean(u.email), clean(u.login)
		back.Object = u.person()
	case *lis.CourseSection:
		available, begin, end := "Yes", "", ""
		if inactive(c.Status) {
			available = "No"
		}
		if len(c.TimeFrame) > 0 {
			begin, end = date(c.TimeFrame[0].Begin), date(c.TimeFrame[0].End)
		}
		back.Object = sectionOf(clean(courseName(r.ID, c)), available, begin, end)
	case *lis.Membership:
		role, active, err := enrolled(c)
		if err != nil || !active {
			return nil
		}
		back.Object = member(string(c.CollectionSourcedID), string(c.Person()), roleOf(role.rest), true)
		if o.Crosswalk == nil {
			back.ID = ""
		}
	default:
		return nil
	}
	return back
}

// Mirror says how a record would come back.
func (a *REST) Mirror(r *lis.Record) *lis.Record { return mirror(a.o, r) }
