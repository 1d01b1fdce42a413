package planner

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"lisgate/cmd/lisgate/campus"
	"lisgate/gateway/lis"
)

// problemOf reads the seed of a campus.
func problemOf(t testing.TB, c *campus.Campus) *Problem {
	t.Helper()
	r := newReader("")
	for _, phase := range c.Seed() {
		for call := range phase.Calls {
			r.add(call.Record)
		}
	}
	p, err := r.problem(campus.Zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Unread) > 0 {
		t.Fatalf("%d records could not be read: %s", len(p.Unread), p.Unread[0])
	}
	return p
}

// An hour is a room or a person in one minute of one day.
type hour struct {
	who    lis.SourcedID
	date   lis.Date
	minute lis.Clock
}

// faults checks a timetable minute by minute, with nothing of the planner's
// own: only the words of LIS.
func faults(p *Problem, s *Solution) []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	group := map[lis.SourcedID]lis.SourcedID{}
	for _, a := range p.Associations {
		if lis.CrossListing(a.Constraints) {
			for _, id := range a.Sections {
				group[id] = a.ID
			}
		}
	}
	rooms, people := map[hour]lis.SourcedID{}, map[hour]lis.SourcedID{}
	seats := map[lis.SourcedID]int{} // of a group
	sections := map[lis.SourcedID]*Section{}
	for i := range p.Sections {
		sections[p.Sections[i].ID] = &p.Sections[i]
	}
	for _, planned := range s.Planned {
		section := sections[planned.ID]
		name := planned.ID
		if group[name] != "" {
			name = group[name]
		}
		if seats[name] += section.Limit; section.Limit > 0 && len(planned.Students) > section.Limit {
			say("section %s: %d students, %d seats", planned.ID, len(planned.Students), section.Limit)
		}
		for i := range planned.Meetings {
			m := &planned.Meetings[i]
			room, known := p.Rooms[m.Room]
			if m.Arranged != section.Request.NoRoom || !m.Arranged && !known {
				say("section %s: arranged %v, in room %q", planned.ID, m.Arranged, m.Room)
				continue
			}
			if known && room.Capacity < seats[name] {
				say("section %s: %d seats, %d may come", planned.ID, room.Capacity, seats[name])
			}
			for _, f := range section.Request.RoomFeatures {
				if !slices.Contains(room.Features, f) {
					say("section %s: the room lacks %s", planned.ID, f)
				}
			}
			if !m.Arranged && !asked(section, m) {
				say("section %s: %s was not asked for", planned.ID, lis.MeetingText([]lis.Meeting{*m}))
			}
			for date := range m.Dates() {
				for minute := m.Start; minute < m.End; minute++ {
					at := hour{m.Room, date, minute}
					if had := rooms[at]; had != "" && had != name {
						say("room %s: %s and %s on %s at %s", m.Room, had, name, date, minute)
					}
					rooms[at] = name
					for _, in := range section.Instructors {
						at := hour{in, date, minute}
						if had := people[at]; had != "" && had != name {
							say("instructor %s: %s and %s on %s at %s", in, had, name, date, minute)
						}
						people[at] = name
					}
				}
				for _, u := range room.Unavailable {
					if date >= u.StartDate && date <= u.EndDate && u.Days.Has(date.Weekday()) && m.Start < u.End && u.Start < m.End {
						say("room %s is not to be had on %s at %s", m.Room, date, m.Start)
					}
				}
			}
		}
	}
	return all
}

// asked reports whether a meeting is at a time of the request.
func asked(s *Section, m *lis.Meeting) bool {
	return slices.ContainsFunc(s.Request.Times, func(t lis.TimePreference) bool {
		return t.Days == m.Days && t.Start == m.Start && t.Start+lis.Clock(t.Length) == m.End && t.Weeks == m.Weeks
	})
}

// overlapping counts the pairs of classes of one student at the same time.
func overlapping(s *Solution) int {
	meetings := map[lis.SourcedID][]*lis.Meeting{}
	n := 0
	for i := range s.Planned {
		for _, student := range s.Planned[i].Students {
			m := &s.Planned[i].Meetings[0]
			for _, had := range meetings[student] {
				if _, at := m.Overlaps(had); at {
					n++
				}
			}
			meetings[student] = append(meetings[student], m)
		}
	}
	return n
}

func TestSchedule(t *testing.T) {
	for _, c := range []*campus.Campus{campus.Small(1), campus.Small(2), campus.New(1, campus.Whole)} {
		p := problemOf(t, c)
		begin := time.Now()
		s := Schedule(p)
		took := time.Since(begin)
		for i, f := range faults(p, s) {
			if i < 5 {
				t.Error(f)
			}
		}
		if len(s.Unplaced) > 0 || len(s.Unseated) > 0 || len(s.Unheeded) > 0 || took > 3*time.Second {
			t.Errorf("%+v: %d unplaced, %d unseated, unheeded %v, in %v", c.Size(), len(s.Unplaced), len(s.Unseated), s.Unheeded, took)
		}
		if got := overlapping(s); got != s.Clashes || got*20 > len(p.Wanted)*c.Size().Students {
			t.Errorf("%d clashes of students, %d were counted", got, s.Clashes)
		}
		if use := usage(p, s); c.Size() == campus.Whole && (use < 0.6 || use > 0.8) {
			t.Errorf("%.0f %% of the room hours are in use", 100*use)
		} else {
			t.Logf("%+v: %v, %d clashes of students, %.0f %% of the room hours", c.Size(), took, s.Clashes, 100*use)
		}
		sectioned(t, p, s)
	}
}

