package ellucian_test

import (
	"fmt"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/ellucian"
	"lisgate/gateway/lis"
)

// register lets a student be registered in a section under a scheme.
func (w *ethosWorld) register(section, student, scheme string) string {
	id := guidFor(section + " " + student)
	w.fake.Put("section-registrations", fmt.Sprintf(
		`{"id":%q,"section":{"id":%q},"registrant":{"id":%q},"gradingOption":{"gradeScheme":{"id":%q}}}`,
		id, guidFor(section), guidFor(student), scheme))
	return id
}

func (w *ethosWorld) define(grade, scheme string) string {
	id := guidFor(scheme + " " + grade)
	w.fake.Put("grade-definitions", fmt.Sprintf(`{"id":%q,"grade":{"value":%q},"scheme":{"id":%q}}`, id, grade, scheme))
	return id
}

func TestEthosTargetSuite(t *testing.T) {
	open := func(t *testing.T) *ethosWorld {
		w := newEthos(t)
		for n := range 4 {
			r := adaptertest.Sample(lis.KindResult, n).Object.(*lis.Result)
			section, _, _ := sectionOf(t.Context(), r.LineItemSourcedID)
			w.register(string(section), string(r.PersonSourcedID), "sch1")
			w.define(r.ResultScore.String(), "sch1")
		}
		w.define("99.5", "sch1")
		return w
	}
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter { return open(t) }, adaptertest.Features{
		Kinds: []lis.Kind{lis.KindResult}, NoDrop: true, Forgetful: true,
		Effects: func(a adapters.Adapter) int { return a.(*ethosWorld).fake.Effects() },
		Hang: func(t *testing.T) adapters.Adapter {
			w := open(t)
			w.fake.Hang.Store(true)
			return w
		},
	})
}

// The scheme of the registration decides which of two grades of one name.
func TestEthosSubmitsUnderTheSchemeOfTheRegistration(t *testing.T) {
	w := newEthos(t, func(o *ellucian.EthosOptions) { o.FinalType = guidFor("final type") })
	registration := w.register("A", "s1", "ug")
	want := w.define("A", "ug")
	w.define("A", "grad")
	if _, err := w.Apply(t.Context(), grade("s1", "A#final", "A", "lastAttendanceDate", "2026-12-01", "submittedBy", "prof")); err != nil {
		t.Fatal(err)
	}
	body := w.fake.Submitted(registration)
	for _, part := range []string{want, guidFor("final type"), guidFor("prof"), `"id":"00000000-0000-0000-0000-000000000000"`, "2026-12-01"} {
		if !strings.Contains(body, part) {
			t.Errorf("%s is not in what was submitted: %s", part, body)
		}
	}
}

// Somebody who left and came back has two registrations; one counts.
func TestEthosGradeGoesToTheActiveRegistration(t *testing.T) {
	w := newEthos(t)
	active := w.register("A", "s1", "ug")
	left := guidFor("left")
	w.fake.Put("section-registrations", fmt.Sprintf(`{"id":%q,"section":{"id":%q},"registrant":{"id":%q},"status":{"registrationStatus":"notRegistered"}}`,
		left, guidFor("A"), guidFor("s1")))
	w.define("A", "ug")
	if _, err := w.Apply(t.Context(), grade("s1", "A#final", "A")); err != nil {
		t.Fatal(err)
	}
	if w.fake.Submitted(active) == "" || w.fake.Submitted(left) != "" {
		t.Error("the grade went to the registration that was left")
	}
}

func TestEthosGradeRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change lis.Change
		class  adapters.Class
		want   string
	}{
		"NotRegistered": {grade("s9", "A#final", "A"), adapters.Refused, "0 registrations"},
		"NoSuchGrade":   {grade("s1", "A#final", "Z"), adapters.Refused, `no grade "Z"`},
		"TwoSchemes":    {grade("s2", "A#final", "A"), adapters.Refused, "which scheme counts"},
		"NoGUID":        {grade("nobody", "A#final", "A"), adapters.Missing, "no GUID"},
		"FutureDate":    {grade("s1", "A#final", "A", "lastAttendanceDate", "2027-01-01"), adapters.Refused, "future"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newEthos(t)
			w.register("A", "s1", "ug")
			w.register("A", "s2", "")
			w.define("A", "ug")
			w.define("A", "grad")
			_, err := w.Apply(t.Context(), c.change)
			if e := classed(t, err, c.class); !strings.Contains(e.Error(), c.want) || e.Hint == "" {
				t.Errorf("error %v, hint %q; want %q", e, e.Hint, c.want)
			}
		})
	}
}

// What the SIS says itself is in Answer.
func TestEthosRefusedBySIS(t *testing.T) {
	w := newEthos(t)
	w.register("A", "s1", "ug")
	w.define("A", "ug")
	w.fake.Refuse = func(map[string]any) string { return "Grading is closed for this section." }
	_, err := w.Apply(t.Context(), grade("s1", "A#final", "A"))
	if e := classed(t, err, adapters.Refused); !strings.Contains(e.Answer, "Grading is closed") {
		t.Errorf("answer %q", e.Answer)
	}
}

func TestEthosDown(t *testing.T) {
	w := newEthos(t)
	w.fake.Down.Store(true)
	_, err := w.Apply(t.Context(), grade("s1", "A#final", "A"))
	classed(t, err, adapters.Unavailable)
	_, e := pullError(t, w, "")
	if e.Class != adapters.Unavailable {
		t.Errorf("pull: %v", e)
	}
}
