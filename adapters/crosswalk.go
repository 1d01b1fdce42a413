package adapters

import (
	"context"

	"lisgate/gateway/lis"
)

// A Crosswalk knows which of a system's own ids belongs to which sourcedId.
// The gateway keeps it: it writes down every Outcome.TargetID together with
// what became of the change, moves an entry along with a Rekey, and lets one
// id of the system belong to one sourcedId only; but memberships may share one. An adapter reads it, and
// looks into the system itself for what it does not find there.
type Crosswalk interface {
	// TargetID returns the system's id of an object, "" when none is known.
	TargetID(ctx context.Context, kind lis.Kind, id lis.SourcedID) (string, error)
	// SourcedID returns the object that an id of the system belongs to, ""
	// when none is known.
	SourcedID(ctx context.Context, kind lis.Kind, targetID string) (lis.SourcedID, error)
}

// A Removal is what a Drop means at a system. Each adapter says in its package
// comment what it makes of each, and refuses to be made with one that it
// cannot do.
type Removal string

// What a Drop can mean.
const (
	Suspend  Removal = "suspend"  // the object stays and is locked; grades and work are kept. The default
	Inactive Removal = "inactive" // the object stays and is marked as not taking part
	Complete Removal = "complete" // the object stays and is marked as over
	Delete   Removal = "delete"   // the object goes, and what hangs on it there
)
