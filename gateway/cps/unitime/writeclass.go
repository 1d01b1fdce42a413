package unitime

import (
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// class writes one section, without those in it.
func (w *writing) class(n *node) (*element, error) {
	e := n.kept
	if e == nil {
		e = newElement("class", "id", string(n.id))
	}
	e = e.copy()
	ms, err := n.section.Meetings()
	if err != nil {
		return nil, err
	}
	w.name(e, n)
	w.describe(e, n.section)
	if err := w.place(e, ms); err != nil {
		return nil, err
	}
	if err := w.teachers(e, ms); err != nil {
		return nil, err
	}
	e.order(children["class"]...)
	if err := w.formats.denormalise(e); err != nil {
		return nil, err
	}
	strip(e)
	return e, nil
}

// strip takes out what is ours.
func strip(e *element) {
	e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool { return strings.HasPrefix(a.name, ours) })
	for _, k := range e.kids {
		strip(k)
	}
}

// name writes what the class is called, as the file at hand does.
func (w *writing) name(e *element, n *node) {
	fromTimetable := n.kept != nil && !e.has(ours+"config")
	switch {
	case w.root == "offerings" && !fromTimetable:
	case w.root == "offerings":
		if e.text("id") == "" && e.has("externalId") {
			e.set("id", e.text("externalId"))
		}
		if words := strings.Fields(e.text("name")); e.text("type") == "" && len(words) > 3 {
			e.set("type", words[len(words)-2])
			e.set("suffix", words[len(words)-1])
		}
		e.remove("subject", "courseNbr", "name", "externalId", "controlling", "solver")
	case !fromTimetable && n.of != nil:
		e.set("subject", n.of.subject)
		e.set("courseNbr", n.of.number)
	}
	if fromTimetable && w.root == "timetable" {
		if kind := n.section.Category.String(); kind != "" && e.has("type") && kind != e.text("type") {
			e.set("type", kind)
		}
		return
	}
	if kind := orElse(n.section.Category.String(), orElse(e.text("type"), "Lec")); kind != e.text("type") {
		e.set("type", kind)
	}
	if e.text("suffix") == "" {
		e.set("suffix", suffixOf(n))
	}
}

// suffixOf makes a suffix for a section that came without: what its label ends
// with, or its id.
func suffixOf(n *node) string {
	label := strings.FieldsFunc(n.section.Label.String(), func(r rune) bool { return r == ' ' || r == '-' })
	if len(label) > 1 {
		return label[len(label)-1]
	}
	return string(n.id)
}

// describe writes limit, cancellation and note where they say something else.
func (w *writing) describe(e *element, sec *lis.CourseSection) {
	limit, err := limitOf(e)
	switch now := sec.MaxNumberOfStudents; {
	case now == nil && limit != nil:
		e.set("limit", "inf")
	case now != nil && (err != nil || limit == nil || *limit != *now):
		e.set("limit", strconv.FormatInt(*now, 10))
	}
	if now := cancelled(sec); now != e.is("cancelled") {
		e.set("cancelled", strconv.FormatBool(now))
	}
	if note := sec.Notes.String(); note != "" || e.has("scheduleNote") {
		e.set("scheduleNote", note)
	}
}

// cancelled reports whether a section does not take place. One whose plan is
// on its way is inactive too.
func cancelled(sec *lis.CourseSection) bool {
	p, _ := sec.Plan()
	return p.State == lis.PlanCancelled || p.State == "" && strings.EqualFold(sec.Status, statusInactive)
}
