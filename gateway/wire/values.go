package wire

import (
	"slices"
	"strconv"
	"strings"
)

// Token reads an identifier. White space at its ends is not part of it.
func (d *Decoder) Token() string {
	s := d.Text()
	t := trimSpace(s)
	if len(t) != len(s) && d.err == nil && !d.Note(Space, d.left()) {
		d.invalidValue("white space round " + clip(t))
	}
	return t
}

// Enum reads a value out of a list.
func (d *Decoder) Enum(values []string) string {
	s := d.Token()
	if i := slices.Index(values, s); i >= 0 {
		return values[i]
	}
	if d.err == nil && !d.Note(UnknownValue, d.left()) {
		d.invalidValue(clip(s) + " is none of " + strings.Join(values, ", "))
	}
	return s
}

// Boolean reads an xs:boolean.
func (d *Decoder) Boolean() *bool {
	s := trimSpace(d.Text())
	switch s {
	case "true", "1":
		return new(true)
	case "false", "0":
		return new(false)
	}
	if d.err == nil && (s != "" || !d.Note(LooseNumber, d.left())) {
		d.invalidValue(clip(s) + " is neither true nor false")
	}
	return nil
}

// Integer reads an xs:integer of at most 64 bits.
func (d *Decoder) Integer() *int64 {
	s := trimSpace(d.Text())
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return &n
	}
	if d.err != nil {
		return nil
	}
	if s == "" && d.Note(LooseNumber, d.left()) {
		return nil
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && strings.Trim(fraction, "0") == "" && d.Note(LooseNumber, d.left()) {
		return &n
	}
	d.invalidValue(clip(s) + " is not an integer of at most 64 bits")
	return nil
}

// Decimal reads an xs:decimal, as text.
func (d *Decoder) Decimal() string {
	s := trimSpace(d.Text())
	if d.err == nil && !isDecimal(s) && (s != "" || !d.Note(LooseNumber, d.left())) {
		d.invalidValue(clip(s) + " is not a decimal number")
	}
	return s
}

// isDecimal is XML Schema part 2 section 3.2.3.
func isDecimal(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	return whole+fraction != "" && isDigits(whole) && isDigits(fraction)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
