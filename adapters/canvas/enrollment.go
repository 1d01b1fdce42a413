package canvas

import (
	"context"
	"iter"
	"net/url"
)

// An enrollment is a role of a person in a section.
type enrollment struct {
	ID         int64  `json:"id"`
	CourseSIS  string `json:"sis_course_id"`
	SectionSIS string `json:"sis_section_id"`
	UserSIS    string `json:"sis_user_id"`
	UserID     int64  `json:"user_id"`
	Type       string `json:"type"`
	Role       string `json:"role"`
	State      string `json:"enrollment_state"`
	Start      string `json:"start_at"`
	End        string `json:"end_at"`
	Observed   int64  `json:"associated_user_id"`
	Import     int64  `json:"sis_import_id"` // 0 when no import made it, or the token may not see it [S]
	User       struct {
		SIS string `json:"sis_user_id"`
	} `json:"user"`
	Grades struct {
		Score number `json:"final_score"`
		Grade string `json:"final_grade"`
	} `json:"grades"`

	observed string // SIS ID of who is observed, of a row
}

// enrollments streams what is not deleted, of one person when only is given.
func (a *Adapter) enrollments(ctx context.Context, path, only string) iter.Seq2[enrollment, error] {
	q := url.Values{"state[]": {"active", "invited", "inactive", "completed"}}
	if only != "" {
		q.Set("sis_user_id[]", only)
	}
	return func(yield func(enrollment, error) bool) {
		for e, err := range pages(ctx, a, path+"/enrollments", q, func(e enrollment) int64 { return e.ID }) {
			e.UserSIS = or(e.UserSIS, e.User.SIS)
			if !yield(e, err) {
				return
			}
		}
	}
}

// row writes an enrolment; where its section has a SIS ID, that is enough.
func (e enrollment) row(status string) row {
	courseID := e.CourseSIS
	if e.SectionSIS != "" {
		courseID = ""
	}
	begin, _ := instant(e.Start, false)
	end, _ := instant(e.End, true)
	return row{sheet: "enrollments", fields: map[string]string{
		"course_id": courseID, "section_id": e.SectionSIS, "user_id": e.UserSIS, "role": e.csvRole(), "status": status,
		"start_date": begin, "end_date": end, "associated_user_id": e.observed,
	}}
}

// csvRole is the role as the CSV spells it.
func (e enrollment) csvRole() string {
	for label, name := range typeOfLabel {
		if e.Role == name {
			return label
		}
	}
	return e.Role
}
