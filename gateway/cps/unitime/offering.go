package unitime

import (
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// The fields of an offering: its own course, and on the controlling one what
// the offering element says. The configs have fields of their own.
const (
	keptCourse   = 1
	keptOffering = 2
)

// Controlling returns the offering whose sections an offering has, because the
// two are one course under two names; "" when it has its own.
func Controlling(o *lis.CourseOffering) lis.SourcedID {
	if e := keptIn(o.Extension, lis.FieldUniTimeCourse, keptCourse, "course"); e != nil {
		return lis.SourcedID(e.text(ours + "of"))
	}
	return ""
}

func keptIn(x *lis.Extension, pattern string, n int, name string) *element {
	return parseKept(x.Get(lis.FieldName(pattern, n)), name)
}

// offering reads a child of offerings.
func (r *reading) offering(e *element) error {
	if !r.is(e, "offering") {
		return nil
	}
	list := e.all("course")
	if len(list) == 0 {
		return e.refuse("", "give it a course", "an offering has at least one course")
	}
	if strings.EqualFold(e.text("action"), "delete") {
		return r.deleted(e, list)
	}
	main, err := controlling(list)
	if err != nil {
		return err
	}
	courses := make([]course, len(list))
	for i, k := range list {
		if courses[i], err = r.courseOf(k); err != nil {
			return err
		}
	}
	configs := e.all("config")
	for _, i := range append([]int{main}, others(len(list), main)...) {
		o := r.offeringOf(courses[i])
		r.describe(o, e, list[i], i, orIDIf(i != main, courses[main].offering))
		if i == main {
			keepOffering(o, e, configs)
		}
		r.mention("createCourseTemplate", o.ParentTemplateID, r.templateOf(courses[i]))
		if !r.first(lis.KindCourseOffering, courses[i].offering) {
			return list[i].refuse("id", "keep one of them, or give them different ids", "a course is in the file twice")
		}
		r.emit("replaceCourseOffering", courses[i].offering, o)
	}
	classes, err := r.configs(configs, courses[main])
	if err != nil {
		return err
	}
	return r.otherNames(list, courses, main, classes)
}

func orIDIf(yes bool, id lis.SourcedID) lis.SourcedID {
	if yes {
		return id
	}
	return ""
}

func others(n, main int) []int {
	var found []int
	for i := range n {
		if i != main {
			found = append(found, i)
		}
	}
	return found
}

// controlling returns which course of an offering is; the first when none says so.
func controlling(list []*element) (int, error) {
	main := -1
	for i, k := range list {
		if !k.is("controlling") {
			continue
		}
		if main >= 0 {
			return 0, k.refuse("controlling", "let one course be it", "an offering has two controlling courses")
		}
		main = i
	}
	return max(main, 0), nil
}

// courseOf reads what a course is called.
func (r *reading) courseOf(k *element) (course, error) {
	c := course{subject: k.text("subject"), number: k.text("courseNbr"), title: k.text("title"), offering: lis.SourcedID(k.text("id"))}
	for _, name := range []string{"subject", "courseNbr"} {
		if k.text(name) == "" {
			return c, k.refuse(name, "give it", "is missing")
		}
	}
	if c.offering == "" {
		c.offering = r.resolve(lis.KindCourseOffering, c.label(), made("offering", r.header.Campus, r.header.Year, r.header.Term, c.subject, c.number))
	}
	return c, nil
}

// describe gives an offering what its elements say of it.
func (r *reading) describe(o *lis.CourseOffering, e, k *element, order int, of lis.SourcedID) {
	if o.Status = statusActive; e.text("offered") == "false" {
		o.Status = statusInactive
	}
	credit := k.first("courseCredit")
	if credit == nil {
		credit = e.first("courseCredit")
	}
	o.DefaultCredits = r.textOf(creditsOf(credit))
	kept := k.copy()
	if of != "" {
		kept = k.without("class")
		kept.set(ours+"of", string(of))
	}
	for _, c := range kept.all("class") { // in the controlling course they only say other ids of its classes
		for _, inner := range c.kids {
			r.Unknown(inner.path)
		}
		c.kids = nil
	}
	if k.has("title") {
		kept.set("title", "") // in the record
	}
	kept.set(ours+"order", strconv.Itoa(order+1))
	x := lis.Extend(&o.Extension)
	x.Set(lis.FieldName(lis.FieldUniTimeCourse, keptCourse), kept.String())
}

// creditsOf writes credits for people, such as 3 or 1-4.
func creditsOf(e *element) string {
	if e == nil {
		return ""
	}
	fixed, least, most := e.text("fixedCredit"), e.text("minimumCredit"), e.text("maximumCredit")
	if fixed == "" && least != "" && most != "" {
		return least + "-" + most
	}
	return orElse(fixed, orElse(least, most))
}

// keepOffering keeps the offering element and its configs, without the classes.
func keepOffering(o *lis.CourseOffering, e *element, configs []*element) {
	x := lis.Extend(&o.Extension)
	x.Set(lis.FieldName(lis.FieldUniTimeCourse, keptOffering), e.without("course", "config").String())
	for i, c := range configs {
		x.Set(lis.FieldName(lis.FieldUniTimeConfig, i+1), c.without("class").String())
	}
}
