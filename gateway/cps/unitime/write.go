package unitime

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A Source gives what a file is written from.
type Source interface {
	// Offerings streams what is taught, in the order in which it is written.
	Offerings() iter.Seq2[*Offering, error]
	// Find returns a person, a room (a group) or a template; nil when there is
	// none.
	Find(kind lis.Kind, id lis.SourcedID) (*lis.Record, error)
}

// An Offering is an offering with its sections, and with the offerings that
// are other names of it (those whose Controlling it is).
type Offering struct {
	Courses  []*lis.Record // *lis.CourseOffering, the controlling one first; none for sections without an offering
	Sections []*lis.Record // *lis.CourseSection of all of them, in the order in which they are written
}

// A writing is a file while it is written.
type writing struct {
	w       *bufio.Writer
	root    string
	header  Header
	formats *formats
	source  Source
}

// WriteTimetable writes the sections of a source as a `timetable`, one
// offering at a time.
func WriteTimetable(w io.Writer, h Header, src Source) error {
	if h.Action == "" {
		h.Action = "update"
	}
	return write(w, "timetable", h, src, (*writing).classes)
}

// WriteOfferings writes the offerings and sections of a source as `offerings`,
// one at a time.
func WriteOfferings(w io.Writer, h Header, src Source) error {
	return write(w, "offerings", h, src, (*writing).offering)
}

func write(to io.Writer, root string, h Header, src Source, each func(*writing, *Offering) ([]*element, error)) (err error) {
	if h.Campus == "" || h.Year == "" || h.Term == "" {
		return fmt.Errorf("write UniTime %s: campus, year and term must all be given", root)
	}
	w := &writing{w: bufio.NewWriter(to), root: root, header: h, source: src}
	if w.formats, err = newFormats(root, h.DateFormat, h.TimeFormat, h.Year, h.Begin); err != nil {
		return fmt.Errorf("write UniTime %s: %w", root, err)
	}
	w.w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	h.root(root).open(w.w)
	w.w.WriteByte('>')
	for o, err := range src.Offerings() {
		if err != nil {
			return fmt.Errorf("write UniTime %s: %w", root, err)
		}
		list, err := each(w, o)
		if err != nil {
			return fmt.Errorf("write UniTime %s: %w", root, err)
		}
		for _, e := range list {
			e.write(w.w, 1)
		}
	}
	w.w.WriteString("\n</" + root + ">\n")
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("write UniTime %s: %w", root, err)
	}
	return nil
}

// courses returns what the offerings are called.
func (w *writing) courses(o *Offering) (map[lis.SourcedID]*course, error) {
	found := map[lis.SourcedID]*course{}
	for _, rec := range o.Courses {
		off, ok := rec.Object.(*lis.CourseOffering)
		if !ok {
			return nil, fmt.Errorf("%s is no offering", rec.ID)
		}
		c, err := w.course(rec.ID, off)
		if err != nil {
			return nil, err
		}
		found[rec.ID] = c
	}
	return found, nil
}

// course returns subject and number: those it came with, or else the label up
// to and after its last space, or the number of the template.
func (w *writing) course(id lis.SourcedID, o *lis.CourseOffering) (*course, error) {
	c := &course{offering: id, title: o.Title.String()}
	if e := keptIn(o.Extension, lis.FieldUniTimeCourse, keptCourse, "course"); e != nil {
		c.subject, c.number = e.text("subject"), e.text("courseNbr")
		return c, nil
	}
	label := strings.TrimSpace(orElse(o.Label.String(), string(id)))
	at := strings.LastIndexAny(label, " -")
	if at > 0 && at < len(label)-1 {
		c.subject, c.number = strings.TrimSpace(label[:at]), label[at+1:]
		return c, nil
	}
	c.subject, c.number = label, "0"
	rec, err := w.find(lis.KindCourseTemplate, o.ParentTemplateID)
	if err != nil || rec == nil {
		return c, err
	}
	if t, ok := rec.Object.(*lis.CourseTemplate); ok {
		c.number = orElse(t.CourseNumber.String(), c.number)
	}
	return c, nil
}

func (w *writing) find(kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	if id == "" {
		return nil, nil
	}
	rec, err := w.source.Find(kind, id)
	if err != nil {
		return nil, fmt.Errorf("find %s %s: %w", kind, id, err)
	}
	if rec != nil && rec.Object == nil {
		return nil, nil
	}
	return rec, nil
}

// classes writes the sections of an offering as classes of a timetable.
func (w *writing) classes(o *Offering) ([]*element, error) {
	courses, err := w.courses(o)
	if err != nil {
		return nil, err
	}
	return w.elements(nodes(o, courses))
}

func (w *writing) elements(list []*node) ([]*element, error) {
	var found []*element
	for _, n := range list {
		e, err := w.class(n)
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", n.id, err)
		}
		inner, err := w.elements(n.inner)
		if err != nil {
			return nil, err
		}
		e.kids = slices.Concat(inner, e.kids)
		found = append(found, e)
	}
	return found, nil
}
