package config

import (
	"maps"
	"slices"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

const planned = `
targets: [{name: sis, adapter: lissoap, url: "http://x/"}, {name: lms, adapter: moodle, url: "https://x/"}]
routes: [{name: r, to: [sis, lms]}]
`

func TestAPlanKnowsWhatItWasNotTold(t *testing.T) {
	c := mustLoad(t, planned+`plans: [{name: fall, planner: anonymous, sis: sis, publish: [lms], checks: {room: soft, term: off}}]`, nil)
	p := c.Plans[0]
	if p.Vocabulary != lis.PlanningVocabulary || p.TimeZone != "UTC" || p.AnswerWithin != 5*time.Second || p.PacketItems != 20_000 {
		t.Errorf("got %+v", p)
	}
	want := maps.Clone(PlanChecks)
	want["room"], want["term"] = CheckSoft, CheckOff
	if !maps.Equal(p.Checks, want) || PlanChecks["room"] != CheckHard {
		t.Errorf("checks are %v", p.Checks)
	}
	if again := mustLoad(t, c.String(), nil); again.String() != c.String() {
		t.Errorf("loaded again it is\n%s, not\n%s", again, c)
	}
}

func TestAPlanNeedsARestart(t *testing.T) {
	old := mustLoad(t, planned, nil)
	if got := mustLoad(t, planned+`plans: [{name: fall, planner: anonymous, sis: sis}]`, nil).NeedsRestart(old); !slices.Equal(got, []string{"plans"}) {
		t.Errorf("got %v", got)
	}
}
