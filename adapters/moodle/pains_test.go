package moodle

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

// rewriting stands before a site and changes what is sent.
type rewriting struct {
	site   http.Handler
	change func(body string) string
}

func (p rewriting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(p.change(string(body))))
	p.site.ServeHTTP(w, r)
}

// class fills a section with people, members not among them.
func class(w *world, n int) []lis.Change {
	w.Helper()
	w.must(put(sectionRecord("S1", "One")))
	var persons, members []lis.Change
	for i := range n {
		persons = append(persons, put(personRecord(i)))
		members = append(members, put(memberRecord("S1", i, "Learner")))
	}
	w.all(persons, nil)
	return members
}

// all applies changes and demands that the errors are those of want, by row.
func (w *world) all(cs []lis.Change, want map[int]adapters.Class) []error {
	w.Helper()
	_, errs := w.ApplyAll(w.Context(), cs)
	for i, err := range errs {
		if (err == nil) != (want[i] == "") || err != nil && adapters.ClassOf(err) != want[i] {
			w.Errorf("row %d: %v, want class %q", i, err, want[i])
		}
	}
	return errs
}

func TestPHPDropsWhatIsOverMaxInputVars(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{MaxInputVars: 5000})
	members := class(w, 300)
	w.site.Switch(func(s *moodlefake.Switches) { s.MaxInputVars = 1000 }) // the site reads fewer than we were told
	before := w.site.Changes()
	_, errs := w.ApplyAll(w.Context(), members)
	for _, err := range errs {
		if e := w.is(err, adapters.Unavailable, "max_input_vars"); !e.Narrow {
			t.Error("a call that was cut takes the whole target down")
		}
	}
	if n := w.site.Changes() - before; n != 0 {
		t.Errorf("%d rows of a call that was cut were carried out", n)
	}
	if rows, _ := w.Limits(); rows > 166 {
		t.Errorf("the limit is %d rows after the site was seen to read 1000 variables", rows)
	}
	w.all(members, nil)
	if n := w.site.Counts().Active; n != 300 {
		t.Errorf("%d enrolments, want 300", n)
	}
}

var rowNumber = regexp.MustCompile(`^enrolments%5B(\d+)%5D`)

func TestSomethingBeforeTheSiteDropsTheEndOfACall(t *testing.T) {
	cut := true
	w := proxied(t, Options{}, func(body string) string {
		return strings.Join(slices.DeleteFunc(strings.Split(body, "&"), func(pair string) bool {
			m := rowNumber.FindStringSubmatch(pair)
			n := 0
			if m != nil {
				n, _ = strconv.Atoi(m[1])
			}
			return cut && n >= 6
		}), "&")
	})
	members := class(w, 10)
	errs := w.all(members, map[int]adapters.Class{6: adapters.Unavailable, 7: adapters.Unavailable, 8: adapters.Unavailable, 9: adapters.Unavailable})
	w.is(errs[9], adapters.Unavailable, "the enrolment is not there")
	cut = false
	w.all(members[6:], nil)
	if n := w.site.Counts().Active; n != 10 {
		t.Errorf("%d enrolments, want 10", n)
	}
}

func TestARefusedBatchDoesNotSayWhichRow(t *testing.T) {
	// The service account does not see the account that has the name.
	w := newWorld(t, moodlefake.Options{}, Options{Match: []string{"sourcedId"}})
	bad := put(humanRecord("P9", "admin", "p9@example.invalid"))
	errs := w.all([]lis.Change{put(personRecord(1)), bad, put(personRecord(2))},
		map[int]adapters.Class{0: adapters.Refused, 1: adapters.Refused, 2: adapters.Refused})
	for _, err := range errs {
		if e := w.is(err, adapters.Refused, "does not say which rule"); !e.Whole || !strings.Contains(e.Answer, "invalidparameter") {
			t.Errorf("whole %v with answer %q", e.Whole, e.Answer)
		}
	}
	if n := w.site.Counts().Users; n != 0 {
		t.Errorf("%d accounts after a call that was rolled back", n)
	}
	w.must(put(personRecord(1)), put(personRecord(2))) // the engine goes down to the row
	if e := w.refuses(bad, adapters.Refused, "user name"); e.Whole {
		t.Error("a single row is to blame and is not blamed")
	}
}

