package adapters

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lisgate/gateway/lis"
)

// An Adapter reaches one system.
type Adapter interface {
	// Apply carries out one change and says what the system did. It is safe
	// to call again with the same change: the change's ID is the idempotency
	// key. An error is one of the classes below.
	Apply(ctx context.Context, c lis.Change) (lis.Outcome, error)
	// Check reports whether the system can be reached and used. It changes nothing.
	Check(ctx context.Context) error
	Close() error
}

// A Batcher can carry out many changes in one call, with an outcome or an
// error for each.
type Batcher interface {
	ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error)
	// Limits returns the most changes and bytes of one call.
	Limits() (changes, bytes int)
}

// A Lister can stream every object of a kind that the system holds.
type Lister interface {
	List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error]
}

// A Reader can read one object back, nil when the system has no such object.
type Reader interface {
	Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error)
}

// A Planner can say what Apply would do, and does nothing.
type Planner interface {
	Plan(ctx context.Context, c lis.Change) (lis.Outcome, error)
}

// Grades can read the final outcomes of a section back, as *lis.Result. The
// system need not know of LIS line items: an ID or LineItemSourcedID that it
// has none for is left empty, and the gateway finds the section's own.
type Grades interface {
	Results(ctx context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error]
}

// A Mirror says how a record would come back from List or Read after it was
// put: with what the system has a place for and nothing else. Without it a
// record is held to come back as it was. A system that keeps no identifier for
// memberships lists them with an empty ID: collection, person and role are the
// name then. Mirror returns nil for what the system would not list at all,
// such as a membership that is Inactive.
type Mirror interface {
	Mirror(r *lis.Record) *lis.Record
}

// A Class says what is to be done about an error.
type Class string

// The error classes, and no others, leave an adapter.
const (
	Unavailable Class = "unavailable" // the system cannot be reached: try again later
	Busy        Class = "busy"        // the system asks for time: try again after After
	Missing     Class = "missing"     // a parent is not there yet: wait for it
	Refused     Class = "refused"     // the system will not have it: a person must look
	Unsupported Class = "unsupported" // the system has no place for it
)

// An Error is an error with its class.
type Error struct {
	Class      Class
	After      time.Duration // Busy only: how long to wait
	Parent     lis.SourcedID // Missing only: which parent
	ParentKind lis.Kind      // Missing only: of which kind, "" when it may be of several
	Narrow     bool          // Unavailable only: the system is there, but not for this (a right is lacking): the others go on
	Whole      bool          // of a Batcher: all was refused, and the system does not say which row is to blame
	Match      string        // Refused only: the system's own id of what looks like the same object; a person may link the two
	Answer     string        // what the system itself said
	Hint       string        // what can be done about it, in plain words
	Err        error         // what went wrong, for people
}

// Error says the class and what went wrong.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Class, e.Err) }

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Advise returns what went wrong with the hint behind it, as people read it:
// some hints are sentences, some are not.
func Advise(wrong, hint string) string {
	first, _ := utf8.DecodeRuneInString(hint)
	switch {
	case hint == "":
		return wrong
	case unicode.IsUpper(first):
		return strings.TrimSuffix(wrong, ".") + ". " + hint
	}
	return strings.TrimSuffix(wrong, ".") + "; " + hint
}

// ClassOf returns the class of an error. An error without one is
// Unavailable: what is not understood is tried again, never thrown away.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return Unavailable
}
