package clash

import (
	"fmt"
	"slices"
	"testing"

	"lisgate/gateway/lis"

	"pgregory.net/rapid"
)

// A model is the index as one would write it without thinking of time: it
// compares all pairs of days.
type model struct {
	rules    map[Rule]Severity
	sections map[lis.SourcedID]Section
	rooms    map[lis.SourcedID]lis.Room
	listings map[lis.SourcedID][]lis.SourcedID
}

func (m *model) together(a, b lis.SourcedID) bool {
	for _, l := range m.listings {
		if slices.Contains(l, a) && slices.Contains(l, b) {
			return true
		}
	}
	return false
}

// A hour is a meeting on one day.
type hour struct {
	date   lis.Date
	m      lis.Meeting
	people []lis.SourcedID
}

func hours(s Section) (all []hour) {
	if s.Cancelled {
		return nil
	}
	for _, m := range s.Meetings {
		if m.StartDate == 0 {
			m.StartDate = s.Begin
		}
		if m.EndDate == 0 && m.Weeks == "" {
			m.EndDate = s.End
		}
		if m.Start < 0 || m.Start >= m.End {
			continue
		}
		var people []lis.SourcedID
		for _, t := range m.Instructors {
			people = append(people, t.Person)
		}
		for _, t := range s.Instructors {
			if !tied(s.Meetings, t) {
				people = append(people, t)
			}
		}
		for d := range m.Dates() {
			all = append(all, hour{d, m, people})
		}
	}
	return all
}

// found is a finding without its words; of seats and of what is apart it has
// no time.
type found struct {
	key
	date  lis.Date
	start lis.Clock
	end   lis.Clock
}

type finds map[key]found

func (f finds) add(v found) {
	was, told := f[v.key]
	if !told || v.date < was.date || v.date == was.date && (v.start < was.start || v.start == was.start && v.end > was.end) {
		f[v.key] = v
	}
}

func (m *model) check(s Section) finds {
	f := finds{}
	own := hours(s)
	for _, h := range own {
		if s.Begin != 0 && h.date < s.Begin || s.End != 0 && h.date > s.End {
			f.add(found{key{rule: RuleTerm}, h.date, h.m.Start, h.m.End})
		}
		for _, u := range m.rooms[h.m.Room].Unavailable {
			first := u.StartDate.Monday()
			if u.Days != 0 && !u.Days.Has(h.date.Weekday()) || u.StartDate != 0 && h.date < u.StartDate || u.EndDate != 0 && h.date > u.EndDate ||
				u.StartDate != 0 && !u.Weeks.Has(int(h.date.Monday()-first)/7) {
				continue
			}
			if start, end := max(h.m.Start, u.Start), min(h.m.End, u.End); start < end {
				f.add(found{key{rule: RuleBusy, room: h.m.Room}, h.date, start, end})
			}
		}
	}
	for id, o := range m.sections {
		if id != s.ID {
			m.pair(f, s, o, own, hours(o))
		}
	}
	m.seats(f, s, own)
	for k := range f {
		if m.rules[k.rule] == Off {
			delete(f, k)
		}
	}
	return f
}

func (m *model) pair(f finds, s, o Section, own, others []hour) {
	if m.together(s.ID, o.ID) {
		if len(own) > 0 && len(others) > 0 && !slices.Equal(places(own), places(others)) {
			f.add(found{key: key{rule: RuleCrossList, other: o.ID}})
		}
		return
	}
	for _, a := range own {
		for _, b := range others {
			start, end := max(a.m.Start, b.m.Start), min(a.m.End, b.m.End)
			if a.date != b.date || start >= end {
				continue
			}
			if a.m.Room != "" && a.m.Room == b.m.Room {
				f.add(found{key{rule: RuleRoom, other: o.ID, room: a.m.Room}, a.date, start, end})
			}
			for _, p := range a.people {
				if slices.Contains(b.people, p) {
					f.add(found{key{rule: RuleInstructor, other: o.ID, person: p}, a.date, start, end})
				}
			}
		}
	}
}

