package cps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"lisgate/gateway/cps/timetable"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A showing is what is shown of the timetable: the meetings of one room, one
// person or one section.
type showing struct {
	desk *Desk
	plan *plan // whose zone and clashes are shown; nil for none
	snap journal.Snapshot
	of   Picture
	name string
	room *lis.Room
}

// ErrNotThere says that there is nothing of which a calendar could be.
var ErrNotThere = errors.New("not there")

func (d *Desk) show(ctx context.Context, of Picture) (*showing, error) {
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	s := &showing{desk: d, snap: snap, of: of}
	if len(d.plans) > 0 {
		s.plan = d.plans[0]
	}
	if err := s.called(); err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	return s, nil
}

func (s *showing) close() error { return s.snap.Close() }

// called finds out how what is shown is called, and that it is there.
func (s *showing) called() error {
	switch {
	case s.of.Room != "":
		return look(s.snap, lis.KindGroup, s.of.Room, func(g *lis.Group) error {
			if !g.IsRoom() {
				return fmt.Errorf("the group %s is no room (its type is not %s): %w", quote(s.of.Room), lis.FacilityType, ErrNotThere)
			}
			room, _ := g.Room()
			s.room = &room
			s.name = strings.TrimSpace(room.Building + " " + or(room.Name, string(s.of.Room)))
			return nil
		})
	case s.of.Person != "":
		return look(s.snap, lis.KindPerson, s.of.Person, func(p *lis.Person) error { s.name = or(p.Formatted(), string(s.of.Person)); return nil })
	case s.of.Section != "":
		return look(s.snap, lis.KindCourseSection, s.of.Section, func(c *lis.CourseSection) error {
			s.name = or(labelOf(c), string(s.of.Section))
			return nil
		})
	}
	return errors.New("say whose timetable: a room, a person or a section")
}

func look[T lis.Object](v journal.View, kind lis.Kind, id lis.SourcedID, f func(T) error) error {
	e, err := v.Get(kind, id)
	if err != nil {
		return err
	}
	if e == nil || e.Deleted {
		return fmt.Errorf("there is no %s %s: %w", kind, quote(id), ErrNotThere)
	}
	o, err := content[T](e)
	if err != nil {
		return err
	}
	return f(o)
}

// sections streams the entries of the sections that are shown.
func (s *showing) sections() iter.Seq2[*journal.Entry, error] {
	switch {
	case s.of.Room != "":
		return s.linked(lis.LinkRoom, s.of.Room)
	case s.of.Section != "":
		return func(yield func(*journal.Entry, error) bool) { yield(s.snap.Get(lis.KindCourseSection, s.of.Section)) }
	}
	return s.ofPerson()
}

func (s *showing) linked(link string, id lis.SourcedID) iter.Seq2[*journal.Entry, error] {
	return s.snap.Scan(lis.KindCourseSection, linkedTo(link, id))
}

func linkedTo(link string, id lis.SourcedID) journal.Filter {
	return journal.Filter{Links: []lis.Link{{Name: link, Value: string(id)}}}
}