// usage is how much of the grid of the rooms is in use: hours from Monday to
// Friday, 8 to 18, with what lies between two classes.
func usage(p *Problem, s *Solution) float64 {
	used := 0.0
	for i := range s.Planned {
		m := &s.Planned[i].Meetings[0]
		for d := range 5 {
			if m.Days.Has(d) {
				used += float64(m.End-m.Start) + 10
			}
		}
	}
	return used / (float64(len(p.Rooms)) * 5 * 600)
}

// sectioned looks whether each student has one section of each category of
// what he or she wants, and a laboratory with its own lecture.
func sectioned(t *testing.T, p *Problem, s *Solution) {
	t.Helper()
	type slot struct {
		student, offering lis.SourcedID
		category          string
	}
	has, students := map[slot]int{}, map[lis.SourcedID]map[lis.SourcedID]bool{}
	for i := range p.Sections {
		section := &p.Sections[i]
		planned := s.Section(section.ID)
		students[section.ID] = map[lis.SourcedID]bool{}
		for _, student := range planned.Students {
			has[slot{student, section.Offering, section.Category}]++
			students[section.ID][student] = true
			if parent := section.Link.Parent; parent != "" && !students[parent][student] {
				t.Fatalf("student %s is in %s and not in its lecture", student, section.ID)
			}
		}
	}
	want := 0
	for i := range p.Sections {
		section := &p.Sections[i]
		for _, student := range p.Wanted[section.Offering] {
			if n := has[slot{student, section.Offering, section.Category}]; n != 1 {
				t.Fatalf("student %s has %d sections of %s in %s", student, n, section.Category, section.Offering)
			}
		}
	}
	for slot, n := range has {
		if want += n; !slices.Contains(p.Wanted[slot.offering], slot.student) {
			t.Fatalf("student %s did not want %s", slot.student, slot.offering)
		}
	}
}

func TestSameProblemSameSolution(t *testing.T) {
	text := func() string {
		s := Schedule(problemOf(t, campus.Small(4)))
		s.CloseRoom(campus.RoomID(2))
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if text() != text() {
		t.Error("one problem had two solutions")
	}
}

// at is what a section has: its meeting and its students, in one text.
func places(s *Solution) map[lis.SourcedID]string {
	all := map[lis.SourcedID]string{}
	for i := range s.Planned {
		b, _ := json.Marshal(s.Planned[i])
		all[s.Planned[i].ID] = string(b)
	}
	return all
}

func TestCloseRoom(t *testing.T) {
	p := problemOf(t, campus.New(1, campus.Size{Rooms: 24, Sections: 240, Students: 3000}))
	s := Schedule(p)
	closed := s.Planned[0].Meetings[0].Room
	before, inIt := places(s), map[lis.SourcedID]bool{}
	for i := range s.Planned {
		inIt[s.Planned[i].ID] = s.Planned[i].Meetings[0].Room == closed
	}
	moved := s.CloseRoom(closed)
	after := places(s)
	for id, was := range before {
		switch changed := after[id] != was; {
		case changed != inIt[id] || changed != slices.Contains(moved, id):
			t.Errorf("section %s: was in the room %v, changed %v", id, inIt[id], changed)
		}
	}
	if len(moved) == 0 || len(s.Unplaced) > 0 || s.CloseRoom(closed) != nil || s.CloseRoom("nowhere") != nil {
		t.Errorf("moved %v, unplaced %v", moved, s.Unplaced)
	}
	if all := faults(p, s); len(all) > 0 {
		t.Error(all[0])
	}
	if got := overlapping(s); got != s.Clashes {
		t.Errorf("%d clashes of students, %d were counted", got, s.Clashes)
	}
}

func TestMistakeAndMove(t *testing.T) {
	p := problemOf(t, campus.Small(6))
	s := Schedule(p)
	before := places(s)
	wrong := s.Mistake(2)
	if len(wrong) != 2 || len(faults(p, s)) == 0 {
		t.Fatalf("wrong are %v, and the check finds nothing", wrong)
	}
	for _, id := range wrong {
		taken := *s.Section(id)
		if moved := s.Move(id, false); !slices.Contains(moved, id) {
			t.Errorf("moved %v", moved)
		}
		if _, same := taken.Meetings[0].Overlaps(&s.Section(id).Meetings[0]); same && taken.Meetings[0].Room == s.Section(id).Meetings[0].Room {
			t.Errorf("section %s is where it was", id)
		}
	}
	for id, now := range places(s) {
		if before[id] != now && !slices.Contains(wrong, id) {
			t.Errorf("section %s moved", id)
		}
	}
	if all := faults(p, s); len(all) > 0 {
		t.Error(all[0])
	}
	at := s.Section(wrong[0]).Meetings[0]
	s.Move(wrong[0], true)
	if now := s.Section(wrong[0]); now != nil {
		if _, same := at.Overlaps(&now.Meetings[0]); same {
			t.Error("the instructor still teaches at that time")
		}
	}
}
