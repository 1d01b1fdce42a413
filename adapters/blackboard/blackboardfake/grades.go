package blackboardfake

import (
	"encoding/json"
	"net/http"
)

type column struct {
	id, name, possible string
	final              bool
	grades             []grade
}

type grade struct{ person, status, score, text string }

// Column adds a column to the grade book of a course and returns its id. One
// of them is the external grade.
func (l *Learn) Column(courseKey, name, possible string, final bool) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &column{id: l.next(), name: name, possible: possible, final: final}
	if at := l.courses.get(courseKey); at != nil {
		at.columns = append(at.columns, c)
	}
	return c.id
}

// Grade grades a person in a column: status is Graded or NeedsGrading, text
// the letter that is shown.
func (l *Learn) Grade(courseKey, columnID, person, status, score, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.courses.get(courseKey)
	if at == nil {
		return
	}
	for _, c := range at.columns {
		if c.id == columnID {
			c.grades = append(c.grades, grade{person, status, score, text})
		}
	}
}

func (l *Learn) grades(w http.ResponseWriter, r *http.Request, c *course, path []string) {
	if len(path) == 0 {
		var items []any
		for _, x := range c.columns {
			items = append(items, map[string]any{
				"id": x.id, "name": x.name, "externalGrade": x.final, "score": map[string]any{"possible": json.Number(x.possible)},
			})
		}
		l.page(w, r, items)
		return
	}
	for _, x := range c.columns {
		if len(path) == 2 && x.id == path[0] && path[1] == "users" {
			l.page(w, r, l.gradesIn(x))
			return
		}
	}
	complain(w, http.StatusNotFound, "No such column")
}

func (l *Learn) gradesIn(x *column) []any {
	var items []any
	for _, g := range x.grades {
		o := map[string]any{"columnId": x.id, "status": g.status, "exempt": g.status == "Exempt"}
		if u := l.users.get(g.person); u != nil {
			o["userId"] = u.ID
		}
		if g.score != "" {
			o["score"] = json.Number(g.score)
		}
		if g.text != "" {
			o["displayGrade"] = map[string]any{"scaleType": "Tabular", "text": g.text}
		}
		items = append(items, o)
	}
	return items
}