// ofPerson streams the sections that a person is a member of, or teaches in.
func (s *showing) ofPerson() iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		seen := map[lis.SourcedID]bool{}
		for id, err := range s.memberOf() {
			if err == nil && seen[id] {
				continue
			}
			seen[id] = true
			var e *journal.Entry
			if err == nil {
				e, err = s.snap.Get(lis.KindCourseSection, id)
			}
			if err == nil && (e == nil || e.Deleted) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (s *showing) memberOf() iter.Seq2[lis.SourcedID, error] {
	return func(yield func(lis.SourcedID, error) bool) {
		for e, err := range s.snap.Scan(lis.KindMembership, linkedTo(lis.LinkPerson, s.of.Person)) {
			var m *lis.Membership
			if err == nil {
				m, err = content[*lis.Membership](e)
			}
			if err == nil && (m.MembershipIDType != string(lis.KindCourseSection) || gone(m)) {
				continue
			}
			id := lis.SourcedID("")
			if m != nil {
				id = m.CollectionSourcedID
			}
			if !yield(id, err) {
				return
			}
		}
		for e, err := range s.linked(lis.LinkInstructor, s.of.Person) {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(e.ID, nil) {
				return
			}
		}
	}
}

// gone reports whether a member has no role any more.
func gone(m *lis.Membership) bool {
	return m.Member != nil && len(m.Member.Role) > 0 &&
		!slices.ContainsFunc(m.Member.Role, func(r lis.Role) bool { return r.Status != lis.StatusInactive })
}

// entries streams the meetings that are shown.
func (s *showing) entries() iter.Seq2[timetable.Entry, error] {
	return func(yield func(timetable.Entry, error) bool) {
		for e, err := range s.sections() {
			if err != nil {
				yield(timetable.Entry{}, err)
				return
			}
			all, err := s.meetings(e)
			if err != nil {
				yield(timetable.Entry{}, err)
				return
			}
			for _, entry := range all {
				if !yield(entry, nil) {
					return
				}
			}
		}
	}
}

func (s *showing) meetings(e *journal.Entry) ([]timetable.Entry, error) {
	c, err := content[*lis.CourseSection](e)
	if err != nil {
		return nil, err
	}
	meetings, _ := c.Meetings() // what cannot be read cannot be shown
	meetings, clashes, err := s.judged(e.ID, c, meetings)
	if err != nil {
		return nil, err
	}
	var all []timetable.Entry
	for _, m := range meetings {
		if s.of.Room != "" && m.Room != s.of.Room {
			continue
		}
		entry := timetable.Entry{Section: e.ID, Label: c.Label.String(), Title: c.Title.String(), Meeting: m, Place: placeOf(&m),
			Cancelled: false, Updated: time.UnixMicro(e.Seq), Version: e.Version, Clashes: clashes}
		if entry.Instructors, err = s.teachers(&m); err != nil {
			return nil, err
		}
		all = append(all, entry)
	}
	return all, nil
}

// judged gives the meetings their dates, and says what the checks find of the
// section.
func (s *showing) judged(id lis.SourcedID, c *lis.CourseSection, meetings []lis.Meeting) ([]lis.Meeting, []string, error) {
	if s.plan == nil {
		return meetings, nil, nil
	}
	var clashes []string
	err := s.plan.book.use(s.snap, func() error {
		meetings = dated(meetings, s.plan.book.termOf(c))
		for _, f := range s.plan.book.index.Clashes(id) {
			clashes = append(clashes, f.Text)
		}
		return nil
	})
	return meetings, clashes, err
}

func placeOf(m *lis.Meeting) string {
	return or(strings.TrimSpace(m.Building+" "+or(m.RoomName, string(m.Room))), m.Campus)
}

func (s *showing) teachers(m *lis.Meeting) ([]timetable.Person, error) {
	var all []timetable.Person
	for _, i := range m.Instructors {
		one := timetable.Person{ID: i.Person}
		err := look(s.snap, lis.KindPerson, i.Person, func(p *lis.Person) error {
			one.Name = p.Formatted()
			for _, l := range p.Links() {
				if l.Name == lis.LinkEmail {
					one.Email = l.Value
					break
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, ErrNotThere) {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (s *showing) zone() *time.Location {
	if s.plan == nil {
		return time.UTC
	}
	return s.plan.Zone
}

// Calendar writes the iCalendar feed of a room, a person or a section.
func (d *Desk) Calendar(ctx context.Context, of Picture, w io.Writer) (err error) {
	s, err := d.show(ctx, of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	err = timetable.WriteICal(w, timetable.Feed{Name: s.name, Zone: s.zone()}, s.entries())
	var left *timetable.LeftOutError
	if errors.As(err, &left) {
		return nil // the calendar is whole without them
	}
	return err
}
