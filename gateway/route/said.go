package route

import (
	"strings"

	"lisgate/gateway/lis"
)

// What the ten kinds say under other names is told here, once, for the scopes
// and for the functions of expressions.

func dataSource(o lis.Object) string {
	switch o := o.(type) {
	case *lis.Person:
		return o.DataSource
	case *lis.Group:
		return o.DataSource
	case *lis.Membership:
		return o.DataSource
	case *lis.CourseTemplate:
		return o.DataSource
	case *lis.CourseOffering:
		return o.DataSource
	case *lis.CourseSection:
		return o.DataSource
	case *lis.SectionAssociation:
		return o.DataSource
	case *lis.LineItem:
		return o.DataSource
	case *lis.Result:
		return o.DataSource
	case *lis.ResultValue:
		return o.DataSource
	}
	return ""
}

func orgOf(o lis.Object) *lis.Org {
	switch o := o.(type) {
	case *lis.Group:
		return o.Org
	case *lis.CourseTemplate:
		return o.Org
	case *lis.CourseOffering:
		return o.Org
	case *lis.CourseSection:
		return o.Org
	}
	return nil
}

func termOf(o lis.Object) (session string, frames []lis.TimeFrame) {
	switch o := o.(type) {
	case *lis.CourseOffering:
		return o.AcademicSession.String(), o.TimeFrame
	case *lis.CourseSection:
		return o.AcademicSession.String(), o.TimeFrame
	case *lis.Group:
		if o.TimeFrame != nil {
			return "", []lis.TimeFrame{*o.TimeFrame}
		}
	}
	return "", nil
}

// rolesOf returns the roleTypes of a membership, or the institution roles of a
// person.
func rolesOf(o lis.Object) []string {
	var roles []string
	switch o := o.(type) {
	case *lis.Membership:
		if o.Member != nil {
			for i := range o.Member.Role {
				roles = append(roles, o.Member.Role[i].RoleType)
			}
		}
	case *lis.Person:
		for i := range o.Roles {
			for j := range o.Roles[i].InstitutionRole {
				roles = append(roles, o.Roles[i].InstitutionRole[j].InstitutionRoleType.Value())
			}
		}
	}
	return roles
}

// statusOf returns the status of a course object or a result, or of the first
// role of a membership.
func statusOf(o lis.Object) string {
	switch o := o.(type) {
	case *lis.CourseTemplate:
		return o.Status
	case *lis.CourseOffering:
		return o.Status
	case *lis.CourseSection:
		return o.Status
	case *lis.SectionAssociation:
		return o.Status
	case *lis.Membership:
		if o.Member != nil && len(o.Member.Role) > 0 {
			return o.Member.Role[0].Status
		}
	case *lis.Result:
		if o.StatusOfResult != nil {
			return o.StatusOfResult.ResultStatusValue.String()
		}
	}
	return ""
}

// emailOf returns the first e-mail address of a person, or that of a group.
func emailOf(o lis.Object) string {
	switch o := o.(type) {
	case *lis.Person:
		for i := range o.ContactInfo {
			if v := o.ContactInfo[i].ContactInfoValue.String(); strings.Contains(v, "@") {
				return v
			}
		}
	case *lis.Group:
		return o.Email
	}
	return ""
}

// userIDOf returns the first user id of a person, of a type unless that is "".
func userIDOf(o lis.Object, typ string) string {
	p, ok := o.(*lis.Person)
	if !ok {
		return ""
	}
	for i := range p.Roles {
		for j := range p.Roles[i].UserID {
			u := &p.Roles[i].UserID[j]
			if v := u.UserIDValue.String(); v != "" && (typ == "" || u.UserIDType.String() == typ) {
				return v
			}
		}
	}
	return ""
}

// otherPart are the two spellings of the parts of a name.
var otherPart = map[string]string{"Given": "First", "First": "Given", "Family": "Last", "Last": "Family"}

// nameOf returns a part of a person's name, or the whole for "".
func nameOf(o lis.Object, part string) string {
	p, ok := o.(*lis.Person)
	switch {
	case !ok:
		return ""
	case part == "":
		return p.Formatted()
	}
	if s := p.Part(part); s != "" || otherPart[part] == "" {
		return s
	}
	return p.Part(otherPart[part])
}

// extensionsOf returns where an object carries what the standard has no
// element for; of a membership those of its roles.
func extensionsOf(o lis.Object) []*lis.Extension {
	switch o := o.(type) {
	case *lis.Person:
		return []*lis.Extension{o.Extension}
	case *lis.Group:
		return []*lis.Extension{o.Extension}
	case *lis.Membership:
		var all []*lis.Extension
		for i := range roles(o) {
			all = append(all, o.Member.Role[i].Extension)
		}
		return all
	case *lis.CourseTemplate:
		return []*lis.Extension{o.Extension}
	case *lis.CourseOffering:
		return []*lis.Extension{o.Extension}
	case *lis.CourseSection:
		return []*lis.Extension{o.Extension}
	case *lis.SectionAssociation:
		return []*lis.Extension{o.Extension}
	case *lis.LineItem:
		return []*lis.Extension{o.Extension}
	case *lis.Result:
		return []*lis.Extension{o.Extension}
	case *lis.ResultValue:
		return []*lis.Extension{o.Extension}
	}
	return nil
}

func roles(m *lis.Membership) []lis.Role {
	if m.Member == nil {
		return nil
	}
	return m.Member.Role
}

// extensionOf returns the first value of a field of an extension, or "".
func extensionOf(o lis.Object, field string) string {
	for _, e := range extensionsOf(o) {
		if s := e.Get(field); s != "" {
			return s
		}
	}
	return ""
}
