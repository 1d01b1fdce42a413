package intake

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
		"lists":      TestLists,
		"delta":      TestDelta,
		"identifier": TestChangeOfIdentifierTwice,
		"duplicates": TestDuplicates,
		"bad rows":   TestBadRows,
		"held":       TestTooManyAbsencesAreHeld,
		"approve":    TestApprove,
		"drop":       TestDropAHold,
		"two kinds":  TestTwoKinds,
		"two feeds":  TestTwoFeeds,
		"two pulls":  TestListOverTwoPulls,
		"crash":      TestCrashInTheMiddle,
		"status":     TestStatus,
	} {
		t.Run(name, test)
	}
}
