package canvas

import (
	"fmt"
	"testing"
	"time"

	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// TestTerm brings a term of 20,000 persons, 1,500 sections and 90,000
// memberships in, in imports of 10,000 changes (with -short a tenth of it).
func TestTerm(t *testing.T) {
	people, sections, each := 20000, 1500, 60
	if testing.Short() {
		people, sections = people/10, sections/10
	}
	fake, url := serve(t, canvasfake.Options{Polls: 1})
	a := open(t, url, nil)
	began := time.Now()
	bring(t, a, people, person)
	bring(t, a, sections, func(n int) *lis.Record { return alone(fmt.Sprint("S", n)) })
	bring(t, a, sections*each, func(n int) *lis.Record {
		s := n / each
		return enrolment(fmt.Sprint("m", n), fmt.Sprint("S", s), string(person((s*13+n%each*7)%people).ID), "Learner")
	})
	t.Logf("%d changes in %s, %d requests", people+sections+sections*each, time.Since(began).Round(time.Millisecond), fake.Requests())
	if fake.Count("user") != people || fake.Count("section") != sections || fake.Count("enrollment") != sections*each || fake.MaxConcurrent() != 1 {
		t.Errorf("%d users, %d sections, %d enrolments", fake.Count("user"), fake.Count("section"), fake.Count("enrollment"))
	}
}

func bring(t *testing.T, a *Adapter, n int, make func(int) *lis.Record) {
	t.Helper()
	limit, _ := a.Limits()
	for from := 0; from < n; from += limit {
		var changes []lis.Change
		for i := from; i < min(from+limit, n); i++ {
			changes = append(changes, put(make(i)))
		}
		_, errs := a.ApplyAll(t.Context(), changes)
		for i, err := range errs {
			if err != nil {
				t.Fatalf("%d: %v", from+i, err)
			}
		}
	}
}
