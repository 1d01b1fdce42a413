package lis

import (
	"fmt"
	"strings"
	"time"
)

// A Date is a day of the civil calendar, in no time zone (xs:date), counted
// from 1970-01-01. The zero Date is none: nothing is taught in 1970.
type Date int32

// NewDate returns the day of a time, as its own zone has it.
func NewDate(t time.Time) Date {
	y, m, d := t.Date()
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads an xs:date, or the day of an xs:dateTime as it is written
// there, whatever its zone.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if len(s) < 10 {
		return 0, fmt.Errorf("%q is not a date such as 2026-09-01", s)
	}
	t, err := time.Parse("2006-01-02", s[:10])
	if err != nil || len(s) > 10 && !strings.ContainsRune("T Z+-", rune(s[10])) {
		return 0, fmt.Errorf("%q is not a date such as 2026-09-01", s)
	}
	return NewDate(t), nil
}

// Time returns midnight of the day in UTC.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes an xs:date; the zero Date is empty.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("2006-01-02")
}

// Weekday returns the day of the week, 0 for Monday.
func (d Date) Weekday() int { return int(((d+3)%7 + 7) % 7) }

// Monday returns the first day of the week that holds the day.
func (d Date) Monday() Date { return d - Date(d.Weekday()) }

// A Clock is a time of day in minutes after midnight, 0 to 1440 (24:00, the
// end of the day); NoClock is none.
type Clock int16

// NoClock is no time of day.
const NoClock Clock = -1

const maxClock = 24 * 60

// ParseClock reads HH:MM, or HH:MM:00, or HHMM as SIS write it.
func ParseClock(s string) (Clock, error) {
	digits := strings.TrimSpace(s)
	if len(digits) == 8 {
		digits = strings.TrimSuffix(digits, ":00")
	}
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return NoClock, fmt.Errorf("%q is not a time of day such as 09:30", s)
	}
	hours, minutes := Clock(digits[0]-'0')*10+Clock(digits[1]-'0'), Clock(digits[2]-'0')*10+Clock(digits[3]-'0')
	if c := hours*60 + minutes; minutes < 60 && c <= maxClock {
		return c, nil
	}
	return NoClock, fmt.Errorf("%q is not a time of day such as 09:30", s)
}

// String writes HH:MM; NoClock is empty.
func (c Clock) String() string {
	if c < 0 {
		return ""
	}
	h, m := c/60, c%60
	return string([]byte{'0' + byte(h/10), '0' + byte(h%10), ':', '0' + byte(m/10), '0' + byte(m%10)})
}

// Weekdays is a set of days of the week; bit 0 is Monday.
type Weekdays uint8

// ParseWeekdays reads seven characters of 0 and 1, Monday first.
func ParseWeekdays(s string) (Weekdays, error) {
	s = strings.TrimSpace(s)
	if len(s) != 7 || strings.Trim(s, "01") != "" {
		return 0, fmt.Errorf("%q is not seven characters of 0 and 1, Monday first, such as 1010100", s)
	}
	var d Weekdays
	for i := range 7 {
		d |= Weekdays(s[i]-'0') << i
	}
	return d, nil
}

// Has reports whether a day is in the set, 0 for Monday.
func (d Weekdays) Has(day int) bool { return d>>day&1 == 1 }

// String writes seven characters of 0 and 1, Monday first.
func (d Weekdays) String() string {
	var b [7]byte
	for i := range b {
		b[i] = '0' + byte(d>>i&1)
	}
	return string(b[:])
}

// Letters writes the days as timetables do, M T W R F S U.
func (d Weekdays) Letters() string {
	var b strings.Builder
	for i := range 7 {
		if d.Has(i) {
			b.WriteByte("MTWRFSU"[i])
		}
	}
	return b.String()
}

// Weeks is one character of 0 or 1 for each week, the first for the week
// (Monday to Sunday) that holds the StartDate beside it; a week past its end
// is 0. The empty Weeks is every week up to the EndDate.
type Weeks string

// Has reports whether something takes place in a week, 0 for the first.
func (w Weeks) Has(week int) bool {
	return w == "" || week >= 0 && week < len(w) && w[week] == '1'
}
