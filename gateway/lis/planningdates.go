package lis

import (
	"iter"
	"math/bits"
)

// lastDay returns the last day on which a meeting can take place: its end
// date, else the end of its weeks, else its start date.
func (m *Meeting) lastDay() Date {
	switch {
	case m.EndDate != 0 || m.StartDate == 0:
		return m.EndDate
	case m.Weeks != "":
		return m.StartDate.Monday() + Date(7*len(m.Weeks)) - 1
	}
	return m.StartDate
}

// daysIn returns the days of a week, given by its Monday, on which a meeting
// takes place within the days from first to last.
func (m *Meeting) daysIn(monday, first, last Date) Weekdays {
	if !m.Weeks.Has(int(monday-m.StartDate.Monday()) / 7) {
		return 0
	}
	days := m.Days & 0x7f
	if first > monday {
		days &= Weekdays(0x7f << min(first-monday, 7))
	}
	if last < monday+6 {
		days &= Weekdays(0x7f >> min(monday+6-last, 7))
	}
	return days
}

// lastWeek returns the Monday of the last week worth looking at: no week past
// the end of the mask has a meeting.
func (m *Meeting) lastWeek(last Date) Date {
	monday := last.Monday()
	if m.Weeks != "" {
		monday = min(monday, m.StartDate.Monday()+Date(7*(len(m.Weeks)-1)))
	}
	return monday
}

// Dates returns the days on which the meeting takes place, from the first. An
// arranged one has none, nor has one without a start date.
func (m *Meeting) Dates() iter.Seq[Date] {
	return func(yield func(Date) bool) {
		if m.Arranged || m.Days == 0 || m.StartDate == 0 {
			return
		}
		last := m.lastDay()
		end := m.lastWeek(last)
		for monday := m.StartDate.Monday(); monday <= end; monday += 7 {
			for days := m.daysIn(monday, m.StartDate, last); days != 0; days &= days - 1 {
				if !yield(monday + Date(bits.TrailingZeros8(uint8(days)))) {
					return
				}
			}
		}
	}
}

// Overlaps returns the first day on which both meetings take place at a time
// that both have. A meeting that ends when the other starts does not overlap
// it. Times are compared as they stand: both in one zone.
func (m *Meeting) Overlaps(o *Meeting) (Date, bool) {
	if m.Arranged || o.Arranged || m.StartDate == 0 || o.StartDate == 0 || m.Days&o.Days == 0 ||
		m.Start < 0 || o.Start < 0 || max(m.Start, o.Start) >= min(m.End, o.End) {
		return 0, false
	}
	mLast, oLast := m.lastDay(), o.lastDay()
	first, last := max(m.StartDate, o.StartDate), min(mLast, oLast)
	end := min(m.lastWeek(mLast), o.lastWeek(oLast))
	for monday := first.Monday(); monday <= end; monday += 7 {
		if days := m.daysIn(monday, first, last) & o.daysIn(monday, first, last); days != 0 {
			return monday + Date(bits.TrailingZeros8(uint8(days))), true
		}
		if monday > first && m.Weeks == "" && o.Weeks == "" { // a whole week had none, so no other has
			break
		}
	}
	return 0, false
}
