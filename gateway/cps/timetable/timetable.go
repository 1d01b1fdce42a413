// Package timetable shows when and where sections meet: as iCalendar feeds, and
// as pictures of one week.
//
// The feeds are those of RFC 5545, with the names and the refresh interval of
// RFC 7986. One meeting pattern is one VEVENT: a weekly rule, and an EXDATE for
// each day that the week mask leaves out. Its times are wall clock times of
// their zone, so they stay when the clock changes; each zone comes as a
// VTIMEZONE made from the time zone data of Go. What is the same data gives the
// same bytes: nothing is written of the time of writing.
//
// An arranged meeting has no time and is in no feed; a picture names it below
// the grid. METHOD:PUBLISH of RFC 5546 asks for an ORGANIZER, which is written
// only where an e-mail address is known, and has no ATTENDEE, which is written
// for the other instructors all the same: the readers of calendars show it.
//
// The pictures are SVG 1.1 without scripts and without fonts of their own. How
// wide a text is cannot be known there; it is estimated (measure.go), and each
// block cuts off what is wider all the same.
package timetable

import (
	"strconv"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// An Entry is one meeting pattern of a section, with the words that people
// read.
type Entry struct {
	Section     lis.SourcedID
	Label       string // BIO-101-01
	Title       string // Cell Biology
	Meeting     lis.Meeting
	Place       string // as people say it: Hall A
	Instructors []Person
	Cancelled   bool
	Updated     time.Time // when it was last changed
	Version     int64     // of the section
	Clashes     []string  // what the checks found, for people
	Together    string    // the same for cross-listed sections: one class, so they do not clash
}

// A Person is somebody who teaches. Name and Email may be empty.
type Person struct {
	ID    lis.SourcedID
	Name  string
	Email string
}

// name returns how an entry is called.
func (e *Entry) name() string {
	switch {
	case e.Title == "" || e.Title == e.Label:
		return e.Label
	case e.Label == "":
		return e.Title
	}
	return e.Label + " " + e.Title
}

// timed reports whether an entry has a time of day.
func (e *Entry) timed() bool {
	m := &e.Meeting
	return !m.Arranged && m.Start >= 0 && m.End >= 0
}

// teachers returns the names of those who teach, with their identifiers where
// no name is known.
func (e *Entry) teachers() string {
	var names []string
	for _, p := range e.Instructors {
		switch {
		case p.Name != "":
			names = append(names, p.Name)
		case p.ID != "":
			names = append(names, string(p.ID))
		}
	}
	return strings.Join(names, ", ")
}

// which names a meeting within its section: by its own identifier, or by its
// number.
func which(m *lis.Meeting) string {
	if m.ID != "" {
		return "id " + m.ID
	}
	return "number " + strconv.Itoa(m.N)
}
