package wire

import (
	"strings"
	"time"
)

// DateTime reads an xs:dateTime. A loose form that the peer's rules take is
// returned in the standard's form; no zone is ever added.
func (d *Decoder) DateTime() string {
	s := trimSpace(d.Text())
	if d.err != nil || isDateTime(s) {
		return s
	}
	if t, ok := tidyDateTime(s); ok && d.Note(LooseDate, d.left()) {
		return t
	}
	d.invalidValue(clip(s) + " is not a date and time such as 2026-09-01T08:00:00Z")
	return ""
}

// Date reads an xs:date.
func (d *Decoder) Date() string {
	s := trimSpace(d.Text())
	if d.err != nil || isDate(s) {
		return s
	}
	if t, ok := tidyDate(s); ok && d.Note(LooseDate, d.left()) {
		return t
	}
	d.invalidValue(clip(s) + " is not a date such as 2026-09-01")
	return ""
}

// isDateTime is XML Schema part 2 section 3.2.7, of years with four digits
// and days that end before 24:00.
func isDateTime(s string) bool {
	rest, ok := cutDay(s)
	if !ok || len(rest) < 9 || rest[0] != 'T' || rest[3] != ':' || rest[6] != ':' {
		return false
	}
	if !within(rest[1:3], 0, 23) || !within(rest[4:6], 0, 59) || !within(rest[7:9], 0, 59) {
		return false
	}
	rest = rest[9:]
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789")
		if len(rest) == len(fraction) {
			return false
		}
	}
	return isZone(rest)
}

// isDate is XML Schema part 2 section 3.2.9, of years with four digits.
func isDate(s string) bool {
	rest, ok := cutDay(s)
	return ok && isZone(rest)
}

// cutDay takes a day of the calendar off the beginning.
func cutDay(s string) (rest string, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || !within(s[:4], 1, 9999) || !within(s[5:7], 1, 12) || !within(s[8:10], 1, 31) {
		return "", false
	}
	if s[8:10] > "28" { // the only days that depend on their month
		if _, err := time.Parse(time.DateOnly, s[:10]); err != nil {
			return "", false
		}
	}
	return s[10:], true
}

func isZone(s string) bool {
	if s == "" || s == "Z" {
		return true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return false
	}
	return within(s[1:3], 0, 13) && within(s[4:], 0, 59) || s[1:] == "14:00"
}

// within reports whether digits are a number between two bounds.
func within(digits string, low, high int) bool {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return isDigits(digits) && low <= n && n <= high
}

// looseDateTimes are forms met in the field, or near to those, each with the
// form it becomes. Fractions of a second may stand in any of them.
var looseDateTimes = [][2]string{
	{"2006-01-02T15:04:05Z0700", time.RFC3339Nano},
	{"2006-01-02T15:04:05Z07", time.RFC3339Nano},
	{"2006-01-02T15:04Z07:00", time.RFC3339Nano},
	{"2006-01-02T15:04Z0700", time.RFC3339Nano},
	{"2006-01-02T15:04", "2006-01-02T15:04:05"},
	{"2006-01-02Z07:00", time.RFC3339},
	{"2006-01-02", "2006-01-02T15:04:05"},
}

// tidyDateTime turns a loose form into the standard's.
func tidyDateTime(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	if isDateTime(s) {
		return s, true
	}
	for _, form := range looseDateTimes {
		if t, err := time.Parse(form[0], s); err == nil {
			s = t.Format(form[1])
			return s, isDateTime(s)
		}
	}
	return "", false
}

// tidyDate takes the date out of a date-time.
func tidyDate(s string) (string, bool) {
	t, ok := tidyDateTime(s)
	return t[:min(len(t), len(time.DateOnly))], ok
}
