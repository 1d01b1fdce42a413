package ellucian_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/ellucian"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/lis"
)

func TestILPSuite(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter { return newILP(t) }, adaptertest.Features{
		Kinds: []lis.Kind{lis.KindResult}, NoDrop: true, Forgetful: true,
		Effects: func(a adapters.Adapter) int { return a.(*ilpWorld).fake.Effects() },
		Hang: func(t *testing.T) adapters.Adapter {
			w := newILP(t)
			w.fake.Hang.Store(true)
			return w
		},
	})
}

// Rows of one section and submitter go in one call; a student is in a call
// once, since the answer tells students apart and not columns.
func TestILPGroupsBySectionSubmitterAndStudent(t *testing.T) {
	w := newILP(t)
	_, errs := w.ApplyAll(t.Context(), []lis.Change{
		grade("s1", "A.202640#final", "A"), grade("s2", "A.202640#final", "B"),
		grade("s3", "B.202640#final", "C"), grade("s4", "A.202640#final", "D", "submittedBy", "prof"),
		grade("s1", "A.202640#1", "B+", "midtermNumber", "2"),
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("row %d: %v", i, err)
		}
	}
	var got []string
	for _, s := range w.fake.Posted() {
		line := s.ModifiedBy + ":"
		for _, g := range s.StudentGrades {
			line += " " + g.CourseID + "/" + g.StudentID + "/" + g.Grades()[0].Property
		}
		got = append(got, line)
	}
	want := "registrar: A.202640/s1/FinalGrade A.202640/s2/FinalGrade\nregistrar: B.202640/s3/FinalGrade\n" +
		"prof: A.202640/s4/FinalGrade\nregistrar: A.202640/s1/MidtermGrade2"
	if strings.Join(got, "\n") != want {
		t.Errorf("posted\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// A row that the SIS refuses is Refused with its own words; the others go in.
func TestILPRefusesRowByRow(t *testing.T) {
	w := newILP(t)
	w.fake.Refuse = func(g ilp.StudentGrade) (string, string) {
		if g.StudentID == "s2" {
			return "The student has no active study right.", "StudentId"
		}
		return "", ""
	}
	outcomes, errs := w.ApplyAll(t.Context(), []lis.Change{grade("s1", "A#final", "A"), grade("s2", "A#final", "B")})
	if errs[0] != nil || outcomes[0].Effect != lis.Applied {
		t.Errorf("the good row: %v %v", outcomes[0], errs[0])
	}
	e := classed(t, errs[1], adapters.Refused)
	if e.Answer != "The student has no active study right. (StudentId)" || e.Whole || !strings.Contains(e.Hint, "300 s") {
		t.Errorf("answer %q, whole %v, hint %q", e.Answer, e.Whole, e.Hint)
	}
	if w.fake.Grade("A", "s1", "FinalGrade") != "A" {
		t.Error("the good row's grade is not there")
	}
}

// A refused row must rest 300 s. Until then it is not sent, and only it waits.
func TestILPWaits300SecondsBeforeResubmitting(t *testing.T) {
	w := newILP(t)
	refusing := true
	w.fake.Refuse = func(ilp.StudentGrade) (string, string) {
		if refusing {
			return "No.", "FinalGrade"
		}
		return "", ""
	}
	_, err := w.Apply(t.Context(), grade("s1", "A#final", "B"))
	classed(t, err, adapters.Refused)
	refusing = false
	w.clock.now = w.clock.now.Add(299 * time.Second)
	_, err = w.Apply(t.Context(), grade("s1", "A#final", "B"))
	if e := classed(t, err, adapters.Unavailable); !e.Narrow || !strings.Contains(e.Hint, "resubmit after 300 s") {
		t.Errorf("narrow %v, hint %q", e.Narrow, e.Hint)
	}
	if _, err := w.Apply(t.Context(), grade("s2", "A#final", "C")); err != nil {
		t.Errorf("another row waits too: %v", err)
	}
	if n := len(w.fake.Posted()); n != 2 {
		t.Errorf("%d submissions, want 2: the row was not to be sent", n)
	}
	w.clock.now = w.clock.now.Add(2 * time.Second)
	if _, err := w.Apply(t.Context(), grade("s1", "A#final", "B")); err != nil {
		t.Errorf("after 300 s: %v", err)
	}
}

func TestILPPreflight(t *testing.T) {
	for name, c := range map[string]struct {
		change lis.Change
		want   string
	}{
		"FailingWithoutDate": {grade("s", "A#final", "F"), "needs the date"},
		"FailingFuture":      {grade("s", "A#final", "F", "lastAttendanceDate", "2026-12-21"), "in the future"},
		"DateIsNone":         {grade("s", "A#final", "F", "lastAttendanceDate", "20/12/2026"), "no date"},
		"IncompleteWithout":  {grade("s", "A#final", "I"), "DefaultIncompleteGrade"},
		"ExpirationIsNone":   {grade("s", "A#final", "I", "defaultIncompleteGrade", "F", "finalGradeExpirationDate", "soon"), "FinalGradeExpirationDate is no date"},
		"SeventhMidterm":     {grade("s", "A#1", "B", "midtermNumber", "7"), "MidtermGrade1 to MidtermGrade6"},
		"NoGrade":            {grade("s", "A#final", " "), "resultScore"},
		"NoStudent":          {grade("", "A#final", "A"), "personSourcedId"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newILP(t)
			_, err := w.Apply(t.Context(), c.change)
			e := classed(t, err, adapters.Refused)
			if !strings.Contains(e.Error(), c.want) || e.Hint == "" {
				t.Errorf("error %v, hint %q; want %q", e, e.Hint, c.want)
			}
			if len(w.fake.Posted()) > 0 {
				t.Error("it was sent all the same")
			}
		})
	}
}

// A line item that nobody knows: the result may say its section itself.
func TestILPSectionOfTheResult(t *testing.T) {
	w := newILP(t)
	_, err := w.Apply(t.Context(), grade("s1", "unknown", "A"))
	if e := classed(t, err, adapters.Missing); e.Parent != "unknown" || e.ParentKind != lis.KindLineItem {
		t.Errorf("parent %q of kind %q", e.Parent, e.ParentKind)
	}
	if _, err := w.Apply(t.Context(), grade("s1", "unknown", "A-", "courseSectionSourcedId", "C.1", "lineItemType", "Midterm")); err != nil {
		t.Fatal(err)
	}
	if got := w.fake.Grade("C.1", "s1", "MidtermGrade1"); got != "A-" {
		t.Errorf("midterm grade %q", got)
	}
}

// isConnectivityFailure is about all rows, and nothing is known of any.
func TestILPConnectivityFailureIsUnavailable(t *testing.T) {
	w := newILP(t)
	w.fake.Unconnected = func() bool { return true }
	_, errs := w.ApplyAll(t.Context(), []lis.Change{grade("s1", "A#final", "A"), grade("s2", "B#final", "A")})
	for _, err := range errs {
		if e := classed(t, err, adapters.Unavailable); e.Narrow {
			t.Error("it is narrow: the SIS is away for all")
		}
	}
	if w.fake.Effects() != 0 {
		t.Error("a grade was set")
	}
}

func TestILPTroubles(t *testing.T) {
	sentence := func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Missing ModifiedBy")) }
	silent := func(w http.ResponseWriter, _ *http.Request) { ilp.EncodeAnswer(w, nil) }
	status := func(code int, retry string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if retry != "" {
				w.Header().Set("Retry-After", retry)
			}
			w.WriteHeader(code)
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   adapters.Class
		narrow bool
	}{
		"SentenceUnder200":  {sentence, adapters.Unavailable, false},
		"NothingSaid":       {silent, adapters.Unavailable, true},
		"WrongPassword":     {status(401, ""), adapters.Unavailable, false},
		"WrongAddress":      {status(404, ""), adapters.Unavailable, false},
		"Throttled":         {status(429, "7"), adapters.Busy, false},
		"ServerError":       {status(500, ""), adapters.Unavailable, false},
		"BadRequestOfBatch": {status(400, ""), adapters.Refused, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ellucian.NewILP(ellucian.ILPOptions{URL: serve(t, c.answer), User: "u", Submitter: "x", Section: sectionOf})
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			_, errs := a.ApplyAll(t.Context(), []lis.Change{grade("s1", "A#final", "A"), grade("s2", "A#final", "A")})
			e := classed(t, errs[0], c.want)
			if e.Narrow != c.narrow || e.Whole != (c.want == adapters.Refused) {
				t.Errorf("narrow %v, whole %v", e.Narrow, e.Whole)
			}
			if c.want == adapters.Busy && e.After != 7*time.Second {
				t.Errorf("busy for %s", e.After)
			}
		})
	}
}

// A lost answer: the same grade again has no second effect.
func TestILPLostAnswer(t *testing.T) {
	w := newILP(t)
	w.fake.LoseAnswers.Store(true)
	_, err := w.Apply(t.Context(), grade("s1", "A#final", "A"))
	classed(t, err, adapters.Unavailable)
	w.fake.LoseAnswers.Store(false)
	if _, err := w.Apply(t.Context(), grade("s1", "A#final", "A")); err != nil || w.fake.Effects() != 1 {
		t.Errorf("%v, %d effects", err, w.fake.Effects())
	}
}

func TestILPSecretIsNotSeen(t *testing.T) {
	a, err := ellucian.NewILP(ellucian.ILPOptions{URL: "http://127.0.0.1:1", User: "u", Password: "hush", Submitter: "x", Section: sectionOf})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := a.Apply(ctx, grade("s1", "A#final", "A")); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("error %v", err)
	}
	if got := ellucian.Secret("hush").String(); got != "<secret>" {
		t.Errorf("printed %q", got)
	}
}
