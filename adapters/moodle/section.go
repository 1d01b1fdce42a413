package moodle

import (
	"context"
	"errors"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

func (a *Adapter) putSection(ctx context.Context, id lis.SourcedID, r *lis.Record) (lis.Outcome, error) {
	s, ok := r.Object.(*lis.CourseSection)
	if !ok {
		return lis.Outcome{}, refused("Send the record under its own kind.", "the record of a course section holds a %s", r.Object.Kind())
	}
	p, err := planOf(id, s.Label.String(), s.Title.String(), s.Status, s.TimeFrame)
	if err != nil {
		return lis.Outcome{}, err
	}
	org := ""
	if s.Org != nil {
		org = s.Org.ID.String()
	}
	for _, group := range []string{s.AcademicSession.String(), org} {
		if p.Category, err = a.categoryID(ctx, group); err != nil {
			return lis.Outcome{}, err
		}
		if p.Category != 0 {
			p.given = true
			break
		}
	}
	return a.putCourse(ctx, lis.KindCourseSection, id, p)
}

// putCourse makes a course be as planned.
func (a *Adapter) putCourse(ctx context.Context, kind lis.Kind, id lis.SourcedID, p plan) (lis.Outcome, error) {
	have, err := a.course(ctx, kind, id)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case have == nil:
		return a.createCourse(ctx, p)
	}
	a.courses.put(string(id), have.ID)
	if p.same(*have) {
		return unchanged(have.ID, ""), nil
	}
	short := p.Shortname
	if have.Shortname == p.suffixed {
		short = p.suffixed
	}
	if !p.given {
		p.Category = 0
	}
	return a.updateCourse(ctx, have.ID, p, short)
}

func (a *Adapter) createCourse(ctx context.Context, p plan) (lis.Outcome, error) {
	if p.Category == 0 {
		var err error
		if p.Category, err = a.fallback(ctx); err != nil {
			return lis.Outcome{}, err
		}
	}
	var made []course
	create := func(short string) error {
		return a.client.call(ctx, "core_course_create_courses", new(form).row("courses", 0, p.fields(short)...), &made)
	}
	err, detail := create(p.Shortname), ""
	if code(err) == "shortnametaken" {
		err, detail = create(p.suffixed), "the label is the short name of another course: the section's identifier was added"
	}
	if code(err) == "errorcatcontextnotvalid" {
		a.categories.clear() // one has gone: look again next time
	}
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case len(made) != 1:
		return lis.Outcome{}, lost("the course")
	}
	a.courses.put(p.Idnumber, made[0].ID)
	return applied(made[0].ID, detail), nil
}

func (a *Adapter) updateCourse(ctx context.Context, id int, p plan, short string) (lis.Outcome, error) {
	err, detail := a.setCourse(ctx, id, p.fields(short)...), ""
	var e *adapters.Error
	if errors.As(err, &e) && short != p.suffixed && isTaken(e) {
		err, detail = a.setCourse(ctx, id, p.fields(p.suffixed)...), "the label is the short name of another course: the section's identifier was added"
	}
	if err != nil {
		a.courses.drop(p.Idnumber)
		return lis.Outcome{}, err
	}
	return applied(id, detail), nil
}

// isTaken reports whether a warning says that the short name is taken.
func isTaken(e *adapters.Error) bool {
	const word = "shortnametaken"
	return len(e.Answer) >= len(word) && e.Answer[:len(word)] == word
}

// setCourse changes fields of a course.
func (a *Adapter) setCourse(ctx context.Context, id int, fields ...string) error {
	f := new(form).row("courses", 0, append([]string{"id", strconv.Itoa(id)}, fields...)...)
	var answer warned
	if err := a.client.call(ctx, "core_course_update_courses", f, &answer); err != nil {
		return err
	}
	if w := answer.about(id); w != nil {
		return w.verdict()
	}
	return nil
}

// dropCourse hides a course: it is never deleted unless asked.
func (a *Adapter) dropCourse(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	co, err := a.course(ctx, c.Kind, c.Key)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case co == nil:
		return unchanged(0, "it was not there"), nil
	case a.o.Removal == adapters.Delete:
		a.courses.drop(string(c.Key))
		var answer warned
		err := a.client.call(ctx, "core_course_delete_courses", new(form).list("courseids", []string{strconv.Itoa(co.ID)}), &answer)
		return applied(co.ID, "deleted, with its content, enrolments and grades"), err
	case co.Visible == 0:
		return unchanged(co.ID, "the course is hidden"), nil
	}
	return applied(co.ID, "the course is hidden"), a.setCourse(ctx, co.ID, "visible", "0")
}

func (a *Adapter) rekeyCourse(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if err := tooLong(c.NewID); err != nil {
		return lis.Outcome{}, err
	}
	old, err := a.course(ctx, c.Kind, c.Key)
	if err != nil {
		return lis.Outcome{}, err
	}
	a.courses.drop(string(c.Key))
	if old != nil {
		a.courses.put(string(c.NewID), old.ID)
		return applied(old.ID, ""), a.setCourse(ctx, old.ID, "idnumber", string(c.NewID))
	}
	if co, err := a.course(ctx, c.Kind, c.NewID); err != nil || co != nil {
		if err != nil {
			return lis.Outcome{}, err
		}
		return unchanged(co.ID, ""), nil
	}
	return a.putAs(ctx, c)
}
