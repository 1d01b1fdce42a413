package intake

import (
	"errors"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

const (
	kPerson = lis.KindPerson
	kMember = lis.KindMembership
)

// A first list, the same again, and one with changes and absences.
func TestLists(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Ben"), person("c", "Cy"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 3, Changed: 3})
	h.has(kPerson, "a", "b", "c")
	before := h.changes()
	h.counted(h.pull(), kPerson, Counts{Read: 3, Unchanged: 3})
	if n := h.changes() - before; n != 0 {
		t.Errorf("the same list made %d changes", n)
	}
	h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Benjamin"), person("d", "Di"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 3, Unchanged: 1, Changed: 2, Removed: 1})
	h.has(kPerson, "a", "b", "d")
	h.counted(h.pull(), kPerson, Counts{Read: 3, Unchanged: 3})
}

// Without marks nothing is a list, and what is not said stays.
func TestDelta(t *testing.T) {
	h := newHouse(t)
	h.sis.says(person("a", "Ann"), person("b", "Ben"), cursor("1"))
	h.pull()
	h.sis.says(drop(kPerson, "a"), person("b", "Bo"),
		adapters.Item{Kind: kPerson, Act: lis.Rekey, Key: "b", NewID: "z"}, drop(kPerson, "never"), cursor("2"))
	h.counted(h.pull(), kPerson, Counts{Read: 4, Changed: 2, Removed: 2})
	h.has(kPerson, "z")
	h.counted(h.pull(), kPerson, Counts{Read: 4, Unchanged: 4})
	if got := h.sis.cursors; strings.Join(got, " ") != " 1 2" {
		t.Errorf("asked with cursors %q", got)
	}
}

func TestChangeOfIdentifierTwice(t *testing.T) {
	h := newHouse(t)
	rekey := adapters.Item{Kind: kPerson, Act: lis.Rekey, Key: "a", NewID: "z"}
	h.sis.says(list(kPerson, person("a", "Ann"))...)
	h.pull()
	h.sis.says(rekey)
	h.counted(h.pull(), kPerson, Counts{Read: 1, Changed: 1})
	h.counted(h.pull(), kPerson, Counts{Read: 1, Unchanged: 1})
	h.sis.says(list(kPerson, person("z", "Ann"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 1, Unchanged: 1})
	h.has(kPerson, "z")
	h.sis.says(person("a", "Another")) // the identifier is given anew
	h.counted(h.pull(), kPerson, Counts{Read: 1, Changed: 1})
	h.has(kPerson, "a", "z")
}

// A record and its change of identifier, said twice in any cut, is one person.
func TestChangeOfIdentifierAfterACrash(t *testing.T) {
	for _, size := range []int{1, 2, 3} {
		h := newHouse(t, func(f *Feed) { f.Batch = size })
		words := []any{person("a", "Ann"), adapters.Item{Kind: kPerson, Act: lis.Rekey, Key: "a", NewID: "z"}, person("b", "Ben")}
		h.sis.says(append(append(words, words...), words...)...)
		h.pull()
		h.pull()
		h.has(kPerson, "b", "z")
	}
}

// The last of several words about one object counts, also within a batch.
func TestDuplicates(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kPerson, person("a", "one"), person("a", "one"), person(" a ", "two"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 3, Changed: 2, Unchanged: 1})
	h.sis.says(list(kPerson, person("a", "three"), person("a", "two"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 2, Changed: 2})
	h.counted(h.pull(), kPerson, Counts{Read: 2, Changed: 2})
	h.sis.says(list(kPerson, drop(kPerson, "a"), person("a", "two"))...)
	h.counted(h.pull(), kPerson, Counts{Read: 2, Removed: 1, Changed: 1})
	h.has(kPerson, "a")
}

// A row that cannot be used is there all the same, and so is one that the
// registrar refuses; both are told.
func TestBadRows(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kMember, member("m1", "s", "p"), member("m2", "s", "p"), member("m3", "s", "p"))...)
	h.pull()
	h.sis.says(list(kMember, bad(kMember, "m1"), member("m2", "s", ""), member("", "s", "p"),
		adapters.Item{Kind: "cat", Act: lis.Put, Key: "x", Where: "row x"}, adapters.Item{Err: errors.New("cut short"), Where: "row 9"}, cursor("c"))...)
	r := h.pull()
	h.counted(r, kMember, Counts{Read: 3, Refused: 3, Removed: 1})
	h.has(kMember, "m1", "m2")
	if len(r.Rejected) != 5 || r.Rejected[0].Where != "row m1" || !strings.Contains(r.Rejected[0].Reason, "Dean") || !strings.Contains(r.Rejected[1].Reason, "personSourcedId") {
		t.Errorf("told %+v", r.Rejected)
	}
	if last := h.sis.acks[len(h.sis.acks)-1]; last.cursor != "c" || len(last.rejected) != 5 {
		t.Errorf("the source was told %+v", last)
	}
	if got := h.status().Rejected; len(got) != 5 {
		t.Errorf("the status tells %+v", got)
	}
}

// Rejections go with the cursor that comes behind them.
func TestAcknowledge(t *testing.T) {
	h := newHouse(t, func(f *Feed) { f.Batch = 2 })
	h.sis.says(bad(kPerson, "1"), cursor("a"), person("p", "Ann"), bad(kPerson, "2"), cursor("b"), bad(kPerson, "3"), bad(kPerson, "4"), cursor("c"))
	h.pull()
	var got []string
	for _, a := range h.sis.acks {
		words := a.cursor
		for _, r := range a.rejected {
			words += " " + string(r.Key)
		}
		got = append(got, words)
	}
	if s := strings.Join(got, ", "); s != "a 1, b 2, c 3 4" {
		t.Errorf("told %s", s)
	}
	h.sis.ackErr = unavailable()
	if _, err := h.Pull(t.Context(), "sis"); adapters.ClassOf(err) != adapters.Unavailable || h.status().LastTrouble == "" {
		t.Errorf("an acknowledgement that fails: %v", err)
	}
}

// What somebody else deleted and the source still has is said anew.
func TestDeletedByAnother(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kPerson, person("a", "Ann"))...)
	h.pull()
	if _, err := h.Intake.registrar.Batch(t.Context(), "other", []*lis.Call{{Operation: "deletePerson", ID: "a"}}, nil, nil); err != nil {
		t.Fatal(err)
	}
	h.counted(h.pull(), kPerson, Counts{Read: 1, Changed: 1})
	h.has(kPerson, "a")
}

func TestUnknownFeedAndMistakes(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Pull(t.Context(), "hr"); err == nil || !strings.Contains(err.Error(), "sis") {
		t.Errorf("%v", err)
	}
	for want, feeds := range map[string][]Feed{
		"no name": {{Source: h.sis}}, "no source": {{Name: "a"}}, "two feeds": {{Name: "a", Source: h.sis}, {Name: "a", Source: h.sis}},
		"02:30": {{Name: "a", Source: h.sis, At: []string{"25:00"}}},
	} {
		h.feeds(feeds...)
		if err := h.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
