package itc2019

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

// A span is a <time>, an <unavailable> or the time of a class in a solution,
// in the words of lis.
type span struct {
	days   lis.Weekdays
	weeks  lis.Weeks
	start  lis.Clock
	length int // minutes; 0 when the file says none
}

// span reads the attributes days, weeks, start and, where long is set, length.
func (g *grid) span(e *element, long bool) (span, error) {
	var s span
	var err error
	if s.days, err = g.daysOf(e); err != nil {
		return s, err
	}
	if s.weeks, err = g.weeksOf(e); err != nil {
		return s, err
	}
	start, err := e.number("start", 0, g.slots-1)
	if err != nil {
		return s, err
	}
	s.start = lis.Clock(start * g.minutes())
	if long {
		length, err := e.number("length", 1, g.slots)
		if err != nil {
			return s, err
		}
		if start+length > g.slots {
			return s, e.fault("start %d and length %d go past midnight, slot %d; end it there, and write what is left for the next day", start, length, g.slots)
		}
		s.length = length * g.minutes()
	}
	return s, nil
}

func (g *grid) daysOf(e *element) (lis.Weekdays, error) {
	mask := e.get("days")
	if err := checkMask(e, "days", mask, g.days, "nrDays"); err != nil {
		return 0, err
	}
	return lis.ParseWeekdays(mask + strings.Repeat("0", 7-g.days))
}

// weeksOf reads a mask of weeks; all of them when there is none.
func (g *grid) weeksOf(e *element) (lis.Weeks, error) {
	mask := e.get("weeks")
	if mask == "" {
		return lis.Weeks(strings.Repeat("1", g.weeks)), nil
	}
	return lis.Weeks(mask), checkMask(e, "weeks", mask, g.weeks, "nrWeeks")
}

func checkMask(e *element, name, mask string, length int, rule string) error {
	switch {
	case mask == "":
		return e.fault("attribute %s is missing; write %d characters of 0 and 1 (%s)", name, length, rule)
	case len(mask) != length || strings.Trim(mask, "01") != "":
		return e.fault("%s %q is not %d characters of 0 and 1 (%s); correct it", name, clip(mask), length, rule)
	case !strings.Contains(mask, "1"):
		return e.fault("%s %q names none, so that nothing takes place; correct it, or take the element out", name, clip(mask))
	}
	return nil
}

// daysMask writes days as the file does.
func (g *grid) daysMask(days lis.Weekdays) (string, error) {
	mask := days.String()
	if strings.Contains(mask[g.days:], "1") || days == 0 {
		return "", fmt.Errorf("days %s are not among the %d days of the problem's week", mask, g.days)
	}
	return mask[:g.days], nil
}

// weeksMask writes the weeks from a date on as the file does: from the first
// week of the term.
func (g *grid) weeksMask(weeks lis.Weeks, from lis.Date) (string, error) {
	shift := 0
	if from != 0 {
		shift = int(from.Monday()-g.begin) / 7
	}
	mask := []byte(strings.Repeat("0", g.weeks))
	for i := range mask {
		if weeks == "" || weeks.Has(i-shift) {
			mask[i] = '1'
		}
	}
	if held := strings.Count(string(mask), "1"); held == 0 || weeks != "" && held != strings.Count(string(weeks), "1") {
		return "", fmt.Errorf("weeks %s from %s are not among the %d weeks of the term from %s", weeks, from, g.weeks, g.begin)
	}
	return string(mask), nil
}

// slot writes a time of day, or minutes, in slots.
func (g *grid) slot(minutes int) (int, error) {
	if minutes < 0 || minutes%g.minutes() != 0 {
		return 0, fmt.Errorf("%d minutes are no whole slots of %d minutes", minutes, g.minutes())
	}
	return minutes / g.minutes(), nil
}
