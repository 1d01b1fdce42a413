package registrar

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// stamped reads the sequence of every caller from extension field "n".
func stamped(o *Options) {
	find, err := SequenceAt("extension.n")
	if err != nil {
		panic(err)
	}
	o.Sequence = func(_ string, r *lis.Record) (string, bool) {
		s := find(r)
		return s, s != ""
	}
}

// at gives the record of a call a stamp.
func at(stamp string, c *lis.Call) *lis.Call {
	x := &lis.Extension{Field: []lis.ExtensionField{{FieldName: "n", FieldValue: stamp}}}
	switch o := c.Record.Object.(type) {
	case *lis.Person:
		o.Extension = x
	case *lis.Group:
		o.Extension = x
	case *lis.Membership:
		o.Member.Role[0].Extension = x
	case *lis.CourseTemplate:
		o.Extension = x
	case *lis.CourseOffering:
		o.Extension = x
	case *lis.CourseSection:
		o.Extension = x
	case *lis.SectionAssociation:
		o.Extension = x
	case *lis.LineItem:
		o.Extension = x
	case *lis.Result:
		o.Extension = x
	case *lis.ResultValue:
		o.Extension = x
	}
	return c
}

func TestOlderNeverOverwritesNewer(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t, stamped)
		h.must(at("10", call(lis.Replace, k, "x", "ten")))
		for _, verb := range []lis.Verb{lis.Create, lis.Replace, lis.Update} {
			got := h.must(at("9", call(verb, k, "x", "nine")))
			if !strings.HasPrefix(got.Status.Description, "older than what is known") || !strings.Contains(got.Status.Description, `"10"`) {
				t.Errorf("%s: said %q", verb, got.Status.Description)
			}
		}
		if e := h.entry(k, "x"); e.Version != 1 || says(h.object(k, "x")) != "ten" {
			t.Errorf("version %d, %q", e.Version, says(h.object(k, "x")))
		}
		if n := len(h.messages("x")); n != 4 {
			t.Errorf("%d messages are kept, want all four", n)
		}
		h.must(at("10", call(lis.Replace, k, "x", "also ten")), at("11", call(lis.Update, k, "x", "eleven")))
		if e := h.entry(k, "x"); e.Version != 3 || says(h.object(k, "x")) != "eleven" {
			t.Errorf("version %d, %q", e.Version, says(h.object(k, "x")))
		}
		h.must(call(lis.Replace, k, "x", "who knows")) // no stamp: as it comes
		h.must(at("1", call(lis.Replace, k, "x", "one")))
		if says(h.object(k, "x")) != "one" {
			t.Error("over a record without a stamp any record counts")
		}
	})
}

// What was deleted does not come back by being said again, be its stamp a
// number or a date; something newer does.
func TestRepeatBehindADelete(t *testing.T) {
	for _, stamps := range [][2]string{{"10", "11"}, {"2020-01-01", "2999-01-01"}} {
		h := newHouse(t, stamped)
		h.must(at(stamps[0], call(lis.Replace, lis.KindGroup, "g", "one")), call(lis.Delete, lis.KindGroup, "g", ""))
		again := requestOf(at(stamps[0], call(lis.Replace, lis.KindGroup, "g", "one")))
		again.Hash = []byte("another message")
		h.send(again)
		if h.object(lis.KindGroup, "g") != nil {
			t.Errorf("%s came back", stamps[0])
		}
		h.must(at(stamps[1], call(lis.Replace, lis.KindGroup, "g", "two")))
		if says(h.object(lis.KindGroup, "g")) != "two" {
			t.Errorf("%s is newer and was not taken", stamps[1])
		}
	}
}

// With a sequence, too, what is so already is no change.
func TestEqualStampAndContentIsNoChange(t *testing.T) {
	h := newHouse(t, stamped)
	for i := range 3 {
		q := requestOf(at("1", call(lis.Replace, lis.KindPerson, "p", "Ann")))
		q.Hash = []byte{byte(i)}
		if got := h.send(q); !got.Status.OK() || i > 0 && !strings.HasPrefix(got.Status.Description, "unchanged") {
			t.Errorf("%+v", got.Status)
		}
	}
	h.expect(h.queued(), []string{"put person p"}, "changes")
}

