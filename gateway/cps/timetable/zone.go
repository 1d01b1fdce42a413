package timetable

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// zone returns the zone of a meeting: the one that it names, or that of the
// feed.
func (c *calendar) zone(name string) (*time.Location, error) {
	if name == "" {
		name = c.feed.Zone.String()
	}
	if z := c.zones[name]; z != nil {
		return z, nil
	}
	if name == c.feed.Zone.String() {
		return c.feed.Zone, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("the time zone %q is none of the IANA time zone database, such as Europe/London", name)
	}
	return z, nil
}

// A transition is when a zone goes from one offset to another.
type transition struct {
	at       time.Time // the first second of the new offset
	from, to int       // seconds east of UTC
	name     string
	summer   bool
}

// onset is the wall clock time of a transition, as it would be without it.
func (t *transition) onset() time.Time { return t.at.UTC().Add(time.Duration(t.from) * time.Second) }

// A shift is what transitions of one sort have in common.
type shift struct {
	from, to int
	name     string
	summer   bool
}

// timezone describes a zone (RFC 5545, 3.6.5) from the year before the feed to
// the end of the days that a feed can hold.
func (c *calendar) timezone(zone *time.Location) {
	c.raw("BEGIN:VTIMEZONE", "TZID:"+zone.String())
	year := c.feed.Since.Time().Year() - 1
	changes := transitions(zone, time.Date(year, 1, 1, 0, 0, 0, 0, zone))
	for _, group := range observances(changes) {
		c.observance(group)
	}
	c.raw("END:VTIMEZONE")
}

// transitions returns the transitions of a zone, the first being its state at
// a time.
func transitions(zone *time.Location, since time.Time) []transition {
	name, offset := since.Zone()
	list := []transition{{at: since, from: offset, to: offset, name: name, summer: since.IsDST()}}
	for t := since; ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || end.Year() > lastDay.Time().Year() {
			return list
		}
		if !end.After(t) { // so it is on the last day of a leap year after 2037: see for oneself
			end = t.Add(time.Hour)
		}
		t = end
		last := offset
		name, offset = t.Zone()
		if last != offset {
			list = append(list, transition{at: t, from: last, to: offset, name: name, summer: t.IsDST()})
		}
	}
}

// An observance is transitions of one sort: those of a yearly rule, or a list.
type observance struct {
	changes []transition
	rule    string // "" for a list
	ended   bool   // the rule does not hold to the end
}

// observances puts transitions of one sort together, and finds the yearly
// rules in them: at least three years in a row on the same weekday of a month.
func observances(changes []transition) []observance {
	bySort, order := map[shift][]transition{}, []shift(nil)
	for _, t := range changes {
		s := shift{t.from, t.to, t.name, t.summer}
		if bySort[s] == nil {
			order = append(order, s)
		}
		bySort[s] = append(bySort[s], t)
	}
	var found []observance
	for _, s := range order {
		found = append(found, yearly(bySort[s])...)
	}
	return found
}

func yearly(changes []transition) []observance {
	var found []observance
	var single []transition
	for len(changes) > 0 {
		rule, n := longest(changes)
		if n >= 3 {
			ended := changes[n-1].onset().Year() < lastDay.Time().Year()
			found = append(found, observance{changes[:n], rule, ended})
		} else {
			n = 1
			single = append(single, changes[0])
		}
		changes = changes[n:]
	}
	if len(single) > 0 {
		found = slices.Insert(found, 0, observance{changes: single})
	}
	return found
}

// longest returns the rule that the first transitions follow, and how many.
func longest(changes []transition) (rule string, n int) {
	for _, r := range rulesOf(changes[0].onset()) {
		i := 1
		for i < len(changes) && follows(changes[i-1].onset(), changes[i].onset()) && slices.Contains(rulesOf(changes[i].onset()), r) {
			i++
		}
		if i > n {
			rule, n = r, i
		}
	}
	return rule, n
}

// follows reports whether two onsets are a year apart, at the same time of day.
func follows(a, b time.Time) bool {
	return b.Year() == a.Year()+1 && a.Format("150405") == b.Format("150405")
}

// rulesOf returns the yearly rules that a day can stem from.
func rulesOf(t time.Time) []string {
	day := strings.ToUpper(t.Weekday().String()[:2])
	nth := (t.Day() - 1) / 7
	rules := []string{fmt.Sprintf("BYMONTH=%d;BYDAY=%d%s", t.Month(), nth+1, day)}
	if t.AddDate(0, 0, 7).Month() != t.Month() {
		rules = append(rules, fmt.Sprintf("BYMONTH=%d;BYDAY=-1%s", t.Month(), day))
	}
	return rules
}

// observance writes one STANDARD or DAYLIGHT.
func (c *calendar) observance(o observance) {
	first, kind := o.changes[0], "STANDARD"
	if first.summer {
		kind = "DAYLIGHT"
	}
	c.raw("BEGIN:"+kind, "DTSTART:"+first.onset().Format(localLayout),
		"TZOFFSETFROM:"+offset(first.from), "TZOFFSETTO:"+offset(first.to))
	c.text("TZNAME", first.name)
	switch {
	case o.rule != "" && o.ended:
		c.raw("RRULE:FREQ=YEARLY;" + o.rule + ";UNTIL=" + utc(o.changes[len(o.changes)-1].at))
	case o.rule != "":
		c.raw("RRULE:FREQ=YEARLY;" + o.rule)
	default:
		for _, t := range o.changes[1:] {
			c.raw("RDATE:" + t.onset().Format(localLayout))
		}
	}
	c.raw("END:" + kind)
}

// offset writes seconds east of UTC, such as +0530.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
