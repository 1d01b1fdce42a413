package moodle

import (
	"slices"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// Mirror says how a record comes back from Moodle, nil for what is not listed:
// who is inactive, what is hidden, and enrolments whose time is not now.
func (a *Adapter) Mirror(r *lis.Record) *lis.Record {
	var object lis.Object
	switch o := r.Object.(type) {
	case *lis.Person:
		if h := accountOf(r.ID, o); !h.Suspended {
			object = h.person()
		}
	case *lis.Group:
		name, parent := categoryOf(r.ID, o)
		object = groupOf(name, parent)
	case *lis.CourseSection:
		if p, err := planOf(r.ID, o.Label.String(), o.Title.String(), o.Status, o.TimeFrame); err == nil && p.visible != "0" {
			object = p.course.section()
		}
	case *lis.SectionAssociation:
		if p, err := planOf(r.ID, o.Label.String(), o.Title.String(), o.Status, nil); err == nil && p.visible != "0" {
			object = p.course.association(o.Sections())
		}
	case *lis.Membership:
		return a.mirrorMember(r)
	}
	if object == nil {
		return nil
	}
	return &lis.Record{ID: r.ID, Object: object}
}

func (a *Adapter) mirrorMember(r *lis.Record) *lis.Record {
	m, err := a.memberOf(r.ID, r)
	now := a.o.Now().Unix()
	if err != nil || m.suspend || m.kind != lis.KindCourseSection || m.start > now || m.end != 0 && m.end <= now {
		return nil
	}
	names := make([]string, len(m.roles))
	for i, id := range m.roles {
		names[i] = a.o.shortname(id)
	}
	return &lis.Record{Object: a.membership(m.collection, m.person, names, "Active")}
}

// person is an account in words.
func (h account) person() *lis.Person {
	value := func(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: lis.NewText("", s)} }
	named := func(name, s string) lis.BaseValue {
		return lis.BaseValue{InstanceName: lis.NewText("", name), InstanceValue: lis.NewText("", s)}
	}
	parts := []lis.BaseValue{named("First", h.First)}
	if h.Last != noFamily {
		parts = append(parts, named("Last", h.Last))
	}
	return &lis.Person{
		Name:        []lis.Name{{NameType: value("Full"), PartName: parts}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: value("EmailPrimary"), ContactInfoValue: lis.NewText("", h.Email)}},
		Roles: []lis.EnterpriseRoles{{EnterpriseRolesType: value("Other"),
			UserID: []lis.UserID{{UserIDValue: lis.NewText("", h.Username), UserIDType: lis.NewText("", "Logon ID")}}}},
	}
}

func groupOf(name string, parent lis.SourcedID) *lis.Group {
	g := &lis.Group{Description: &lis.Description{ShortDescription: lis.NewText("", name)}}
	if parent != "" {
		g.Relationship = []lis.Relationship{{Relation: "Parent", SourcedID: parent}}
	}
	return g
}

// label is the short name without what was added to make it the only one.
func (c course) label() *lis.Text {
	suffix := " [" + c.Idnumber + "]"
	return lis.NewText("", strings.TrimSuffix(c.Shortname, suffix))
}

func (c course) section() *lis.CourseSection {
	s := &lis.CourseSection{Label: c.label(), Title: lis.NewText("", c.Fullname), Status: "Active"}
	if c.Start != 0 || c.End != 0 {
		s.TimeFrame = []lis.TimeFrame{{Begin: instant(c.Start), End: instant(c.End)}}
	}
	return s
}

func (c course) association(sections []lis.SourcedID) *lis.SectionAssociation {
	s := &lis.SectionAssociation{Label: c.label(), Title: lis.NewText("", c.Fullname), Status: "Active"}
	if len(sections) > 0 {
		s.CourseSectionIDList = &lis.ListOfCourseSectionIDs{CourseSectionID: slices.Sorted(slices.Values(sections))}
	}
	return s
}

// membership is an enrolment in words; roles that are not in the vocabulary
// are left out, and without any other it is none.
func (a *Adapter) membership(section, person lis.SourcedID, shortnames []string, status string) *lis.Membership {
	var all []lis.Role
	for _, name := range slices.Sorted(slices.Values(shortnames)) {
		if word := a.o.lisRole(name); word != "" {
			all = append(all, lis.Role{RoleType: word, Status: status})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &lis.Membership{CollectionSourcedID: section, MembershipIDType: string(lis.KindCourseSection),
		Member: &lis.Member{PersonSourcedID: person, Role: all}}
}

func instant(epoch int64) string {
	if epoch == 0 {
		return ""
	}
	return time.Unix(epoch, 0).UTC().Format(time.RFC3339)
}
