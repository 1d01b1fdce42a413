package term

import (
	"fmt"

	"lisgate/gateway/lis"
)

// subRoles are those that the roles of a term have.
var subRoles = map[string]string{
	Instructor: "PrimaryInstructor", TeachingAssistant: "TeachingAssistantSection", Learner: "Learner",
}

// ID returns the id of the membership.
func (m Seat) ID() lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("m-%d-%d", 10001+m.Section, firstPerson+m.Person))
}

// Record returns the membership in full.
func (m Seat) Record() *lis.Record {
	role := lis.Role{
		RoleType: m.Role, SubRole: subRoles[m.Role],
		TimeFrame: timeFrame(en(sessionName)), Status: active,
		DateTime: "2026-08-24T06:30:00Z", DataSource: agent,
	}
	if m.Role == Learner {
		role.CreditHours = is(int64(5))
		role.Extension = &lis.Extension{
			NameVocabulary: vocabulary("mmsv2p0", "extension"), TypeVocabulary: vocabulary("mmsv2p0", "extension"),
			Field: []lis.ExtensionField{{FieldName: "gradingMode", FieldType: "String", FieldValue: gradingMode(m)}},
		}
	}
	return record(m.ID(), &lis.Membership{
		CollectionSourcedID: SectionID(m.Section), MembershipIDType: string(lis.KindCourseSection),
		Member:     &lis.Member{PersonSourcedID: PersonID(m.Person), Role: []lis.Role{role}},
		DataSource: agent,
	})
}

// gradingMode says how a learner is graded: one in ten passes or fails.
func gradingMode(m Seat) string {
	if (m.Section+m.Person)%10 == 0 {
		return "passFail"
	}
	return "letter"
}
