package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestADecisionTellsWhatStays(t *testing.T) {
	var out strings.Builder
	err := printDecided(&out, &console.Decided{Decided: 2, Stay: 1, Stayed: []console.Stay{{Kind: "person", ID: "p-2", Reason: "7 belongs to p-0"}}}, true)
	var failed *failure
	if !errors.As(err, &failed) || failed.text != "1 could not be approved and stay held" {
		t.Error(err)
	}
	if want := "2 approved\nstays held: person p-2\n      7 belongs to p-0\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
	if err := printDecided(&out, &console.Decided{}, false); !errors.As(err, &failed) {
		t.Error("nothing was decided, and that is well")
	}
}

func TestAllHoldsOfATargetNeedAll(t *testing.T) {
	root := newRootCommand()
	root.SetArgs([]string{"hold", "approve", "--target", "lms"})
	if err := root.Execute(); err == nil || !strings.Contains(err.Error(), "--all") {
		t.Error(err)
	}
}

// Advice may name the target, or be none at all.
func TestRowsWithAndWithoutAdvice(t *testing.T) {
	rows := []console.Delivery{{Target: "lms", Kind: "person", ID: "p-1", State: journal.Parked, WaitsFor: &lis.Ref{Kind: "group", ID: "g-1"}}}
	for advice, want := range map[string]string{"": "", "send to %s": "send to lms\n", "100 % of them go": "100 % of them go\n"} {
		var out strings.Builder
		printRows(&out, rows, advice)
		row := "lms  person p-1: parked, waits for group g-1, looked at " + stamp(time.Time{}) + "\n"
		if out.String() != row+want {
			t.Errorf("%q: got %q", advice, out.String())
		}
	}
}

func TestAPairingIsShownWithItsHistory(t *testing.T) {
	at := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	p := journal.Pair{Target: "lms", Kind: "person", ID: "p-1", Gone: true, At: at}
	before := p
	before.TargetID, before.Gone = "208", false
	var out strings.Builder
	printPairing(&out, &console.Pairing{Pair: &p, History: []*journal.PairStep{{Pair: before, Why: "linked by ann"}, {Pair: p, Why: "unlinked from 208 by ann"}}})
	if got := out.String(); !strings.HasPrefix(got, "lms  person p-1: linked to nothing\n") || strings.Count(got, "\n") != 3 || !strings.Contains(got, "208 ") {
		t.Errorf("got %s", got)
	}
}
