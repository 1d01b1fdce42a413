package clash

import (
	"hash/maphash"
	"slices"

	"lisgate/gateway/lis"
)

// A booking is one weekday of one meeting, or of the time in which a room
// cannot be used.
type booking struct {
	weeks
	at         *placed // nil when a room cannot be used
	seq        int32   // place in at.bookings
	meeting    int32   // place in at.Meetings
	start, end lis.Clock
	day        uint8
}

// A placed is a section with what it takes.
type placed struct {
	Section
	bookings []booking
	teachers [][]lis.SourcedID // by meeting
	nodes    []node            // of all bookings, in the order of each
}

// place works out what a section takes. It changes nothing.
func (x *Index) place(s Section) *placed {
	p := &placed{Section: s, teachers: teachers(&s)}
	if s.Cancelled {
		return p
	}
	days := 0
	for i := range s.Meetings {
		days += int(onesOf(s.Meetings[i].Days))
	}
	p.bookings = make([]booking, 0, days)
	nodes := 0
	for i := range s.Meetings {
		had := len(p.bookings)
		p.book(i)
		uses := len(p.teachers[i])
		if s.Meetings[i].Room != "" {
			uses++
		}
		nodes += uses * (len(p.bookings) - had)
	}
	p.nodes = make([]node, nodes)
	hash := maphash.String(x.seed, string(s.ID))
	n := 0
	p.each(func(b *booking, _ lis.SourcedID, _ bool) {
		p.nodes[n] = node{booking: b, priority: stir(hash + uint64(b.seq))}
		n++
	})
	return p
}

// book adds the bookings of a meeting.
func (p *placed) book(i int) {
	m := &p.Meetings[i]
	start, end := m.StartDate, m.EndDate
	if start == 0 {
		start = p.Begin
	}
	if end == 0 && m.Weeks == "" {
		if end = p.End; end == 0 {
			end = start // as lis.Meeting.Dates has it
		}
	}
	if m.Arranged || m.Start < 0 || m.Start >= m.End || start == 0 {
		return
	}
	p.bookings = books(p.bookings, booking{at: p, meeting: int32(i), start: m.Start, end: m.End}, m.Days, m.Weeks, start, end)
}

// books appends a booking like b for each day. A date of 0 is no limit.
func books(to []booking, b booking, days lis.Weekdays, mask lis.Weeks, start, end lis.Date) []booking {
	set := weeks{first: never, last: always}
	if mask != "" && start != 0 {
		set = parseWeeks(mask, weekOf(start))
	}
	for day := range 7 {
		if !days.Has(day) {
			continue
		}
		from, until := int32(never), int32(always)
		if start != 0 {
			from = weekFrom(start, day)
		}
		if end != 0 {
			until = weekTo(end, day)
		}
		var ok bool
		if b.weeks, ok = set.clip(from, until); ok {
			b.day, b.seq = uint8(day), int32(len(to))
			to = append(to, b)
		}
	}
	return to
}

// teachers returns the people of each meeting, each once: those it names, and
// those of the section whom no meeting names.
func teachers(s *Section) [][]lis.SourcedID {
	named := false
	for i := range s.Meetings {
		named = named || len(s.Meetings[i].Instructors) > 0
	}
	everywhere := once(slices.Clone(s.Instructors))
	if named {
		everywhere = slices.DeleteFunc(everywhere, func(id lis.SourcedID) bool { return tied(s.Meetings, id) })
	}
	by := make([][]lis.SourcedID, len(s.Meetings))
	for i := range s.Meetings {
		by[i] = everywhere
		if own := s.Meetings[i].Instructors; len(own) > 0 {
			by[i] = slices.Clone(everywhere)
			for _, t := range own {
				by[i] = append(by[i], t.Person)
			}
			by[i] = once(by[i])
		}
	}
	return by
}

// once leaves each id once and drops the empty one.
func once(ids []lis.SourcedID) []lis.SourcedID {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id lis.SourcedID) bool { return id == "" })
}

func tied(ms []lis.Meeting, id lis.SourcedID) bool {
	return slices.ContainsFunc(ms, func(m lis.Meeting) bool {
		return slices.ContainsFunc(m.Instructors, func(t lis.MeetingInstructor) bool { return t.Person == id })
	})
}

// each calls f for each booking and its room, if it has one, and for it and
// each of its people.
func (p *placed) each(f func(b *booking, id lis.SourcedID, person bool)) {
	for i := range p.bookings {
		b := &p.bookings[i]
		if room := p.Meetings[b.meeting].Room; room != "" {
			f(b, room, false)
		}
		for _, t := range p.teachers[b.meeting] {
			f(b, t, true)
		}
	}
}

// onesOf counts days.
func onesOf(d lis.Weekdays) (n uint8) {
	for day := range 7 {
		n += uint8(d >> day & 1)
	}
	return n
}

// stir makes numbers that follow one another look like chance.
func stir(v uint64) uint64 {
	v = (v ^ v>>31) * 0x9e3779b97f4a7c15
	v = (v ^ v>>29) * 0xd6e8feb86659fd93
	return v ^ v>>32
}
