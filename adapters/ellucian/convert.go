package ellucian

import (
	"strings"

	"lisgate/gateway/lis"
)

// dataSource is what the records of Ethos say they come from.
const dataSource = "Ethos"

func text(s string) *lis.Text { return lis.NewText("", s) }

func plainly(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: text(s)} }

// person maps persons: the preferred name, credentials as user ids.
func (e *Ethos) person(p *entity) (lis.Object, error) {
	person := &lis.Person{DataSource: dataSource}
	if name := preferred(p.Names); name != nil {
		person.Name = []lis.Name{{NameType: plainly("Full"), PartName: nameParts(name)}}
		if name.FullName != "" {
			person.FormName = []lis.FormName{{FormNameType: plainly("Full"), FormattedName: text(name.FullName)}}
		}
	}
	for _, mail := range p.Emails {
		kind := "Email"
		if mail.Preference == "primary" {
			kind = "EmailPrimary"
		}
		if mail.Address != "" {
			person.ContactInfo = append(person.ContactInfo, lis.ContactInfo{ContactInfoType: plainly(kind), ContactInfoValue: text(mail.Address)})
		}
	}
	roles := lis.EnterpriseRoles{EnterpriseRolesType: plainly("Other")}
	for _, r := range p.Roles {
		if r.EndOn == "" || r.EndOn >= e.Now().UTC().Format("2006-01-02") {
			roles.InstitutionRole = append(roles.InstitutionRole, lis.InstitutionRole{InstitutionRoleType: plainly(orElse(institutionRoles[r.Role], r.Role))})
		}
	}
	roles.UserID = e.userIDs(p.Credentials)
	if len(roles.UserID)+len(roles.InstitutionRole) > 0 {
		person.Roles = []lis.EnterpriseRoles{roles}
	}
	return person, nil
}

// userIDs are the credentials of the chosen type, or all of them.
func (e *Ethos) userIDs(credentials []personCredential) []lis.UserID {
	var ids []lis.UserID
	for _, c := range credentials {
		sensitive := strings.EqualFold(c.Type, "ssn") || strings.EqualFold(c.Type, "sin") || strings.EqualFold(c.Type, "taxIdentificationNumber")
		if c.Value == "" || e.o.UserID != "" && c.Type != e.o.UserID || e.o.UserID == "" && sensitive {
			continue
		}
		ids = append(ids, lis.UserID{UserIDValue: text(c.Value), UserIDType: text(c.Type)})
	}
	return ids
}

func preferred(names []personName) *personName {
	for i := range names {
		if names[i].Preference == "preferred" {
			return &names[i]
		}
	}
	if len(names) > 0 {
		return &names[0]
	}
	return nil
}

func nameParts(n *personName) []lis.BaseValue {
	var parts []lis.BaseValue
	for _, p := range []struct{ name, value string }{
		{"First", n.FirstName}, {"Middle", n.MiddleName}, {"Last", strings.TrimSpace(n.LastNamePrefix + " " + n.LastName)},
		{"Prefix", n.Title}, {"Suffix", n.Pedigree},
	} {
		if p.value != "" {
			parts = append(parts, lis.BaseValue{InstanceName: text(p.name), InstanceValue: text(p.value)})
		}
	}
	return parts
}

// unit maps educational-institution-units to groups of their type.
func (e *Ethos) unit(u *entity) (lis.Object, error) {
	return group(u, orElse(string(u.Type), "Department"), orElse(u.Parents.Unit.id(), u.Parents.Institution.id())), nil
}

// period maps academic-periods to TERM groups.
func (e *Ethos) period(p *entity) (lis.Object, error) {
	g := group(p, "TERM", p.Category.Parent.id())
	if p.Category.Type != "" {
		g.GroupType.TypeValue[0].Level = text(p.Category.Type)
	}
	g.TimeFrame = frame(p.StartOn, p.EndOn)
	return g, nil
}

func group(x *entity, kind, parent string) *lis.Group {
	g := &lis.Group{
		GroupType:   &lis.GroupType{Scheme: text("Ethos"), TypeValue: []lis.TypeValue{{ID: text(kind), Type: text(kind)}}},
		Description: &lis.Description{ShortDescription: text(orElse(x.title(), x.Code)), LongDescription: text(x.Description)},
		DataSource:  dataSource,
	}
	if parent != "" {
		g.Relationship = []lis.Relationship{{Relation: "Parent", SourcedID: lis.SourcedID(parent)}}
	}
	return g
}

