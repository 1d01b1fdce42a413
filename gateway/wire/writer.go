package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
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
// written as a reference, for it would not come back otherwise, and what is
// no character of XML as U+FFFD.
func (w *Writer) Text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !special[c] {
			continue
		}
		w.Buf = append(w.Buf, s[from:i]...)
		if c >= 0x80 {
			w.foreign(s[i:])
			return
		}
		w.Buf = append(w.Buf, escapes[c]...)
		from = i + 1
	}
	w.Buf = append(w.Buf, s[from:]...)
}

// foreign writes text that begins beyond ASCII.
func (w *Writer) foreign(s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, replacement)
	}
	for i, c := range s {
		switch {
		case c == '\uFFFE' || c == '\uFFFF':
			w.Buf = append(w.Buf, replacement...)
		case c < 0x80 && special[c]:
			w.Buf = append(w.Buf, escapes[c]...)
		default:
			w.Buf = append(w.Buf, s[i:i+utf8.RuneLen(c)]...)
		}
	}
}

const replacement = "\uFFFD"

// escapes holds what stands for a byte that cannot stand for itself. Bytes
// beyond ASCII are looked at together with their neighbours.
var escapes = func() (t [256]string) {
	for c := range t {
		if c < 0x20 || c >= 0x80 {
			t[c] = replacement
		}
	}
	t['\t'], t['\n'], t['\r'] = "", "", "&#xD;"
	t['<'], t['>'], t['&'], t['"'] = "&lt;", "&gt;", "&amp;", "&quot;"
	return t
}()

// special are the bytes that have an escape.
var special = func() (t [256]bool) {
	for c := range t {
		t[c] = escapes[c] != ""
	}
	return t
}()
