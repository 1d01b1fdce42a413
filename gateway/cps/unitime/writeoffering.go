package unitime

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"lisgate/gateway/lis"
)

// offering writes an offering with its courses, configs and classes.
func (w *writing) offering(o *Offering) ([]*element, error) {
	if len(o.Courses) == 0 {
		return nil, nil // offerings have no place for sections without one
	}
	courses, err := w.courses(o)
	if err != nil {
		return nil, err
	}
	main := o.Courses[0].Object.(*lis.CourseOffering) // courses saw to it
	e := keptIn(main.Extension, lis.FieldUniTimeCourse, keptOffering, "offering")
	offered := main.Status != statusInactive
	if e == nil {
		e = newElement("offering", "id", string(o.Courses[0].ID), "offered", strconv.FormatBool(offered))
	}
	if offered == (e.text("offered") == "false") {
		e.set("offered", strconv.FormatBool(offered))
	}
	byConfig, byCourse := sorted(nodes(o, courses), o.Courses[0].ID)
	for _, rec := range ordered(o.Courses) {
		k, err := w.courseElement(rec, courses[rec.ID], byCourse[rec.ID], rec == o.Courses[0])
		if err != nil {
			return nil, err
		}
		e.kids = append(e.kids, k)
	}
	configs, err := w.configs(main, byConfig)
	if err != nil {
		return nil, err
	}
	e.kids = append(e.kids, configs...)
	e.order(children["offering"]...)
	return []*element{e}, nil
}

// sorted sorts classes by the config and by the course that they are in.
func sorted(list []*node, main lis.SourcedID) (byConfig map[int][]*node, byCourse map[lis.SourcedID][]*node) {
	byConfig, byCourse = map[int][]*node{}, map[lis.SourcedID][]*node{}
	for _, n := range list {
		if of := n.section.ParentOfferingID; of != main && of != "" && n.of != nil {
			byCourse[of] = append(byCourse[of], n)
			continue
		}
		config := 0
		if n.kept != nil {
			config, _ = strconv.Atoi(n.kept.text(ours + "config"))
		}
		byConfig[config] = append(byConfig[config], n)
	}
	return byConfig, byCourse
}

// ordered puts courses into the order that they had in a file.
func ordered(list []*lis.Record) []*lis.Record {
	list = slices.Clone(list)
	place := func(rec *lis.Record) int {
		if o, ok := rec.Object.(*lis.CourseOffering); ok {
			if e := keptIn(o.Extension, lis.FieldUniTimeCourse, keptCourse, "course"); e != nil {
				n, _ := strconv.Atoi(e.text(ours + "order"))
				return n
			}
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *lis.Record) int { return place(a) - place(b) })
	return list
}

// courseElement writes a course, with the classes that it has under names of
// its own.
func (w *writing) courseElement(rec *lis.Record, c *course, classes []*node, main bool) (*element, error) {
	o := rec.Object.(*lis.CourseOffering) // courses saw to it
	e := keptIn(o.Extension, lis.FieldUniTimeCourse, keptCourse, "course")
	if e == nil || !e.has(ours+"order") { // it does not come from offerings
		e = newElement("course", "id", string(rec.ID), "subject", c.subject, "courseNbr", c.number, "controlling", strconv.FormatBool(main))
	}
	if c.title != "" || e.has("title") {
		e.set("title", c.title)
	}
	inner, err := w.elements(classes)
	if err != nil {
		return nil, err
	}
	e.kids = append(e.kids, inner...)
	e.order(children["course"]...)
	strip(e)
	return e, nil
}

// configs writes the configs that are kept, and makes one for classes that
// have none.
func (w *writing) configs(o *lis.CourseOffering, classes map[int][]*node) ([]*element, error) {
	var list []*element
	for i := 1; ; i++ {
		e := keptIn(o.Extension, lis.FieldUniTimeConfig, i, "config")
		if e == nil {
			break
		}
		list = append(list, e)
	}
	for _, i := range slices.Sorted(maps.Keys(classes)) {
		if i > len(list) { // its config is gone
			classes[0] = append(classes[0], classes[i]...)
		}
	}
	if len(list) == 0 && len(classes[0]) > 0 {
		list = []*element{configOf(classes[0])}
	}
	for i, e := range list {
		inner := classes[i+1]
		if i == 0 {
			inner = slices.Concat(inner, classes[0]) // new ones go into the first config
		}
		kids, err := w.elements(inner)
		if err != nil {
			return nil, fmt.Errorf("config %d: %w", i+1, err)
		}
		e.kids = append(e.kids, kids...)
		e.order(children["config"]...)
		strip(e)
	}
	return list, nil
}

// configOf makes a config for classes that come from elsewhere: one subpart
// for each category, in one another as the classes are.
func configOf(list []*node) *element {
	e := newElement("config", "name", "1", "limit", "inf")
	limit, all := int64(0), true
	var first string
	for i, n := range list {
		if i == 0 {
			first = n.section.Category.String()
		}
		if n.section.Category.String() != first {
			continue
		}
		if n.section.MaxNumberOfStudents == nil {
			all = false
			break
		}
		limit += *n.section.MaxNumberOfStudents
	}
	if all {
		e.set("limit", strconv.FormatInt(limit, 10))
	}
	subparts(e, list)
	return e
}

func subparts(e *element, list []*node) {
	for _, n := range list {
		kind := orElse(n.section.Category.String(), "Lec")
		var s *element
		for _, k := range e.all("subpart") {
			if k.text("type") == kind {
				s = k
			}
		}
		if s == nil {
			s = newElement("subpart", "type", kind, "minPerWeek", strconv.Itoa(weeklyMinutes(n.section)))
			e.kids = append(e.kids, s)
		}
		subparts(s, n.inner)
	}
}

// weeklyMinutes is what was asked for, or else what the section meets a week.
func weeklyMinutes(sec *lis.CourseSection) int {
	if q, _ := sec.Request(); q.MinutesPerWeek > 0 {
		return q.MinutesPerWeek
	}
	ms, _ := sec.Meetings()
	total := 0
	var seen []when
	for i := range ms {
		w := when{ms[i].Days, ms[i].Start, ms[i].End}
		if ms[i].Arranged || slices.Contains(seen, w) {
			continue
		}
		seen = append(seen, w)
		for day := range 7 {
			if w.days.Has(day) && w.end > w.start {
				total += int(w.end - w.start)
			}
		}
	}
	return total
}