func places(hs []hour) (all []string) {
	for _, h := range hs {
		all = append(all, fmt.Sprint(h.date, h.m.Start, h.m.End, h.m.Room))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (m *model) seats(f finds, s Section, own []hour) {
	if s.Students == nil || s.Students() == 0 {
		return
	}
	for _, h := range own {
		seats := m.rooms[h.m.Room].Capacity
		for at := h.m.Start; at < h.m.End && seats > 0; at++ {
			n := s.Students()
			for id, o := range m.sections {
				if id != s.ID && o.Students != nil && h.m.Room != "" && m.together(id, s.ID) && slices.ContainsFunc(hours(o), func(b hour) bool {
					return b.date == h.date && b.m.Room == h.m.Room && b.m.Start <= at && at < b.m.End
				}) {
					n += o.Students()
				}
			}
			if n > seats {
				f.add(found{key: key{rule: RuleCapacity, room: h.m.Room}})
			}
		}
	}
}

func (m *model) hard(s Section) bool {
	for k := range m.check(s) {
		if m.rules[k.rule] == Hard {
			return true
		}
	}
	return false
}

// try does what Try says, without looking for who is near.
func (m *model) try(packet []Section, whole bool) (refused map[lis.SourcedID]bool, undo func()) {
	before := map[lis.SourcedID]Section{}
	refused = map[lis.SourcedID]bool{}
	for id, s := range m.sections {
		before[id] = s
	}
	undo = func() { m.sections = before }
	was := map[lis.SourcedID]*Section{}
	for _, s := range packet {
		if old, ok := m.sections[s.ID]; ok {
			was[s.ID] = &old
		}
		delete(m.sections, s.ID)
	}
	for n, s := range packet {
		if !m.hard(s) {
			m.sections[s.ID] = s
			continue
		}
		refused[s.ID] = true
		if whole {
			continue
		}
		for waiting := []lis.SourcedID{s.ID}; len(waiting) > 0; waiting = waiting[1:] {
			if was[waiting[0]] == nil {
				continue
			}
			m.sections[waiting[0]] = *was[waiting[0]]
			for _, o := range packet[:n] {
				if !refused[o.ID] && m.hard(o) {
					refused[o.ID] = true
					delete(m.sections, o.ID)
					waiting = append(waiting, o.ID)
				}
			}
		}
	}
	if whole && len(refused) > 0 {
		for _, s := range packet {
			refused[s.ID] = true
		}
		m.sections = before
	}
	return refused, undo
}

var (
	drawDate  = rapid.Custom(func(t *rapid.T) lis.Date { return day("2026-09-07") + lis.Date(rapid.IntRange(-4, 32).Draw(t, "day")) })
	drawClock = rapid.Custom(func(t *rapid.T) lis.Clock { return lis.Clock(480 + 2*rapid.IntRange(0, 5).Draw(t, "clock")) })
	drawDays  = rapid.Custom(func(t *rapid.T) lis.Weekdays {
		return lis.Weekdays(rapid.SampledFrom([]int{1, 2, 64, 3, 65, 67}).Draw(t, "days"))
	})
	drawRoom    = rapid.SampledFrom([]lis.SourcedID{"R", "Q", "S", ""})
	drawPerson  = rapid.SampledFrom([]lis.SourcedID{"P", "N", "M"})
	drawSection = rapid.SampledFrom([]lis.SourcedID{"a", "b", "c", "d", "e", "f", "g"})
	drawWeeks   = rapid.SampledFrom([]lis.Weeks{"", "", "1", "1010", "0101", "110011", "00110", "10001", "0"})
)

func drawMeeting(t *rapid.T) lis.Meeting {
	m := lis.Meeting{Days: drawDays.Draw(t, "days"), Start: drawClock.Draw(t, "start"), Room: drawRoom.Draw(t, "room"), Weeks: drawWeeks.Draw(t, "weeks")}
	m.End = m.Start + lis.Clock(2*rapid.IntRange(0, 3).Draw(t, "length"))
	if rapid.IntRange(0, 5).Draw(t, "dated") > 0 {
		m.StartDate = drawDate.Draw(t, "date")
	}
	if rapid.Bool().Draw(t, "ends") {
		m.EndDate = m.StartDate + lis.Date(rapid.IntRange(0, 20).Draw(t, "to"))
	}
	if m.EndDate > 0 && m.EndDate < 1000 {
		m.EndDate = 0
	}
	m.Arranged = rapid.IntRange(0, 9).Draw(t, "arranged") == 0
	for range rapid.IntRange(0, 1).Draw(t, "people") {
		m.Instructors = append(m.Instructors, lis.MeetingInstructor{Person: drawPerson.Draw(t, "person")})
	}
	return m
}

func drawOne(t *rapid.T, id lis.SourcedID) Section {
	s := Section{ID: id, Begin: day("2026-09-07"), End: day("2026-10-04"), Cancelled: rapid.IntRange(0, 9).Draw(t, "cancelled") == 0}
	for range rapid.IntRange(0, 2).Draw(t, "meetings") {
		s.Meetings = append(s.Meetings, drawMeeting(t))
	}
	if rapid.Bool().Draw(t, "everywhere") {
		s.Instructors = []lis.SourcedID{drawPerson.Draw(t, "person")}
	}
	if n := rapid.IntRange(-1, 12).Draw(t, "students"); n >= 0 {
		s.Students, s.Max = func() int { return n }, rapid.SampledFrom([]int{0, n, n + 1}).Draw(t, "max")
	}
	return s
}

func drawFacility(t *rapid.T) lis.Room {
	r := lis.Room{Capacity: rapid.IntRange(0, 20).Draw(t, "seats")}
	for range rapid.IntRange(0, 1).Draw(t, "busy") {
		u := lis.Unavailability{Days: drawDays.Draw(t, "days"), Weeks: drawWeeks.Draw(t, "weeks"), StartDate: drawDate.Draw(t, "from"), Start: drawClock.Draw(t, "start")}
		u.EndDate, u.End = u.StartDate+lis.Date(rapid.IntRange(0, 20).Draw(t, "to")), u.Start+2
		if rapid.Bool().Draw(t, "always") {
			u.StartDate, u.EndDate = 0, 0
		}
		r.Unavailable = append(r.Unavailable, u)
	}
	return r
}

// TestModel does the same to the index and to the model, at random.
func TestModel(t *testing.T) {
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{}
		for _, r := range order {
			if s := rapid.IntRange(-1, 3).Draw(t, string(r)); s >= 0 {
				rules[r] = Severity(min(s, 2))
			}
		}
		x := New(rules)
		m := &model{rules: x.rules, sections: map[lis.SourcedID]Section{}, rooms: map[lis.SourcedID]lis.Room{}, listings: map[lis.SourcedID][]lis.SourcedID{}}
		drop := rapid.SampledFrom([]string{"x", "y"})
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				s := drawOne(t, drawSection.Draw(t, "id"))
				x.PutSection(s)
				m.sections[s.ID] = s
			},
			"drop": func(t *rapid.T) {
				id := drawSection.Draw(t, "id")
				x.DropSection(id)
				delete(m.sections, id)
			},
			"room": func(t *rapid.T) {
				id, r := drawRoom.Draw(t, "id"), drawFacility(t)
				if id != "" {
					x.PutRoom(id, r)
					m.rooms[id] = r
				}
			},
			"dropRoom": func(t *rapid.T) {
				id := drawRoom.Draw(t, "id")
				x.DropRoom(id)
				delete(m.rooms, id)
			},
			"list": func(t *rapid.T) {
				id, sections := lis.SourcedID(drop.Draw(t, "id")), rapid.SliceOfN(drawSection, 0, 4).Draw(t, "sections")
				x.PutCrossListing(id, sections)
				m.listings[id] = sections
			},
			"dropList": func(t *rapid.T) {
				id := lis.SourcedID(drop.Draw(t, "id"))
				x.DropCrossListing(id)
				delete(m.listings, id)
			},
			"try": func(t *rapid.T) {
				var packet []Section
				for _, id := range rapid.SliceOfNDistinct(drawSection, 1, 6, rapid.ID).Draw(t, "packet") {
					packet = append(packet, drawOne(t, id))
				}
				whole := rapid.IntRange(0, 3).Draw(t, "whole") == 0
				before := dump(x)
				results, undo := x.Try(packet, whole)
				no, undoModel := m.try(packet, whole)
				for i, r := range results {
					if r.Refused != no[packet[i].ID] {
						t.Fatalf("%s refused: %v, the model says %v; %+v", packet[i].ID, r.Refused, no[packet[i].ID], r.Findings)
					}
					if r.Refused {
						refused++
					} else {
						accepted++
					}
				}
				if rapid.IntRange(0, 2).Draw(t, "undo") == 0 {
					undo()
					undoModel()
					if after := dump(x); after != before {
						t.Fatalf("undo left\n%s\nin place of\n%s", after, before)
					}
				}
			},
			"": func(t *rapid.T) { m.compare(t, x) },
		})
	})
	t.Logf("%d sections accepted, %d refused", accepted, refused)
}

