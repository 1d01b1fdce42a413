package blackboard

import (
	"lisgate/gateway/lis"
)

// The tables of what is inferred, or ours.

// An object is a kind of flat file.
type object struct {
	name    string // in the address [infer]
	kind    lis.Kind
	columns []string // of the header row, keys first [infer but for the keys and row_status]
	keys    int      // how many of them are the key
}

// objects is the order of files in a batch: users, courses, memberships.
var objects = []object{
	{"person", lis.KindPerson, []string{
		"external_person_key", "user_id", "firstname", "middlename", "lastname", "email", "institution_role", "row_status", "available_ind",
	}, 1},
	{"course", lis.KindCourseSection, []string{
		"external_course_key", "course_id", "course_name", "start_date", "end_date", "row_status", "available_ind",
	}, 1},
	{"membership", lis.KindMembership, []string{
		"external_course_key", "external_person_key", "role", "row_status", "available_ind",
	}, 2},
}

const (
	columnDataSource = "data_source_key"
	columnStatus     = "row_status"
)

// newKeys are the columns that rename; the one of courses is inferred from
// that of persons.
var newKeys = map[lis.Kind]string{
	lis.KindPerson:        "new_external_person_key",
	lis.KindCourseSection: "new_external_course_key",
}

// limits are the most characters of a column. Keys: section A3. Names: as in
// REST. The others are inferred.
var limits = map[string]int{
	"external_person_key": 64, "external_course_key": 64, "new_external_person_key": 64, "new_external_course_key": 64,
	"data_source_key": 256, "firstname": 100, "middlename": 100, "lastname": 100, "email": 100, "user_id": 50,
	"course_id": 100, "course_name": 333, "institution_role": 64,
}

// What row_status says.
const (
	enabled  = "enabled"
	disabled = "disabled"
	deleted  = "deleted"
)

// A courseRole is a role in a course: as the flat file and as REST spell it.
type courseRole struct{ lis, file, rest string }

// courseRoles is the table of roles, the strongest first: Learn has one role
// for each membership (section C; Mentor is an observer there, which is no
// membership).
var courseRoles = []courseRole{
	{"Instructor", "Instructor", "Instructor"},
	{"TeachingAssistant", "teaching_assistant", "TeachingAssistant"},
	{"ContentDeveloper", "course_builder", "CourseBuilder"},
	{"Grader", "Grader", "Grader"},
	{"Learner", "Student", "Student"},
	{"Student", "Student", "Student"},
	{"Guest", "guest", "Guest"},
	{"Member", "guest", "Guest"},
}

// roleNamed returns the row of a role, with the first sub-role that has a row
// of its own before it (Instructor/TeachingAssistant).
func roleNamed(role lis.Role) (rank int, ok bool) {
	for _, name := range []string{role.SubRole, role.RoleType} {
		for i, r := range courseRoles {
			if r.lis == name && name != "" {
				return i, true
			}
		}
	}
	return 0, false
}

// roleOf returns the LIS word of a role as REST spells it; one that is not in
// the table is taken as it is.
func roleOf(rest string) string {
	for _, r := range courseRoles {
		if r.rest == rest {
			return r.lis
		}
	}
	return rest
}

// institutionRoles maps roles of persons; others go as they are [infer].
var institutionRoles = map[string]string{
	"Student": "Student", "Learner": "Student", "Faculty": "Faculty", "Instructor": "Faculty", "Staff": "Staff",
	"Alumni": "Alumni", "ProspectiveStudent": "Prospective_Student", "Guest": "Guest", "Other": "Other", "Observer": "Observer",
}
