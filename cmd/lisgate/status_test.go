package main

import (
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	engine "lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestStatusTellsWhatIsStuck(t *testing.T) {
	at := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	f := &flow{
		Targets: []engine.Status{{Target: "lms", Standing: journal.Standing{Waiting: 9001, Parked: 9000, Held: 1},
			Kinds: map[lis.Kind]engine.Counts{lis.KindPerson: {Applied: 2}, lis.KindGroup: {}}}},
		Balance: []journal.Balance{{Target: "lms", Kind: lis.KindPerson, Sent: 9003, Applied: 2, Waiting: 9001}, {Target: "other", Sent: 5}},
		Feeds: []feedStatus{
			{Name: "sis", LastSuccess: at, To: []standing{{Target: "lms", Parked: 9000, ParkedSince: at, Late: true, Lacks: map[lis.Kind]int64{lis.KindPerson: 8000, lis.KindGroup: 1000}}}},
			{Name: "drop", Source: true, Expect: "3s", Late: true, LastTrouble: "nothing of what came can be used: 1 read, 1 refused",
				Rejected: []adapters.Rejection{{Where: "people.csv:1", Reason: "has no column id"}}, To: []standing{{Target: "lms", Held: 1}}},
			{Name: "hr", Source: true, Expect: "26h", LastSuccess: at},
		},
	}
	var out strings.Builder
	printFlow(&out, f)
	want := "to   lms            STUCK: what is parked waits for too long\n" +
		"      9001 waiting (9000 parked, 1 held, 0 to be tried again), 0 a second\n" +
		"      the oldest is parked since " + stamp(at) + ", most wait for a person: lisgate parked --target lms\n" +
		"      1 wait for a decision: lisgate hold list --target lms\n" +
		"      in all: 9003 sent, 2 applied, 0 refused\n" +
		"      this run: person             2 applied, 0 refused since it was last quiet\n" +
		"from sis            last came " + stamp(at) + "\n" +
		"      not through to lms: 9000 parked\n" +
		"from drop           LATE: never came, expected every 3s\n" +
		"      trouble: nothing of what came can be used: 1 read, 1 refused\n" +
		"      people.csv:1: has no column id\n" +
		"      not through to lms: 1 held\n" +
		"from hr             fresh: last came " + stamp(at) + ", expected every 26h\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
