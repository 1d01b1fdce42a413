package registrar

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"lisgate/gateway/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// twice runs each transaction in vain before it runs it for good, as a store
// may when callers share one.
type twice struct{ journal.Store }

var errInVain = errors.New("in vain")

func (s twice) Write(ctx context.Context, f func(journal.Tx) error) error {
	err := s.Store.Write(ctx, func(tx journal.Tx) error { return errors.Join(f(tx), errInVain) })
	if !errors.Is(err, errInVain) {
		return err
	}
	return s.Store.Write(ctx, f)
}

func TestTransactionsMayRunTwice(t *testing.T) {
	once := newStore
	defer func() { newStore = once }()
	newStore = func(t *testing.T) journal.Store { return twice{once(t)} }
	for name, test := range map[string]func(*testing.T){
		"verbs":     TestVerbsOnEveryKind,
		"repeats":   TestSameMessageTwiceHasOneEffect,
		"proxies":   TestCreateByProxyAllotsAnID,
		"cascades":  TestDeleteCollections,
		"rekey":     TestChangeIdentifierIsFollowed,
		"relations": TestGroupRelationships,
		"sections":  TestAssociationSections,
		"results":   TestReplaceResultsForLineItem,
		"exchanges": TestExchangeStateMachine,
		"bulk":      TestBulkExchangeIsApplied,
		"import":    TestImportKeepsWhatCameBeforeAnError,
		"overtaken": TestDeleteOfWhatWasNeverThere,
		"sequence":  TestOlderNeverOverwritesNewer,
		"merge":     TestMerge,
		"remove":    TestRemoveOfAnExtra,
	} {
		t.Run(name, test)
	}
}
