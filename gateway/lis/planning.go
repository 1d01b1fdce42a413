package lis

// Course Planning and Scheduling (CPS 1.0) is an application profile of LIS:
// what it needs beyond the elements of the standard travels as extension
// fields. The words of this file are those fields, read. Which field is which
// is the table in planningfields.go; the rules of reading are in
// planningread.go and of writing in planningwrite.go.

// A Meeting is one pattern in which a section meets: the days of the week, in
// the weeks from StartDate to EndDate, from Start to End. An Arranged one has
// neither days nor times.
type Meeting struct {
	N            int    // the number in its field names; 0 for the next free one
	ID           string // the sender's own
	Days         Weekdays
	Weeks        Weeks
	StartDate    Date
	EndDate      Date
	Start, End   Clock  // NoClock for none
	TimeZone     string // IANA name; "" for that of the institution
	Type         string // Lecture, Lab and so on
	Arranged     bool
	Room         SourcedID // of a group of type Facility
	Building     string
	Campus       string
	RoomName     string // as people call it: 103
	RoomCapacity int    // 0 for not said
	Instructors  []MeetingInstructor
}

// A MeetingInstructor ties a person to a meeting. That the person teaches the
// section is said by a membership with the role Instructor.
type MeetingInstructor struct {
	N      int // as in Meeting
	Person SourcedID
	Role   string
	Share  string // decimal, of 1
	Lead   bool
}

// A Room is a place in which sections meet: a group of type Facility, for LIS
// has no service for rooms.
type Room struct {
	Name        string // description/shortDescription of the group
	Capacity    int    // seats; 0 for not said
	Building    string
	Campus      string
	Features    []string
	X, Y        string // decimal: where it is
	Unavailable []Unavailability
	Travel      []Travel
}

// An Unavailability is when a room cannot be used. Its masks are as in a
// Meeting; what is not said is no limit: without days it is every day, without
// times the whole day.
type Unavailability struct {
	Days       Weekdays
	Weeks      Weeks
	StartDate  Date
	EndDate    Date
	Start, End Clock
}

// A Travel is how long the way to another room takes.
type Travel struct {
	Room    SourcedID
	Minutes int
}

// A Request is what the SIS asks of the planner for a section.
type Request struct {
	MinutesPerWeek   int
	NumberOfMeetings int
	MinRoomCapacity  int
	RoomFeatures     []string
	RoomGroups       []string
	Buildings        []Preference // Of is a building
	Rooms            []Preference // Of is the sourcedId of a facility group; ITC 2019: the rooms allowed, and their penalties
	NoRoom           bool         // it needs none
	DatePattern      string
	Times            []TimePreference
	NotBefore        string // as it came: a time of day, or an xs:dateTime
	NotAfter         string
}

// A Preference says how well something suits: a penalty, the lower the
// better.
type Preference struct {
	Of         string
	Preference int
}

// A TimePreference is a time at which a section may meet. Its masks are as in
// a Meeting.
type TimePreference struct {
	Days       Weekdays
	Weeks      Weeks
	StartDate  Date // of Weeks
	Start      Clock
	Length     int // minutes
	Preference int
}

// A Constraint binds sections in time or place (of a section association).
// Type is a name of ITC 2019 or UniTime, with its parameters, such as
// SameAttendees or MinGap(6).
type Constraint struct {
	N        int
	Type     string
	Sections []SourcedID // in their order; empty for those of the association
	Required bool
	Penalty  int
}

// A SectionLink says what a section is taken with.
type SectionLink struct {
	Parent SourcedID // a student of this section takes that one too
	Group  string
}

// A Demand is how many students are expected in an offering.
type Demand struct{ Expected, LastLike int }

// A PlanState says how far the plan of a section is.
type PlanState string

// The states of a plan.
const (
	PlanDraft     PlanState = "draft"     // nobody has asked for anything
	PlanRequested PlanState = "requested" // the SIS asks for a plan
	PlanProposed  PlanState = "proposed"  // the planner's, not yet the SIS's
	PlanConfirmed PlanState = "confirmed" // the SIS has it
	PlanRefused   PlanState = "refused"   // see Plan.Reason
	PlanPublished PlanState = "published" // everybody may see it
	PlanCancelled PlanState = "cancelled" // the section does not take place
)

// The modes of a packet [ours; UniTime's IS_TRANSACTION and ACTION=AUDIT].
const (
	PacketItems       = "items"       // item by item; the default
	PacketTransaction = "transaction" // all or nothing
	PacketAudit       = "audit"       // change nothing, and say what would be
)

// A Plan is where the plan of a section stands, as it travels with it.
type Plan struct {
	State   PlanState
	Version int64 // of the section that it is based on; 0 for not said
	Reason  string
	Packet  string // what it came in; answers name it
	Mode    string // of the packet
}

// CrossListing reports whether an association says that its sections are one
// class under several names: an association without constraints is, and so is
// one that says so.
func CrossListing(constraints []Constraint) bool {
	if len(constraints) == 0 {
		return true
	}
	for _, c := range constraints {
		if c.Type == "CrossList" || c.Type == "MeetsWith" {
			return true
		}
	}
	return false
}
