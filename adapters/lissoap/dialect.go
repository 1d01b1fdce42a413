package lissoap

import (
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A dialect is what peers of one kind want off, or beyond, the schema. The
// marks are those of the facts: [peer] and [observed] were seen, [infer] is
// deduced, [ours] is chosen here, [gap] nobody knows.
type dialect struct {
	// path is what is added to the base address for an operation.
	path func(*operation) string
	// offers says which operations the peer takes.
	offers func(lis.Operation) bool
	// agent is the refAgentInstanceID of every record; "" leaves it.
	agent string
	// roles maps role types to those of the peer; nil leaves them. A role
	// without a row is refused here: it is never made a student.
	roles map[string]string
	// shape alters a record, which is a copy.
	shape func(*lis.Record) error
	// order is that of the children of an element; others follow.
	order map[string][]string
	// insert is markup that follows the sourcedGUID of a kind of record.
	insert map[lis.Kind]string
	// valid holds each message against the schema before it is sent.
	valid bool
	// shrug is what the peer answers, under HTTP 200, to what it does not know.
	shrug string
}

// dialects is the table of profiles. Mandatory elements that a record does
// not have are written empty for all of them: ILP and Blackboard write them
// too [peer].
var dialects = map[string]*dialect{
	// strict: the contract as we publish it, and nothing else [ours].
	"strict": {
		path:   func(op *operation) string { return string(op.meaning.Service) }, // [ours]
		offers: func(lis.Operation) bool { return true },
		shape:  shapeStrict,
		valid:  true,
	},

	// ilp: what Ellucian ILP sends, and lmbnxt in Moodle, its receiver, takes
	// (back-end facts B1 and D). Element names are compared with their prefix
	// there: the request has the default namespace [observed].
	"ilp": {
		path:   func(*operation) string { return "" },                                                                                                // /enrol/lmb/ws_endpoint.php for everything [peer]
		offers: oneOf("replacePerson", "replaceGroup", "replaceCourseSection", "replaceSectionAssociation", "replaceMembership", "deleteMembership"), // all six [observed]
		agent:  "ILP",                                                                                                                                // [peer]
		roles: map[string]string{ // these two only [observed]
			"Learner": "student", "student": "student",
			"Instructor": "editingteacher", "editingteacher": "editingteacher",
		},
		shape: shapeILP,
		order: map[string][]string{ // off the schema [peer]; what it leaves out follows [infer]
			"courseSection": {"label", "title", "academicSession", "catalogDescription", "status", "timeFrame", "dataSource", "parentOfferingId",
				"defaultCredits", "maxNumberofStudents", "location", "notes", "meeting", "org"},
		},
		insert: map[lis.Kind]string{lis.KindSectionAssociation: "<type>meta</type>"}, // [peer]
		shrug:  "Temp",                                                               // [observed]
	},

	// blackboard: what Learn's SIS framework takes (back-end facts A3, LIS
	// facts sections 4 and 7). Its samples have the body in no namespace;
	// whether it takes one is a [gap], but its contract says so.
	"blackboard": {
		path:   blackboardPath,
		offers: blackboardOffers,
		roles: map[string]string{ // [peer], table C; Mentor, Manager and Administrator have no role in a course
			"Learner": "Student", "Student": "Student",
			"Instructor":        "Instructor",
			"TeachingAssistant": "TeachingAssistant",
			"Grader":            "Grader",
			"ContentDeveloper":  "CourseBuilder", "CourseBuilder": "CourseBuilder",
			"Member": "Guest", "Guest": "Guest",
		},
		shape: shapeBlackboard,
	},
}

func init() {
	// peoplesoft: what Campus Solutions' SAIP takes over Integration Broker:
	// the services of one kind, and the talk about bulk exchanges (back-end
	// facts B3). One listening connector takes everything [K].
	dialects["peoplesoft"] = &dialect{
		path:   func(*operation) string { return "" },
		offers: peoplesoftOffers,
		shape:  func(*lis.Record) error { return nil },
		valid:  true,
	}
}

// peoplesoftOffers: memberships can be created, deleted, renamed and read, not
// replaced; all routings are delivered inactive, so a site may offer less [peer].
func peoplesoftOffers(op lis.Operation) bool {
	switch {
	case op.Service == lis.BDEMS:
		return true
	case op.Kind != lis.KindMembership:
		return false
	}
	switch op.Verb {
	case lis.Create, lis.CreateByProxy, lis.Delete, lis.ChangeIdentifier, lis.Discover, lis.Read, lis.ReadPlural, lis.ReadAllIDs, lis.ReadIDsFor:
		return true
	}
	return false
}

func oneOf(names ...string) func(lis.Operation) bool {
	return func(op lis.Operation) bool { return slices.Contains(names, op.Name) }
}

// blackboardPath is the name of the service in Learn's contracts: one for
// each service [peer], for CMS one for each manager [peer: CourseSection,
// infer: the others].
func blackboardPath(op *operation) string {
	switch op.meaning.Service {
	case lis.PMS:
		return "PersonManagementServiceSyncService"
	case lis.GMS:
		return "GroupManagementServiceSyncService"
	case lis.MMS:
		return "MembershipManagementServiceSyncService"
	case lis.OMS:
		return "OutcomesManagementServiceSyncService"
	case lis.BDEMS:
		return "BulkDataExchangeManagementServiceSyncService"
	}
	return strings.TrimSuffix(op.PortType, "PortType") + "Service"
}

// blackboardOffers: create, replace and delete of four kinds, the bulk
// announcement, and OMS for grades; the rest answers unavailable [peer].
func blackboardOffers(op lis.Operation) bool {
	switch op.Kind {
	case lis.KindPerson, lis.KindGroup, lis.KindCourseSection, lis.KindMembership:
		return op.Verb == lis.Create || op.Verb == lis.Replace || op.Verb == lis.Delete
	}
	return op.Service == lis.OMS || op.Verb == lis.BulkAnnounce
}
