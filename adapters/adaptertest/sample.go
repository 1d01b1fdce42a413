package adaptertest

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

// Sample returns the nth record of a kind: the same one each time, other
// content for each n, with references to the samples of its parents. It is
// nil for an unknown kind.
func Sample(kind lis.Kind, n int) *lis.Record {
	build, ok := samples[kind]
	if !ok {
		return nil
	}
	id, object := build(n)
	return &lis.Record{ID: lis.SourcedID(id), Agent: "sis.example.edu", Object: object}
}

var samples = map[lis.Kind]func(n int) (string, lis.Object){
	lis.KindPerson:             person,
	lis.KindGroup:              group,
	lis.KindMembership:         membership,
	lis.KindCourseTemplate:     template,
	lis.KindCourseOffering:     offering,
	lis.KindCourseSection:      section,
	lis.KindSectionAssociation: association,
	lis.KindLineItem:           lineItem,
	lis.KindResult:             result,
	lis.KindResultValue:        resultValue,
}

// Parents returns the samples that the nth sample of a kind needs, those
// first that others need.
func Parents(kind lis.Kind, n int) []*lis.Record {
	var records []*lis.Record
	add := func(kind lis.Kind, n int) {
		records = append(append(records, Parents(kind, n)...), Sample(kind, n))
	}
	switch kind {
	case lis.KindGroup:
		if n > 0 {
			add(lis.KindGroup, 0)
		}
	case lis.KindCourseOffering:
		add(lis.KindCourseTemplate, n)
	case lis.KindCourseSection:
		add(lis.KindCourseOffering, n)
	case lis.KindSectionAssociation:
		add(lis.KindCourseSection, n)
		add(lis.KindCourseSection, n+1)
	case lis.KindMembership:
		add(lis.KindPerson, n)
		add(lis.KindCourseSection, n)
	case lis.KindLineItem:
		add(lis.KindCourseSection, n)
		add(lis.KindResultValue, n)
	case lis.KindResult:
		add(lis.KindPerson, n)
		add(lis.KindLineItem, n)
	}
	return records
}

func named(name, language, value string) lis.BaseValue {
	return lis.BaseValue{InstanceName: lis.NewText("", name), InstanceValue: lis.NewText(language, value)}
}

func plain(value string) *lis.BaseValue {
	return &lis.BaseValue{InstanceValue: lis.NewText("", value)}
}

func person(n int) (string, lis.Object) {
	h := people[n%len(people)]
	login := fmt.Sprintf("u%05d", n)
	parts := []lis.BaseValue{named("First", h.language, h.given)}
	if h.family != "" {
		parts = append(parts, named("Last", h.language, h.family))
	}
	primary := true
	role := "Student"
	if n%10 == 5 {
		role = "Faculty"
	}
	return personID(n), &lis.Person{
		FormName: []lis.FormName{{FormNameType: plain("Full"), FormattedName: lis.NewText(h.language, h.display())}},
		Name:     []lis.Name{{NameType: plain("Full"), PartName: parts}},
		ContactInfo: []lis.ContactInfo{
			{ContactInfoType: plain("EmailPrimary"), ContactInfoValue: lis.NewText("", login+"@example.edu")},
		},
		Roles: []lis.EnterpriseRoles{{
			EnterpriseRolesType: plain("Other"),
			InstitutionRole:     []lis.InstitutionRole{{InstitutionRoleType: plain(role), PrimaryRoleType: &primary}},
			UserID: []lis.UserID{{
				UserIDValue: lis.NewText("", login), UserIDType: lis.NewText("", "Logon ID"),
			}},
		}},
		DataSource: "SIS",
	}
}

func group(n int) (string, lis.Object) {
	g := &lis.Group{
		GroupType: &lis.GroupType{
			Scheme:    lis.NewText("", "LIS"),
			TypeValue: []lis.TypeValue{{Type: lis.NewText("", "Department"), Level: lis.NewText("", "1")}},
		},
		Org:         &lis.Org{OrgName: lis.NewText("en", "Example University"), ID: lis.NewText("", "EXU")},
		Description: &lis.Description{ShortDescription: lis.NewText("sv", fmt.Sprintf("Institutionen för språk nr %d", n))},
		DataSource:  "SIS",
	}
	if n > 0 {
		parent, _ := group(0)
		g.Relationship = []lis.Relationship{{Relation: "Parent", SourcedID: lis.SourcedID(parent)}}
	}
	return fmt.Sprintf("DEPT:%03d", n), g
}

func membership(n int) (string, lis.Object) {
	role := "Learner"
	if n%10 == 5 {
		role = "Instructor"
	}
	id := strings.ReplaceAll(sectionID(n), "/", "-") + "_" + personID(n)
	return id, &lis.Membership{
		CollectionSourcedID: lis.SourcedID(sectionID(n)),
		MembershipIDType:    "courseSection",
		Member: &lis.Member{
			PersonSourcedID: lis.SourcedID(personID(n)),
			Role: []lis.Role{{
				RoleType: role, Status: "Active", DateTime: "2026-08-15T09:00:00Z",
				TimeFrame: &lis.TimeFrame{Begin: "2026-09-01T00:00:00Z", End: "2026-12-18T00:00:00Z"},
			}},
		},
		DataSource: "SIS",
	}
}
