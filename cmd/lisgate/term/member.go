package term

import (
	"fmt"

	"lisgate/gateway/lis"
)

// subRoles are those that the roles of a term have.
var subRoles = map[string]string{
	"Instructor": "PrimaryInstructor", "TeachingAssistant": "TeachingAssistantSection", "Learner": "Learner",
}

func (m member) id() lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("m-%d-%d", 10001+m.section, firstPerson+m.person))
}

// record returns the membership in full.
func (m member) record(t *Term) *lis.Record {
	role := lis.Role{
		RoleType: m.role, SubRole: subRoles[m.role],
		TimeFrame: timeFrame(en(sessionName)), Status: active,
		DateTime: "2026-08-24T06:30:00Z", DataSource: agent,
	}
	if m.role == "Learner" {
		role.CreditHours = is(int64(5))
		role.Extension = &lis.Extension{
			NameVocabulary: vocabulary("mmsv2p0", "extension"), TypeVocabulary: vocabulary("mmsv2p0", "extension"),
			Field: []lis.ExtensionField{{FieldName: "gradingMode", FieldType: "String", FieldValue: gradingMode(m)}},
		}
	}
	return record(m.id(), &lis.Membership{
		CollectionSourcedID: SectionID(m.section), MembershipIDType: string(lis.KindCourseSection),
		Member:     &lis.Member{PersonSourcedID: PersonID(m.person), Role: []lis.Role{role}},
		DataSource: agent,
	})
}

// gradingMode says how a learner is graded: one in ten passes or fails.
func gradingMode(m member) string {
	if (m.section+m.person)%10 == 0 {
		return "passFail"
	}
	return "letter"
}
