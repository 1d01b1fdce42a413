package blackboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/blackboard"
	"lisgate/adapters/blackboard/blackboardfake"
	"lisgate/gateway/lis"
)

type restWorld struct {
	*blackboard.REST
	file  *blackboard.FlatFile
	fake  *blackboardfake.Learn
	clock *clock
	pairs *pairs
}

func newREST(t *testing.T, set ...func(*blackboard.Options)) *restWorld {
	t.Helper()
	l, url, c := newLearn(t)
	p := &pairs{to: map[lis.Ref]string{}}
	o := options(url, c)
	o.Crosswalk = p
	for _, s := range set {
		s(&o)
	}
	r, err := blackboard.NewREST(o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := blackboard.NewFlatFile(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), f.Close() })
	return &restWorld{r, f, l, c, p}
}

// REST as a repairer: persons and memberships of courses that are there.
func TestRESTSuite(t *testing.T) {
	var mirror func(put, got *lis.Record) string
	open := func(t *testing.T) *restWorld {
		w := newREST(t)
		for n := range 5 {
			all(t, w.file, put(sample(lis.KindCourseSection, n)))
		}
		mirror = differ(w)
		return w
	}
	kinds := []lis.Kind{lis.KindPerson, lis.KindMembership}
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
		w := open(t)
		return &reading{&told{w.REST, w.fake, w.pairs, map[lis.SourcedID]*lis.Record{}}, w, w}
	}, adaptertest.Features{
		Kinds: kinds, Forgetful: true, NeedsParents: true,
		Effects: func(a adapters.Adapter) int { return a.(*reading).fake.Effects() },
		Differ:  func(put, got *lis.Record) string { return mirror(put, got) },
		Hang: func(t *testing.T) adapters.Adapter {
			w := open(t)
			w.fake.Hang.Store(true)
			return w
		},
	})
}

// grades fills a course with members 0 to n and a grade book.
func (w *restWorld) graded(t *testing.T, n int) (section lis.SourcedID, final string) {
	t.Helper()
	course := sample(lis.KindCourseSection, 1)
	all(t, w.file, put(course))
	for i := range n {
		p := sample(lis.KindPerson, i)
		m := &lis.Record{ID: lis.SourcedID(fmt.Sprintf("m%d", i)), Object: &lis.Membership{
			CollectionSourcedID: course.ID, Member: &lis.Member{PersonSourcedID: p.ID, Role: []lis.Role{{RoleType: "Learner"}}},
		}}
		all(t, w.file, put(p), put(m))
	}
	w.fake.Column(string(course.ID), "Quiz", "10", false)
	return course.ID, w.fake.Column(string(course.ID), "Final", "100.0", true)
}

func TestRESTGrades(t *testing.T) {
	w := newREST(t)
	w.fake.MaxPage = 2
	section, final := w.graded(t, 6)
	for i, g := range [][3]string{{"Graded", "91.250", ""}, {"Graded", "77", "B+"}, {"NeedsGrading", "50", ""}, {"Exempt", "", ""}, {"Graded", "0", ""}} {
		w.fake.Grade(string(section), final, string(sample(lis.KindPerson, i).ID), g[0], g[1], g[2])
	}
	got := map[lis.SourcedID]string{}
	for r, err := range w.Results(t.Context(), section) {
		if err != nil {
			t.Fatal(err)
		}
		result := r.Object.(*lis.Result)
		got[result.PersonSourcedID] = result.ResultScore.String()
		if result.ResultValue.ValueRange.Max != "100.0" || r.ID != "" || result.LineItemSourcedID != "" {
			t.Errorf("result %+v under %q", result, r.ID)
		}
	}
	want := map[int]string{0: "91.250", 1: "B+", 4: "0"}
	if len(got) != len(want) {
		t.Errorf("grades %v", got)
	}
	for i, score := range want {
		if got[sample(lis.KindPerson, i).ID] != score {
			t.Errorf("person %d has %q, want %q", i, got[sample(lis.KindPerson, i).ID], score)
		}
	}
}

// No column, or two, is the external grade: a person has to say which.
func TestRESTFinalColumnIsOne(t *testing.T) {
	w := newREST(t)
	section, _ := w.graded(t, 1)
	w.fake.Column(string(section), "Another", "100", true)
	for _, err := range w.Results(t.Context(), section) {
		if e := classed(t, err, adapters.Refused); !strings.Contains(e.Error(), "2 columns") {
			t.Errorf("%v", e)
		}
	}
}