func TestABadRowIsFoundBeforeTheCall(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	nameless := humanRecord("P5", "user5", "user5@example.invalid")
	nameless.Object.(*lis.Person).Name = nil
	rows := []lis.Change{
		put(personRecord(1)),
		put(humanRecord("P2", "jürgen", "p2@example.invalid")),
		put(humanRecord("P3", "user3", "")),
		put(humanRecord("P4", "", "p4@example.invalid")),
		put(nameless),
		put(humanRecord("P6", "USER1", "p6@example.invalid")),
		put(humanRecord("P7", "user7", "User1@example.invalid")),
		put(humanRecord(strings.Repeat("x", 101), "user8", "p8@example.invalid")),
		put(humanRecord("P9", "USER9", "p9@example.invalid")), // is taken, in lower case
	}
	want := map[int]string{1: "a-z", 2: "e-mail", 3: "userId", 4: "name", 5: "also that of P1", 6: "also that of P1", 7: "idnumber"}
	_, errs := w.ApplyAll(t.Context(), rows)
	for i, err := range errs {
		if want[i] == "" && err != nil {
			t.Errorf("row %d: %v", i, err)
		} else if want[i] != "" {
			w.is(err, adapters.Refused, want[i])
			if strings.Contains(fmt.Sprint(err), "example.invalid") {
				t.Errorf("row %d: the error holds personal data: %v", i, err)
			}
		}
	}
	if u := w.site.User("P9"); len(u) != 1 || u[0].Username != "user9" {
		t.Errorf("got %v", u)
	}
	if n := w.site.Counts().Users; n != 2 {
		t.Errorf("%d accounts, want the 2 good ones", n)
	}
}

// strangers are made by others than the gateway.
func (w *world) stranger(idnumber, username, email string) {
	w.Helper()
	f := new(form).row("users", 0, "username", username, "password", "x", "firstname", "S", "lastname", "T", "email", email, "idnumber", idnumber)
	var made []account
	if err := w.client.call(w.Context(), "core_user_create_users", f, &made); err != nil {
		w.Fatal(err)
	}
}

func TestTwoAccountsWithOneIdnumberAreAConflict(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.must(put(personRecord(1)), put(sectionRecord("S1", "One")))
	w.must(put(personRecord(1)))
	w.stranger("P1", "other", "other@example.invalid")
	w.must(put(personRecord(1))) // the crosswalk knows which
	w.ids = map[lis.Ref]string{}
	w.refuses(put(personRecord(1)), adapters.Refused, "2 accounts at Moodle have this idnumber")
}

func TestAnAccountThatLooksLikeThePerson(t *testing.T) {
	for _, c := range []struct{ adopt, idnumber, username, email, words, match string }{
		{"ask", "", "user1", "x@example.invalid", "it may be this person's", "4"},
		{"ask", "", "x", "user1@example.invalid", "the same email", "4"},
		{"ask", "P7", "user1", "x@example.invalid", "belongs to another sourcedId", ""},
		{"yes", "P7", "user1", "x@example.invalid", "belongs to another sourcedId", ""},
		{"no", "", "user1", "x@example.invalid", "not adopted here", ""},
		{"yes", "", "user1", "x@example.invalid", "", ""},
		{"yes", "", "x", "USER1@example.invalid", "", ""},
	} {
		w := newWorld(t, moodlefake.Options{}, Options{Adopt: c.adopt})
		w.stranger(c.idnumber, c.username, c.email)
		if c.words != "" {
			if e := w.refuses(put(personRecord(1)), adapters.Refused, c.words); e.Match != c.match {
				t.Errorf("%v: match %q", c, e.Match)
			}
			continue
		}
		o, err := w.Apply(t.Context(), put(personRecord(1)))
		if err != nil || o.TargetID != "4" || !strings.Contains(o.Detail, "adopted account 4") {
			t.Errorf("%v: %+v, %v", c, o, err)
		}
		if u := w.site.User("P1"); len(u) != 1 || u[0].ID != 4 || u[0].Username != "user1" {
			t.Errorf("%v: %v", c, u)
		}
	}
}

