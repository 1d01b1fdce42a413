package ellucian

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// A row is a result as ILP takes it, with the place of its change.
type row struct {
	at        int
	submitter string
	grade     ilp.StudentGrade
	key       string // section, student and column: what a resubmission is about
}

// rowOf makes the row of a change. done is true when there is nothing to send.
func (a *ILP) rowOf(ctx context.Context, at int, c lis.Change) (r *row, done bool, err error) {
	result, done, err := resultOf(c)
	if err != nil || done {
		return nil, done, err
	}
	r = &row{at: at, submitter: orElse(result.Extension.Get(ilp.FieldSubmitter), a.o.Submitter)}
	if r.submitter == "" {
		return nil, false, refused("set submitter of the target, or send the extension field "+ilp.FieldSubmitter,
			"the result does not say who submits the grade, and ILP asks for that")
	}
	section, final, err := sectionOf(ctx, a.o.Section, result)
	if err != nil {
		return nil, false, err
	}
	column, err := r.fill(result, section, final)
	if err != nil {
		return nil, false, err
	}
	r.key = string(section) + "\x00" + r.grade.StudentID + "\x00" + column
	return r, false, a.preflight(&r.grade)
}

// resultOf returns the result that a change hands over.
func resultOf(c lis.Change) (result *lis.Result, done bool, err error) {
	if c.Kind != lis.KindResult {
		return nil, false, unsupported("grades are handed over here and nothing else, so there is no place for a %s", c.Kind)
	}
	switch c.Act {
	case lis.Rekey:
		return nil, true, nil // no identifier of a result is kept there
	case lis.Drop:
		return nil, false, unsupported("a grade that was submitted is the SIS's own and cannot be taken back from here; correct it there, or submit another")
	case lis.Put:
	default:
		return nil, false, unsupported("there is no way to %q a grade", c.Act)
	}
	if c.Record == nil || c.Record.Object == nil {
		return nil, false, refused("send the result with its content", "a result without content")
	}
	result, ok := c.Record.Object.(*lis.Result)
	switch {
	case !ok:
		return nil, false, refused("send the record again under its own kind", "a change of a result holds a %s", c.Record.Object.Kind())
	case result.PersonSourcedID == "":
		return nil, false, refused("send personSourcedId", "the result names no student (personSourcedId)")
	case strings.TrimSpace(result.ResultScore.String()) == "":
		return nil, false, refused("send resultScore", "the result holds no grade (resultScore)")
	}
	return result, false, nil
}

// sectionOf returns the section of a result and whether its grade is the
// final one: as the gateway knows it, else as the result says itself.
func sectionOf(ctx context.Context, known func(context.Context, lis.SourcedID) (lis.SourcedID, bool, error), r *lis.Result) (lis.SourcedID, bool, error) {
	if known != nil && r.LineItemSourcedID != "" {
		section, final, err := known(ctx, r.LineItemSourcedID)
		var classed *adapters.Error
		switch {
		case errors.As(err, &classed):
			return "", false, err
		case err != nil:
			return "", false, &adapters.Error{Class: adapters.Unavailable, Narrow: true, Err: err}
		case section != "":
			return section, final, nil
		}
	}
	if section := r.Extension.Get(ilp.FieldSection); section != "" {
		return lis.SourcedID(section), !strings.EqualFold(orElse(r.Extension.Get(ilp.FieldType), "Final"), "Midterm") &&
			!strings.EqualFold(r.Extension.Get(ilp.FieldType), "Interim"), nil
	}
	return "", false, &adapters.Error{
		Class: adapters.Missing, Parent: r.LineItemSourcedID, ParentKind: lis.KindLineItem,
		Err:  errors.New("the section of the result is not known: its line item is not there, or has no context"),
		Hint: "send the line item with contextIdentifier, or the extension field " + ilp.FieldSection,
	}
}

// fill writes the grade into its column and returns the column's name.
func (r *row) fill(result *lis.Result, section lis.SourcedID, final bool) (string, error) {
	g := &r.grade
	g.CourseID, g.StudentID = string(section), string(result.PersonSourcedID)
	grade := strings.TrimSpace(result.ResultScore.String())
	if final {
		g.FinalGrade = grade
		g.LastAttendanceDate = result.Extension.Get(ilp.FieldAttendance)
		g.DefaultIncompleteGrade = result.Extension.Get(ilp.FieldDefault)
		g.FinalGradeExpirationDate = result.Extension.Get(ilp.FieldExpiration)
		return "FinalGrade", nil
	}
	number := orElse(result.Extension.Get(ilp.FieldMidterm), "1")
	n, err := strconv.Atoi(number)
	if err != nil || !g.SetMidterm(n, grade) {
		return "", refused("send 1 to 6 in the extension field "+ilp.FieldMidterm,
			"there is no midterm grade %q; ILP has MidtermGrade1 to MidtermGrade%d", peer.Clip(number), ilp.Midterms)
	}
	g.LastAttendanceDate = result.Extension.Get(ilp.FieldAttendance)
	return "MidtermGrade" + strconv.Itoa(n), nil
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// preflight holds a row to the rules of the SIS that are known, so that a
// person is told in plain words before the SIS says it in its own.
func (a *ILP) preflight(g *ilp.StudentGrade) error {
	now := a.Now()
	if g.LastAttendanceDate != "" {
		switch past, ok := notAfter(g.LastAttendanceDate, now); {
		case !ok:
			return refused("write it as 2026-12-18", "LastAttendanceDate is no date")
		case !past:
			return refused("correct the date and submit again", "LastAttendanceDate is in the future; the SIS takes none after today")
		}
	}
	if g.FinalGradeExpirationDate != "" {
		if _, ok := notAfter(g.FinalGradeExpirationDate, now); !ok {
			return refused("write it as 2027-05-31", "FinalGradeExpirationDate is no date")
		}
	}
	switch {
	case isOne(a.o.Failing, g.FinalGrade) && g.LastAttendanceDate == "":
		return refused("add the date (extension field "+ilp.FieldAttendance+") and submit again",
			"the grade %s needs the date on which the student was last there (LastAttendanceDate)", g.FinalGrade)
	case isOne(a.o.Incomplete, g.FinalGrade) && g.DefaultIncompleteGrade == "":
		return refused("add the grade (extension field "+ilp.FieldDefault+") and submit again",
			"the grade %s needs the grade that it becomes when nothing more comes (DefaultIncompleteGrade)", g.FinalGrade)
	}
	return nil
}

// notAfter reports whether a date is none after now; ok is false for what is
// no date. A date without time or zone is one of the place where now is.
func notAfter(date string, now time.Time) (past, ok bool) {
	if t, err := time.Parse(time.RFC3339, date); err == nil {
		return !t.After(now), true
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, date, now.Location()); err == nil {
			return !t.After(now), true
		}
	}
	return false, false
}
