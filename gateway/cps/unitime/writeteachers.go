package unitime

import (
	"fmt"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// teachers writes who teaches, with their names where the file had them.
func (w *writing) teachers(e *element, ms []lis.Meeting) error {
	was, now := teachers(e, w.header.Campus), teaching(ms)
	unscheduled := len(ms) == 0
	if !unscheduled && !sameTeachers(was, now) {
		var list []*element
		for _, v := range now {
			list = append(list, w.instructor(v))
		}
		e.replace(list, "instructor")
	}
	for _, k := range e.all("instructor") {
		if err := w.fillName(k, personOf(k, w.header.Campus)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) instructor(v lis.MeetingInstructor) *element {
	e := newElement("instructor")
	if !strings.HasPrefix(string(v.Person), "unitime:") {
		e.set("id", string(v.Person))
	} else {
		e.set(ours+"person", string(v.Person))
	}
	for _, n := range names[:3] {
		e.set(n.attribute, "")
	}
	share := percent(v.Share)
	if share == "" && w.root == "timetable" {
		share = "100" // required there, and what UniTime takes
	}
	if share != "" {
		e.set("share", share)
	}
	e.set("lead", strconv.FormatBool(v.Lead))
	if v.Role != "" && v.Role != instructorRole {
		e.set("responsibility", v.Role)
	}
	return e
}

// fillName fills in the parts of the name that are attributes of an element.
func (w *writing) fillName(e *element, id lis.SourcedID) error {
	rec, err := w.find(lis.KindPerson, id)
	if err != nil {
		return err
	}
	p := &lis.Person{}
	if rec != nil {
		var ok bool
		if p, ok = rec.Object.(*lis.Person); !ok {
			return fmt.Errorf("%s is no person", id)
		}
	}
	for _, n := range names {
		if e.has(n.attribute) {
			e.set(n.attribute, partOf(p, n.part))
		}
	}
	return nil
}

// partOf returns a part of a name, under either of the names that LIS has.
func partOf(p *lis.Person, part string) string {
	switch part {
	case "First":
		return orElse(p.Part("First"), p.Part("Given"))
	case "Last":
		return orElse(p.Part("Last"), p.Part("Family"))
	}
	return p.Part(part)
}
