package ellucian

import "lisgate/gateway/lis"

// The tables of what is inferred, or ours. Each row can be set otherwise by
// an option, or is a name that the gateway agrees on with itself.

// Grades that ask for more than themselves (back-end facts, section B1; a
// site may call them otherwise).
var (
	failingGrades    = []string{"F", "Fail"}
	incompleteGrades = []string{"I"}
)

// A resource is one kind of object in Ethos.
type resource struct {
	name    string
	version string // of the pinned media type; published ones: section B2 [infer: their spelling]
	kind    lis.Kind
	convert func(*Ethos, *entity) (lis.Object, error)
}

// resources is the table of what is read, in the order in which a full load
// reads it: all of a kind together, what others need first.
var resources = []resource{
	{"persons", "12.3.0", lis.KindPerson, (*Ethos).person},
	{"educational-institution-units", "7", lis.KindGroup, (*Ethos).unit},
	{"academic-periods", "16.0.0", lis.KindGroup, (*Ethos).period},
	{"courses", "16.0.0", lis.KindCourseTemplate, (*Ethos).course},
	{"sections", "16.0.0", lis.KindCourseSection, (*Ethos).section},
	{"section-crosslists", "6", lis.KindSectionAssociation, (*Ethos).crosslist},
	{"section-registrations", "16.0.0", lis.KindMembership, (*Ethos).registration},
	{"section-instructors", "10", lis.KindMembership, (*Ethos).instructor},
}

// otherVersions are those of resources that are asked for other ends.
var otherVersions = map[string]string{
	"grade-definitions":    "6",
	resourceSubmissions:    "1.0.0",
	"change-notifications": "2",
	"errors":               "2",
}

const resourceSubmissions = "student-unverified-grades-submissions"

// Words of Ethos for what is over [infer: lower-cased before comparison].
var (
	leftStatuses      = map[string]bool{"notregistered": true, "dropped": true, "withdrawn": true}
	cancelledStatuses = map[string]bool{"cancelled": true, "canceled": true, "closed": false}
)

// institutionRoles maps roles of persons to those of the LIS vocabulary;
// others go as they are.
var institutionRoles = map[string]string{
	"student": "Student", "instructor": "Faculty", "employee": "Staff", "alumni": "Alumni",
	"prospectiveStudent": "ProspectiveStudent", "advisor": "Staff", "vendor": "Other",
}
