// Package lis holds the words that every room of lisgate speaks: the objects
// of the IMS Learning Information Services 2.0 information model, the changes
// made to them, and the status with which a service answers.
//
// The structs follow the information model of the six services (PMS 2.0,
// GMS 2.0, MMS 2.0, CMS 1.0, OMS 1.0, BDEMS 1.0) and are neutral to the wire:
// the JSON names are the element names of the standard, and one word serves
// all services where their schemas differ only in spelling. The package uses
// the standard library only.
package lis

import "time"

// A SourcedID is the identifier that a source gives to an object
// (GUID.Type): opaque text, compared byte for byte, without white space at
// its ends. It names one object of one kind.
type SourcedID string

// A Kind is one of the ten kinds of object that LIS manages. The spelling is
// that of MembershipIdType where the standard has one.
type Kind string

// The ten kinds.
const (
	KindPerson             Kind = "person"
	KindGroup              Kind = "group"
	KindMembership         Kind = "membership"
	KindCourseTemplate     Kind = "courseTemplate"
	KindCourseOffering     Kind = "courseOffering"
	KindCourseSection      Kind = "courseSection"
	KindSectionAssociation Kind = "sectionAssociation"
	KindLineItem           Kind = "lineItem"
	KindResult             Kind = "result"
	KindResultValue        Kind = "resultValue"
)

// An Object is the content of a record: *Person, *Group, *Membership,
// *CourseTemplate, *CourseOffering, *CourseSection, *SectionAssociation,
// *LineItem, *Result or *ResultValue.
type Object interface {
	Kind() Kind
	// Links names the values by which the object can be found: its references
	// to other objects, its e-mail addresses, its status.
	Links() []Link
	// Missing names the first element without which the object means nothing,
	// or "" when all are there.
	Missing() string
}

// A Link is a value by which an object can be found, under a name of the
// table in links.go.
type Link struct{ Name, Value string }

// A Record is an object under its identifier.
type Record struct {
	ID     SourcedID
	Agent  string // refAgentInstanceID: the instance of the source system
	Object Object // nil in a tombstone
}

// A Ref names one object.
type Ref struct {
	Kind Kind      `json:"kind"`
	ID   SourcedID `json:"sourcedId"`
}

// An Act says what a change did to its object.
type Act string

// What a change can do.
const (
	Put   Act = "put"   // the object now has the content of Change.Record
	Drop  Act = "drop"  // the object is gone; Change.Record is its last content
	Rekey Act = "rekey" // the object is now known as Change.NewID
)

// A Change is one step in the life of one object, as the journal orders them.
type Change struct {
	ID        string    // idempotency key: the same change always carries the same ID
	Seq       int64     // place in the journal, growing; see SavePoint
	Version   int64     // place among the changes of this object, from 1
	Fence     int64     // fencing number of the lease under which it is delivered
	Kind      Kind      // what was changed
	Key       SourcedID // which one
	NewID     SourcedID // Rekey only
	Act       Act
	Created   bool    // Put only: the object was not there before
	Record    *Record // content after a Put or Rekey, last content before a Drop
	Operation string  // the LIS operation that asked for it
	Source    string  // the caller who asked
	Time      time.Time
}

// An Outcome is what a target did with a change.
type Outcome struct {
	Effect   Effect
	TargetID string // the target's own identifier, where it says one
	Detail   string // the target's own words, for people
}

// An Effect says what became of a change at its target.
type Effect string

// What a target can do with a change.
const (
	Applied    Effect = "applied"    // the target has it now
	Unchanged  Effect = "unchanged"  // the target had it already
	Superseded Effect = "superseded" // not sent: a newer change of the same object went in its place
)
