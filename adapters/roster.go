package adapters

import (
	"context"

	"lisgate/gateway/lis"
)

// A Roster knows what the records say of one person in one collection, in the
// form in which the system is sent it. A person may have several memberships
// there, one for each role or one after the other; a system that has one
// enrolment for all of them asks here what that is to be.
type Roster interface {
	// Memberships returns the memberships of a person in a collection that are
	// not deleted and lead to the system, the Inactive ones too. It is what the
	// records have now, which may be newer than the change in hand.
	Memberships(ctx context.Context, collection, person lis.SourcedID) ([]*lis.Record, error)
}
