package planner

import (
	"fmt"

	"lisgate/gateway/lis"
)

// A pattern is when something takes place: for each day of the week the weeks
// of the term as bits, and the hours.
type pattern struct {
	weeks      [7]uint64
	start, end lis.Clock
}

func (p *pattern) overlaps(o *pattern) bool {
	return p.start < o.end && o.start < p.end && p.sharesDay(o)
}

func (p *pattern) sharesDay(o *pattern) bool {
	for d := range p.weeks {
		if p.weeks[d]&o.weeks[d] != 0 {
			return true
		}
	}
	return false
}

// days are the days of the week that there are.
func (p *pattern) days() (days lis.Weekdays) {
	for d, weeks := range p.weeks {
		if weeks != 0 {
			days |= 1 << d
		}
	}
	return days
}

// allWeeks are the weeks in which there is any day.
func (p *pattern) allWeeks() (all uint64) {
	for _, weeks := range p.weeks {
		all |= weeks
	}
	return all
}

// A calendar is the days of a term.
type calendar struct {
	begin, end lis.Date
	weeks      int
}

func newCalendar(begin, end lis.Date) (calendar, error) {
	c := calendar{begin: begin, end: end, weeks: int(end.Monday()-begin.Monday())/7 + 1}
	switch {
	case begin == 0 || end < begin:
		return c, fmt.Errorf("the term is from %q to %q; give its first and its last day", begin, end)
	case c.weeks > maxWeeks:
		return c, fmt.Errorf("the term has %d weeks, and this planner takes %d at most; give the dates of one term", c.weeks, maxWeeks)
	}
	return c, nil
}

// A span is a mask as LIS has it: days in weeks, the first of which holds from.
type span struct {
	days     lis.Weekdays
	weeks    lis.Weeks
	from, to lis.Date // 0 for those of the term
}

// pattern returns the days of a span that are in the term.
func (c calendar) pattern(s span, start, end lis.Clock) pattern {
	p := pattern{start: start, end: end}
	first := c.begin.Monday()
	if s.from != 0 {
		first = s.from.Monday()
	}
	for week := range c.weeks {
		monday := c.begin.Monday() + lis.Date(7*week)
		if !s.weeks.Has(int(monday-first) / 7) {
			continue
		}
		for d := range 7 {
			date := monday + lis.Date(d)
			if s.days.Has(d) && date >= max(c.begin, s.from) && date <= c.end && (s.to == 0 || date <= s.to) {
				p.weeks[d] |= 1 << week
			}
		}
	}
	return p
}

// mask writes weeks of the term as LIS does, "" for all of them.
func (c calendar) mask(weeks uint64) lis.Weeks {
	if weeks == 1<<c.weeks-1 {
		return ""
	}
	text := make([]byte, c.weeks)
	for i := range text {
		text[i] = '0' + byte(weeks>>i&1)
	}
	return lis.Weeks(text)
}
