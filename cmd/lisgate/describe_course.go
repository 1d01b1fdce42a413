package main

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

func quoted(t *lis.Text) string {
	if t.String() == "" {
		return ""
	}
	return "“" + t.String() + "”"
}

func (w *words) template(c *lis.CourseTemplate) string {
	if c == nil {
		return ""
	}
	w.text("label", c.Label)
	w.text("title", c.Title)
	w.describing("description", c.CatalogDescription, false)
	w.text("course number", c.CourseNumber)
	w.add("status", c.Status)
	w.text("credits", c.DefaultCredits)
	w.org(c.Org)
	if c.ListOfTopics != nil {
		w.add("topics", texts(c.ListOfTopics.Topic))
	}
	if c.ListOfPrerequisites != nil {
		w.add("prerequisites", texts(c.ListOfPrerequisites.Prerequisite))
	}
	w.about(c.DataSource, c.RecordInfo, c.Extension)
	return join(or(quoted(c.Title), quoted(c.Label)), c.CourseNumber.String(), c.Status)
}

func texts(list []lis.Text) string {
	var s []string
	for i := range list {
		s = append(s, list[i].String())
	}
	return join(s...)
}

func (w *words) offering(c *lis.CourseOffering) string {
	if c == nil {
		return ""
	}
	w.text("label", c.Label)
	w.text("title", c.Title)
	w.add("of template", string(c.ParentTemplateID))
	w.describing("description", c.CatalogDescription, false)
	w.add("status", c.Status)
	w.text("credits", c.DefaultCredits)
	w.text("academic session", c.AcademicSession)
	w.org(c.Org)
	w.times("time", c.TimeFrame)
	w.enrolment(c.EnrollControl)
	w.about(c.DataSource, c.RecordInfo, c.Extension)
	return join(or(quoted(c.Title), quoted(c.Label)), prefixed("in ", c.AcademicSession), c.Status)
}

func (w *words) section(c *lis.CourseSection) string {
	if c == nil {
		return ""
	}
	w.text("label", c.Label)
	w.text("title", c.Title)
	w.text("academic session", c.AcademicSession)
	w.add("of offering", string(c.ParentOfferingID))
	w.describing("description", c.CatalogDescription, false)
	w.add("status", c.Status)
	w.text("credits", c.DefaultCredits)
	w.text("category", c.Category)
	w.number("students at most", c.MaxNumberOfStudents)
	w.number("students", c.NumberOfStudents)
	w.org(c.Org)
	w.times("time", c.TimeFrame)
	w.enrolment(c.EnrollControl)
	w.text("place", c.Location)
	w.text("notes", c.Notes)
	w.text("meets", c.Meeting)
	w.about(c.DataSource, c.RecordInfo, c.Extension)
	return join(or(quoted(c.Title), quoted(c.Label)), or(prefixed("in ", c.AcademicSession), of(c.ParentOfferingID)), c.Status)
}

func of(id lis.SourcedID) string {
	if id == "" {
		return ""
	}
	return "of offering " + string(id)
}

func (w *words) association(a *lis.SectionAssociation) string {
	if a == nil {
		return ""
	}
	w.text("label", a.Label)
	w.text("title", a.Title)
	w.add("status", a.Status)
	w.ids("sections", a.Sections())
	w.about(a.DataSource, a.RecordInfo, a.Extension)
	return join(or(quoted(a.Title), quoted(a.Label)), "of "+plural(len(a.Sections()), "section"), a.Status)
}

func (w *words) group(g *lis.Group) string {
	if g == nil {
		return ""
	}
	kind := ""
	if g.GroupType != nil {
		w.text("scheme", g.GroupType.Scheme)
		for i := range g.GroupType.TypeValue {
			v := &g.GroupType.TypeValue[i]
			kind = or(kind, or(v.Type.String(), v.ID.String()))
			w.add("type", join(or(v.ID.String(), v.Type.String()), different(v.Type.String(), v.ID.String()), prefixed("level ", v.Level)))
		}
	}
	w.org(g.Org)
	w.add("e-mail", w.mask(g.Email))
	w.add("page", g.URL)
	if g.TimeFrame != nil {
		w.times("time", []lis.TimeFrame{*g.TimeFrame})
	}
	for i := range g.Relationship {
		w.add("relation", relation(&g.Relationship[i]))
	}
	w.enrolment(g.EnrollControl)
	w.describing("description", g.Description, false)
	w.about(g.DataSource, g.RecordInfo, g.Extension)
	name := ""
	if g.Description != nil {
		name = quoted(g.Description.ShortDescription)
	}
	return join(name, prefixed("of type ", lis.NewText("", kind)))
}

func different(s, from string) string {
	if s == from || from == "" {
		return ""
	}
	return s
}

// relation writes "Parent term-2026 (r1, belongs to)".
func relation(r *lis.Relationship) string {
	return with(strings.TrimSpace(r.Relation+" "+string(r.SourcedID)), join(string(r.RelationID), r.Label.String()))
}

func (w *words) number(name string, n *int64) {
	if n != nil {
		w.add(name, fmt.Sprint(*n))
	}
}
