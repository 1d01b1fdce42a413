package moodle

import (
	"context"
	"strconv"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// A course is a course of Moodle, as far as LIS says anything of one.
type course struct {
	ID        int    `json:"id"`
	Fullname  string `json:"fullname"`
	Shortname string `json:"shortname"`
	Idnumber  string `json:"idnumber"`
	Category  int    `json:"categoryid"`
	Start     int64  `json:"startdate"`
	End       int64  `json:"enddate"`
	Visible   int    `json:"visible"`
	GroupMode int    `json:"groupmode"`
}

// courseBy finds a course by a field, nil when there is none.
func (a *Adapter) courseBy(ctx context.Context, field, value string) (*course, error) {
	found, err := a.coursesBy(ctx, new(form).set("field", field).set("value", value))
	if err != nil {
		return nil, err
	}
	for i := range found {
		if field != "idnumber" || found[i].Idnumber == value {
			return &found[i], nil
		}
	}
	return nil, nil
}

func (a *Adapter) coursesBy(ctx context.Context, f *form) ([]course, error) {
	var answer struct {
		Courses *[]course `json:"courses"`
	}
	if err := a.client.call(ctx, "core_course_get_courses_by_field", f, &answer); err != nil {
		return nil, err
	}
	if answer.Courses == nil {
		return nil, &strange{status: 200, text: "no courses in the answer"}
	}
	return *answer.Courses, nil
}

// course finds the course of a section or association, and one that has lost
// its idnumber by the crosswalk.
func (a *Adapter) course(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*course, error) {
	co, err := a.courseBy(ctx, "idnumber", string(id))
	if err != nil || co != nil {
		return co, err
	}
	known := a.known(ctx, kind, id)
	if known == 0 {
		return nil, nil
	}
	if co, err = a.courseBy(ctx, "id", strconv.Itoa(known)); err != nil || co == nil || co.Idnumber != "" {
		return nil, err
	}
	return co, nil
}

// courseID finds the id of the course of a section or association, 0 when
// there is none.
func (a *Adapter) courseID(ctx context.Context, kind lis.Kind, id lis.SourcedID) (int, error) {
	if n, ok := a.courses.get(string(id)); ok {
		return n, nil
	}
	n := a.known(ctx, kind, id)
	if n == 0 {
		if at, ok := a.absent.get(string(id)); ok && a.o.Now().Sub(at) < absentFresh {
			return 0, nil
		}
		co, err := a.courseBy(ctx, "idnumber", string(id))
		if err != nil {
			return 0, err
		}
		if co == nil {
			a.absent.put(string(id), a.o.Now())
			return 0, nil
		}
		n = co.ID
	}
	a.courses.put(string(id), n)
	return n, nil
}

// A plan is how a course shall be. Empty fields are left as they are.
type plan struct {
	course
	suffixed string // the short name when the plain one is taken
	visible  string // 1, 0 or "" for as it is
	given    bool   // Category is that of a term or organisation, and not the fallback
}

// planOf returns what a section or an association says of its course, all but
// its category.
func planOf(id lis.SourcedID, label, title, status string, frame []lis.TimeFrame) (plan, error) {
	short := cutTo(firstOf(label, title, string(id)), shortnameMax)
	p := plan{course: course{Idnumber: string(id), Shortname: short, Fullname: cutTo(firstOf(title, label, string(id)), fullnameMax)},
		suffixed: suffixed(short, id)}
	switch status {
	case "Active":
		p.visible = "1"
	case "Inactive":
		p.visible = "0"
	}
	if len(frame) > 0 {
		var err error
		if p.Start, p.End, err = epochs(&frame[0]); err != nil {
			return p, err
		}
	}
	if p.Start == 0 && p.End != 0 {
		return p, refused("Give the time frame a beginning.", "the time frame has an end and no beginning; Moodle takes no such course")
	}
	return p, tooLong(id)
}

// suffixed is a short name with what makes it the only one of its kind.
func suffixed(short string, id lis.SourcedID) string {
	suffix := " [" + string(id) + "]"
	return cutTo(short, shortnameMax-len([]rune(suffix))) + suffix
}

// same reports whether a course is as planned.
func (p plan) same(have course) bool {
	return have.Fullname == p.Fullname && (have.Shortname == p.Shortname || have.Shortname == p.suffixed) && have.Idnumber == p.Idnumber &&
		(!p.given || have.Category == p.Category) && have.Start == p.Start && have.End == p.End &&
		(p.visible == "" || strconv.Itoa(have.Visible) == p.visible) && (p.GroupMode == 0 || have.GroupMode != 0)
}

// fields are those of a row, but for the id.
func (p plan) fields(short string) []string {
	f := []string{"fullname", p.Fullname, "shortname", short, "idnumber", p.Idnumber,
		"startdate", strconv.FormatInt(p.Start, 10), "enddate", strconv.FormatInt(p.End, 10)}
	if p.Category != 0 {
		f = append(f, "categoryid", strconv.Itoa(p.Category))
	}
	if p.visible != "" {
		f = append(f, "visible", p.visible)
	}
	if p.GroupMode != 0 {
		f = append(f, "groupmode", strconv.Itoa(p.GroupMode))
	}
	return f
}

// layouts are how peers write a time; one without a zone is taken as UTC. [ours]
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02Z07:00", "2006-01-02"}

// epochs returns a time frame in seconds, 0 for what is open.
func epochs(t *lis.TimeFrame) (begin, end int64, err error) {
	if t == nil {
		return 0, 0, nil
	}
	if begin, err = epoch(t.Begin); err == nil {
		end, err = epoch(t.End)
	}
	if err == nil && end != 0 && end < begin {
		err = refused("Correct the time frame at its source.", "the time frame ends at %s, before it begins at %s", t.End, t.Begin)
	}
	return begin, end, err
}

func epoch(s string) (int64, error) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return max(0, t.Unix()), nil
		}
	}
	return 0, refused("Send times as xs:dateTime, such as 2026-09-01T00:00:00Z.", "the time frame has a time that is none: %.40q", s)
}
