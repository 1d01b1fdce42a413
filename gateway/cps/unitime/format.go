package unitime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// formats are the date and time formats of a file.
type formats struct {
	date  *pattern
	clock *pattern
	free  bool     // the file names no dateFormat: as UniTime's importers, y/M/d, M/d/y and M/d
	year  int      // of the session, for dates without one
	begin lis.Date // of the session, 0 for not known
}

// The letters of patterns that are read.
const (
	dateLetters  = "yMd"
	clockLetters = "Hhmsa"
)

// newFormats reads the formats of a file. Root tells which its defaults are.
func newFormats(root, date, clock, year string, begin lis.Date) (*formats, error) {
	f := &formats{free: date == "", begin: begin}
	if len(year) >= 4 {
		f.year, _ = strconv.Atoi(year[:4])
	}
	var err error
	if f.date, err = compilePattern(orElse(date, orElse(defaultDates[root], "yyyy/M/d")), dateLetters); err != nil {
		return nil, fmt.Errorf("dateFormat: %w", err)
	}
	if !f.date.has('M') || !f.date.has('d') {
		return nil, fmt.Errorf("dateFormat: pattern %q has no month or no day", date)
	}
	if f.clock, err = compilePattern(orElse(clock, "HHmm"), clockLetters); err != nil {
		return nil, fmt.Errorf("timeFormat: %w", err)
	}
	if !f.clock.has('m') || !f.clock.has('H') && !(f.clock.has('h') && f.clock.has('a')) {
		return nil, fmt.Errorf("timeFormat: pattern %q has no minutes, or no hours from 0 to 23", clock)
	}
	return f, nil
}

// defaultDates are the formats of files that name none, as UniTime's
// importers have them.
var defaultDates = map[string]string{"timetable": "yyyy/M/d", "offerings": "M/d/yyyy", "session": "M/d/y"}

var (
	freeYearFirst = must("yyyy/M/d")
	freeYearLast  = must("M/d/yyyy")
	freeNoYear    = must("M/d")
)

func must(text string) *pattern {
	p, err := compilePattern(text, dateLetters)
	if err != nil {
		panic(err)
	}
	return p
}

// readDate reads a date.
func (f *formats) readDate(s string) (lis.Date, error) {
	p := f.date
	if f.free {
		p = freeNoYear
		if before, _, _ := strings.Cut(s, "/"); len(before) == 4 {
			p = freeYearFirst
		} else if strings.Count(s, "/") == 2 {
			p = freeYearLast
		}
	}
	got, err := p.parse(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no date of the dateFormat %s", s, p.text)
	}
	year, said := got['y']
	if !said {
		if f.year == 0 {
			return 0, fmt.Errorf("%q has no year, and the session has none to take", s)
		}
		year = f.year
		// What would lie long before the term is of its second year [ours].
		if f.begin != 0 {
			year = f.begin.Time().Year()
			if lis.NewDate(civil(year, got['M'], got['d'])) < f.begin-grace {
				year++
			}
		}
	}
	t := civil(year, got['M'], got['d'])
	if year < 1971 || year > 9999 || int(t.Month()) != got['M'] || t.Day() != got['d'] {
		return 0, fmt.Errorf("%q is no day of the calendar from 1971 to 9999", s)
	}
	return lis.NewDate(t), nil
}

// grace is how many days before its session a class may meet, when its dates
// have no year.
const grace = 60

func civil(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// readClock reads a time of day. UniTime takes it as a number, so 930 is 09:30.
func (f *formats) readClock(s string) (lis.Clock, error) {
	if f.clock.text == "HHmm" && len(s) == 3 {
		s = "0" + s
	}
	got, err := f.clock.parse(s)
	if err != nil {
		return lis.NoClock, fmt.Errorf("%q is no time of the timeFormat %s", s, f.clock.text)
	}
	hours, day := got['H']
	if !day {
		if hours = got['h'] % 12; got['h'] < 1 || got['h'] > 12 {
			return lis.NoClock, fmt.Errorf("%q is no time of day", s)
		}
		hours += 12 * got['a']
	}
	if hours > 24 || got['m'] > 59 || got['s'] != 0 || hours == 24 && got['m'] > 0 {
		return lis.NoClock, fmt.Errorf("%q is no time of day in full minutes", s)
	}
	return lis.Clock(hours*60 + got['m']), nil
}

// writeClock writes a time of day; midnight at the end of the day as 0000.
func (f *formats) writeClock(c lis.Clock) string {
	return f.clock.format(time.Unix(int64(c%1440)*60, 0).UTC())
}

var errDays = errors.New("days are the letters M T W R (or Th) F S (or Sa) U (or Su), each once")

// readDays reads the letters of days.
func readDays(s string) (lis.Weekdays, error) {
	var days lis.Weekdays
	for rest := strings.NewReplacer(" ", "", ",", "").Replace(s); rest != ""; {
		day, n := dayAt(rest)
		if n == 0 || days.Has(day) {
			return 0, errDays
		}
		days |= 1 << day
		rest = rest[n:]
	}
	if days == 0 {
		return 0, errDays
	}
	return days, nil
}

// dayAt returns the day at the beginning of a text and how long it is written.
func dayAt(s string) (day, n int) {
	for _, d := range dayNames {
		if strings.HasPrefix(s, d.name) {
			return d.day, len(d.name)
		}
	}
	return 0, 0
}

// The longer names come first.
var dayNames = []struct {
	name string
	day  int
}{
	{"Th", 3}, {"Su", 6}, {"Sa", 5}, {"Mo", 0}, {"Tu", 1}, {"We", 2}, {"Fr", 4},
	{"M", 0}, {"T", 1}, {"W", 2}, {"R", 3}, {"F", 4}, {"S", 5}, {"U", 6},
}
