package unitime

import (
	"slices"

	"lisgate/gateway/lis"
)

// rooms mentions the rooms of a class.
func (r *reading) rooms(kept *element) {
	for _, s := range slots(kept, r.header.Campus, span{}) {
		if s.room != "" && s.name != "" {
			g := &lis.Group{}
			g.SetRoom(lis.Room{Name: s.name, Building: s.building, Campus: r.header.Campus})
			r.mention("createGroup", s.room, g)
		}
	}
}

// teachers mentions who teaches a class, and makes them members.
func (r *reading) teachers(e *element, section lis.SourcedID) {
	for _, k := range e.all("instructor") {
		id := personOf(k, r.header.Campus)
		if id == "" {
			continue
		}
		if p := person(k.text("fname"), k.text("mname"), k.text("lname"), k.text("title"), r.Language); p != nil {
			r.mention("createPerson", id, p)
		}
		r.member(section, "courseSection", id, instructorRole)
	}
}

// member makes a person a member of a section or an offering.
func (r *reading) member(of lis.SourcedID, kind string, who lis.SourcedID, role string) {
	r.mention("replaceMembership", made("member", string(of), string(who), role), &lis.Membership{
		CollectionSourcedID: of, MembershipIDType: kind,
		Member: &lis.Member{PersonSourcedID: who, Role: []lis.Role{{RoleType: role, Status: statusActive}}},
	})
}

// crossList ties a section to the class that it is another name of.
func (r *reading) crossList(class, section lis.SourcedID) {
	r.mention("replaceSectionAssociation", made("crosslist", string(class), string(section)), association(class, section))
}

func association(ids ...lis.SourcedID) *lis.SectionAssociation {
	return &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: ids}}
}

// meetsWith ties a class to those that meet with it.
func (r *reading) meetsWith(e *element, id lis.SourcedID) {
	ids := []lis.SourcedID{id}
	for _, k := range e.all("meetsWith") {
		if other := lis.SourcedID(k.text("id")); other != "" && !slices.Contains(ids, other) {
			ids = append(ids, other)
		}
	}
	if len(ids) < 2 {
		return
	}
	slices.Sort(ids)
	parts := make([]string, len(ids))
	for i := range ids {
		parts[i] = string(ids[i])
	}
	a := association(ids...)
	a.SetConstraints([]lis.Constraint{{Type: "MeetsWith", Required: true}})
	r.mention("replaceSectionAssociation", made("meetswith", parts...), a)
}