// Rosters stop at the reserve; grades go on until nothing is left. A day
// later the budget is full again.
func TestRESTBudget(t *testing.T) {
	w := newREST(t, func(o *blackboard.Options) { o.Budget, o.Reserve = 20, 8 })
	section, final := w.graded(t, 1)
	w.fake.Grade(string(section), final, string(sample(lis.KindPerson, 0).ID), "Graded", "1", "")
	var err error
	reads := 0
	for ; err == nil && reads < 50; reads++ {
		_, err = w.Read(t.Context(), lis.KindPerson, "u")
	}
	e := classed(t, err, adapters.Busy)
	if w.Remaining() != 8 || e.After != 24*time.Hour || !strings.Contains(e.Error(), "8 are left, which are kept for grades") {
		t.Errorf("%d left after %d reads, busy for %s: %v", w.Remaining(), reads, e.After, e)
	}
	grades := 0
	for _, err := range w.Results(t.Context(), section) {
		if err != nil {
			t.Fatal(err)
		}
		grades++
	}
	if grades != 1 {
		t.Errorf("%d grades out of the reserve", grades)
	}
	before := w.fake.Calls()
	for err = error(nil); err == nil; {
		for _, err = range w.Results(t.Context(), section) {
		}
	}
	if classed(t, err, adapters.Busy); w.fake.Calls() > 20 || before == 0 {
		t.Errorf("%d calls of 20", w.fake.Calls())
	}
	w.clock.now = w.clock.now.Add(24 * time.Hour)
	if _, err := w.Read(t.Context(), lis.KindPerson, "u"); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

// Others of the group use the budget too: what Learn says counts.
func TestRESTBelievesTheRateLimit(t *testing.T) {
	w := newREST(t)
	w.fake.Budget = 2002
	for range 10 {
		_, err := w.Read(t.Context(), lis.KindPerson, "u")
		if err != nil {
			classed(t, err, adapters.Busy)
			break
		}
	}
	if w.Remaining() != 2000 {
		t.Errorf("%d left", w.Remaining())
	}
	w.fake.Budget = 1
	w.clock.now = w.clock.now.Add(25 * time.Hour)
	w.fake.Budget = 2
	_, _ = w.Read(t.Context(), lis.KindPerson, "u")
	calls := w.fake.Calls()
	for range 3 {
		_, err := w.Read(t.Context(), lis.KindPerson, "u")
		classed(t, err, adapters.Busy)
	}
	if w.fake.Calls() != calls {
		t.Error("it calls on while it is asked to wait")
	}
}

func TestRESTThrottled(t *testing.T) {
	calls := 0
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	r, err := blackboard.NewREST(options(url, &clock{today}))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 3 {
		if e := classed(t, r.Check(t.Context()), adapters.Busy); e.After != 90*time.Second {
			t.Errorf("busy for %s", e.After)
		}
	}
	if calls != 1 {
		t.Errorf("%d calls, want the one that was throttled", calls)
	}
}

func TestRESTRenewsItsToken(t *testing.T) {
	w := newREST(t)
	read := func() {
		t.Helper()
		if _, err := w.Read(t.Context(), lis.KindPerson, "u"); err != nil {
			t.Fatal(err)
		}
	}
	read()
	read()
	if w.fake.Tokens() != 1 {
		t.Errorf("%d tokens for two calls", w.fake.Tokens())
	}
	w.clock.now = w.clock.now.Add(time.Hour)
	read()
	if w.fake.Tokens() != 2 {
		t.Errorf("%d tokens after an hour", w.fake.Tokens())
	}
}

func TestRESTWrongSecret(t *testing.T) {
	w := newREST(t, func(o *blackboard.Options) { o.KeySecret = "wrong" })
	if e := classed(t, w.Check(t.Context()), adapters.Unavailable); !strings.Contains(e.Hint, "key and secret") || strings.Contains(e.Error()+e.Answer, "wrong") {
		t.Errorf("%v, hint %q", e, e.Hint)
	}
}

// The user name belongs to somebody else: maybe the same person.
func TestRESTUserNameTaken(t *testing.T) {
	w := newREST(t)
	p := sample(lis.KindPerson, 1)
	if _, err := w.Apply(t.Context(), put(p)); err != nil {
		t.Fatal(err)
	}
	other := &lis.Record{ID: "u-other", Object: p.Object}
	_, err := w.Apply(t.Context(), put(other))
	if e := classed(t, err, adapters.Refused); e.Match == "" || e.Hint == "" {
		t.Errorf("match %q, hint %q", e.Match, e.Hint)
	}
}

// Pages that are none, that lead elsewhere or that repeat themselves end a
// list with an error: nothing is taken for absent.
func TestRESTListsThatCannotBeTrusted(t *testing.T) {
	for name, body := range map[string]string{
		"NoEnvelope": `{}`,
		"Elsewhere":  `{"results":[{"id":"_1_1","externalId":"a"}],"paging":{"nextPage":"https://evil.example.org/x"}}`,
		"OtherHost":  `{"results":[{"id":"_1_1","externalId":"a"}],"paging":{"nextPage":"@127.0.0.1:1/x"}}`,
		"Repeats":    `{"results":[{"id":"_1_1","externalId":"a"}],"paging":{"nextPage":"/learn/api/public/v1/users?offset=1"}}`,
		"EmptyNext":  `{"results":[],"paging":{"nextPage":"/learn/api/public/v1/users?offset=1"}}`,
		"Page":       `<html>`,
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/token") {
					fmt.Fprint(w, `{"access_token":"t","expires_in":3600}`)
					return
				}
				fmt.Fprint(w, body)
			}))
			a, err := blackboard.NewREST(options(url, &clock{today}))
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			var last error
			for _, last = range a.List(t.Context(), lis.KindPerson) {
			}
			e := classed(t, last, adapters.Unavailable)
			if strings.HasSuffix(name, "where") || name == "OtherHost" {
				if !strings.Contains(e.Error(), "not one of its REST") {
					t.Errorf("%v: the token was carried elsewhere", e)
				}
			}
		})
	}
}

func TestNewChoosesItsPowers(t *testing.T) {
	o := options("https://learn.example.edu", &clock{today})
	both, err := blackboard.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer both.Close()
	if _, ok := both.(adapters.Grades); !ok {
		t.Error("with a key there are no grades")
	}
	o.Key, o.KeySecret = "", ""
	alone, err := blackboard.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if _, ok := alone.(adapters.Lister); ok {
		t.Error("without a key it lists")
	}
	rest := options("https://learn.example.edu", &clock{today})
	rest.Integration = ""
	if a, err := blackboard.New(rest); err != nil {
		t.Errorf("REST alone: %v", err)
	} else if _, ok := a.(*blackboard.REST); !ok || a.Close() != nil {
		t.Errorf("REST alone is a %T", a)
	}
	o.Integration = ""
	if a, err := blackboard.New(o); err == nil || a != nil {
		t.Errorf("without an integration: %v, %v", a, err)
	}
}
