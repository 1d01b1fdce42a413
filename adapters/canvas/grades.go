package canvas

import (
	"context"
	"errors"
	"iter"
	"net/url"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// Results reads the final scores of the students of a section, as far as they
// have been posted. Canvas has no line item for them and no date, so both are
// left empty; a student without a score has no result.
func (a *Adapter) Results(ctx context.Context, id lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		q := url.Values{"type[]": {"StudentEnrollment"}, "state[]": {"active", "inactive", "completed"}}
		for e, err := range pages(ctx, a, "sections/"+ref("section", string(id))+"/enrollments", q, func(e enrollment) int64 { return e.ID }) {
			var r *lis.Record
			if err == nil {
				r, err = a.resultOf(ctx, e)
			}
			if errors.Is(err, errAbsent) {
				err = &adapters.Error{Class: adapters.Missing, Parent: id, ParentKind: lis.KindCourseSection, Err: errors.New("the section is not in Canvas")}
			}
			if err == nil && r == nil {
				continue
			}
			if !yield(r, asClassed(err)) || err != nil {
				return
			}
		}
	}
}

func (a *Adapter) resultOf(ctx context.Context, e enrollment) (*lis.Record, error) {
	score := e.Grades.Score.String()
	if a.opts.LetterGrades || score == "" {
		score = or(e.Grades.Grade, score)
	}
	person, err := a.personOf(ctx, e)
	if score == "" || person == "" || err != nil {
		return nil, err
	}
	result := &lis.Result{PersonSourcedID: person, ResultScore: lis.NewText("", score), DataSource: "Canvas"}
	if letter := e.Grades.Grade; letter != "" && letter != score {
		result.Extension = &lis.Extension{Field: []lis.ExtensionField{{FieldName: "finalGrade", FieldType: "String", FieldValue: letter}}}
	}
	return &lis.Record{Object: result}, nil
}

// personOf is the person of an enrolment: by its SIS ID, or by the crosswalk
// for a user that has none.
func (a *Adapter) personOf(ctx context.Context, e enrollment) (lis.SourcedID, error) {
	if id := or(e.UserSIS, e.User.SIS); id != "" || a.opts.Crosswalk == nil {
		return lis.SourcedID(id), nil
	}
	id, err := a.opts.Crosswalk.SourcedID(ctx, lis.KindPerson, decimal(e.UserID))
	if err != nil {
		return "", unavailable("read the crosswalk: %w", err)
	}
	return id, nil
}
