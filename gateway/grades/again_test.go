package grades

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/lis"
)

// submitted is the state and reason of one grade that somebody pushes, once
// the SIS has been told.
func (h *house) submitted(person lis.SourcedID, score string, fields ...string) string {
	h.Helper()
	result := &lis.Result{ResultScore: lis.NewText("en", score)}
	for i := 0; i < len(fields); i += 2 {
		if result.Extension == nil {
			result.Extension = &lis.Extension{}
		}
		result.Extension.Field = append(result.Extension.Field, lis.ExtensionField{FieldName: fields[i], FieldValue: fields[i+1]})
	}
	r, err := h.Submit(h.Context(), "lms", []Grade{{Section: "s-1", Person: person, Result: result}}, true)
	if err != nil {
		h.Fatal(err)
	}
	h.settle()
	return strings.TrimSuffix(r.Rows[0].State+": "+r.Rows[0].Reason, ": ")
}

func (h *house) want(what, got, want string) {
	h.Helper()
	if got != want {
		h.Errorf("%s: %q, want %q", what, got, want)
	}
}

func (h *house) csv() string {
	h.Helper()
	var csv strings.Builder
	if err := h.WriteRefused(h.Context(), &csv); err != nil {
		h.Fatal(err)
	}
	return csv.String()
}

// An F that the SIS refuses for want of a date goes again with the date, and
// is then taken. Pushed once more, it stays where it is.
func TestCorrectionAfterARefusal(t *testing.T) {
	h := newHouse(t)
	h.sis.Fail = func(c lis.Change) error {
		if h.calls.Add(1); c.Record != nil && c.Record.Object.(*lis.Result).Extension.Get(ilp.FieldAttendance) == "" {
			return &adapters.Error{Class: adapters.Refused, Err: errors.New("refused by the SIS"), Answer: "F needs a last attendance date"}
		}
		return nil
	}
	keeper := anybody(t)
	row := `{"ModifiedBy":"t-1","StudentGrades":[{"CourseId":"s-1","StudentId":"p-1","FinalGrade":"F"%s}]}`
	h.push(keeper, fmt.Sprintf(row, ""))
	h.settle()
	h.want("without a date", h.state("p-1"), "refused F after 0")
	dated := fmt.Sprintf(row, `,"LastAttendanceDate":"2026-09-01"`)
	if w := h.push(keeper, dated); !strings.Contains(w.Body.String(), Sent) || strings.Contains(w.Body.String(), Unchanged) {
		t.Error(w.Body)
	}
	h.settle()
	h.want("with a date", h.state("p-1"), "accepted F after 1")
	calls := h.calls.Load()
	if w := h.push(keeper, dated); !strings.Contains(w.Body.String(), Unchanged) {
		t.Error(w.Body)
	}
	h.push(keeper, strings.Replace(dated, "t-1", "t-2", 1))
	if h.settle(); h.calls.Load() != calls {
		t.Error("what was accepted went out again")
	}
}

// The same grade goes again after a refusal: the SIS may have been put right.
func TestTheSameAfterARefusal(t *testing.T) {
	h := newHouse(t)
	var woken []string
	h.reg.Wake = func(targets []string) { woken = append(woken, targets...); h.eng.Wake(targets) }
	why := "no study right"
	h.says.Store(&why)
	h.want("at first", h.submitted("p-bad", "B", ilp.FieldSubmitter, "t-1"), "sent")
	h.want("at first", h.state("p-bad"), "refused B after 0")
	h.want("still refused", h.submitted("p-bad", "B"), "sent: submitted again after it was refused")
	h.want("still refused", h.state("p-bad"), "refused B after 1")
	h.want("of somebody else", h.submitted("p-bad", "B", ilp.FieldSubmitter, "t-2"), "sent")
	h.want("of somebody else", h.state("p-bad"), "refused B after 2")
	h.says.Store(nil)
	h.want("put right", h.submitted("p-bad", "B"), "sent: submitted again after it was refused")
	h.want("put right", h.state("p-bad"), "accepted B after 3")
	calls := h.calls.Load()
	h.want("accepted", h.submitted("p-bad", "B"), "unchanged")
	h.want("accepted, of somebody else", h.submitted("p-bad", "B", ilp.FieldSubmitter, "t-1"), "unchanged")
	if h.calls.Load() != calls {
		t.Error("what was accepted went out again")
	}
	if got := fmt.Sprint(woken); got != "[sis sis sis sis]" {
		t.Errorf("woken %s", got)
	}
}

