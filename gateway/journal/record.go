package journal

import (
	"time"

	"lisgate/gateway/lis"
)

// A Filter chooses entries. The zero Filter chooses all that are not deleted.
type Filter struct {
	Links   []lis.Link    // the entry has all of these
	After   lis.SourcedID // with an id greater than this one: the next page of a list
	Since   int64         // with a change after this sequence; 0 for any
	Deleted bool          // tombstones too
	IDsOnly bool          // leave Body and Links empty, which is cheaper
}

// An Entry is an object as it is now.
type Entry struct {
	Kind    lis.Kind
	ID      lis.SourcedID
	Seq     int64 // of its newest change
	Version int64 // how many changes it has had
	Deleted bool
	Hash    []byte // of the message that made it so
	Body    []byte // see lis.MarshalRecord; of a tombstone the last content
	Links   []lis.Link
}

// A Message is what a caller sent, and how it was answered.
type Message struct {
	Seq        int64
	Time       time.Time
	Caller     string
	Operation  string
	ID         lis.SourcedID // the object it is about
	MessageID  string        // imsx_messageIdentifier
	Hash       []byte
	Status     lis.Status
	Answer     lis.SourcedID // the id that was allotted by a createByProxy
	Deviations []string
	Body       []byte // as it came
	Kept       []byte // what Store.Keep made of Body; nil lets the transaction do it
}

// A Step is one change in a history.
type Step struct {
	lis.Change
	Body    []byte
	Message int64
}
