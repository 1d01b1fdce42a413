package blackboard

import (
	"context"
	"encoding/json"
	"iter"
	"strings"

	"lisgate/gateway/lis"
)

// A learnColumn is a column of a grade book. The final one has externalGrade.
type learnColumn struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	ExternalGrade bool   `json:"externalGrade"`
	Score         struct {
		Possible json.Number `json:"possible"`
	} `json:"score"`
}

// A learnGrade is a user's grade in a column. Numbers stay as they are
// written, so that no grade is rounded.
type learnGrade struct {
	UserID       string      `json:"userId"`
	Status       string      `json:"status"`
	Text         string      `json:"text"`
	Score        json.Number `json:"score"`
	Exempt       bool        `json:"exempt"`
	DisplayGrade *struct {
		ScaleType string      `json:"scaleType"`
		Score     json.Number `json:"score"`
		Text      string      `json:"text"`
	} `json:"displayGrade"`
}

// Results streams the final grades of a section: those of the column that is
// flagged as the external grade. People without a grade, and those who are
// exempt, are left out. It costs about three calls and one for each hundred
// members, out of the whole budget.
func (a *REST) Results(ctx context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		column, err := a.finalColumn(ctx, section)
		if err != nil {
			yield(nil, err)
			return
		}
		people, err := a.peopleOf(ctx, section)
		if err != nil {
			yield(nil, err)
			return
		}
		path := a.paged("/v2/courses/" + external(string(section)) + "/gradebook/columns/" + column.ID + "/users")
		for g, err := range pages(ctx, a, forGrades, path, func(g *learnGrade) string { return g.UserID }) {
			if err != nil {
				yield(nil, err)
				return
			}
			person, known := people[g.UserID]
			score := g.shown()
			if !known || score == "" || g.Exempt {
				continue
			}
			if !yield(&lis.Record{Object: result(person, score, column)}, nil) {
				return
			}
		}
	}
}

// finalColumn returns the one column that is the external grade.
func (a *REST) finalColumn(ctx context.Context, section lis.SourcedID) (*learnColumn, error) {
	var final []*learnColumn
	path := a.paged("/v2/courses/" + external(string(section)) + "/gradebook/columns")
	for c, err := range pages(ctx, a, forGrades, path, func(c *learnColumn) string { return c.ID }) {
		if err != nil {
			return nil, err
		}
		if c.ExternalGrade {
			final = append(final, c)
		}
	}
	if len(final) != 1 {
		return nil, refused("have the teacher set one column as external grade in the grade centre of the course",
			"%d columns of the course are flagged as the external grade; the final grade is read from exactly one", len(final))
	}
	return final[0], nil
}

// peopleOf returns the external keys of a section's members by Learn's own id.
func (a *REST) peopleOf(ctx context.Context, section lis.SourcedID) (map[string]lis.SourcedID, error) {
	people := map[string]lis.SourcedID{}
	for m, err := range a.members(ctx, forGrades, string(section)) {
		if err != nil {
			return nil, err
		}
		if m.User != nil && m.User.ExternalID != "" {
			people[m.UserID] = lis.SourcedID(m.User.ExternalID)
		}
	}
	return people, nil
}

// shown is the grade as the teacher sees it: the letter where there is one.
func (g *learnGrade) shown() string {
	if g.Status != "" && !strings.EqualFold(g.Status, "Graded") {
		return "" // NeedsGrading and the like: there is none yet
	}
	if d := g.DisplayGrade; d != nil && strings.TrimSpace(d.Text) != "" {
		return strings.TrimSpace(d.Text)
	}
	if g.Score != "" {
		return g.Score.String()
	}
	return strings.TrimSpace(g.Text)
}

func result(person lis.SourcedID, score string, c *learnColumn) *lis.Result {
	r := &lis.Result{
		StatusOfResult:  &lis.ResultStatus{ResultStatusValue: text("Complete")},
		PersonSourcedID: person, ResultScore: text(score), DataSource: "Blackboard",
	}
	if c.Score.Possible != "" {
		r.ResultValue = &lis.ResultValue{ValueRange: &lis.ValueRange{Min: "0", Max: c.Score.Possible.String()}}
	}
	return r
}
