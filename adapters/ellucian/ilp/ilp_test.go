package ilp_test

import (
	"bytes"
	"strings"
	"testing"

	"lisgate/adapters/ellucian/ilp"
)

const good = `{"ModifiedBy":"T1","StudentGrades":[{"CourseId":"10001.202640","StudentId":"S1","MidtermGrade3":"B","Unknown":1},
{"CourseId":"10001.202640","StudentId":"S2","FinalGrade":"F","LastAttendanceDate":"2026-10-01"}]}`

func TestDecodeGrades(t *testing.T) {
	s, err := ilp.DecodeGrades(strings.NewReader(good), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	if s.ModifiedBy != "T1" || len(s.StudentGrades) != 2 {
		t.Fatalf("read %+v", s)
	}
	first, second := s.StudentGrades[0].Grades(), s.StudentGrades[1].Grades()
	if len(first) != 1 || first[0] != (ilp.Grade{Midterm: 3, Grade: "B", Property: "MidtermGrade3"}) {
		t.Errorf("first row: %+v", first)
	}
	if len(second) != 1 || second[0] != (ilp.Grade{Grade: "F", Property: "FinalGrade"}) {
		t.Errorf("second row: %+v", second)
	}
}

func TestDecodeGradesRefuses(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"TooLong":     {good + strings.Repeat(" ", 1<<10), "longer than the 1024 bytes"},
		"NoJSON":      {"<html>", "not the JSON"},
		"NoSubmitter": {`{"StudentGrades":[{"CourseId":"C","StudentId":"S"}]}`, "ModifiedBy is missing"},
		"NoRows":      {`{"ModifiedBy":"T"}`, "StudentGrades is missing"},
		"NoStudent":   {`{"ModifiedBy":"T","StudentGrades":[{"CourseId":"C"}]}`, "row 1 lacks"},
		"WrongType":   {`{"ModifiedBy":"T","StudentGrades":[{"CourseId":7}]}`, "cannot be a number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ilp.DecodeGrades(strings.NewReader(c.body), 1<<10)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// One row may get several messages, and one failure makes the whole a failure.
func TestAnswerRoundTrip(t *testing.T) {
	var out bytes.Buffer
	err := ilp.EncodeAnswer(&out, []ilp.RowAnswer{
		{StudentID: "S1", TargetSIS: "BANNER", OK: true, Text: "Done."},
		{StudentID: "S2", TargetSIS: "BANNER", Text: "Too late.", Property: "LastAttendanceDate"},
		{StudentID: "S2", TargetSIS: "BANNER", Text: "Needs a date.", Property: "FinalGrade"},
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := ilp.DecodeAnswer(&out, 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != ilp.Failure || a.IsConnectivityFailure {
		t.Errorf("status %q", a.Status)
	}
	if ok, found, text := a.Of("S1"); !ok || !found || text != "Done." {
		t.Errorf("S1: %v %v %q", ok, found, text)
	}
	if ok, _, text := a.Of("S2"); ok || text != "Too late. (LastAttendanceDate) Needs a date. (FinalGrade)" {
		t.Errorf("S2: %v %q", ok, text)
	}
	if ok, found, _ := a.Of("S3"); ok || found {
		t.Error("S3 is answered, of whom nothing was said")
	}
}

func TestDecodeAnswerRefusesWhatIsNone(t *testing.T) {
	for _, body := range []string{"No input received", `{"messages":[]}`, "[]", ""} {
		if a, err := ilp.DecodeAnswer(strings.NewReader(body), 1<<10); err == nil {
			t.Errorf("%q was read as the answer %+v", body, a)
		}
	}
	var out bytes.Buffer
	if err := ilp.EncodeConnectivityFailure(&out, "SIS away"); err != nil {
		t.Fatal(err)
	}
	if a, err := ilp.DecodeAnswer(&out, 1<<10); err != nil || !a.IsConnectivityFailure {
		t.Errorf("answer %+v, %v", a, err)
	}
}
