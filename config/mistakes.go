package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A place is where a key was given.
type place struct {
	source string // a file, an environment variable, "command line"
	line   int    // of a file, else 0
}

// String returns file:line, or what else it was.
func (p place) String() string {
	if p.line == 0 {
		return p.source
	}
	return fmt.Sprintf("%s:%d", p.source, p.line)
}

// A Mistake is one thing that is wrong in a configuration.
type Mistake struct {
	Where string // file:line, environment variable or "command line"; "" when not known
	Key   string // such as callers[0].profile; "" for the whole
	What  string // what is wrong, and what was probably meant

	line    int
	follows bool // may be the consequence of a mistake found on reading
}

// String returns the mistake on one line.
func (m Mistake) String() string {
	key := m.Key
	if len(key) > 200 || strings.ContainsFunc(key, unicode.IsControl) {
		key = quote(key)
	}
	parts := []string{m.Where, key, m.What}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ": ")
}

// Mistakes are all that is wrong in a configuration, in the order of the file.
type Mistakes []Mistake

// Error returns the mistakes, one on each line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.String()
	}
	return strings.Join(lines, "\n")
}

// join puts together what was found on reading and on checking, in order, and
// returns nil when that is nothing. When reading found something, mistakes
// that may follow from it are left out: a key with a wrong name is also a key
// that is missing.
func join(read, checked Mistakes) error {
	if len(read) > 0 {
		checked = slices.DeleteFunc(checked, func(m Mistake) bool { return m.follows })
	}
	all := slices.Concat(read, checked)
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b Mistake) int { return cmp.Compare(a.line, b.line) })
	return all
}

// quote shows a piece of a file in a message: short, and on one line.
func quote(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
