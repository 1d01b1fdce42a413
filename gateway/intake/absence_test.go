package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"lisgate/adapters"
)

func (h *house) oneHold() Hold {
	h.t.Helper()
	all, err := h.Holds(h.t.Context())
	if err != nil || len(all) != 1 {
		h.t.Fatalf("%d holds, want 1: %+v %v", len(all), all, err)
	}
	return all[0]
}

func (h *house) noHolds() {
	h.t.Helper()
	if all, err := h.Holds(h.t.Context()); err != nil || len(all) != 0 {
		h.t.Errorf("held: %+v %v", all, err)
	}
}

// full says the list of all persons but some.
func (h *house) full(from, to int) { h.sis.says(begins(kPerson), persons(from, to), ends(kPerson)) }

func TestGuard(t *testing.T) {
	cases := []struct {
		g         Guard
		count, of int64
		why       string
	}{
		{Guard{}, 10, 10, ""}, {Guard{}, 11, 100, "5 percent of 100"}, {Guard{}, 11, 220, ""}, {Guard{}, 1000, 20000, ""},
		{Guard{}, 1001, 1e6, "more than 1000"}, {Guard{Few: 1, Percent: 50, Most: 3}, 2, 4, ""}, {Guard{Few: 1, Percent: 50, Most: 3}, 4, 40, "more than 3"},
		{Guard{Off: true}, 1e6, 1e6, ""},
	}
	for _, c := range cases {
		if got := c.g.withDefaults().holds(c.count, c.of); (got == "") != (c.why == "") || !strings.Contains(got, c.why) {
			t.Errorf("%+v %d of %d: %q, want %q", c.g, c.count, c.of, got, c.why)
		}
	}
}

func TestTooManyAbsencesAreHeld(t *testing.T) {
	h := newHouse(t)
	h.full(0, 100)
	h.pull()
	h.full(20, 101)
	r := h.pull()
	h.counted(r, kPerson, Counts{Read: 81, Changed: 1, Unchanged: 80, Held: 20}) // what is new goes on meanwhile
	hold := h.oneHold()
	if hold.ID != "absence/sis/person/2" || hold.Count != 20 || hold.Of != 101 || len(hold.Sample) != 20 || hold.Sample[0] != "p00000" || hold.Why == "" {
		t.Errorf("%+v", hold)
	}
	if len(r.Holds) != 1 || r.Holds[0] != hold.ID {
		t.Errorf("the report names %v", r.Holds)
	}
	h.pull()
	if again := h.oneHold(); again.ID != hold.ID {
		t.Errorf("the same absences are held again: %s", again.ID)
	}
	if len(h.there(kPerson)) != 101 {
		t.Error("something was removed")
	}
	h.full(5, 101) // some are back
	if r := h.pull(); r.of(kPerson).Removed != 5 {
		t.Errorf("%+v", *r.of(kPerson))
	}
	h.noHolds()
}

func TestApprove(t *testing.T) {
	h := newHouse(t)
	h.full(0, 100)
	h.pull()
	h.full(50, 100)
	h.pull()
	hold := h.oneHold()
	h.sis.says(person("p00000", "Ann")) // back, though not in a list
	h.pull()
	h.sis.says(person("p00001", "Anna")) // back with other content
	h.pull()
	if err := h.Decide(t.Context(), hold.ID, true, "ann"); err != nil {
		t.Fatal(err)
	}
	// An unchanged word outside a list leaves no trace: p00000 goes, and comes
	// back when it is said again.
	if ids := h.there(kPerson); len(ids) != 51 || ids[0] != "p00001" {
		t.Errorf("left %v", ids)
	}
	if err := h.Decide(t.Context(), hold.ID, true, "ann"); err == nil || !strings.Contains(err.Error(), "decided") {
		t.Errorf("decided twice: %v", err)
	}
	h.full(0, 100)
	h.counted(h.pull(), kPerson, Counts{Read: 100, Changed: 50, Unchanged: 50})
}

func TestDropAHold(t *testing.T) {
	h := newHouse(t)
	h.full(0, 100)
	h.pull()
	h.full(50, 100)
	h.pull()
	if err := h.Decide(t.Context(), h.oneHold().ID, false, "ann"); err != nil {
		t.Fatal(err)
	}
	h.counted(h.pull(), kPerson, Counts{Read: 50, Unchanged: 50})
	h.noHolds()
	if n := len(h.there(kPerson)); n != 100 {
		t.Errorf("%d persons are left", n)
	}
	snap, err := h.store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for j := range snap.Jobs(absenceJob) {
		if hold, _ := readHold(j); j.State != dropped || hold.By != "ann" {
			t.Errorf("%s: %s", j.State, j.Data)
		}
	}
}

// While memberships are held, what would take them along is held too.
func TestHeldMembershipsHoldTheirPersons(t *testing.T) {
	h := newHouse(t)
	members := many(0, 30, func(i int) adapters.Item { return member(fmt.Sprintf("m%02d", i), "s", "p00000") })
	h.sis.says(begins(kPerson), persons(0, 2), ends(kPerson), begins(kMember), members, ends(kMember))
	h.pull()
	h.sis.says(begins(kPerson), persons(1, 2), ends(kPerson), begins(kMember), ends(kMember))
	r := h.pull()
	h.counted(r, kMember, Counts{Held: 30})
	h.counted(r, kPerson, Counts{Read: 1, Unchanged: 1, Held: 1})
	if len(r.Holds) != 2 || len(h.there(kMember)) != 30 {
		t.Errorf("holds %v", r.Holds)
	}
}

