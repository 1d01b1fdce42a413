package term

import (
	"fmt"

	"lisgate/gateway/lis"
)

const active = lis.StatusActive

// A course is what a template, its offering and its sections have in common.
type course struct {
	number     int
	subject    *subject
	department lis.SourcedID
	code       string // "MATH-101"
	title      *lis.Text
	topic      *lis.Text
	credits    *lis.Text
}

// course returns a course of the catalogue: departments take turns, and each
// goes through its topics, then through the forms of a course.
func (t *Term) course(i int) course {
	d, n := i%t.departments, i/t.departments
	s := &subjects[d]
	topic := s.topics[n%len(s.topics)]
	form := forms[n/len(s.topics)%len(forms)]
	return course{
		number: i, subject: s, department: departmentID(d),
		code:    fmt.Sprintf("%s-%d", s.code, form.hundred+n+1),
		title:   lis.NewText(s.language, fmt.Sprintf(form.title, topic)),
		topic:   lis.NewText(s.language, topic),
		credits: en(form.credits),
	}
}

func (c *course) org() *lis.Org {
	return &lis.Org{OrgName: en("Example University"), OrgUnit: en(c.subject.name), Type: en("department"), ID: en(string(c.department))}
}

func (c *course) describe() *lis.Description {
	return &lis.Description{ShortDescription: c.title, LongDescription: en("Taught by the Department of " + c.subject.name + "; the language of the course is " + c.subject.language + ".")}
}

func (c *course) templateID() lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("tpl-%05d", c.number+1))
}

func (c *course) offeringID() lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("off-26F-%05d", c.number+1))
}

// template returns a course of the catalogue.
func (t *Term) template(i int) *lis.Record {
	c := t.course(i)
	o := &lis.CourseTemplate{
		Label: en(c.code), Title: c.title, CatalogDescription: c.describe(), CourseNumber: en(c.code),
		Status: active, DefaultCredits: c.credits, Org: c.org(),
		ListOfTopics: &lis.ListOfTopics{Topic: []lis.Text{*c.topic}},
		DataSource:   agent,
	}
	if i >= t.departments {
		before := t.course(i - t.departments)
		o.ListOfPrerequisites = &lis.ListOfPrerequisites{Prerequisite: []lis.Text{*en(before.code)}}
	}
	return record(c.templateID(), o)
}

// offering returns a course in this term.
func (t *Term) offering(i int) *lis.Record {
	c := t.course(i)
	return record(c.offeringID(), &lis.CourseOffering{
		Label: en(c.code + "-26F"), Title: c.title, ParentTemplateID: c.templateID(),
		CatalogDescription: c.describe(), Status: active, DefaultCredits: c.credits,
		AcademicSession: en(string(Session)), Org: c.org(),
		TimeFrame:     []lis.TimeFrame{*timeFrame(lis.NewText("", sessionName))},
		EnrollControl: &lis.EnrollControl{EnrollAccept: is(true), EnrollAllowed: is(true)},
		DataSource:    agent,
	})
}
