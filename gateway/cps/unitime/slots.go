package unitime

import (
	"slices"

	"lisgate/gateway/lis"
)

// meetings writes slots as the meetings of a section.
func meetings(list []slot, kind string, teachers []lis.MeetingInstructor) []lis.Meeting {
	ms := make([]lis.Meeting, len(list))
	for i, s := range list {
		ms[i] = lis.Meeting{
			Days: s.days, Start: s.start, End: s.end, StartDate: s.from, EndDate: s.to, Arranged: s.days == 0,
			Type: kind, Room: s.room, Building: s.building, RoomName: s.name, Instructors: slices.Clone(teachers),
		}
	}
	return ms
}

// slotsOf reads the meetings of a section; a mask of weeks becomes the day
// ranges in which it is set.
func slotsOf(ms []lis.Meeting) []slot {
	var found []slot
	for i := range ms {
		m := &ms[i]
		w := when{m.Days, m.Start, m.End}
		if m.Arranged || m.Days == 0 || m.Start == lis.NoClock || m.End == lis.NoClock {
			w = arranged
		}
		for _, s := range spansOf(m) {
			found = append(found, slot{s, w, place{m.Room, m.Building, m.RoomName}})
		}
	}
	return found
}

func spansOf(m *lis.Meeting) []span {
	if m.Weeks == "" || m.StartDate == 0 {
		return []span{{m.StartDate, m.EndDate}}
	}
	var found []span
	last := m.EndDate
	if last == 0 {
		last = m.StartDate.Monday() + lis.Date(7*len(m.Weeks)-1)
	}
	for from := 0; from < len(m.Weeks); from++ {
		if m.Weeks[from] != '1' {
			continue
		}
		to := from
		for to+1 < len(m.Weeks) && m.Weeks[to+1] == '1' {
			to++
		}
		monday := m.StartDate.Monday()
		s := span{max(m.StartDate, monday+lis.Date(7*from)), min(last, monday+lis.Date(7*to+6))}
		if s.from <= s.to {
			found = append(found, s)
		}
		from = to
	}
	return found
}

// equal reports whether two lists say the same, in any order.
func equal(a, b []slot) bool {
	if len(a) != len(b) {
		return false
	}
	count := map[slot]int{}
	for _, s := range a {
		s.place = s.same()
		count[s]++
	}
	for _, s := range b {
		s.place = s.same()
		if count[s]--; count[s] < 0 {
			return false
		}
	}
	return true
}

// factors undoes product: ok is false when the slots are not all dates at all
// times in all places.
func factors(list []slot) (spans []span, whens []when, places []place, ok bool) {
	for _, s := range list {
		spans = addNew(spans, s.span)
		whens = addNew(whens, s.when)
		if !slices.ContainsFunc(places, func(p place) bool { return p.same() == s.same() }) {
			places = append(places, s.place)
		}
	}
	return spans, whens, places, equal(product(spans, whens, places), list)
}

func addNew[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