// compare holds the index against the model, and against one built anew.
func (m *model) compare(t *rapid.T, x *Index) {
	fresh := New(nil)
	fresh.seed = x.seed
	for id, l := range m.listings {
		fresh.PutCrossListing(id, l)
	}
	for id, s := range m.sections {
		if _, ok := x.Section(id); !ok {
			t.Fatalf("%s is missing", id)
		}
		fresh.PutSection(s)
		want, got := m.check(s), finds{}
		for _, f := range x.Clashes(id) {
			v := found{key{f.Rule, f.Other, f.Room, f.Person}, f.Date, f.Start, f.End}
			switch {
			case f.Rule == RuleCapacity:
				v = found{key: v.key}
			case f.Rule == RuleCrossList:
				v = found{key: key{rule: f.Rule, other: f.Other}}
			}
			if _, twice := got[v.key]; twice {
				t.Fatalf("%s is told twice of %v", id, v.key)
			}
			got[v.key] = v
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s has the clashes\n%v, the model says\n%v", id, got, want)
		}
	}
	if len(x.sections) != len(m.sections) {
		t.Fatalf("%d sections, not %d", len(x.sections), len(m.sections))
	}
	if got, want := trees(x), trees(fresh); got != want {
		t.Fatalf("the trees are\n%s\nbut built anew\n%s", got, want)
	}
}

// trees writes the shape of all trees.
func trees(x *Index) string {
	var lines []string
	for _, cs := range []calendars{x.rooms, x.people} {
		for id, c := range cs {
			lines = append(lines, fmt.Sprintf("%s %d", id, c.bookings))
			for d, tree := range c.days {
				lines = append(lines, fmt.Sprintf("%s %d %s", id, d, shapeless(shape(tree))))
			}
		}
	}
	slices.Sort(lines)
	return fmt.Sprint(lines)
}
