// Package ilp holds the JSON message by which grades are given to Ellucian's
// Intelligent Learning Platform, and its answer: what an LMS sends to
// POST {ilp}/api/coursesection/grades, so that lisgate can both send it and
// play ILP for an LMS that does.
//
// Facts (back-end facts, section B1): the body is {ModifiedBy, StudentGrades},
// all rows of one call have one submitter, rows fail one by one with text for
// people, and the answer is {status, isConnectivityFailure, messages}. A row
// may get several messages. The dates are written in ISO 8601.
package ilp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What the message is sent with.
const (
	Path            = "/api/coursesection/grades"
	MediaTypeHeader = "X-Ellucian-Media-Type"
	MediaType       = "application/vnd.ellucian.v1"
)

// Midterms is how many columns there are for midterm grades.
const Midterms = 6

// A Submission is what one submitter says of one or many students.
type Submission struct {
	ModifiedBy    string         `json:"ModifiedBy"`
	StudentGrades []StudentGrade `json:"StudentGrades"`
}

// A StudentGrade is one row: one grade of one student in one section.
type StudentGrade struct {
	CourseID                 string `json:"CourseId"`
	StudentID                string `json:"StudentId"`
	MidtermGrade1            string `json:"MidtermGrade1,omitempty"`
	MidtermGrade2            string `json:"MidtermGrade2,omitempty"`
	MidtermGrade3            string `json:"MidtermGrade3,omitempty"`
	MidtermGrade4            string `json:"MidtermGrade4,omitempty"`
	MidtermGrade5            string `json:"MidtermGrade5,omitempty"`
	MidtermGrade6            string `json:"MidtermGrade6,omitempty"`
	FinalGrade               string `json:"FinalGrade,omitempty"`
	LastAttendanceDate       string `json:"LastAttendanceDate,omitempty"`
	DefaultIncompleteGrade   string `json:"DefaultIncompleteGrade,omitempty"`
	FinalGradeExpirationDate string `json:"FinalGradeExpirationDate,omitempty"`
}

// midterm returns the place of the nth midterm grade, nil when there is none.
func (g *StudentGrade) midterm(n int) *string {
	places := [Midterms]*string{
		&g.MidtermGrade1, &g.MidtermGrade2, &g.MidtermGrade3, &g.MidtermGrade4, &g.MidtermGrade5, &g.MidtermGrade6,
	}
	if n < 1 || n > Midterms {
		return nil
	}
	return places[n-1]
}

// SetMidterm writes the nth midterm grade, from 1, and reports whether there
// is a column for it.
func (g *StudentGrade) SetMidterm(n int, grade string) bool {
	place := g.midterm(n)
	if place == nil {
		return false
	}
	*place = grade
	return true
}

// A Grade is one grade of a row: Midterm is 1 to 6, or 0 for the final grade.
type Grade struct {
	Midterm  int
	Grade    string
	Property string // the name of its element
}

// Grades returns what grades a row holds, the midterm ones first.
func (g *StudentGrade) Grades() []Grade {
	var grades []Grade
	for n := 1; n <= Midterms; n++ {
		if v := *g.midterm(n); v != "" {
			grades = append(grades, Grade{Midterm: n, Grade: v, Property: fmt.Sprintf("MidtermGrade%d", n)})
		}
	}
	if g.FinalGrade != "" {
		grades = append(grades, Grade{Grade: g.FinalGrade, Property: "FinalGrade"})
	}
	return grades
}

// DecodeGrades reads a submission of at most limit bytes. Elements that are
// not known are left out; a submission without submitter or rows is refused,
// and so is a row without section or student.
func DecodeGrades(r io.Reader, limit int64) (*Submission, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read grades: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("read grades: the submission is longer than the %d bytes that are taken; send fewer rows in one call", limit)
	}
	s := new(Submission)
	if err := json.Unmarshal(body, s); err != nil {
		return nil, fmt.Errorf("read grades: the body is not the JSON of a grade submission (%s); send {ModifiedBy, StudentGrades}", kindOf(err))
	}
	return s, s.check()
}

// kindOf says where JSON is wrong without quoting what it holds.
func kindOf(err error) string {
	var syntax *json.SyntaxError
	var unfit *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("broken at byte %d", syntax.Offset)
	case errors.As(err, &unfit):
		return fmt.Sprintf("%s at byte %d cannot be a %s", unfit.Field, unfit.Offset, unfit.Value)
	}
	return "unreadable"
}

func (s *Submission) check() error {
	if s.ModifiedBy == "" {
		return errors.New("read grades: ModifiedBy is missing; name the person who submits the grades")
	}
	if len(s.StudentGrades) == 0 {
		return errors.New("read grades: StudentGrades is missing or empty; send at least one row")
	}
	for i := range s.StudentGrades {
		if g := &s.StudentGrades[i]; g.CourseID == "" || g.StudentID == "" {
			return fmt.Errorf("read grades: row %d lacks CourseId or StudentId; name the section and the student", i+1)
		}
	}
	return nil
}
