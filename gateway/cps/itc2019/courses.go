package itc2019

import (
	"net/url"
	"strings"

	"lisgate/gateway/lis"
)

// A courseState is the course, config and subpart that is being read.
type courseState struct {
	id              string
	config, subpart string
	shape           []string // of itc2019.config, see shape.go
	hollow          bool     // a config or subpart has nothing in it
	filled          bool     // the config or subpart has something in it
	offering        *lis.Record
}

func (p *problem) readCourses(e *element) error {
	if err := p.s.each(e, map[string]kind{"course": {"id", p.readCourse}}); err != nil {
		return err
	}
	defer func() { p.parents, p.configs, p.subparts = nil, nil, nil }()
	return p.parents.found(p.classes, "parent")
}

// readCourse reads a course: a template and an offering. Sections carry their
// config and subpart; only those that have no section are kept in the offering,
// which then is told once more, for its children are known by then.
func (p *problem) readCourse(e *element) error {
	id, err := p.fresh(e, p.courses, p.s.limits.Courses, "Courses")
	if err != nil {
		return err
	}
	p.course = courseState{id: id, offering: p.offering(id)}
	if err := p.emit(replaceTemplate, p.template(id)); err != nil {
		return err
	}
	if err := p.emit(replaceOffering, p.course.offering); err != nil {
		return err
	}
	if err := p.s.each(e, map[string]kind{"config": {"id", p.readConfig}}); err != nil || !p.course.hollow {
		return err
	}
	again := p.offering(id)
	setField(&again.Object.(*lis.CourseOffering).Extension, lis.FieldITCConfig, strings.Join(p.course.shape, " "))
	return p.emit(replaceOffering, again)
}

func (p *problem) template(id string) *lis.Record {
	t := &lis.CourseTemplate{Label: text(id), Title: text(nameCourse + id), CourseNumber: text(id), Status: active}
	return &lis.Record{ID: p.g.sourcedID(partTemplate, id), Object: t}
}

func (p *problem) offering(id string) *lis.Record {
	o := &lis.CourseOffering{
		Label: text(id), Title: text(nameCourse + id), Status: active,
		ParentTemplateID: p.g.sourcedID(partTemplate, id),
		AcademicSession:  text(string(p.g.sourcedID(partTerm, ""))),
	}
	setOrder(&o.Extension, len(p.courses))
	return &lis.Record{ID: p.g.sourcedID(partCourse, id), Object: o}
}

func (p *problem) readConfig(e *element) error {
	id, err := p.fresh(e, p.configs, p.s.limits.Classes, "Classes")
	if err != nil {
		return err
	}
	c := &p.course
	c.config, c.filled = id, false
	if err := p.s.each(e, map[string]kind{"subpart": {"id", p.readSubpart}}); err != nil {
		return err
	}
	if !c.filled {
		c.hollow = true
		c.shape = append(c.shape, shapeOf(id, ""))
	}
	c.filled = true
	return nil
}

func (p *problem) readSubpart(e *element) error {
	id, err := p.fresh(e, p.subparts, p.s.limits.Classes, "Classes")
	if err != nil {
		return err
	}
	c := &p.course
	c.subpart, c.filled = id, false
	c.shape = append(c.shape, shapeOf(c.config, id))
	err = p.s.each(e, map[string]kind{"class": {"id limit parent room", p.readClass}})
	c.hollow = c.hollow || !c.filled
	c.filled = true
	return err
}

// shapeOf writes a config and subpart as they are in itc2019.config of an
// offering: config/subpart, or config/ for a config without subparts.
func shapeOf(config, subpart string) string {
	return url.PathEscape(config) + "/" + url.PathEscape(subpart)
}
