package campus

import (
	"fmt"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// agent is the instance of the student information system.
const agent = "sis.example.edu"

// The term. It begins on a Monday.
const (
	Session     lis.SourcedID = "term-2027-spring"
	Zone                      = "America/New_York" // of all times of day
	sessionName               = "Spring 2027"
	termBegin                 = "2027-01-11"
	termEnd                   = "2027-04-30"
	termWeeks                 = 16
)

// Begin is the first day of the term, End the last.
var (
	Begin = day(termBegin)
	End   = day(termEnd)
)

func day(s string) lis.Date {
	d, err := lis.ParseDate(s)
	if err != nil {
		panic(err) // a constant above is wrong
	}
	return d
}

// RoomID returns the id of a room by its number from 0.
func RoomID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("room-%04d", i+1)) }

// BuildingID returns the id of a building by its number from 0.
func BuildingID(i int) lis.SourcedID { return lis.SourcedID("building-" + buildings[i].code) }

// TemplateID returns the id of a template by the number of its course from 0.
func TemplateID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("tpl-%05d", i+1)) }

// OfferingID returns the id of an offering by the number of its course from 0.
func OfferingID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("off-27S-%05d", i+1)) }

// SectionID returns the id of a section by its number from 0.
func SectionID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("sec-27S-%05d", 20001+i)) }

// InstructorID returns the id of an instructor by its number from 0.
func InstructorID(i int) lis.SourcedID { return term.PersonID(i) }

// StudentID returns the id of a student by its number from 0.
func (c *Campus) StudentID(i int) lis.SourcedID { return term.PersonID(c.size.Instructors + i) }

func en(s string) *lis.Text { return lis.NewText("en", s) }

func record(id lis.SourcedID, o lis.Object) *lis.Record {
	return &lis.Record{ID: id, Agent: agent, Object: o}
}

// is makes the pointer that optional elements need.
func is[T any](v T) *T { return &v }

func timeFrame() *lis.TimeFrame {
	return &lis.TimeFrame{Begin: termBegin + "T00:00:00Z", End: termEnd + "T23:59:59Z", Restrict: is(false), AdminPeriod: en(sessionName)}
}
