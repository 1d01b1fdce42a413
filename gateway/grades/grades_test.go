package grades

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An lms says what it is told to, by section.
type lms struct {
	scores map[lis.SourcedID]map[lis.SourcedID]string // section, person
	broken map[lis.SourcedID]error                    // after its first result
}

func (l *lms) Results(_ context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		var persons []lis.SourcedID
		for p := range l.scores[section] {
			persons = append(persons, p)
		}
		slices.Sort(persons)
		for _, p := range persons {
			r := &lis.Result{PersonSourcedID: p, ResultScore: lis.NewText("en", l.scores[section][p]), Date: time.Now().Format(time.RFC3339)}
			if !yield(&lis.Record{Object: r}, nil) {
				return
			}
			if err := l.broken[section]; err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// A house is a journal with two sections, a desk, and a SIS.
type house struct {
	*testing.T
	*Desk
	store journal.Store
	reg   *registrar.Registrar
	eng   *deliver.Engine
	lms   *lms
	sis   *memory.Adapter
	says  atomic.Pointer[string] // why the SIS refuses p-bad
	calls atomic.Int64           // how often the SIS was told of a result

	noRoute bool // results go nowhere
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, store: journaltest.NewMemory(time.Now), lms: &lms{scores: map[lis.SourcedID]map[lis.SourcedID]string{}, broken: map[lis.SourcedID]error{}}}
	h.sis = &memory.Adapter{Fail: func(c lis.Change) error {
		h.calls.Add(1)
		if why := h.says.Load(); why != nil && strings.HasSuffix(string(c.Key), "p-bad") {
			return &adapters.Error{Class: adapters.Refused, Err: errors.New("refused by the SIS"), Answer: *why}
		}
		return nil
	}}
	h.eng = deliver.New(h.store, zap.NewNop(), time.Now, nil)
	h.reg = registrar.New(registrar.Options{Store: h.store, Wake: h.eng.Wake, Targets: func(_ journal.View, c *lis.Change) ([]string, error) {
		if c.Kind == lis.KindResult && !h.noRoute {
			return []string{"sis"}, nil
		}
		return nil, nil
	}})
	h.Desk = New(h.store, h.reg, zap.NewNop(), time.Now, []Feed{{Name: "finals", Grades: h.lms, Source: "lms", CreateLineItems: true}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.eng.Run(ctx, []deliver.Target{{Name: "sis", Adapter: h.sis}}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.store.Close()
	})
	for _, s := range []string{"s-1", "s-2"} {
		h.say("replaceCourseSection", lis.SourcedID(s), &lis.CourseSection{Title: lis.NewText("en", "Optics"), AcademicSession: lis.NewText("en", s+" term")})
	}
	for _, p := range []string{"p-1", "p-2", "p-bad"} {
		h.say("replacePerson", lis.SourcedID(p), &lis.Person{})
		h.enrol(p, "Learner", "Active")
	}
	h.enrol("p-teacher", "Instructor", "Active")
	h.enrol("p-gone", "Learner", "Inactive")
	return h
}

func (h *house) enrol(person, role, status string) {
	h.say("replaceMembership", lis.SourcedID("m-"+person), &lis.Membership{CollectionSourcedID: "s-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: role, Status: status}}}})
}

func (h *house) say(operation string, id lis.SourcedID, o lis.Object) {
	h.Helper()
	a := h.reg.Do(h.Context(), &registrar.Request{Call: &lis.Call{Operation: operation, ID: id, Record: &lis.Record{ID: id, Object: o}}, Caller: "sis"})
	if !a.Status.OK() {
		h.Fatalf("%s %s: %+v", operation, id, a.Status)
	}
}

func (h *house) grade(section, person lis.SourcedID, score string) {
	if h.lms.scores[section] == nil {
		h.lms.scores[section] = map[lis.SourcedID]string{}
	}
	h.lms.scores[section][person] = score
}

// pull asks the LMS and waits until the SIS has been told.
func (h *house) pull(sections ...lis.SourcedID) *Receipt {
	h.Helper()
	r, err := h.Pull(h.Context(), "finals", sections)
	if err != nil {
		h.Fatal(err)
	}
	h.settle()
	return r
}

func (h *house) settle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 10*time.Second)
	defer cancel()
	if err := h.eng.Idle(ctx); err != nil {
		h.Fatal(err)
	}
}

// state returns the state of a person's result in short.
func (h *house) state(person lis.SourcedID) string {
	h.Helper()
	for s, err := range h.States(h.Context(), "s-1") {
		if err != nil {
			h.Fatal(err)
		}
		if s.Person == person {
			return fmt.Sprintf("%s %s after %d", s.State, s.Score, s.Before)
		}
	}
	return "none"
}

func counts(r *Receipt) string {
	return fmt.Sprintf("%d sent, %d unchanged, %d refused, %d unread", r.Sent, r.Unchanged, r.Refused, len(r.Trouble))
}

// Pain 11: each student has a state, a refusal has the SIS's words, and after
// the correction the result goes again. Nothing goes twice.
func TestFinalGradesTravelBack(t *testing.T) {
	h := newHouse(t)
	why := "F needs a last attendance date"
	h.says.Store(&why)
	h.grade("s-1", "p-1", "85")
	h.grade("s-1", "p-bad", "F")
	if got := counts(h.pull()); got != "2 sent, 0 unchanged, 0 refused, 0 unread" {
		t.Error(got)
	}
	if got := h.state("p-1") + ", " + h.state("p-bad"); got != "accepted 85 after 0, refused F after 0" {
		t.Error(got)
	}
	var csv strings.Builder
	if err := h.WriteRefused(t.Context(), &csv); err != nil || strings.Count(csv.String(), "\n") != 2 || !strings.Contains(csv.String(), why) {
		t.Errorf("%v\n%s", err, csv.String())
	}
	calls := h.calls.Load()
	if got := counts(h.pull()); got != "1 sent, 1 unchanged, 0 refused, 0 unread" || h.calls.Load() != calls+1 {
		t.Errorf("%s; the SIS was called %d times more, want one for what it refused", got, h.calls.Load()-calls)
	}
	h.says.Store(nil)
	h.grade("s-1", "p-1", "90")
	h.grade("s-1", "p-bad", "D")
	r := h.pull()
	if got := h.state("p-1") + ", " + h.state("p-bad"); got != "accepted 90 after 1, accepted D after 2" {
		t.Error(got)
	}
	for _, row := range r.Rows {
		if row.Person == "p-1" && row.Reason != "changed after it was posted: was 85, is 90" || row.Person == "p-bad" && row.Reason != "" {
			t.Errorf("%+v", row)
		}
	}
}

func TestGradesThatAreNotTaken(t *testing.T) {
	h := newHouse(t)
	h.say("replaceLineItem", "s-1:final", &lis.LineItem{Context: &lis.Context{ContextIdentifier: "s-1"},
		LineItemType: &lis.LineItemType{LineItemTypeValue: lis.NewText("en", Final)},
		ResultValue:  &lis.ResultValue{ValueRange: &lis.ValueRange{Min: "0", Max: "100"}}})
	for person, reason := range map[lis.SourcedID]string{
		"p-teacher": "p-teacher is in section s-1, but as Instructor",
		"p-gone":    "with the status Inactive",
		"p-unknown": "p-unknown is not in section s-1",
		"p-1":       "101 is not between 0 and 100",
		"p-2":       `"B" is no number`,
		"p-bad":     "",
	} {
		score := map[lis.SourcedID]string{"p-1": "101", "p-2": "B"}[person]
		if score == "" {
			score = "99.5"
		}
		r, err := h.Submit(t.Context(), "lms", []Grade{{Section: "s-1", Person: person, Result: &lis.Result{ResultScore: lis.NewText("en", score)}}}, true)
		if err != nil {
			t.Fatal(err)
		}
		row := r.Rows[0]
		if (row.State == RefusedBy) != (reason != "") || !strings.Contains(row.Reason, reason) {
			t.Errorf("%s: %+v, want %q", person, row, reason)
		}
	}
	r, err := h.Submit(t.Context(), "lms", []Grade{{Section: "s-9", Person: "p-1", Result: &lis.Result{ResultScore: lis.NewText("en", "1")}}}, true)
	if err != nil || !strings.Contains(r.Rows[0].Reason, "know no section s-9") {
		t.Errorf("%+v, %v", r.Rows, err)
	}
	r, err = h.Submit(t.Context(), "lms", []Grade{{Section: "s-2", Person: "p-1", Result: &lis.Result{ResultScore: lis.NewText("en", "1")}}}, false)
	if err != nil || r.Rows[0].State != RefusedBy {
		t.Errorf("%+v, %v", r.Rows, err)
	}
}

// Half a class is no class: a section that breaks off gives nothing, and the
// others go on.
func TestASectionThatBreaksOff(t *testing.T) {
	h := newHouse(t)
	h.grade("s-1", "p-1", "70")
	h.grade("s-1", "p-2", "80")
	h.lms.broken["s-1"] = &adapters.Error{Class: adapters.Refused, Err: errors.New("the course is gone")}
	if got := counts(h.pull()); got != "0 sent, 0 unchanged, 0 refused, 1 unread" {
		t.Error(got)
	}
	h.lms.broken = nil
	if got := counts(h.pull("s-1")); got != "2 sent, 0 unchanged, 0 refused, 0 unread" {
		t.Error(got)
	}
	receipts, err := lis.Collect(h.Receipts(t.Context()))
	if err != nil || len(receipts) != 2 || receipts[1].Sent != 2 {
		t.Errorf("receipts %+v, %v", receipts, err)
	}
}

func TestSectionsByTermAndOrganisation(t *testing.T) {
	h := newHouse(t)
	for want, f := range map[string]Feed{"[s-1 s-2]": {}, "[s-1]": {Term: []string{"s-1 term"}}, "[s-1 s-2] ": {Term: []string{"s-1 term", "s-2 term"}}, "[]": {Organisation: []string{"math"}}} {
		ids, err := h.sections(t.Context(), &f)
		if got := fmt.Sprint(ids); err != nil || got != strings.TrimSpace(want) {
			t.Errorf("%+v: %s, %v", f, got, err)
		}
	}
}

func TestUntil(t *testing.T) {
	now := time.Date(2026, 9, 1, 18, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		every time.Duration
		at    []string
		want  time.Duration
	}{
		{time.Hour, nil, time.Hour},
		{0, []string{"18:30"}, 30 * time.Minute},
		{0, []string{"18:00", "03:00"}, 9 * time.Hour},
		{time.Minute, []string{"18:30"}, time.Minute},
	} {
		if got := Until(now, c.every, c.at); got != c.want {
			t.Errorf("%v %v: %s, want %s", c.every, c.at, got, c.want)
		}
	}
}

func TestFormulasInTheCSV(t *testing.T) {
	got := line("=cmd", "p", "i", "-5", "sis", "+x", "-a", time.Unix(0, 0))
	if got[0] != "'=cmd" || got[3] != "-5" || got[5] != "'+x" || got[6] != "'-a" {
		t.Errorf("%q", got)
	}
}
