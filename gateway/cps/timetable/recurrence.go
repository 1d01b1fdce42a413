package timetable

import (
	"fmt"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// A recurrence is the days of a meeting as a weekly rule with exceptions.
type recurrence struct {
	days     []lis.Date // on which it takes place, in order
	weekdays lis.Weekdays
	interval int        // 1, or 2 where that needs no exceptions
	except   []lis.Date // days of the rule on which it does not take place
}

// recur works out the recurrence of a meeting.
func recur(m *lis.Meeting, since lis.Date) (recurrence, error) {
	var r recurrence
	switch {
	case m.End <= m.Start:
		return r, fmt.Errorf("it ends at %s, not after its start at %s: correct one of them", m.End, m.Start)
	case m.End > 1440:
		return r, fmt.Errorf("it ends after 24:00: end it within the day")
	case m.StartDate == 0:
		return r, fmt.Errorf("it has no start date: give it one")
	case m.StartDate < since:
		return r, fmt.Errorf("it starts on %s, before the first day of the calendar, %s", m.StartDate, since)
	case m.EndDate > lastDay:
		return r, fmt.Errorf("it ends on %s, after the last day that a calendar holds, %s", m.EndDate, lastDay)
	}
	for d := range m.Dates() {
		if len(r.days) == maxDays || d > lastDay {
			return recurrence{}, fmt.Errorf("it takes place on more than %d days or after %s: end it earlier, or split it", maxDays, lastDay)
		}
		r.days = append(r.days, d)
		r.weekdays |= 1 << d.Weekday()
	}
	r.interval = 1
	if len(r.days) > 1 {
		r.except = r.missed(1)
		if len(r.except) > 0 && r.fortnightly() && len(r.missed(2)) == 0 {
			r.interval, r.except = 2, nil
		}
	}
	return r, nil
}

// fortnightly reports whether every day is an even number of weeks after the
// first.
func (r *recurrence) fortnightly() bool {
	for _, d := range r.days {
		if (d.Monday()-r.days[0].Monday())%14 != 0 {
			return false
		}
	}
	return true
}

// missed returns the days of a rule with an interval of weeks, from the first
// day to the last, that are not among the days.
func (r *recurrence) missed(interval lis.Date) []lis.Date {
	var missed []lis.Date
	next := 0
	for monday := r.days[0].Monday(); monday <= r.days[len(r.days)-1]; monday += 7 * interval {
		for i := range 7 {
			d := monday + lis.Date(i)
			switch {
			case !r.weekdays.Has(i) || d < r.days[0] || d > r.days[len(r.days)-1]:
			case d == r.days[next]:
				next++
			default:
				missed = append(missed, d)
			}
		}
	}
	return missed
}

// rule writes the recurrence; what takes place once has none.
func (c *calendar) rule(r recurrence, start lis.Clock, zone *time.Location) {
	if len(r.days) < 2 {
		return
	}
	rule := "RRULE:FREQ=WEEKLY"
	if r.interval > 1 {
		rule += fmt.Sprintf(";INTERVAL=%d;WKST=MO", r.interval)
	}
	// The rule runs to the end of its last day: its last start might be an
	// hour that the clock jumps over or repeats, which readers count differently.
	until := at(r.days[len(r.days)-1], 1440, zone).Add(-time.Second)
	c.raw(rule + ";BYDAY=" + byDay(r.weekdays) + ";UNTIL=" + utc(until))
	for _, d := range r.except {
		c.raw(local("EXDATE", d, start, zone))
	}
}

func byDay(days lis.Weekdays) string {
	var names []string
	for i, name := range [7]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"} {
		if days.Has(i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// at returns a time of a day in a zone; 24:00 is midnight of the next day.
func at(d lis.Date, c lis.Clock, zone *time.Location) time.Time {
	y, month, day := d.Time().Date()
	return time.Date(y, month, day, int(c/60), int(c%60), 0, 0, zone)
}

const (
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

func utc(t time.Time) string { return t.UTC().Format(utcLayout) }

// local writes a property with a wall clock time. It is worked out without the
// zone, for there it might not be a time at all.
func local(property string, d lis.Date, c lis.Clock, zone *time.Location) string {
	t := at(d, c, time.UTC)
	if zone == time.UTC {
		return property + ":" + t.Format(utcLayout)
	}
	return property + ";TZID=" + zone.String() + ":" + t.Format(localLayout)
}