func TestAPersonIsLinkedByTheCrosswalk(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.stranger("", "x", "x@example.invalid")
	w.ids[lis.Ref{Kind: lis.KindPerson, ID: "P1"}] = "4" // somebody has approved it
	w.must(put(personRecord(1)))
	if u := w.site.User("P1"); len(u) != 1 || u[0].ID != 4 {
		t.Errorf("got %v", u)
	}
}

func TestAnAnswerThatWasLost(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	all := []lis.Change{put(personRecord(1)), put(&lis.Record{ID: "D1", Object: groupOf("Dept", "")}), put(sectionRecord("S1", "One")),
		put(memberRecord("S1", 1, "Learner"))}
	for _, c := range all {
		w.site.Switch(func(s *moodlefake.Switches) { s.LoseAnswers = true })
		w.refuses(c, adapters.Unavailable, "")
		w.site.Switch(func(s *moodlefake.Switches) { s.LoseAnswers = false })
		before := w.site.Changes()
		w.must(c)
		if n := w.site.Changes() - before; n != 0 {
			t.Errorf("%s: %d more effects when it came again", c.Kind, n)
		}
	}
	if n := w.site.Counts(); n != (moodlefake.Counts{Users: 1, Categories: 1, Courses: 1, Enrolments: 1, Active: 1}) {
		t.Errorf("got %+v", n)
	}
}

func TestTheSiteIsNotThere(t *testing.T) {
	w, n := newWorld(t, moodlefake.Options{}, Options{}), 0
	for words, change := range map[string]func(*moodlefake.Switches){
		"PHP failed":         func(s *moodlefake.Switches) { s.Empty500 = true },
		"HTTP 503":           func(s *moodlefake.Switches) { s.Down = true },
		"database":           func(s *moodlefake.Switches) { s.ErrorEvery = 1 },
		"the site is up and": func(s *moodlefake.Switches) { s.LoseAnswers = true },
	} {
		w.site.Switch(change)
		n++
		w.refuses(put(personRecord(n)), adapters.Unavailable, words)
		w.site.Switch(func(s *moodlefake.Switches) { *s = moodlefake.Switches{} })
	}
}

func TestTheHostNameIsNotTheConfiguredOne(t *testing.T) {
	w := newWorld(t, moodlefake.Options{Host: "moodle.example.invalid"}, Options{})
	e := w.refuses(put(personRecord(1)), adapters.Unavailable, "wwwroot")
	if e.Answer != "redirect to http://moodle.example.invalid/webservice/rest/server.php" {
		t.Errorf("answer %q", e.Answer)
	}
}

func TestTheServiceLacksAFunction(t *testing.T) {
	w := newWorld(t, moodlefake.Options{Without: []string{"core_user_create_users"}}, Options{})
	w.is(w.Check(t.Context()), adapters.Unavailable, "core_user_create_users")
	if e := w.refuses(put(personRecord(1)), adapters.Unavailable, "External services"); !e.Narrow {
		t.Error("one function that is lacking takes the whole target down")
	}
	w.must(put(sectionRecord("S1", "One")))
	if f, err := w.Look(t.Context()); err != nil || f.Release != "4.3 (Build: 20231009)" || len(f.Missing) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestTheTokenIsWrong(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	w.client.o.Token = "token-1-and-more"
	for _, err := range []error{w.Check(t.Context())} {
		if e := w.is(err, adapters.Unavailable, "Manage tokens"); e.Narrow {
			t.Error("a wrong token stops all, and is told as narrow")
		}
	}
}

// A 200 without what belongs in it is no empty list.
func TestAnAnswerOfTheWrongShapeIsNoSuccess(t *testing.T) {
	for _, body := range []string{"{}", "[]", "null", "", "<html>log in</html>", `{"courses":null}`, `{"errors":"x"}`} {
		server := serveText(t, body)
		a := open(t, server, Options{})
		_, err := lis.Collect(a.List(t.Context(), lis.KindCourseSection))
		if adapters.ClassOf(err) != adapters.Unavailable || err == nil {
			t.Errorf("%q: %v", body, err)
		}
		if _, err := lis.Collect(a.List(t.Context(), lis.KindPerson)); err == nil {
			t.Errorf("%q is taken for an empty list of persons", body)
		}
	}
}
