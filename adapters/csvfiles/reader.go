package csvfiles

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Limits bound what is read of a file.
type Limits struct {
	Columns int `yaml:"columns"` // of a row; 1,000 when 0
	Cell    int `yaml:"cell"`    // bytes of a cell; 64 KiB when 0
	Row     int `yaml:"row"`     // bytes of a row; 1 MiB when 0
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		n         *int
		otherwise int
	}{{&l.Columns, 1000}, {&l.Cell, 64 << 10}, {&l.Row, 1 << 20}} {
		if *d.n <= 0 {
			*d.n = d.otherwise
		}
	}
	return l
}

// A SyntaxError is what makes a file unreadable from a line on. Nothing of
// such a file is used.
type SyntaxError struct {
	Line, Column int // Column counts cells from 1
	Rule         string
	Text, Hint   string
}

// Error says it all in one line.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s: %s; %s", e.Line, e.Column, e.Rule, e.Text, e.Hint)
}

// A reader reads CSV (RFC 4180) row by row. It is stricter than most: a quote
// inside a bare cell, text after a closing quote, NUL and what is not UTF-8 are
// errors, told at the line where they begin; and every size has a limit.
type reader struct {
	in     *bufio.Reader
	comma  byte
	limits Limits
	latin1 bool

	line  int // of what comes next
	began int // line of the row that was read last
	size  int
	cells []string
	cell  []byte
	quote int // line of the open quote
}

func newReader(in io.Reader, comma byte, latin1 bool, limits Limits) *reader {
	r := &reader{in: bufio.NewReaderSize(in, 64<<10), comma: comma, limits: limits.orDefault(), latin1: latin1, line: 1}
	if mark, err := r.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = r.in.Discard(3)
	}
	return r
}

// read returns the next row, which is valid until the next call, and io.EOF
// at the end. Empty lines are passed over.
func (r *reader) read() ([]string, error) {
	for {
		r.cells, r.size, r.began = r.cells[:0], 0, r.line
		err := r.row()
		if err != nil {
			return nil, err
		}
		if len(r.cells) > 1 || r.cells[0] != "" {
			return r.cells, nil
		}
	}
}

// row reads cells up to the end of the row.
func (r *reader) row() error {
	if _, err := r.in.Peek(1); err != nil {
		return err
	}
	for {
		if len(r.cells) >= r.limits.Columns {
			return r.fail("columns", fmt.Sprintf("more than %d columns", r.limits.Columns), "see whether the separator is the right one")
		}
		r.cell = r.cell[:0]
		more, err := r.next()
		if err != nil {
			return err
		}
		if !r.latin1 && !utf8.Valid(r.cell) {
			return r.fail("encoding", "not UTF-8", "save the file as UTF-8, or set encoding: latin-1")
		}
		r.cells = append(r.cells, string(r.cell))
		if !more {
			return nil
		}
	}
}

// next reads one cell and says whether another follows in the row.
func (r *reader) next() (bool, error) {
	c, err := r.byte()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c == '"' {
		return r.quoted()
	}
	for {
		switch {
		case c == r.comma:
			return true, nil
		case c == '\n':
			r.line++
			return false, nil
		case c == '\r':
			return false, r.feed()
		case c == '"':
			return false, r.fail("quote", "a quote inside a cell that does not begin with one", "put the cell into quotes and double those inside")
		}
		if err := r.add(c); err != nil {
			return false, err
		}
		if c, err = r.byte(); errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// quoted reads a cell after its opening quote.
func (r *reader) quoted() (bool, error) {
	r.quote = r.line
	for {
		c, err := r.byte()
		switch {
		case errors.Is(err, io.EOF):
			return false, r.unbalanced("the file ends inside it")
		case err != nil:
			return false, err
		case c == '"':
			if next, err := r.in.Peek(1); err != nil || next[0] != '"' {
				return r.after()
			}
			_, _ = r.in.Discard(1)
		case c == '\n':
			r.line++
		}
		if err := r.add(c); err != nil {
			if r.line > r.quote {
				return false, r.unbalanced(err.Error())
			}
			return false, err
		}
	}
}

func (r *reader) unbalanced(why string) error {
	return &SyntaxError{Line: r.quote, Column: len(r.cells) + 1, Rule: "quote",
		Text: "a quote is opened and not closed (" + why + ")", Hint: "close it, or double the quotes inside the cell"}
}

// after reads what follows a closing quote.
func (r *reader) after() (bool, error) {
	c, err := r.byte()
	switch {
	case errors.Is(err, io.EOF):
		return false, nil
	case err != nil:
		return false, err
	case c == r.comma:
		return true, nil
	case c == '\n':
		r.line++
		return false, nil
	case c == '\r':
		return false, r.feed()
	}
	e := r.fail("quote", "text after the closing quote", "double the quotes inside the cell").(*SyntaxError)
	e.Line = r.quote
	return false, e
}

// feed reads the line feed after a carriage return; one alone ends a line too.
func (r *reader) feed() error {
	r.line++
	next, err := r.in.Peek(1)
	if err == nil && next[0] == '\n' {
		_, err = r.in.Discard(1)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (r *reader) byte() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil && c == 0 {
		return 0, r.fail("NUL", "a NUL byte", "the file is cut, or is UTF-16; save it as UTF-8")
	}
	return c, err
}

// add puts a byte into the cell.
func (r *reader) add(c byte) error {
	if r.size++; r.size > r.limits.Row {
		return r.fail("row size", fmt.Sprintf("more than %d bytes", r.limits.Row), "see whether a quote is missing")
	}
	if len(r.cell) >= r.limits.Cell {
		return r.fail("cell size", fmt.Sprintf("more than %d bytes", r.limits.Cell), "see whether a quote is missing")
	}
	if r.latin1 && c >= utf8.RuneSelf {
		r.cell = utf8.AppendRune(r.cell, rune(c))
		return nil
	}
	r.cell = append(r.cell, c)
	return nil
}

func (r *reader) fail(rule, text, hint string) error {
	return &SyntaxError{Line: r.line, Column: len(r.cells) + 1, Rule: rule, Text: text, Hint: hint}
}
