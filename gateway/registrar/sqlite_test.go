package registrar

import (
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
)

// TestOverSQLite runs the tests that ask most of a store again, over the one
// that is used.
func TestOverSQLite(t *testing.T) {
	memory := newStore
	defer func() { newStore = memory }()
	newStore = func(t *testing.T) journal.Store {
		store, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return store
	}
	for name, test := range map[string]func(*testing.T){
		"verbs":      TestVerbsOnEveryKind,
		"repeats":    TestSameMessageTwiceHasOneEffect,
		"proxies":    TestCreateByProxyAllotsAnID,
		"cascades":   TestDeleteCollections,
		"line items": TestDeleteLineItemAnswersItsResults,
		"rekey":      TestChangeIdentifierIsFollowed,
		"refusals":   TestChangeIdentifierRefusals,
		"fan-out":    TestLargeFanOut,
		"filters":    TestFilteredReads,
		"discover":   TestDiscover,
		"savepoint":  TestReadFromSavePoint,
		"savepoints": TestSavePointsMissNothing,
		"exchange":   TestBulkExchangeIsApplied,
		"crash":      TestBulkResumesAfterACrash,
		"runners":    TestTwoRunners,
		"export":     TestExportIsImport,
		"overtaken":  TestDeleteOfWhatWasNeverThere,
		"sequence":   TestOlderNeverOverwritesNewer,
		"shuffled":   TestDeleteBeforeItsCreate,
		"merge":      TestMerge,
		"batch":      TestBatch,
		"together":   TestTogether,
		"whole":      TestTogetherWhole,
		"correct":    TestCorrect,
		"take away":  TestCorrectTakesAway,
		"rename":     TestRename,
		"taken":      TestTakenFilesAfterACrash,
	} {
		t.Run(name, test)
	}
}
