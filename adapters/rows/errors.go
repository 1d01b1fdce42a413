package rows

import (
	"errors"
	"regexp"
	"strings"
)

// A RowError says what is wrong with a row, by which rule and what can be done.
type RowError struct {
	Rule    string   // the part of the mapping, or the rule of the file
	Columns []string // that the rule reads
	Err     error
	Hint    string
}

// Error says it all in one line.
func (e *RowError) Error() string {
	s := e.Rule
	if len(e.Columns) > 0 {
		s += " (column " + strings.Join(e.Columns, ", ") + ")"
	}
	s += ": " + e.Err.Error()
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap returns what is wrong.
func (e *RowError) Unwrap() error { return e.Err }

// A said is an error in words of ours, which quote nothing of the row but
// what a person needs: the word that a vocabulary lacks.
type said string

// Error returns the words.
func (s said) Error() string { return string(s) }

// quoted are the places where the language's own errors quote values.
var quoted = regexp.MustCompile(`"[^"]*"|\b(int|float|date|duration)\([^)]*\)`)

// plain leaves of an error of the machine what went wrong, without what was
// in the row: names and addresses do not belong into errors.
func plain(err error, env map[string]any) error {
	var own said
	if errors.As(err, &own) {
		return own
	}
	text, _, _ := strings.Cut(err.Error(), "\n") // below is a picture of the expression
	text = quoted.ReplaceAllString(text, "$1(…)")
	for _, v := range env {
		if s, ok := v.(string); ok && len(s) > 2 {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return errors.New(text)
}
