package itc2019

import (
	"errors"
	"fmt"
)

// A FileError is what makes a file unreadable from a line on.
type FileError struct {
	Line    int
	Element string // such as <class id="12">
	Text    string // what is wrong, and what to do
	Err     error  // beneath it, where there is one
}

// Error says it all in one line.
func (e *FileError) Error() string {
	where := fmt.Sprintf("line %d", e.Line)
	if e.Element != "" {
		where += ", " + e.Element
	}
	return where + ": " + e.Text
}

// Unwrap returns what is beneath.
func (e *FileError) Unwrap() error { return e.Err }

// An ItemError is what is wrong with one class of a solution; the rest of the
// file can still be read.
type ItemError struct {
	Line  int
	Class string // its id in the file
	Text  string
	Err   error
}

// Error says it all in one line.
func (e *ItemError) Error() string {
	return fmt.Sprintf("line %d, class %s: %s", e.Line, e.Class, e.Text)
}

// Unwrap returns what is beneath.
func (e *ItemError) Unwrap() error { return e.Err }

// errStopped says that nobody wants to read on.
var errStopped = errors.New("stopped")

// clip shortens a value of the file for an error.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
