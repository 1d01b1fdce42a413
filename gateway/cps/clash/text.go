package clash

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

// text puts a finding in one sentence, with what to do next.
func (c *checkup) text(t *trace) string {
	return name(c.p) + ": " + c.clause(t)
}

func (c *checkup) clause(t *trace) string {
	switch t.Rule {
	case RuleRoom:
		return fmt.Sprintf("room %s is taken on %s by %s; choose another room or time", t.Room, when(t), name(t.other))
	case RuleInstructor:
		return fmt.Sprintf("person %s teaches %s on %s%s; choose another time or instructor", t.Person, name(t.other), when(t), in(c.roomOf(t)))
	case RuleBusy:
		return fmt.Sprintf("room %s cannot be used on %s; choose another room or time", t.Room, when(t))
	case RuleTerm:
		if t.Date < c.p.Begin {
			return fmt.Sprintf("it meets on %s, before its term begins on %s; choose dates within the term", when(t), c.p.Begin)
		}
		return fmt.Sprintf("it meets on %s, after its term ends on %s; choose dates within the term", when(t), c.p.End)
	case RuleCapacity:
		return c.seatsText(t)
	}
	if t.theirs {
		return fmt.Sprintf("it does not meet on %s%s as %s does, with which it is cross-listed; give both the same rooms, days, times and dates",
			when(t), in(t.Room), name(t.other))
	}
	return fmt.Sprintf("it meets on %s%s, and %s, with which it is cross-listed, does not; give both the same rooms, days, times and dates",
		when(t), in(t.Room), name(t.other))
}

func (c *checkup) seatsText(t *trace) string {
	room, with := "its room", ""
	if t.Room != "" {
		room = "room " + string(t.Room)
	}
	for i, o := range t.with {
		if i == maxNamed {
			with += fmt.Sprintf(" and %d more", len(t.with)-i)
			break
		}
		with += []string{", which it shares with ", " and "}[min(i, 1)] + name(o)
	}
	return fmt.Sprintf("%s has %d seats for %d students on %s%s; choose a larger room or lower the number of students",
		room, t.seats, t.students, when(t), with)
}

// more stands for the findings that are not told.
func (c *checkup) more(first *trace, n int) Finding {
	return Finding{
		Rule: first.Rule, Hard: first.Hard, Section: c.p.ID, Start: lis.NoClock, End: lis.NoClock, More: n,
		Text: fmt.Sprintf("%s: at least %d more findings are over the limit of %d that are told of a section; put those right first and send it again",
			name(c.p), n, maxFindings),
	}
}

// roomOf returns where the other section has the instructor.
func (c *checkup) roomOf(t *trace) (room lis.SourcedID) {
	for i := range t.other.bookings {
		b := &t.other.bookings[i]
		if b.day == uint8(t.Date.Weekday()) && b.start <= t.Start && t.End <= b.end && b.has(weekOf(t.Date)) {
			return t.other.Meetings[b.meeting].Room
		}
	}
	return ""
}

// name writes a section as people and as machines know it.
func name(p *placed) string {
	if p.Label == "" {
		return fmt.Sprintf("section %s", p.ID)
	}
	label := []rune(strings.TrimSpace(p.Label))
	if len(label) > maxLabel {
		label = append(label[:maxLabel-1], '…')
	}
	return fmt.Sprintf("section %q (%s)", string(label), p.ID)
}

func when(t *trace) string {
	return fmt.Sprintf("%s %s %s-%s", t.Date.Time().Format("Mon"), t.Date, t.Start, t.End)
}

func in(room lis.SourcedID) string {
	if room == "" {
		return ""
	}
	return " in room " + string(room)
}
