package moodle

import (
	"context"
	"encoding/json"
	"iter"
	"strconv"

	"lisgate/gateway/lis"
)

// wholeCourse is how many students' grades are read in one call; of a larger
// course each student's are read alone, for the report has no pages. [ours]
const wholeCourse = 100

// A report is the grades of one user in a course.
type report struct {
	User     int         `json:"userid"`
	Idnumber string      `json:"useridnumber"`
	Items    []gradeItem `json:"gradeitems"`
}

// A gradeItem is a column. Numbers are kept as the site writes them, so that
// no grade is rounded.
type gradeItem struct {
	Type        string      `json:"itemtype"`
	Raw         json.Number `json:"graderaw"`
	Min         json.Number `json:"grademin"`
	Max         json.Number `json:"grademax"`
	Graded      int64       `json:"gradedategraded"`
	NeedsUpdate bool        `json:"gradeneedsupdate"`
}

// Results streams the final grades of a section: the course's own item, of
// each who is enrolled and has one that needs no new calculation. A section
// that is part of one association has its grades in the association's course;
// in several it has them in its own, for it is not known in which else. [ours]
func (a *Adapter) Results(ctx context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		if err := a.results(ctx, section, yield); err != nil {
			yield(nil, classed(err))
		}
	}
}

func (a *Adapter) results(ctx context.Context, section lis.SourcedID, yield func(*lis.Record, error) bool) error {
	course, err := a.courseID(ctx, lis.KindCourseSection, section)
	switch {
	case err != nil:
		return err
	case course == 0:
		return missing(lis.KindCourseSection, section)
	}
	there := map[int]bool{} // suspended ones too: their grades were kept
	for e, err := range a.roster(ctx, course, false) {
		if err != nil {
			return err
		}
		there[e.ID] = true
	}
	of, err := a.listing(ctx, course)
	if err != nil {
		return err
	}
	if len(of) == 1 {
		course = of[0].course
	}
	for r, err := range a.reports(ctx, course, there) {
		if err != nil {
			return err
		}
		if record := r.final(); record != nil && there[r.User] && !yield(record, nil) {
			return nil
		}
	}
	return nil
}

// reports reads a small course in one call and a large one user by user.
func (a *Adapter) reports(ctx context.Context, course int, users map[int]bool) iter.Seq2[report, error] {
	return func(yield func(report, error) bool) {
		asked := []int{0}
		if len(users) > wholeCourse {
			asked = asked[:0]
			for user := range users {
				asked = append(asked, user)
			}
		}
		for _, user := range asked {
			f := new(form).set("courseid", strconv.Itoa(course))
			if user != 0 {
				f.set("userid", strconv.Itoa(user))
			}
			var answer struct {
				Grades *[]report `json:"usergrades"`
			}
			err := a.client.call(ctx, "gradereport_user_get_grade_items", f, &answer)
			if err == nil && answer.Grades == nil {
				err = &strange{status: 200, text: "no usergrades in the answer"}
			}
			if err != nil {
				yield(report{}, err)
				return
			}
			for _, r := range *answer.Grades {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// final is the course's grade as a result, nil when there is none yet. Moodle
// has no line item for it: the gateway finds the section's.
func (r report) final() *lis.Record {
	for _, item := range r.Items {
		if item.Type != "course" || item.Raw == "" || item.NeedsUpdate || r.Idnumber == "" {
			continue
		}
		return &lis.Record{Object: &lis.Result{
			PersonSourcedID: lis.SourcedID(r.Idnumber), ResultScore: lis.NewText("", item.Raw.String()), Date: instant(item.Graded),
			ResultValue: &lis.ResultValue{ValueRange: &lis.ValueRange{Min: item.Min.String(), Max: item.Max.String()}},
		}}
	}
	return nil
}
