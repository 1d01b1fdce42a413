package cps

import "lisgate/gateway/lis"

// A Decided says what came of a person's decision about one section.
type Decided struct {
	Section lis.SourcedID `json:"courseSectionSourcedId"`
	State   lis.PlanState `json:"state,omitempty"` // of the plan now; "" when nothing could be decided
	Text    string        `json:"text,omitempty"`  // what came of it, or why nothing did
	// Failed says that what was asked for was not done: it stays as it was, or
	// the SIS refused it.
	Failed bool `json:"failed,omitempty"`
}

// A Published says what came of publishing.
type Published struct {
	Published int       `json:"published"`
	Left      []Decided `json:"left,omitempty"` // what stays as it was, and why
}

// An Import is a file that somebody brings in.
type Import struct {
	Plan   string `json:"plan,omitempty"` // "" where there is one only
	Format string `json:"format"`         // itc2019 or unitime
	As     string `json:"as,omitempty"`   // whose word it is, sis or planner; "" for whose the file is by its kind
	Mode   string `json:"mode,omitempty"` // of a packet, see lis.PacketItems; "" for item by item
	// Begin is the Monday of the first week (xs:date), for a file that counts
	// weeks and knows no dates.
	Begin string `json:"begin,omitempty"`
	By    string `json:"by,omitempty"` // the operator
}

// An Imported says what came of an import.
type Imported struct {
	Report   *lis.BulkReport `json:"report"`
	Warnings []string        `json:"warnings,omitempty"` // what the file has and LIS cannot say, and the like
}

// An Export asks for a file.
type Export struct {
	Plan    string `json:"plan,omitempty"`
	Format  string `json:"format"`         // itc2019, unitime or ical
	What    string `json:"what,omitempty"` // problem or solution of itc2019, timetable or offerings of unitime
	Term    string `json:"term,omitempty"` // academic session; "" for all
	Room    string `json:"room,omitempty"` // of ical: whose calendar
	Person  string `json:"person,omitempty"`
	Section string `json:"section,omitempty"`
}

// A Picture asks for the week of one room, person or section.
type Picture struct {
	Room    lis.SourcedID `json:"room,omitempty"`
	Person  lis.SourcedID `json:"person,omitempty"`
	Section lis.SourcedID `json:"section,omitempty"`
	Week    lis.Date      `json:"-"` // a day of it; 0 for the first week in which there is anything
}
