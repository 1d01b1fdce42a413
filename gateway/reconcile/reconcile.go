// Package reconcile compares what the records say with what a target holds,
// and brings the target back to the records by the way that every change goes.
//
// The target's list is streamed and each object looked up in the journal as it
// comes; then the records are streamed, and what the list did not hold is
// missing. A list that ends in an error, or says one object twice, proves
// nothing about what it did not say: no absence is told from it.
//
// What changed, or was delivered, while the comparison went on is left out: it
// says nothing about drift.
package reconcile

import (
	"context"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// What says how a target differs from the records in one object.
type What string

// How an object can differ.
const (
	Missing What = "missing" // the records have it, the target does not
	Differs What = "differs" // both have it, not the same
	Extra   What = "extra"   // the target has it, the records do not, or do not want it there
	Refused What = "refused" // the mapping of the target does not take it, or the target itself did not
)

// A Difference is one object that is not at a target as the records want it.
type Difference struct {
	What   What          `json:"what"`
	Kind   lis.Kind      `json:"kind"`
	ID     lis.SourcedID `json:"sourcedId,omitempty"`
	Fields []Field       `json:"fields,omitempty"` // Differs only
	Why    string        `json:"why,omitempty"`    // what is known of the reason
	// Person and Collection tell a membership apart that has no id at the target.
	Person     lis.SourcedID `json:"personSourcedId,omitempty"`
	Collection lis.SourcedID `json:"collectionSourcedId,omitempty"`

	record *lis.Record // Extra only: what the target has
	state  journal.State
	known  bool // the journal has an entry or a tombstone
	again  bool // sending what the records say again would mend it
	left   bool // again, when the target was ever told of it
}

// A Field is an element that differs. The values are those of persons too:
// they are for whoever asked, and for no log.
type Field struct {
	Name string `json:"name"`
	Want string `json:"want,omitempty"`
	Have string `json:"have,omitempty"`
}

// HideValues leaves of the fields only their names.
func (d *Difference) HideValues() {
	names := make([]Field, len(d.Fields))
	for i, f := range d.Fields {
		names[i].Name = f.Name
	}
	d.Fields = names
}

// Store is what is needed of a journal.
type Store interface {
	Snapshot(ctx context.Context) (journal.Snapshot, error)
	Resend(ctx context.Context, target string, objects []lis.Ref) (int, error)
}

// Options say what is compared with what.
type Options struct {
	Store   Store
	Target  string
	Adapter adapters.Adapter // a Lister or a Reader
	Kinds   []lis.Kind       // none for all

	// Wanted reports whether the routes lead an object to the target. A
	// candidate's routes may be asked in place of those in force.
	Wanted func(v journal.View, c *lis.Change) (bool, error)
	// Left reports whether what is not Wanted has left a scope or a filter of
	// the routes, so that the target is to remove it; nil for never.
	Left func(v journal.View, c *lis.Change) (bool, error)
	// Shape is the mapping of the target, nil for none.
	Shape func(ctx context.Context, c lis.Change) (lis.Change, error)
	// Bare takes off what the target was told beside the record, nil for nothing.
	Bare func(*lis.Record) *lis.Record
	Now  func() time.Time
}

// A Summary counts what a comparison found, by kind.
type Summary struct {
	Kind    lis.Kind `json:"kind"`
	Wanted  int64    `json:"wanted"`
	Listed  int64    `json:"listed"`
	Missing int64    `json:"missing"`
	Differs int64    `json:"differs"`
	Extra   int64    `json:"extra"`
	Refused int64    `json:"refused"`
	Skipped int64    `json:"skipped,omitempty"` // changed or on their way meanwhile
	Trouble string   `json:"trouble,omitempty"` // why the comparison is not complete
}

func (s *Summary) count(d *Difference) {
	switch d.What {
	case Missing:
		s.Missing++
	case Differs:
		s.Differs++
	case Extra:
		s.Extra++
	case Refused:
		s.Refused++
	}
}