func TestOlderResultIsIgnored(t *testing.T) {
	h := newHouse(t, stamped)
	set := func(stamp, score string) *lis.Call {
		c := at(stamp, put("r", &lis.Result{LineItemSourcedID: "li", ResultScore: text(score)}))
		return &lis.Call{Operation: "replaceResultsForLineItem", Of: "li", Records: []*lis.Record{c.Record}}
	}
	h.must(set("2", "A"))
	if got := h.must(set("1", "B")); got.Codes[0].ReplaceStatus != string(lis.FullSuccess) {
		t.Errorf("%+v", got.Codes)
	}
	if got := says(h.object(lis.KindResult, "r")); got != "A" {
		t.Errorf("the score is %s", got)
	}
}

// What a delete would have taken along does not come in behind it.
func TestMembershipBehindTheDeleteOfItsPerson(t *testing.T) {
	h := newHouse(t, stamped)
	past := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	h.must(call(lis.Create, lis.KindPerson, "p", "Ann"), call(lis.Delete, lis.KindPerson, "p", ""))
	m := func(stamp string) *lis.Call { return at(stamp, put("m", member("s", "p", "Learner"))) }
	if got := h.must(m(past)); h.object(lis.KindMembership, "m") != nil || !strings.Contains(got.Status.Description, "person") {
		t.Errorf("taken: %+v", got.Status)
	}
	h.must(m(time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
	if h.object(lis.KindMembership, "m") == nil {
		t.Error("one from after the delete must be taken: its person may come again")
	}
}

func TestCompareStamps(t *testing.T) {
	inOrder := [][2]string{{"9", "10"}, {"99999999999999999999", "100000000000000000000"}, {"-1", "0"},
		{"2026-01-02", "2026-01-02T00:00:01Z"}, {"2026-01-02T00:00:00+02:00", "2026-01-01T23:00:00Z"}, {"a9", "b1"}, {"v10", "v9"}}
	for _, c := range inOrder {
		if compareStamps(c[0], c[1]) >= 0 || compareStamps(c[1], c[0]) <= 0 || compareStamps(c[0], c[0]) != 0 {
			t.Errorf("%s is not before %s", c[0], c[1])
		}
	}
}

func TestSequenceAt(t *testing.T) {
	fields := []lis.ExtensionField{{FieldName: "v", FieldValue: " 7 "}}
	role := func(at string) lis.Role {
		return lis.Role{DateTime: at, RecordInfo: &lis.Metadata{Field: fields}, Extension: &lis.Extension{Field: fields}}
	}
	objects := []lis.Object{
		&lis.Membership{Member: &lis.Member{Role: []lis.Role{role("2026-01-02"), role("2026-01-03"), {}}}},
		&lis.Group{RecordInfo: &lis.Metadata{Field: fields}, Extension: &lis.Extension{Field: fields}},
		&lis.Result{Date: "2026-01-03", RecordInfo: &lis.Metadata{Field: fields}, Extension: &lis.Extension{Field: fields}},
	}
	want := map[string][]string{"dateTime": {"2026-01-03", "", "2026-01-03"}, "recordInfo.v": {"7", "7", "7"}, "extension.v": {"7", "7", "7"}, "extension.w": {"", "", ""}}
	for path, stamps := range want {
		find, err := SequenceAt(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range objects {
			if got := find(&lis.Record{Object: o}); got != stamps[i] {
				t.Errorf("%s of %s: %q, want %q", path, o.Kind(), got, stamps[i])
			}
		}
		if find(nil) != "" || find(&lis.Record{}) != "" {
			t.Errorf("%s of nothing", path)
		}
	}
	for _, path := range []string{"", "recordInfo", "extension.", "date"} {
		if _, err := SequenceAt(path); err == nil || !strings.Contains(err.Error(), "dateTime, recordInfo.<field>") {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// A stream is writes with growing stamps; the last of an object may be a delete.
func stream(objects, changes int, number func(n int) int) []*lis.Call {
	base := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	kinds := []lis.Kind{lis.KindPerson, lis.KindCourseSection, lis.KindMembership, lis.KindResult}
	over := map[int]bool{}
	var calls []*lis.Call
	for i := 0; len(calls) < changes; i++ {
		n := number(objects)
		if i > 50*changes {
			break
		}
		if over[n] {
			continue
		}
		k := kinds[n%len(kinds)]
		id := lis.SourcedID(fmt.Sprintf("%s-%d", k, n))
		if number(10) == 0 && n%3 == 0 {
			over[n] = true
			calls = append(calls, call(lis.Delete, k, id, ""))
			continue
		}
		c := call(lis.Replace, k, id, fmt.Sprint("word ", i))
		if k == lis.KindMembership { // of a person of the stream, who may be deleted
			c.Record.Object = member("sec", lis.SourcedID(fmt.Sprintf("person-%d", n-2)), fmt.Sprint("role ", i))
		}
		calls = append(calls, at(base.Add(time.Duration(i)*time.Second).Format(time.RFC3339), c))
	}
	return calls
}

// often repeats a stream and shuffles it.
func often(calls []*lis.Call, times int, number func(n int) int) []*lis.Call {
	var all []*lis.Call
	for range times {
		all = append(all, calls...)
	}
	for i := len(all) - 1; i > 0; i-- {
		j := number(i + 1)
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// alive is every record that is there.
func (h *house) alive() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	for i := range lis.Kinds {
		for e, err := range snap.Scan(lis.Kinds[i].Kind, journal.Filter{}) {
			if err != nil {
				h.t.Fatal(err)
			}
			all[string(e.Kind)+" "+string(e.ID)] = string(e.Body)
		}
	}
	return all
}

func (h *house) carryOutAll(calls []*lis.Call) {
	h.t.Helper()
	for part := range slices.Chunk(calls, 500) {
		if _, err := h.Batch(h.t.Context(), "sis", part, nil, nil); err != nil {
			h.t.Fatal(err)
		}
	}
}

// Property: any shuffle of a stamped stream, each change five times over, ends
// in the records of the stream in order (A8).
func TestShuffledStreamEndsTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		calls := stream(rapid.IntRange(1, 24).Draw(r, "objects"), rapid.IntRange(1, 60).Draw(r, "changes"), rnd.IntN)
		inOrder, shuffled := newHouse(t, stamped), newHouse(t, stamped)
		inOrder.carryOutAll(calls)
		shuffled.carryOutAll(often(calls, 5, rnd.IntN))
		if want, got := inOrder.alive(), shuffled.alive(); !maps.Equal(want, got) {
			r.Fatalf("in order %d records, shuffled %d: %v", len(want), len(got), differing(want, got))
		}
	})
}

func differing(a, b map[string]string) (keys []string) {
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if a[k] != b[k] {
			keys = append(keys, k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func TestManyShuffledChanges(t *testing.T) {
	changes := 20000
	if os.Getenv("LISGATE_LONG") != "" {
		changes = 200000
	}
	if testing.Short() || racing {
		changes = 2000
	}
	rnd := rand.New(rand.NewPCG(8, 8))
	calls := stream(changes/5, changes, rnd.IntN)
	alone := func(o *Options) { o.Targets = nil }
	inOrder, shuffled := newHouse(t, stamped, alone), newHouse(t, stamped, alone)
	inOrder.carryOutAll(calls)
	began := time.Now()
	shuffled.carryOutAll(often(calls, 5, rnd.IntN))
	want, got := inOrder.alive(), shuffled.alive()
	if !maps.Equal(want, got) || len(want) < changes/20 {
		t.Errorf("%d records in order, %d shuffled, and they differ", len(want), len(got))
	}
	t.Logf("%d changes, five times over: %d records, %s", len(calls), len(got), time.Since(began).Round(time.Millisecond))
}