func (x *entity) title() string {
	for _, t := range x.Titles {
		if t.Value != "" {
			return t.Value
		}
	}
	return x.Title
}

func (x *entity) org() *lis.Org {
	for _, o := range x.Owners {
		if o.InstitutionUnit.id() != "" {
			return &lis.Org{ID: text(o.InstitutionUnit.id())}
		}
	}
	return nil
}

func frame(begin, end string) *lis.TimeFrame {
	if begin == "" && end == "" {
		return nil
	}
	return &lis.TimeFrame{Begin: moment(begin, "T00:00:00"), End: moment(end, "T23:59:59")}
}

// moment makes an xs:dateTime of what may be a date, at a time of that day:
// the last day of a period belongs to it.
func moment(s, at string) string {
	if len(s) == len("2026-09-01") {
		return s + at
	}
	return s
}

func frames(begin, end string) []lis.TimeFrame {
	if f := frame(begin, end); f != nil {
		return []lis.TimeFrame{*f}
	}
	return nil
}

// course maps courses to templates.
func (e *Ethos) course(c *entity) (lis.Object, error) {
	t := &lis.CourseTemplate{
		Label: text(orElse(c.Code, c.Number)), Title: text(c.title()), CourseNumber: text(c.Number), Org: c.org(), DataSource: dataSource,
	}
	if c.Description != "" {
		t.CatalogDescription = &lis.Description{ShortDescription: text(c.Description)}
	}
	return t, nil
}

// section maps sections. Ethos has no offerings: the template stands in the
// extension, and the session is the GUID of the TERM group.
func (e *Ethos) section(s *entity) (lis.Object, error) {
	section := &lis.CourseSection{
		Label: text(orElse(s.Code, s.Number)), Title: text(s.title()), AcademicSession: text(s.AcademicPeriod.id()), Status: "Active",
		MaxNumberOfStudents: s.MaxEnrollment, Org: s.org(), TimeFrame: frames(s.StartOn, s.EndOn), DataSource: dataSource,
	}
	if cancelledStatuses[strings.ToLower(string(s.Status))] {
		section.Status = "Inactive"
	}
	if id := s.Course.id(); id != "" {
		section.Extension = &lis.Extension{Field: []lis.ExtensionField{{FieldName: "courseTemplateSourcedId", FieldType: "String", FieldValue: id}}}
	}
	return section, nil
}

// crosslist maps section-crosslists to associations.
func (e *Ethos) crosslist(x *entity) (lis.Object, error) {
	a := &lis.SectionAssociation{Label: text(x.Code), Title: text(orElse(x.title(), x.Code)), Status: "Active", DataSource: dataSource}
	list := new(lis.ListOfCourseSectionIDs)
	for _, s := range x.Sections {
		if s.Section.id() == "" {
			return nil, refused("have the cross-list corrected in the SIS", "a cross-list names a section without its id")
		}
		list.CourseSectionID = append(list.CourseSectionID, lis.SourcedID(s.Section.id()))
	}
	a.CourseSectionIDList = list
	return a, nil
}

// registration maps section-registrations to memberships of a Learner.
func (e *Ethos) registration(r *entity) (lis.Object, error) {
	role := lis.Role{RoleType: "Learner", Status: "Active", TimeFrame: frame(r.Involvement.StartOn, r.Involvement.EndOn)}
	if leftStatuses[strings.ToLower(string(r.Status))] {
		role.Status = "Inactive"
	}
	return member(r.Section.id(), r.Registrant.id(), role)
}

// instructor maps section-instructors to memberships of an Instructor.
func (e *Ethos) instructor(i *entity) (lis.Object, error) {
	role := lis.Role{RoleType: "Instructor", Status: "Active", TimeFrame: frame(i.WorkStartOn, i.WorkEndOn)}
	return member(i.Section.id(), i.Instructor.id(), role)
}

func member(section, person string, role lis.Role) (lis.Object, error) {
	if section == "" || person == "" {
		return nil, refused("have it corrected in the SIS", "a registration lacks the id of its section or of its person")
	}
	return &lis.Membership{
		CollectionSourcedID: lis.SourcedID(section), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{role}}, DataSource: dataSource,
	}, nil
}
