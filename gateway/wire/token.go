package wire

import (
	"math/bits"
	"strings"
)

// Root enters the root element. Before it may stand an XML declaration,
// comments, processing instructions and space.
func (d *Decoder) Root() bool {
	if d.err != nil {
		return false
	}
	if rest, ok := strings.CutPrefix(d.s[d.pos:], "<?xml"); ok && rest != "" && isSpace(rest[0]) && !d.declaration() {
		return false
	}
	if !d.misc() {
		return false
	}
	if d.pos >= len(d.s) {
		return d.fail("there is no XML element")
	}
	if d.s[d.pos] != '<' {
		return d.fail("text before the root element")
	}
	return d.startTag()
}

// End holds the rest of the document against "only comments, processing
// instructions and space after the root".
func (d *Decoder) End() bool {
	if d.err == nil && len(d.open) > 0 {
		return d.ended()
	}
	if d.err != nil || !d.misc() {
		return false
	}
	if d.pos < len(d.s) {
		return d.fail("content after the root element")
	}
	return true
}

// misc passes over space, comments and processing instructions.
func (d *Decoder) misc() bool {
	for {
		d.skipSpace()
		if d.peek() != '<' || !d.isMarkup() {
			return d.err == nil
		}
		if _, ok := d.markup(false); !ok {
			return false
		}
	}
}

// isMarkup reports whether the < that stands here begins a comment, a
// processing instruction, a CDATA section or a declaration.
func (d *Decoder) isMarkup() bool {
	return d.pos+1 < len(d.s) && (d.s[d.pos+1] == '!' || d.s[d.pos+1] == '?')
}

// markup passes over what begins with <! or <?. Inside an element it may be
// a CDATA section, whose text it returns.
func (d *Decoder) markup(inside bool) (text string, ok bool) {
	rest := d.s[d.pos:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return "", d.comment()
	case strings.HasPrefix(rest, "<?"):
		return "", d.instruction()
	case inside && strings.HasPrefix(rest, "<![CDATA["):
		end := strings.Index(rest[9:], "]]>")
		if end < 0 {
			return "", d.fail("a CDATA section without end")
		}
		d.pos += 9 + end + 3
		return rest[9 : 9+end], true
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		return "", d.fail("a document type declaration, which SOAP forbids; send the message without DOCTYPE")
	}
	return "", d.fail("markup that is not XML")
}

func (d *Decoder) comment() bool {
	rest := d.s[d.pos+4:]
	end := strings.Index(rest, "--")
	if end < 0 {
		return d.fail("a comment without end")
	}
	if !strings.HasPrefix(rest[end:], "-->") {
		return d.fail("a comment with -- in it")
	}
	d.pos += 4 + end + 3
	return true
}

func (d *Decoder) instruction() bool {
	rest := d.s[d.pos+2:]
	end := strings.Index(rest, "?>")
	if end < 0 {
		return d.fail("a processing instruction without end")
	}
	n, colon := scanName(rest)
	if n > d.limits.NameBytes {
		return d.over("name_bytes", d.limits.NameBytes)
	}
	if n == 0 || colon >= 0 || n != end && !isSpace(rest[n]) || strings.EqualFold(rest[:n], "xml") {
		return d.fail("a processing instruction with a target that XML does not allow")
	}
	d.pos += 2 + end + 2
	return true
}

// peek returns the byte that stands here, or 0 at the end: no document holds one.
func (d *Decoder) peek() byte {
	if d.pos < len(d.s) {
		return d.s[d.pos]
	}
	return 0
}

// skipSpace passes over white space and reports whether there was any. The
// blanks of indentation are passed over eight at a time.
func (d *Decoder) skipSpace() bool {
	s, i := d.s, d.pos
	for i < len(s) && isSpace(s[i]) {
		i++
		for i+8 <= len(s) {
			others := word(s[i:]) ^ ' '*eachByte
			i += bits.TrailingZeros64(others) / 8
			if others != 0 {
				break
			}
		}
	}
	spaced := i > d.pos
	d.pos = i
	return spaced
}
