package moodle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A group is a group of a course, or a grouping.
type group struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Idnumber string `json:"idnumber"`
}

// putAssociation makes one course of sections that are taught together: a
// group for each, with its members. The sections keep their own courses, so
// that it can be undone.
func (a *Adapter) putAssociation(ctx context.Context, id lis.SourcedID, r *lis.Record) (lis.Outcome, error) {
	s, ok := r.Object.(*lis.SectionAssociation)
	if !ok {
		return lis.Outcome{}, refused("Send the record under its own kind.", "the record of a section association holds a %s", r.Object.Kind())
	}
	p, err := planOf(id, s.Label.String(), s.Title.String(), s.Status, nil)
	if err != nil {
		return lis.Outcome{}, err
	}
	p.GroupMode = sectionGroups
	wanted := map[string]int{} // course by section
	for _, section := range s.Sections() {
		n, err := a.courseID(ctx, lis.KindCourseSection, section)
		switch {
		case err != nil:
			return lis.Outcome{}, err
		case n == 0:
			return lis.Outcome{}, missing(lis.KindCourseSection, section)
		}
		wanted[string(section)] = n
	}
	o, err := a.putCourse(ctx, lis.KindSectionAssociation, id, p)
	if err != nil {
		return o, err
	}
	j := &joint{course: digits(o.TargetID), id: string(id)}
	changed, err := a.bindAll(ctx, j, wanted)
	if changed {
		o.Effect = lis.Applied
	}
	if len(j.late) > 0 {
		o.Detail = "had begun before they were joined, so that work in their own courses stays there: " + strings.Join(j.late, ", ")
	}
	return o, err
}

// bindAll makes the groups of an association be those of its sections: the new
// ones come before the old ones go.
func (a *Adapter) bindAll(ctx context.Context, j *joint, wanted map[string]int) (changed bool, err error) {
	if j.grouping, err = a.grouping(ctx, j.course, j.id, true); err != nil {
		return false, err
	}
	have, err := a.groups(ctx, j.course)
	if err != nil {
		return false, err
	}
	for _, section := range keys(wanted) {
		did, err := a.bind(ctx, j, section, wanted[section], have[section])
		if changed = changed || did; err != nil {
			return changed, err
		}
	}
	for _, section := range keys(have) {
		if wanted[section] == 0 {
			changed = true
			if err := a.unbind(ctx, j.course, j.id, section, have); err != nil {
				return changed, err
			}
			delete(have, section)
		}
	}
	return changed, nil
}

// groups returns the groups of a course that are those of sections: teachers'
// own have no idnumber.
func (a *Adapter) groups(ctx context.Context, course int) (map[string]int, error) {
	var found []group
	if err := a.client.call(ctx, "core_group_get_course_groups", new(form).set("courseid", strconv.Itoa(course)), &found); err != nil {
		return nil, err
	}
	of := map[string]int{}
	for _, g := range found {
		if g.Idnumber != "" {
			of[g.Idnumber] = g.ID
		}
	}
	return of, nil
}

// grouping returns the grouping that marks a course as one of an association,
// and makes it when it is wanted and not there.
func (a *Adapter) grouping(ctx context.Context, course int, id string, wanted bool) (int, error) {
	marks, err := a.marks(ctx, course)
	if err != nil {
		return 0, err
	}
	for _, g := range marks {
		if g.Idnumber == id {
			return g.ID, nil
		}
	}
	if !wanted {
		return 0, nil
	}
	var made []group
	name := suffixed(groupingName, lis.SourcedID(id))
	f := new(form).row("groupings", 0, "courseid", strconv.Itoa(course), "name", name, "description", "", "idnumber", id)
	if err := a.client.call(ctx, "core_group_create_groupings", f, &made); err != nil {
		return 0, err
	}
	if len(made) != 1 {
		return 0, lost("the grouping")
	}
	return made[0].ID, nil
}

// marks returns the groupings of associations in a course.
func (a *Adapter) marks(ctx context.Context, course int) ([]group, error) {
	var found []group
	if err := a.client.call(ctx, "core_group_get_course_groupings", new(form).set("courseid", strconv.Itoa(course)), &found); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(g group) bool { return !strings.HasPrefix(g.Name, groupingName) || g.Idnumber == "" }), nil
}

func (a *Adapter) dropAssociation(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	co, err := a.course(ctx, c.Kind, c.Key)
	if err != nil || co == nil {
		return unchanged(0, "it was not there"), err
	}
	changed, err := a.bindAll(ctx, &joint{course: co.ID, id: string(c.Key)}, nil)
	if err != nil {
		return lis.Outcome{}, err
	}
	o, err := a.dropCourse(ctx, c)
	if changed && err == nil {
		o.Effect, o.Detail = lis.Applied, fmt.Sprintf("the sections are apart again; %s", o.Detail)
	}
	return o, err
}

// rekeyAssociation gives the course another idnumber, and the marks with it.
func (a *Adapter) rekeyAssociation(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	o, err := a.rekeyCourse(ctx, c)
	course := digits(o.TargetID)
	if err != nil || course == 0 {
		return o, err
	}
	have, err := a.groups(ctx, course)
	if err != nil {
		return o, err
	}
	courses := map[string]int{string(c.NewID): course}
	for section := range have {
		if courses[section], err = a.courseID(ctx, lis.KindCourseSection, lis.SourcedID(section)); err != nil {
			return o, err
		}
	}
	for _, section := range keys(courses) {
		if n := courses[section]; n != 0 {
			if err := a.remark(ctx, n, string(c.Key), string(c.NewID)); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// remark makes a mark anew under another identifier: the groups stay.
func (a *Adapter) remark(ctx context.Context, course int, old, id string) error {
	a.listings.drop(strconv.Itoa(course))
	mark, err := a.grouping(ctx, course, old, false)
	if err != nil {
		return err
	}
	if mark != 0 {
		if err := a.client.call(ctx, "core_group_delete_groupings", new(form).list("groupingids", []string{strconv.Itoa(mark)}), nil); err != nil {
			return err
		}
	}
	_, err = a.grouping(ctx, course, id, true)
	return err
}
