package grades

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"go.uber.org/zap"

	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
)

// mostSubmission is the most bytes of one submission.
const mostSubmission = 4 << 20

// ILP plays Ellucian's ILP for an LMS that pushes its grades there (back-end
// facts, B1): POST /api/coursesection/grades. The caller needs the right to
// replaceResult. A row is answered with success once it is kept; what the SIS
// makes of it is in the states.
func (d *Desk) ILP(g *guard.Guard) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := admit(g, r)
		if err != nil {
			refuseHTTP(w, err)
			return
		}
		s, err := ilp.DecodeGrades(http.MaxBytesReader(w, r.Body, mostSubmission), mostSubmission)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answers, err := d.submitILP(r, caller, s)
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			d.log.Error("grades could not be kept", zap.String("caller", caller), zap.Error(err))
			_ = ilp.EncodeConnectivityFailure(w, "the gateway cannot keep grades now; send them again")
			return
		}
		_ = ilp.EncodeAnswer(w, answers) // the client may have gone
	})
}

func admit(g *guard.Guard, r *http.Request) (string, error) {
	visitor, err := g.Identify(r)
	if err != nil {
		return "", err
	}
	caller, err := visitor.Admit(r.Context(), nil, nil)
	if err != nil {
		return "", err
	}
	return caller.Name, g.Allow(caller, lis.OMS, lis.OperationFor(lis.KindResult, lis.Replace))
}

func refuseHTTP(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var denied *guard.Error
	if errors.As(err, &denied) {
		status = denied.Status
		denied.SetHeaders(w.Header())
	}
	http.Error(w, err.Error(), status)
}

// submitILP takes each grade of each row, and answers one by one.
func (d *Desk) submitILP(r *http.Request, caller string, s *ilp.Submission) ([]ilp.RowAnswer, error) {
	var grades []Grade
	var answers []ilp.RowAnswer
	for i := range s.StudentGrades {
		row := &s.StudentGrades[i]
		for _, g := range row.Grades() {
			grades = append(grades, fromILP(s.ModifiedBy, row, g))
			answers = append(answers, ilp.RowAnswer{StudentID: row.StudentID, TargetSIS: "lisgate", Property: g.Property})
		}
	}
	receipt, err := d.Submit(r.Context(), caller, grades, true)
	if err != nil {
		return nil, err
	}
	for i, row := range receipt.Rows {
		answers[i].OK, answers[i].Text = row.State != RefusedBy, row.Reason
		if answers[i].OK {
			answers[i].Property, answers[i].Text = "", row.State
			if row.State == Kept {
				answers[i].Text = row.Reason
			}
		}
	}
	return answers, nil
}

// fromILP makes a grade of a row. What LIS has no element for is kept in
// extension fields, where the adapter to ILP finds it.
func fromILP(by string, row *ilp.StudentGrade, g ilp.Grade) Grade {
	made := Grade{Section: lis.SourcedID(row.CourseID), Person: lis.SourcedID(row.StudentID), Type: Final, Result: &lis.Result{ResultScore: lis.NewText("en", g.Grade)}}
	if g.Midterm > 0 {
		made.Type, made.Label = Interim, fmt.Sprintf("Midterm %d", g.Midterm)
	}
	extension := &lis.Extension{}
	for _, f := range []lis.ExtensionField{
		{FieldName: ilp.FieldSubmitter, FieldValue: by}, {FieldName: ilp.FieldAttendance, FieldValue: row.LastAttendanceDate},
		{FieldName: ilp.FieldDefault, FieldValue: row.DefaultIncompleteGrade}, {FieldName: ilp.FieldExpiration, FieldValue: row.FinalGradeExpirationDate},
		{FieldName: ilp.FieldMidterm, FieldValue: number(g.Midterm)},
	} {
		if f.FieldValue != "" {
			f.FieldType = "String"
			extension.Field = append(extension.Field, f)
		}
	}
	if len(extension.Field) > 0 {
		made.Result.Extension = extension
	}
	return made
}

// number is a number that counts from one, "" for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
