// Package shuffle holds the way from a caller to the targets against A8 of the
// reliability tests: changes that come five times over and in any order end
// where they end when each comes once and in its place, in the records and at
// every target.
//
// 4,000 changes, a tenth under -race, 200,000 when LISGATE_LONG is set.
// SHUFFLE_SEED replays an order.
package shuffle

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFiveTimesOverAndShuffled(t *testing.T) {
	changes := 4000
	switch {
	case os.Getenv("LISGATE_LONG") != "":
		changes = 200000
	case racing:
		changes = 400
	}
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("SHUFFLE_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SHUFFLE_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 8))
	calls := stream(changes, random)
	began := time.Now()
	want := end(t, calls)
	inOrder := time.Since(began).Round(time.Millisecond)
	if n := len(want.records); n < changes/20 {
		t.Fatalf("only %d records are left", n)
	}
	began = time.Now()
	got := end(t, often(5, calls, random))
	shuffled := time.Since(began).Round(time.Millisecond)
	same(t, "records", want.records, got.records)
	for name := range want.targets {
		same(t, name, want.targets[name], got.targets[name])
		same(t, name+" and the records", got.records, got.targets[name])
	}
	t.Logf("%d changes: %d records, in order in %s, shuffled in %s", len(calls), len(got.records), inOrder, shuffled)
}

func same(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	if maps.Equal(want, got) {
		return
	}
	told := 0
	t.Errorf("%s: %d objects, want %d", what, len(got), len(want))
	for _, pair := range [][2]map[string]string{{want, got}, {got, want}} {
		for k, v := range pair[0] {
			if other := pair[1][k]; other != v && told < 5 {
				t.Logf("%s: %q and %q", k, v, other)
				told++
			}
		}
	}
}

// What a stream is like.
const (
	perObject = 4  // changes of one object, about
	finish    = 25 // one in so many changes deletes an object for good
)

// stream is changes with growing stamps, from long before they are carried out:
// a bubble's time begins in the year 2000.
func stream(changes int, random *rand.Rand) []*lis.Call {
	base := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	objects := max(30, changes/perObject)
	persons, sections := objects*3/10, max(1, objects/20)
	gone := make([]bool, objects)
	var calls []*lis.Call
	for i := 0; len(calls) < changes && i < 50*changes; i++ {
		n := random.IntN(objects)
		if gone[n] {
			continue
		}
		id, o := object(n, persons, sections, fmt.Sprint("word ", i), base.Add(time.Duration(i)*time.Second).Format(time.RFC3339))
		if random.IntN(finish) == 0 {
			gone[n] = true
			calls = append(calls, &lis.Call{Operation: lis.OperationFor(o.Kind(), lis.Delete), ID: id})
			continue
		}
		calls = append(calls, &lis.Call{Operation: lis.OperationFor(o.Kind(), lis.Replace), ID: id, Record: &lis.Record{ID: id, Object: o}})
	}
	return calls
}

// object is the object of a number, which says a word and has a stamp: a
// person, a section, or a membership, which joins the same two for good.
func object(n, persons, sections int, word, stamp string) (lis.SourcedID, lis.Object) {
	x := &lis.Extension{Field: []lis.ExtensionField{{FieldName: "n", FieldValue: stamp}}}
	switch {
	case n < persons:
		return person(n), &lis.Person{FormName: []lis.FormName{{FormattedName: lis.NewText("en", word)}}, Extension: x}
	case n < persons+sections:
		return section(n - persons), &lis.CourseSection{Title: lis.NewText("en", word), Extension: x}
	}
	role := lis.Role{RoleType: "Learner", Status: lis.StatusActive, SubRole: word, Extension: x}
	return lis.SourcedID(fmt.Sprint("m-", n)), &lis.Membership{CollectionSourcedID: section(n % sections), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: person(n % persons), Role: []lis.Role{role}}}
}

func person(n int) lis.SourcedID  { return lis.SourcedID(fmt.Sprint("p-", n)) }
func section(n int) lis.SourcedID { return lis.SourcedID(fmt.Sprint("s-", n)) }

// often repeats calls and shuffles them.
func often(times int, calls []*lis.Call, random *rand.Rand) []*lis.Call {
	all := make([]*lis.Call, 0, times*len(calls))
	for range times {
		all = append(all, calls...)
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
