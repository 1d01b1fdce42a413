package wire

import (
	"strconv"
	"strings"
)

// A Writer collects the XML of a message. Complete makes it write the
// mandatory elements that a record does not have, empty, so that strict
// clients can read records that came from lax peers.
type Writer struct {
	Buf      []byte
	Complete bool
}

// Raw writes markup.
func (w *Writer) Raw(s string) { w.Buf = append(w.Buf, s...) }

// Leaf writes an element with text.
func (w *Writer) Leaf(name, text string) {
	w.Buf = append(append(append(w.Buf, '<'), name...), '>')
	w.Text(text)
	w.Close(name)
}

// Open writes a start tag.
func (w *Writer) Open(name string) { w.Buf = append(append(append(w.Buf, '<'), name...), '>') }

// Close writes an end tag.
func (w *Writer) Close(name string) { w.Buf = append(append(append(w.Buf, "</"...), name...), '>') }

// OpenIn writes a start tag that declares the default namespace.
func (w *Writer) OpenIn(name, space string) {
	w.Buf = append(append(append(w.Buf, '<'), name...), ` xmlns="`...)
	w.Text(space)
	w.Buf = append(w.Buf, `">`...)
}

// Boolean writes an element with a boolean.
func (w *Writer) Boolean(name string, b bool) {
	w.Open(name)
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.Close(name)
}

// Integer writes an element with an integer.
func (w *Writer) Integer(name string, n int64) {
	w.Open(name)
	w.Buf = strconv.AppendInt(w.Buf, n, 10)
	w.Close(name)
}

// Text writes text with the references that it needs. A carriage return is
// written as a reference, for it would not come back otherwise, and a
// character that XML does not allow as U+FFFD.
func (w *Writer) Text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '<' && c != '&' && c != '>' && c != '"' && c != 0xEF && c < 0xF5 || c == '\n' || c == '\t' {
			continue
		}
		r := escape(c, s[i:])
		if r == "" {
			continue
		}
		w.Buf = append(append(w.Buf, s[from:i]...), r...)
		from = i + 1
		if c == 0xEF {
			from, i = i+3, i+2
		}
	}
	w.Buf = append(w.Buf, s[from:]...)
}

func escape(c byte, rest string) string {
	switch {
	case c == '<':
		return "&lt;"
	case c == '>':
		return "&gt;"
	case c == '&':
		return "&amp;"
	case c == '"':
		return "&quot;"
	case c == '\r':
		return "&#xD;"
	case c < 0x20, c >= 0xF5, strings.HasPrefix(rest, "\uFFFE"), strings.HasPrefix(rest, "\uFFFF"):
		return "\uFFFD"
	}
	return ""
}
