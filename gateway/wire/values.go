package wire

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Token reads an identifier. White space at its ends is not part of it.
func (d *Decoder) Token() string {
	element, s := d.local, d.Text()
	t := strings.TrimSpace(s)
	if len(t) != len(s) && d.err == nil && !d.Note(Space, element) {
		d.invalidValue(element, "white space round "+clip(t))
	}
	return t
}

// Enum reads a value out of a list.
func (d *Decoder) Enum(values []string) string {
	element, s := d.local, d.Token()
	if d.err == nil && !slices.Contains(values, s) && !d.Note(UnknownValue, element) {
		d.invalidValue(element, clip(s)+" is none of "+strings.Join(values, ", "))
	}
	return s
}

// Boolean reads an xs:boolean.
func (d *Decoder) Boolean() *bool {
	element, s := d.local, strings.TrimSpace(d.Text())
	switch s {
	case "true", "1":
		return new(true)
	case "false", "0":
		return new(false)
	case "":
		if d.err == nil && d.Note(LooseNumber, element) {
			return nil
		}
	}
	d.invalidValue(element, clip(s)+" is neither true nor false")
	return nil
}

// Integer reads an xs:integer of at most 64 bits.
func (d *Decoder) Integer() *int64 {
	element, s := d.local, strings.TrimSpace(d.Text())
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return &n
	}
	if d.err == nil && isNumber(s) && d.Note(LooseNumber, element) {
		return nil
	}
	d.invalidValue(element, clip(s)+" is not an integer of at most 64 bits")
	return nil
}

// isNumber reports whether s is empty or a number with a zero fraction or
// the like, which peers put into integers.
func isNumber(s string) bool { return s == "" || isDecimal(s) }

// Decimal reads an xs:decimal, as text.
func (d *Decoder) Decimal() string {
	element, s := d.local, strings.TrimSpace(d.Text())
	if d.err == nil && !isDecimal(s) && !(s == "" && d.Note(LooseNumber, element)) {
		d.invalidValue(element, clip(s)+" is not a decimal number")
	}
	return s
}

func isDecimal(s string) bool {
	s = strings.TrimLeft(strings.TrimPrefix(s, "+"), "")
	s = strings.TrimPrefix(s, "-")
	whole, fraction, _ := strings.Cut(s, ".")
	return whole+fraction != "" && strings.Trim(whole+fraction, "0123456789") == ""
}

// DateTime reads an xs:dateTime. A loose form that the peer's rules take is
// returned in the standard's form; no zone is ever added.
func (d *Decoder) DateTime() string {
	element, s := d.local, strings.TrimSpace(d.Text())
	if d.err != nil || isDateTime(s) {
		return s
	}
	if t, ok := tidyDateTime(s); ok && d.Note(LooseDate, element) {
		return t
	}
	d.invalidValue(element, clip(s)+" is not a date and time such as 2026-09-01T08:00:00Z")
	return ""
}

func isDateTime(s string) bool {
	if len(s) < 19 || s[10] != 'T' {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		_, err = time.Parse("2006-01-02T15:04:05", s)
	}
	return err == nil
}

// looseDateTimes are forms met in the field, each with the form it becomes.
var looseDateTimes = [][2]string{
	{"2006-01-02T15:04:05Z0700", time.RFC3339Nano},
	{"2006-01-02 15:04:05Z07:00", time.RFC3339Nano},
	{"2006-01-02 15:04:05", "2006-01-02T15:04:05.999999999"},
	{"2006-01-02T15:04", "2006-01-02T15:04:05"},
	{"2006-01-02Z07:00", time.RFC3339},
	{"2006-01-02", "2006-01-02T15:04:05"},
}

func tidyDateTime(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	for _, form := range looseDateTimes {
		if t, err := time.Parse(form[0], s); err == nil {
			return t.Format(form[1]), true
		}
	}
	return "", false
}

// Date reads an xs:date.
func (d *Decoder) Date() string {
	element, s := d.local, strings.TrimSpace(d.Text())
	if d.err != nil || isDate(s) {
		return s
	}
	if t, ok := looseDate(s); ok && d.Note(LooseDate, element) {
		return t
	}
	d.invalidValue(element, clip(s)+" is not a date such as 2026-09-01")
	return ""
}

func isDate(s string) bool {
	_, err := time.Parse("2006-01-02", s)
	if err != nil {
		_, err = time.Parse("2006-01-02Z07:00", s)
	}
	return err == nil
}

// looseDate takes the date out of a date-time.
func looseDate(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	if len(s) > 10 && isDate(s[:10]) {
		return s[:10], true
	}
	return "", false
}

// invalidValue stops the decoder because of a value of an element that has
// been left already.
func (d *Decoder) invalidValue(element, text string) {
	path := d.path()
	if path != "" {
		path += "/"
	}
	d.Fail(&DataError{Path: path + element, Text: text})
}
