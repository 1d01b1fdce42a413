package unitime

import "lisgate/gateway/lis"

// timetableClass reads a child of a timetable.
func (r *reading) timetableClass(e *element) error {
	if !r.is(e, "class") {
		return nil
	}
	_, err := r.class(e, setting{})
	return err
}

// ofCourse finds the course of a class of a timetable. A nested one is of the
// course of the class that it is in.
func (r *reading) ofCourse(e *element, at *setting, subject, number string) error {
	if at.parent != "" && (subject == "" || subject == at.subject && number == at.number) {
		return nil
	}
	if at.parent != "" {
		return e.refuse("subject", "give both the same subject and courseNbr, or put it beside that class", "a class in a class is of the same course")
	}
	at.course = course{subject: subject, number: number}
	if subject == "" || number == "" {
		return nil
	}
	id := made("offering", r.header.Campus, r.header.Year, r.header.Term, subject, number)
	at.offering = r.resolve(lis.KindCourseOffering, at.label(), id)
	if at.offering == id {
		r.mention("createCourseTemplate", r.template(at.course), r.templateOf(at.course))
		r.mention("createCourseOffering", id, r.offeringOf(at.course))
	}
	return nil
}

// template returns the id of the template of a course.
func (r *reading) template(c course) lis.SourcedID {
	return r.resolve(lis.KindCourseTemplate, c.label(), made("course", r.header.Campus, c.subject, c.number))
}

func (r *reading) templateOf(c course) *lis.CourseTemplate {
	return &lis.CourseTemplate{Label: r.textOf(c.label()), Title: r.textOf(c.title), CourseNumber: r.textOf(c.number)}
}

func (r *reading) offeringOf(c course) *lis.CourseOffering {
	o := &lis.CourseOffering{
		Label: r.textOf(c.label()), Title: r.textOf(c.title), ParentTemplateID: r.template(c), AcademicSession: lis.NewText("", string(r.session)),
	}
	kept := newElement("course", "subject", c.subject, "courseNbr", c.number)
	lis.Extend(&o.Extension).Set(lis.FieldName(lis.FieldUniTimeCourse, 1), kept.String())
	return o
}
