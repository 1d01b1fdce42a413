package lis

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The limits of what is read of one object; what is beyond is told of and not
// read.
const (
	MaxMeetings    = 200  // of a section
	MaxInstructors = 50   // of a meeting
	MaxWeeks       = 106  // in a mask: two years
	MaxEntries     = 5000 // of any other list, such as the rooms of a request
)

// A FieldError says what is wrong with a planning field.
type FieldError struct {
	Field      string // its name
	Value      string // as it came, shortened; "" when it is missing
	Text       string // what is wrong, and what is expected
	Incomplete bool   // something is missing, rather than wrong
}

// Error returns the name of the field and what is wrong.
func (e *FieldError) Error() string { return "field " + e.Field + ": " + e.Text }

// FieldErrors are all that is wrong with the planning fields of an object.
type FieldErrors []*FieldError

// Error returns the first five of them.
func (l FieldErrors) Error() string {
	var b strings.Builder
	for i, e := range l {
		if i == 5 {
			fmt.Fprintf(&b, "; and %d more", len(l)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(e.Error())
	}
	return b.String()
}

// Unwrap returns each of them.
func (l FieldErrors) Unwrap() []error {
	list := make([]error, len(l))
	for i, e := range l {
		list[i] = e
	}
	return list
}

// A fieldReader goes once through the fields of an extension and gathers what
// is wrong with them. Of a field that came twice, the last counts.
type fieldReader struct {
	name, value string // of the field at hand
	errs        FieldErrors
}

// fields calls each for the known fields of a family that have a value.
func (r *fieldReader) fields(e *Extension, family string, each func(pattern string, n, m int)) {
	if e == nil {
		return
	}
	for i := range e.Field {
		f := &e.Field[i]
		if !inFamily(f.FieldName, family) {
			continue
		}
		pattern, n, m, ok := parseFieldName(f.FieldName)
		if !ok {
			continue
		}
		if r.name, r.value = f.FieldName, strings.TrimSpace(f.FieldValue); r.value != "" {
			each(pattern, n, m)
		}
	}
}

// err returns what was gathered; nil when all was well.
func (r *fieldReader) err() error {
	if len(r.errs) == 0 {
		return nil
	}
	return r.errs
}

func (r *fieldReader) bad(field, value, text string) {
	r.errs = append(r.errs, &FieldError{Field: field, Value: shortened(value), Text: text})
}

// need tells of a field that is missing, unless it is there.
func (r *fieldReader) need(there bool, pattern, text string, n ...int) {
	if !there {
		r.errs = append(r.errs, &FieldError{Field: FieldName(pattern, n...), Text: text, Incomplete: true})
	}
}

// shortened cuts a value that is too long to be any of ours.
func shortened(s string) string {
	if len(s) > MaxWeeks+1 {
		return s[:MaxWeeks+1]
	}
	return s
}

// parsed reads the value of the field at hand. A value that cannot be read
// leaves to as it was, and is told of.
func parsed[T any](r *fieldReader, to *T, parse func(string) (T, error)) bool {
	v, err := parse(shortened(r.value))
	if err != nil {
		r.bad(r.name, r.value, err.Error())
		return false
	}
	*to = v
	return true
}

// text takes the value as it is.
func (r *fieldReader) text(to *string) { *to = r.value }

func (r *fieldReader) id(to *SourcedID) { *to = SourcedID(r.value) }

func parseWeeks(s string) (Weeks, error) {
	if len(s) > MaxWeeks {
		return "", fmt.Errorf("a mask of more than %d weeks; weeks has one character of 0 or 1 a week, from the week of the first day", MaxWeeks)
	}
	if strings.Trim(s, "01") != "" {
		return "", fmt.Errorf("%q is not one character of 0 or 1 a week such as 1110111", s)
	}
	return Weeks(s), nil
}

func parseBoolean(s string) (bool, error) {
	switch {
	case strings.EqualFold(s, "true"), s == "1", strings.EqualFold(s, "yes"):
		return true, nil
	case strings.EqualFold(s, "false"), s == "0", strings.EqualFold(s, "no"):
		return false, nil
	}
	return false, fmt.Errorf("%q is not true or false", s)
}

// parseInteger reads a whole number of up to nine digits.
func parseInteger(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n > maxNumber || n < -maxNumber {
		return 0, fmt.Errorf("%q is not a whole number of up to nine digits", s)
	}
	return n, nil
}

func parseCount(s string) (int, error) {
	n, err := parseInteger(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a whole number from 0 to %d", s, maxNumber)
	}
	return n, nil
}

func parseVersion(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not the number of a version", s)
	}
	return n, nil
}

// parseLength reads minutes, of which there must be one at least.
func parseLength(s string) (int, error) {
	n, err := parseInteger(s)
	if err != nil || n < 1 || n > maxClock {
		return 0, fmt.Errorf("%q is not a number of minutes from 1 to %d", s, maxClock)
	}
	return n, nil
}

// parseDecimal reads xs:decimal and leaves it as it is written.
func parseDecimal(s string) (string, error) {
	digits := strings.TrimLeft(s, "+-")
	whole, part, _ := strings.Cut(digits, ".")
	if len(s)-len(digits) > 1 || len(s) > 40 || whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return "", fmt.Errorf("%q is not a decimal number such as 0.5", s)
	}
	return s, nil
}

func parseShare(s string) (string, error) {
	if _, err := parseDecimal(s); err == nil {
		if v, err := strconv.ParseFloat(s, 64); err == nil && v >= 0 && v <= 1 {
			return s, nil
		}
	}
	return "", fmt.Errorf("%q is not a share from 0 to 1 such as 0.5", s)
}

// parseOneOf reads one of a few words, in any case.
func parseOneOf[T ~string](words ...T) func(string) (T, error) {
	return func(s string) (T, error) {
		for _, w := range words {
			if strings.EqualFold(s, string(w)) {
				return w, nil
			}
		}
		return "", fmt.Errorf("%q is none of %v", s, words)
	}
}

var errZeroDays = errors.New("0000000 has no day of the week; at least one of the seven characters must be 1")

// parseSomeDays reads days of which there must be one.
func parseSomeDays(s string) (Weekdays, error) {
	d, err := ParseWeekdays(s)
	if err == nil && d == 0 {
		return 0, errZeroDays
	}
	return d, err
}
