package unitime

import (
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A course is what a class is of.
type course struct {
	subject, number, title string
	offering               lis.SourcedID
}

func (c course) label() string { return strings.TrimSpace(c.subject + " " + c.number) }

// A setting is where a class stands.
type setting struct {
	course
	parent  lis.SourcedID  // the class that it is in
	config  string         // number of its config; "course" in a course; "" in a timetable
	minutes map[string]int // a week, by type
}

// class adds the calls of a class and of those in it, and returns its id.
func (r *reading) class(e *element, at setting) (lis.SourcedID, error) {
	kept := e.without("class")
	if err := r.checkClass(kept); err != nil {
		return "", err
	}
	id, label, err := r.identify(e, &at)
	if err != nil {
		return "", err
	}
	if !r.first(lis.KindCourseSection, id) {
		return "", e.refuse("id", "keep one of them, or give them different ids", "a class is in the file twice")
	}
	sec, err := r.section(kept, at, label)
	if err != nil {
		return "", err
	}
	r.rooms(kept)
	r.emit("replaceCourseSection", id, sec)
	r.teachers(e, id)
	r.meetsWith(e, id)
	at.parent = id
	for _, k := range e.all("class") {
		if _, err := r.class(k, at); err != nil {
			return "", err
		}
	}
	return id, nil
}

// checkClass brings a class into the form in which it is kept.
func (r *reading) checkClass(kept *element) error {
	if err := r.formats.normalise(kept); err != nil {
		return err
	}
	if err := checkShare(kept); err != nil {
		return err
	}
	if n := slotCount(kept); n > lis.MaxMeetings {
		return kept.refuse("", "split the class", "its dates, times and rooms make %d meetings, over %d", n, lis.MaxMeetings)
	}
	if n := len(kept.all("instructor")); n > lis.MaxInstructors {
		return kept.refuse("", "split the class", "it has %d instructors, over %d", n, lis.MaxInstructors)
	}
	return nil
}

// identify returns the id and the label of a class. One of a timetable brings
// its course.
func (r *reading) identify(e *element, at *setting) (lis.SourcedID, string, error) {
	kind, suffix, name := e.text("type"), e.text("suffix"), ""
	if at.config == "" {
		subject, number := e.text("subject"), e.text("courseNbr")
		name = e.text("name")
		if words := strings.Fields(name); subject == "" && len(words) > 3 {
			n := len(words)
			subject, number, kind, suffix = strings.Join(words[:n-3], " "), words[n-3], words[n-2], words[n-1]
		}
		if err := r.ofCourse(e, at, subject, number); err != nil {
			return "", "", err
		}
	}
	given := lis.SourcedID(orElse(e.text("id"), e.text("externalId")))
	label := strings.Join(slices.DeleteFunc([]string{at.subject, at.number, kind, suffix}, func(s string) bool { return s == "" }), " ")
	whole := at.subject != "" && at.number != "" && kind != "" && suffix != ""
	switch {
	case !whole && at.config != "":
		return "", "", e.refuse(missing(kind), "give both: they name the class within its course", "is missing")
	case !whole && given == "" && name == "":
		return "", "", e.refuse("id", "give the id, the name, or subject, courseNbr, type and suffix", "nothing says which class it is")
	case !whole:
		label = orElse(name, string(given))
	}
	parts := []string{at.subject, at.number, kind, suffix}
	if !whole {
		parts = []string{name}
	}
	unnamed := given == ""
	another := at.config == "" && e.text("controlling") == "false"
	if !unnamed && !another {
		return given, label, nil
	}
	id := r.resolve(lis.KindCourseSection, label, made("class", append([]string{r.header.Campus, r.header.Year, r.header.Term}, parts...)...))
	// Under another course, the class is in the file with the same id too.
	if !unnamed && whole && given != id {
		r.crossList(given, id)
		return id, label, nil
	}
	return orID(given, id), label, nil
}

func missing(kind string) string {
	if kind == "" {
		return "type"
	}
	return "suffix"
}

// section makes the record of a class.
func (r *reading) section(kept *element, at setting, label string) (*lis.CourseSection, error) {
	kind := kept.text("type")
	if words := strings.Fields(kept.text("name")); kind == "" && len(words) > 3 {
		kind = words[len(words)-2]
	}
	sec := &lis.CourseSection{
		Label: r.textOf(label), Title: r.textOf(at.title), AcademicSession: lis.NewText("", string(r.session)), ParentOfferingID: at.offering,
		Category: r.textOf(kind), Notes: r.textOf(kept.text("scheduleNote")),
	}
	if kept.is("cancelled") {
		sec.Status = statusInactive
	}
	limit, err := limitOf(kept)
	if err != nil {
		return nil, err
	}
	sec.MaxNumberOfStudents = limit
	minutes, err := minutesOf(kept.first("arrangeTime"))
	if err != nil {
		return nil, err
	}
	if minutes == 0 {
		minutes = at.minutes[kind]
	}
	def := span{r.Begin, r.End}
	r.places(kept)
	sec.SetMeetings(meetings(slots(kept, r.header.Campus, def), kind, teachers(kept, r.header.Campus)))
	if minutes > 0 {
		sec.SetRequest(lis.Request{MinutesPerWeek: minutes})
	}
	if at.parent != "" {
		sec.SetSectionLink(lis.SectionLink{Parent: at.parent})
	}
	lis.Extend(&sec.Extension).Set(lis.FieldName(lis.FieldUniTimeClass, 1), r.keptClass(kept, at.config, def))
	return sec, nil
}

const (
	statusActive   = "Active"
	statusInactive = "Inactive"
)

// limitOf returns the limit of a class; nil for none, or inf.
func limitOf(e *element) (*int64, error) {
	s := e.text("limit")
	if s == "" || strings.EqualFold(s, "inf") {
		return nil, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return nil, e.refuse("limit", "mend it", "%q is no number of students, and not inf", s)
	}
	return &n, nil
}

// minutesOf returns minPerWeek; 0 when it is not said.
func minutesOf(e *element) (int, error) {
	if e == nil || e.text("minPerWeek") == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(e.text("minPerWeek"), 10, 16)
	if err != nil {
		return 0, e.refuse("minPerWeek", "mend it", "%q is no number of minutes a week", e.text("minPerWeek"))
	}
	return int(n), nil
}

// keptClass is the element as the section keeps it: without the names of
// people and the note, which are in records, and with the ids that were found.
func (r *reading) keptClass(kept *element, config string, def span) string {
	if config != "" {
		kept.set(ours+"config", config)
	}
	if def.from != 0 {
		kept.set(ours+"begin", def.from.String())
	}
	if def.to != 0 {
		kept.set(ours+"end", def.to.String())
	}
	if kept.has("scheduleNote") {
		kept.set("scheduleNote", "")
	}
	for _, e := range kept.all("instructor") {
		if e.text("id") == "" {
			e.set(ours+"person", string(personOf(e, r.header.Campus)))
		}
		for _, n := range names {
			if e.has(n.attribute) {
				e.set(n.attribute, "")
			}
		}
	}
	return kept.String()
}

// places notes the ids of rooms that are given by name only.
func (r *reading) places(kept *element) {
	note := func(e *element, p place) {
		if found := r.resolve(lis.KindGroup, p.label(), p.room); found != "" {
			e.set(ours+"room", string(found))
		}
	}
	for _, e := range kept.all("room", "location") {
		if e.text("id")+e.text("externalId") == "" {
			note(e, placeOf(e, r.header.Campus))
		}
	}
	for _, e := range kept.all("meeting") {
		for _, p := range meetingPlaces(e, r.header.Campus) {
			note(e, p)
		}
	}
}