// A field that changes after the SIS took the result is a new submission.
func TestAFieldThatChanges(t *testing.T) {
	h := newHouse(t)
	h.want("at first", h.submitted("p-1", "F", ilp.FieldAttendance, "2026-09-01"), "sent")
	h.want("changed", h.submitted("p-1", "F", ilp.FieldAttendance, "2026-09-02"), "sent: changed after it was posted: lastAttendanceDate has changed")
	h.want("the same", h.submitted("p-1", "F", ilp.FieldAttendance, "2026-09-02"), "unchanged")
	h.want("by one who tells no fields", h.submitted("p-1", "F"), "unchanged")
}

// What the gateway refused is for a person to see until the same person's
// grade of the same line item comes again, however many receipts there are
// in between.
func TestRefusalsOfAllReceipts(t *testing.T) {
	h := newHouse(t)
	keeper := anybody(t)
	push := func(person, grade string) {
		t.Helper()
		h.push(keeper, fmt.Sprintf(`{"ModifiedBy":"t-1","StudentGrades":[{"CourseId":"s-1","StudentId":%q,%s}]}`, person, grade))
		h.settle()
	}
	push("p-new", `"FinalGrade":"A"`)
	push("p-new", `"MidtermGrade1":"B"`)
	push("p-teacher", `"FinalGrade":"C"`)
	push("p-1", `"FinalGrade":"D"`)
	if csv := h.csv(); strings.Count(csv, "\n") != 4 || !strings.Contains(csv, "p-teacher") || strings.Contains(csv, "p-1,") {
		t.Errorf("three refusals:\n%s", csv)
	}
	push("p-new", `"FinalGrade":"E"`)
	if csv := h.csv(); strings.Count(csv, "\n") != 4 || !strings.Contains(csv, ",E,") || strings.Contains(csv, ",A,") {
		t.Errorf("the newer refusal in place of the one before:\n%s", csv)
	}
	h.say("replacePerson", "p-new", &lis.Person{})
	h.enrol("p-new", "Learner", "Active")
	push("p-new", `"FinalGrade":"E"`)
	if csv := h.csv(); strings.Count(csv, "\n") != 3 || strings.Contains(csv, ",E,") || !strings.Contains(csv, ",B,") {
		t.Errorf("the midterm grade only, beside the teacher's:\n%s", csv)
	}
	h.enrol("p-1", "Instructor", "Active")
	push("p-1", `"FinalGrade":"A"`)
	h.enrol("p-1", "Learner", "Active")
	if csv := h.csv(); !strings.Contains(csv, "p-1,") {
		t.Errorf("refused after it was sent:\n%s", csv)
	}
	push("p-1", `"FinalGrade":"D"`)
	if csv := h.csv(); strings.Contains(csv, "p-1,") {
		t.Errorf("refused, and then as it was:\n%s", csv)
	}
}

// Where no route leads results to a SIS, a receipt does not say sent; and what
// was kept goes when it comes again and there is a route.
func TestNoRouteForResults(t *testing.T) {
	h := newHouse(t)
	h.noRoute = true
	h.grade("s-1", "p-1", "85")
	r := h.pull()
	if counts(r) != "0 sent, 0 unchanged, 0 refused, 0 unread" || r.Kept != 1 || r.Rows[0].Reason != noRoute {
		t.Errorf("%s, %+v", counts(r), r)
	}
	h.want("state", h.state("p-1"), "none")
	w := h.push(anybody(t), `{"ModifiedBy":"t-1","StudentGrades":[{"CourseId":"s-1","StudentId":"p-2","FinalGrade":"A"}]}`)
	if !strings.Contains(w.Body.String(), noRoute) {
		t.Error(w.Body)
	}
	h.want("again, with no route", h.submitted("p-1", "85"), "unchanged")
	h.noRoute = false
	h.want("again, with a route", h.submitted("p-1", "85"), "sent: "+sentLate)
	h.want("state", h.state("p-1"), "accepted 85 after 0")
	h.want("once more", h.submitted("p-1", "85"), "unchanged")
}
