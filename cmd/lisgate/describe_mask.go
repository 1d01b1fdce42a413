package main

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"lisgate/gateway/lis"
)

// masked stands for what is not shown.
const masked = "***"

// words collects the elements of a message in words.
type words struct {
	show    bool // personal data too
	list    []element
	remarks []string
}

// add takes an element; one without a value is not worth a line.
func (w *words) add(name, value string) {
	if value = oneLine(value); value != "" {
		w.list = append(w.list, element{name, value})
	}
}

func (w *words) text(name string, t *lis.Text) { w.add(name, t.String()) }

// private takes an element that is about a person.
func (w *words) private(name, value string) { w.add(name, w.mask(value)) }

// mask leaves the first letter of each word, and of the two sides of an
// e-mail address. Digits say too much even alone.
func (w *words) mask(s string) string {
	if w.show {
		return s
	}
	return maskedText(s)
}

func maskedText(s string) string {
	if local, domain, ok := strings.Cut(s, "@"); ok && !strings.ContainsAny(s, " \n\t") {
		end := ""
		if dot := strings.LastIndexByte(domain, '.'); dot > 0 {
			end = domain[dot:]
		}
		return maskedWord(local) + "@" + maskedWord(domain) + end
	}
	fields := strings.Fields(s)
	for i := range fields {
		fields[i] = maskedWord(fields[i])
	}
	return strings.Join(fields, " ")
}

func maskedWord(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 || first >= '0' && first <= '9' || n == len(s) {
		return masked
	}
	return string(first) + masked
}

// hide masks all: a date or a number has no harmless beginning.
func (w *words) hide(s string) string {
	if w.show || s == "" {
		return s
	}
	return masked
}

var address = regexp.MustCompile(`[^\s"'<>(),;:=]+@[^\s"'<>(),;]+`)

// free masks e-mail addresses in text that may hold anything.
func (w *words) free(s string) string {
	if w.show {
		return s
	}
	return address.ReplaceAllStringFunc(s, maskedText)
}

// oneLine keeps a value on its line, and what it holds from steering the
// terminal.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || isDirection(r) {
			return -1
		}
		return r
	}, s)
}

// isDirection reports whether a rune turns the direction of the text that
// follows, which could make a line say something else than it does.
func isDirection(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// join writes parts that are there with commas.
func join(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, ", ")
}

// with writes a note in brackets behind a value.
func with(value, note string) string {
	switch {
	case note == "":
		return value
	case value == "":
		return "(" + note + ")"
	}
	return value + " (" + note + ")"
}

// said writes a flag that may be missing.
func said(flag *bool, yes, no string) string {
	switch {
	case flag == nil:
		return ""
	case *flag:
		return yes
	}
	return no
}
