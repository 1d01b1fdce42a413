package cps

import (
	"time"

	"lisgate/gateway/cps/clash"
	"lisgate/gateway/lis"
)

// A Standing is where the plan of one section stands. There is one for each
// section that a planner has said something of.
type Standing struct {
	Plan    string        `json:"plan"`
	Section lis.SourcedID `json:"courseSectionSourcedId"`
	State   lis.PlanState `json:"state"`
	Version int64         `json:"version,omitempty"` // of the section, when this was written
	Reason  string        `json:"reason,omitempty"`
	Packet  string        `json:"packet,omitempty"`
	Updated time.Time     `json:"updated"`
	// Agreed says that the SIS has the plan that the section has, whatever became
	// of a later proposal.
	Agreed bool `json:"agreed,omitempty"`
	// PlannerID is what the planner calls the section, where that is another name.
	PlannerID lis.SourcedID `json:"plannerId,omitempty"`
	Held      *Proposal     `json:"held,omitempty"` // waits for a person
	Sent      *Sent         `json:"sent,omitempty"` // on its way to the SIS
	Past      []Event       `json:"past,omitempty"` // oldest first, the newest twenty
	// Meeting is when and where the section meets now, for people; filled in
	// when the standing is shown.
	Meeting string `json:"meeting,omitempty"`
}

// A Proposal is a change that waits for a person's decision.
type Proposal struct {
	From      string    `json:"from"`               // the caller whose change it is
	Operation string    `json:"operation"`          // such as replaceCourseSection
	At        time.Time `json:"at"`                 //
	Why       Hold      `json:"why"`                // approval or conflict
	Rule      string    `json:"rule"`               // which, in words
	Findings  []Finding `json:"findings,omitempty"` // what the checks say of it
	Proposed  *Version  `json:"proposed"`           // what it would make of the section
	Base      *Version  `json:"base,omitempty"`     // what the section was then; nil for a new one
	Current   *Version  `json:"current,omitempty"`  // what it is now, where that is another; filled in when it is shown
}

// A Hold says why a proposal waits.
type Hold string

// Why a proposal waits.
const (
	HoldApproval Hold = "approval" // a rule wants a person to see it
	HoldConflict Hold = "conflict" // both sides changed the section
)

// A Version is a section as one side sees it.
type Version struct {
	By       string             `json:"by,omitempty"`
	Version  int64              `json:"version,omitempty"`
	At       time.Time          `json:"at,omitzero"`
	Meeting  string             `json:"meeting,omitempty"` // for people
	Location string             `json:"location,omitempty"`
	Students int64              `json:"numberofStudents,omitempty"`
	Section  *lis.CourseSection `json:"courseSection"`
}

// A Sent is a change of the planner's on its way to the SIS.
type Sent struct {
	Seq     int64     `json:"seq"`
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	Created bool      `json:"created,omitempty"` // by proxy: the SIS allots the id
	Before  []byte    `json:"before,omitempty"`  // content before it, to go back to
	Waiting bool      `json:"waiting,omitempty"` // the planner was answered processing, and is to be told
	Working bool      `json:"working,omitempty"` // the SIS answered processing: its own answer comes later
}

// An Event is a step in the life of a plan.
type Event struct {
	At    time.Time     `json:"at"`
	State lis.PlanState `json:"state"`
	By    string        `json:"by,omitempty"`
	Text  string        `json:"text,omitempty"`
}

// A Finding is a clash or another thing that a check found.
type Finding = clash.Finding

// An Answer is what a SIS said of a plan when nobody waited for it any more:
// late, unmatched or repeated. It is kept for people.
type Answer struct {
	At      time.Time     `json:"at"`
	From    string        `json:"from"`
	Section lis.SourcedID `json:"courseSectionSourcedId"`
	Packet  string        `json:"packet,omitempty"`
	State   lis.PlanState `json:"state"`
	Reason  string        `json:"reason,omitempty"`
	Kind    string        `json:"kind"` // late, unmatched, repeated
	Times   int           `json:"times"`
}

// A Summary is how a plan stands as a whole.
type Summary struct {
	Plan     string                `json:"plan"`
	Planner  string                `json:"planner"`
	SIS      string                `json:"sis"`
	Sections map[lis.PlanState]int `json:"sections"`
	Held     int                   `json:"held"`
	Sent     int                   `json:"sent"`    // on the way to the SIS
	Answers  int                   `json:"answers"` // late, unmatched, repeated
}
