package lis

import (
	"slices"
	"strconv"
	"strings"
)

// MeetingText writes meetings for people, and for systems that know only the
// standard's text: MWF 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08).
func MeetingText(ms []Meeting) string {
	texts := make([]string, 0, len(ms))
	for i := range ms {
		if s := ms[i].text(); s != "" {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, "; ")
}

// LocationText writes the places of meetings, each once.
func LocationText(ms []Meeting) string {
	var places []string
	for i := range ms {
		if p := ms[i].place(); p != "" && !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return strings.Join(places, "; ")
}

// text writes one meeting.
func (m *Meeting) text() string {
	parts := make([]string, 0, 4)
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if m.Arranged {
		add("arranged")
	} else {
		add(m.Days.Letters())
		if m.Start < m.End && m.Start >= 0 {
			add(m.Start.String() + "-" + m.End.String())
		}
	}
	add(m.place())
	if period := m.period(); period != "" {
		add("(" + period + ")")
	}
	return strings.Join(parts, " ")
}

// place names where a meeting is, as people say it; the identifier of a room
// stands in for its name, and the campus for a building.
func (m *Meeting) place() string {
	room := or(m.RoomName, string(m.Room))
	switch {
	case m.Building == "":
		return or(room, m.Campus)
	case room == "" || room == m.Building:
		return m.Building
	case strings.HasPrefix(room, m.Building+" ") || strings.HasPrefix(room, m.Building+"-"):
		return room // which names its building
	}
	return m.Building + " " + room
}

// period writes the days from the first to the last, and the weeks when some
// of them are left out.
func (m *Meeting) period() string {
	first, last := m.StartDate, m.lastDay()
	text := first.String()
	if last > first && first != 0 {
		text += ".." + last.String()
	}
	if weeks := m.weeksText(); weeks != "" {
		if text != "" {
			text += ", "
		}
		text += weeks
	}
	return text
}

// weeksText writes the weeks of the mask, counted from 1: weeks 1,3,5-7. All of
// them are not worth a word.
func (m *Meeting) weeksText() string {
	count := len(m.Weeks)
	if m.StartDate != 0 && m.lastDay() >= m.StartDate {
		count = int(m.lastDay().Monday()-m.StartDate.Monday())/7 + 1
	}
	all := true
	for w := 0; w < count && all; w++ {
		all = m.Weeks.Has(w)
	}
	if all {
		return ""
	}
	return "weeks " + or(weekRanges(m.Weeks), "none")
}

func weekRanges(weeks Weeks) string {
	var b strings.Builder
	for w := 0; w < len(weeks); w++ {
		if weeks[w] != '1' {
			continue
		}
		from := w
		for w+1 < len(weeks) && weeks[w+1] == '1' {
			w++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(from + 1))
		if w > from {
			b.WriteString("-" + strconv.Itoa(w+1))
		}
	}
	return b.String()
}
