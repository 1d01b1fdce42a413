package canvasfake

import (
	"encoding/json"
	"net/http"
	"slices"
)

// listEnrollments answers the enrolments of a course, a section or a user.
// Without state[] those that are active, invited or inactive are left to the
// caller as the API does: active and invited only [general knowledge].
func (a *Account) listEnrollments(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.advance()
		of := a.named(kind, r.PathValue("id"))
		if of == nil || of.State() == "deleted" {
			notFound(w, r)
			return
		}
		states, types, users := r.URL.Query()["state[]"], r.URL.Query()["type[]"], r.URL.Query()["sis_user_id[]"]
		if len(states) == 0 {
			states = []string{"active"}
		}
		var found []*Enrollment
		for _, e := range a.enrolments(kind, of) {
			if slices.Contains(states, e.State) && (len(types) == 0 || slices.Contains(types, e.Type)) && (len(users) == 0 || slices.Contains(users, e.User.SIS)) {
				found = append(found, e)
			}
		}
		from, to := a.page(w, r, len(found))
		rows := []any{}
		for _, e := range found[from:to] {
			rows = append(rows, a.enrollmentJSON(e))
		}
		a.answerList(w, "enrollment", rows)
	}
}

func (a *Account) enrolments(kind string, of *Object) []*Enrollment {
	if kind != "course" {
		return a.lists[of]
	}
	var all []*Enrollment
	for _, s := range a.tables["section"].rows {
		if s.parent == of {
			all = append(all, a.lists[s]...)
		}
	}
	return all
}

func (a *Account) enrollmentJSON(e *Enrollment) object {
	v := object{
		"id": e.ID, "course_id": e.Section.parent.ID, "sis_course_id": nullable(e.Section.parent.SIS),
		"course_section_id": e.Section.ID, "sis_section_id": nullable(e.Section.SIS),
		"user_id": e.User.ID, "sis_user_id": nullable(e.User.SIS), "type": e.Type, "role": e.Role, "enrollment_state": e.State,
		"start_at": nullable(e.Start), "end_at": nullable(e.End), "associated_user_id": nil, "sis_import_id": nil,
		"user": object{"id": e.User.ID, "name": e.User.Fields["name"], "sis_user_id": nullable(e.User.SIS), "login_id": e.User.Fields["login_id"]},
	}
	if e.Import != 0 {
		v["sis_import_id"] = e.Import
	}
	if e.Associated != nil {
		v["associated_user_id"] = e.Associated.ID
	}
	if e.Type == "StudentEnrollment" {
		v["grades"] = object{"current_score": numeric(e.CurrentScore), "final_score": numeric(e.Score), "final_grade": nullable(e.Grade), "current_grade": nullable(e.Grade)}
	}
	return v
}

func numeric(s string) any {
	if s == "" {
		return nil
	}
	return json.Number(s)
}
