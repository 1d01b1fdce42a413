package canvas

import (
	"regexp"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// This file is what is inferred about Canvas, or ours. Marks: [S] in a public
// source, [K] general knowledge, [infer] inferred, [ours].

// roleLabels are the roles of enrollments.csv by LIS role [S, adapters.md C].
// Administrator, Manager, Member, Guest and others have no counterpart and
// are refused by name unless Options.Roles has one.
var roleLabels = map[string]string{
	"Learner":                       "student",
	"Instructor":                    "teacher",
	"Instructor/TeachingAssistant":  "ta",
	"Instructor/Teaching Assistant": "ta",
	"TeachingAssistant":             "ta",
	"ContentDeveloper":              "designer",
	"Mentor":                        "observer",
}

// roleOfType is the way back: the LIS role of an enrolment's type.
var roleOfType = map[string]string{
	"StudentEnrollment": "Learner", "TeacherEnrollment": "Instructor", "TaEnrollment": "TeachingAssistant",
	"DesignerEnrollment": "ContentDeveloper", "ObserverEnrollment": "Mentor",
}

// typeOfLabel is what REST says for the built-in roles of the CSV [S].
var typeOfLabel = map[string]string{
	"student": "StudentEnrollment", "teacher": "TeacherEnrollment", "ta": "TaEnrollment",
	"designer": "DesignerEnrollment", "observer": "ObserverEnrollment",
}

// enrollmentStatus is the status of enrollments.csv after a Drop [ours].
var enrollmentStatus = map[adapters.Removal]string{
	adapters.Suspend: "inactive", adapters.Inactive: "inactive", adapters.Complete: "completed", adapters.Delete: "deleted",
}

// courseStatus is the same for courses.csv, which has no inactive [ours].
var courseStatus = map[adapters.Removal]string{
	adapters.Suspend: "completed", adapters.Inactive: "completed", adapters.Complete: "completed", adapters.Delete: "deleted",
}

// accountTypes are the group types that are organisations, lower case [ours].
var accountTypes = []string{"department", "organization", "organisation", "institution", "school", "college", "faculty", "division", "campus", "subject"}

// loginTypes are the types of a userId that is the login, lower case, the best
// first [infer]; without one of them the first userId is taken [ours].
var loginTypes = []string{"logon id", "logonid", "login", "username", "useridvalue"}

// observedFields are the extension fields of a role that name the observed
// person [ours].
var observedFields = []string{"associatedUserId", "associated_user_id"}

// The marks in integration_id [ours]. Canvas wants it to be unique, so the
// sourcedId follows. An import without the column clears it [S], so nothing is
// lost by our writing it.
const (
	markDropped     = "lisgate:dropped:"
	markOwnCourse   = "lisgate:section:"
	markAssociation = "lisgate:association:"
)

// Limits of a field [K]: columns of 255 characters.
const maxField = 255

// A jobState says what the last state of an import means [S for the names,
// ours for the classes]. Rows are to be asked for when byRow is set.
type jobState struct {
	ended bool
	byRow bool
	class adapters.Class
	whole bool
	hint  string
}

var jobStates = map[string]jobState{
	"imported":               {ended: true, byRow: true},
	"imported_with_messages": {ended: true, byRow: true},
	"failed_with_messages":   {ended: true, class: adapters.Refused, whole: true, hint: "Canvas gave the whole import up; the rows are tried in smaller and smaller imports until the one to blame is found"},
	"failed":                 {ended: true, class: adapters.Unavailable, hint: "Canvas says no reason; look at Admin, SIS Import there"},
	"aborted":                {ended: true, class: adapters.Unavailable, hint: "somebody stopped the import in Canvas; it will be sent again"},
	"restoring":              {ended: true, class: adapters.Unavailable, hint: "somebody is taking the import back in Canvas; ask before it is sent again"},
	"partially_restored":     {ended: true, class: adapters.Unavailable, hint: "somebody took the import back in Canvas; ask before it is sent again"},
	"restored":               {ended: true, class: adapters.Unavailable, hint: "somebody took the import back in Canvas; ask before it is sent again"},
}

// unfinished are the states of imports that will still do something.
var unfinished = []string{"initializing", "created", "importing", "cleanup_batch"}

// A rowMessage says what a message about a row means. The first group is the
// id that it speaks of.
type rowMessage struct {
	pattern *regexp.Regexp
	class   adapters.Class // "" when the row was taken all the same
	kind    lis.Kind       // Missing: of what kind
	column  string         // the column that holds the id, to find the row by
	hint    string
}

// rowMessages are the words of the published importers [S]; versions differ,
// so each is matched by its middle. What is not here is Refused.
var rowMessages = []rowMessage{
	{regexp.MustCompile(`(?i)^User (.+) didn't exist for user enrollment`), adapters.Missing, lis.KindPerson, "user_id", "the person is not in Canvas yet"},
	{regexp.MustCompile(`(?i)enrolling of deleted user (.+?) in course`), adapters.Missing, lis.KindPerson, "user_id", "the person was deleted in Canvas"},
	{regexp.MustCompile(`(?i)Neither course .* nor section (.+?) existed`), adapters.Missing, "", "section_id", "the section is not in Canvas yet"},
	{regexp.MustCompile(`(?i)Neither course (.+?) nor section +existed`), adapters.Missing, "", "course_id", "the course is not in Canvas yet"},
	{regexp.MustCompile(`(?i)non-existent section (.+)$`), adapters.Missing, lis.KindCourseSection, "section_id", "the section is not in Canvas yet"},
	{regexp.MustCompile(`(?i)non-existent course (.+)$`), adapters.Missing, "", "course_id", "the course is not in Canvas yet"},
	{regexp.MustCompile(`(?i)references course (.+?) which doesn't exist`), adapters.Missing, lis.KindCourseOffering, "course_id", "the course of the offering is not in Canvas yet"},
	{regexp.MustCompile(`(?i)Parent account didn't exist for (.+)$`), adapters.Missing, lis.KindGroup, "account_id", "the account above is not in Canvas yet"},
	{regexp.MustCompile(`(?i)already claimed (.+)'s`), adapters.Refused, "", "user_id", "another user of Canvas has this login; link the two if they are one person, else give one of them another login at the source"},
	{regexp.MustCompile(`(?i)Improper role "(.*)"`), adapters.Refused, "", "role", "Canvas has no role of this label; mend roles of the target, or add the role in Canvas"},
	{regexp.MustCompile(`(?i)Improper status`), adapters.Refused, "", "", "this Canvas does not know the status; an older one has no suspended users: mend suspend_users or removal of the target"},
	{regexp.MustCompile(`(?i)old_id, '(.+)', referenced a non-existent`), adapters.Refused, "", "old_id", "nothing in Canvas has the old identifier"},
	{regexp.MustCompile(`(?i)new_id, '(.+)', referenced an existing`), adapters.Refused, "", "new_id", "Canvas has an object under the new identifier already; merge the two there, then send this again"},
	{regexp.MustCompile(`(?i)can't remove yourself`), adapters.Refused, "", "", "the token belongs to this user; make one for a user of its own"},
	{regexp.MustCompile(`(?i), ignoring `), "", "", "", ""},
}

// claimedBy finds who has the login.
var claimedBy = regexp.MustCompile(`(?i)with the (?:SIS ID|Canvas ID)? ?(.+?) has already claimed`)

// unnamed is what is said to a message that is in no table.
const unnamed = "Canvas did not take the row; mend what its answer says at the source, then send the change again"
