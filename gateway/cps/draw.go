package cps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"lisgate/gateway/cps/timetable"
	"lisgate/gateway/lis"
)

// Draw draws the week of a room, a person or a section.
func (d *Desk) Draw(ctx context.Context, of Picture, w io.Writer) (err error) {
	s, err := d.show(ctx, of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	entries, err := lis.Collect(s.entries())
	if err != nil {
		return err
	}
	week := timetable.Week{Title: s.name, Monday: s.monday(entries), Zone: s.zone().String(), Of: timetable.OfSection}
	switch {
	case s.room != nil:
		week.Of, week.Subtitle, week.Unavailable = timetable.OfRoom, s.seats(), s.room.Unavailable
	case of.Person != "":
		week.Of = timetable.OfPerson
	}
	if err := s.mark(entries); err != nil {
		return err
	}
	return timetable.DrawWeek(w, week, entries)
}

func (s *showing) seats() string {
	var parts []string
	if s.room.Capacity > 0 {
		parts = append(parts, fmt.Sprintf("%d seats", s.room.Capacity))
	}
	return strings.Join(append(parts, s.room.Features...), ", ")
}

// monday is that of the week that is asked for, or of the first one in which
// there is anything, or of today.
func (s *showing) monday(entries []timetable.Entry) lis.Date {
	if s.of.Week != 0 {
		return s.of.Week.Monday()
	}
	first := lis.Date(0)
	for i := range entries {
		for day := range entries[i].Meeting.Dates() {
			if first == 0 || day < first {
				first = day
			}
			break
		}
	}
	if first == 0 {
		first = lis.NewDate(s.desk.Now().In(s.zone()))
	}
	return first.Monday()
}

// mark tells entries of cross-listed sections that they belong together: the
// picture of a room shows one class under two names, and no clash.
func (s *showing) mark(entries []timetable.Entry) error {
	for i := range entries {
		for e, err := range s.snap.Scan(lis.KindSectionAssociation, linkedTo(lis.LinkSection, entries[i].Section)) {
			if err != nil {
				return err
			}
			a, err := content[*lis.SectionAssociation](e)
			if err != nil {
				return err
			}
			if constraints, _ := a.Constraints(); lis.CrossListing(constraints) && a.Status != lis.StatusInactive {
				entries[i].Together = string(e.ID)
			}
		}
	}
	return nil
}