// Memberships go before persons, so that nothing goes twice.
func TestTwoKinds(t *testing.T) {
	h := newHouse(t)
	h.sis.says(begins(kPerson), begins(kMember), person("a", "Ann"), member("m", "s", "a"), person("b", "Ben"), member("n", "s", "b"), ends(kPerson), ends(kMember))
	h.pull()
	h.sis.says(begins(kPerson), begins(kMember), person("a", "Ann"), member("m", "s", "a"), ends(kPerson), ends(kMember))
	before := h.changes()
	r := h.pull()
	h.counted(r, kPerson, Counts{Read: 1, Unchanged: 1, Removed: 1})
	h.counted(r, kMember, Counts{Read: 1, Unchanged: 1, Removed: 1})
	if n := h.changes() - before; n != 2 {
		t.Errorf("%d changes, want 2", n)
	}
}

// What another feed still has stays, and goes with the last that has it.
func TestTwoFeeds(t *testing.T) {
	h := newHouse(t)
	hr := new(fake)
	h.feeds(Feed{Name: "sis", Source: h.sis}, Feed{Name: "hr", Source: hr})
	h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Ben"))...)
	hr.says(list(kPerson, person("a", "Ann"))...)
	h.pull()
	if _, err := h.Pull(t.Context(), "hr"); err != nil {
		t.Fatal(err)
	}
	h.sis.says(list(kPerson)...)
	h.counted(h.pull(), kPerson, Counts{Removed: 1})
	h.has(kPerson, "a")
	hr.says(list(kPerson)...)
	if _, err := h.Pull(t.Context(), "hr"); err != nil {
		t.Fatal(err)
	}
	h.has(kPerson)
}

// What was not read is not absent.
func TestIncompleteReads(t *testing.T) {
	for name, says := range map[string][]any{
		"cut off":             {begins(kPerson), person("a", "Ann"), unavailable()},
		"cut off behind":      {begins(kPerson), person("a", "Ann"), ends(kPerson), unavailable()},
		"no end":              {begins(kPerson), person("a", "Ann")},
		"no beginning":        {person("a", "Ann"), ends(kPerson)},
		"of another kind":     {begins(kMember), person("a", "Ann"), ends(kMember)},
		"panic":               {begins(kPerson), person("a", "Ann"), ends(kPerson), func() { panic("boom") }},
		"begun anew, cut off": {begins(kPerson), ends(kPerson), begins(kPerson), person("a", "Ann")},
		"nothing":             {},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Ben"))...)
			h.pull()
			h.sis.says(says...)
			r, _ := h.Pull(t.Context(), "sis")
			if r.of(kPerson).Removed != 0 {
				t.Errorf("%+v", *r.of(kPerson))
			}
			h.has(kPerson, "a", "b")
		})
	}
}

// A list may go on in the next pull; what was in its first part is there.
func TestListOverTwoPulls(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Ben"), person("c", "Cy"))...)
	h.pull()
	h.sis.says(begins(kPerson), person("a", "Ann"), cursor("half"), unavailable())
	if _, err := h.Pull(t.Context(), "sis"); err == nil {
		t.Fatal("no error")
	}
	h.sis.says(person("b", "Ben"), ends(kPerson), cursor("whole"))
	h.counted(h.pull(), kPerson, Counts{Read: 1, Unchanged: 1, Removed: 1})
	h.has(kPerson, "a", "b")
}

// A list that ended before its pull failed is dealt with by the next.
func TestListBeforeAnError(t *testing.T) {
	h := newHouse(t)
	h.sis.says(list(kPerson, person("a", "Ann"), person("b", "Ben"))...)
	h.pull()
	h.sis.says(begins(kPerson), person("a", "Ann"), ends(kPerson), cursor("whole"), unavailable())
	if _, err := h.Pull(t.Context(), "sis"); err == nil {
		t.Fatal("no error")
	}
	h.sis.says(person("c", "Cy"))
	h.counted(h.pull(), kPerson, Counts{Read: 1, Changed: 1, Removed: 1})
	h.has(kPerson, "a", "c")
}

// A broken registrar in the middle of a decision leaves it to be made again.
func TestDecideCutOff(t *testing.T) {
	h := newHouse(t, func(f *Feed) { f.Removals.Few = 1 })
	h.full(0, 500)
	h.pull()
	h.sis.says(list(kPerson)...)
	h.pull()
	hold := h.oneHold()
	ctx, cancel := context.WithCancel(t.Context())

	h.Intake.registrar = &breaking{Registrar: h.Intake.registrar, left: 1, stop: cancel}
	if err := h.Decide(ctx, hold.ID, true, "ann"); err == nil {
		t.Fatal("no error")
	}
	h.feeds(Feed{Name: "sis", Source: h.sis})
	if n := len(h.there(kPerson)); n == 500 || n == 0 {
		t.Errorf("%d are left in the middle", n)
	}
	if err := h.Decide(t.Context(), hold.ID, true, "ann"); err != nil {
		t.Fatal(err)
	}
	h.has(kPerson)
}

func TestDecideNothing(t *testing.T) {
	h := newHouse(t)
	if err := h.Decide(t.Context(), "absence/sis/person/1", true, "ann"); err == nil || !strings.Contains(err.Error(), "see which are held") {
		t.Error(err)
	}
}
