package wire

import (
	"strconv"
	"strings"
)

// Text reads the text of the current element up to its end tag, which it
// consumes. Comments and processing instructions in between do not part it.
func (d *Decoder) Text() string {
	if d.err != nil {
		return ""
	}
	if d.empty {
		d.leave()
		return ""
	}
	var parts []byte
	first, text := true, ""
	for {
		chunk, more, ok := d.chunk()
		if !ok {
			return ""
		}
		switch {
		case first:
			text, first = chunk, false
		case chunk != "":
			if parts == nil {
				parts = append(parts, text...)
			}
			parts = append(parts, chunk...)
		}
		if more {
			continue
		}
		if len(text)+len(parts) > d.limits.TextBytes {
			d.over("text_bytes", d.limits.TextBytes)
			return ""
		}
		if strings.HasPrefix(d.s[d.pos:], "</") {
			if !d.endTag() {
				return ""
			}
			if parts != nil {
				return string(parts)
			}
			return text
		}
		return d.wrapped(text + string(parts))
	}
}

// wrapped takes <x><language/><textString>text</textString></x> where plain
// text is due, as some peers send it.
func (d *Decoder) wrapped(before string) string {
	element := d.open[len(d.open)-1].local
	if strings.TrimLeft(before, " \t\r\n") != "" || !d.Note(PlainText, element) {
		d.Invalid("an element where text is due")
		return ""
	}
	var text string
	for d.Child() {
		if d.local == "textString" {
			text = d.Text()
		} else {
			d.Skip()
		}
	}
	return text
}

// chunk reads up to the next tag, or one CDATA section, comment or
// processing instruction; more says that text may follow.
func (d *Decoder) chunk() (text string, more, ok bool) {
	i := strings.IndexByte(d.s[d.pos:], '<')
	if i < 0 {
		return "", false, d.fail("the document ends inside <" + clip(d.open[len(d.open)-1].raw) + ">")
	}
	if i > 0 {
		text = d.s[d.pos : d.pos+i]
		if text, ok = d.characters(text); !ok {
			return "", false, false
		}
		d.pos += i
		return text, d.isMarkup(), true
	}
	if !d.isMarkup() {
		return "", false, true
	}
	if text, ok = d.markup(true); ok && d.hasCR {
		text = newlines(text)
	}
	return text, true, ok
}

// isMarkup reports whether <! or <? stands here.
func (d *Decoder) isMarkup() bool {
	return d.pos+1 < len(d.s) && (d.s[d.pos+1] == '!' || d.s[d.pos+1] == '?')
}

// characters resolves references and line ends in a piece of text.
func (d *Decoder) characters(text string) (string, bool) {
	if len(text) > d.limits.TextBytes && strings.Trim(text, " \t\r\n") != "" {
		return "", d.over("text_bytes", d.limits.TextBytes)
	}
	if strings.Contains(text, "]]>") {
		return "", d.fail("]]> in text")
	}
	if d.hasCR {
		text = newlines(text)
	}
	if d.hasAmp && strings.IndexByte(text, '&') >= 0 {
		return d.references(text)
	}
	return text, true
}

func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// references replaces the five entities and the character references; there
// are no others without a DOCTYPE.
func (d *Decoder) references(s string) (string, bool) {
	b := make([]byte, 0, len(s))
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return string(append(b, s...)), true
		}
		b = append(b, s[:i]...)
		end := strings.IndexByte(s[i:min(len(s), i+16)], ';')
		if end < 0 {
			return "", d.fail("an & that begins no reference; write &amp;")
		}
		name := s[i+1 : i+end]
		r, ok := reference(name)
		if !ok {
			return "", d.fail("the reference &" + clip(name) + "; which XML does not know")
		}
		b = append(b, string(r)...)
		s = s[i+end+1:]
	}
}

func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		return charRef(hex, 16)
	}
	return charRef(digits, 10)
}

func charRef(digits string, base int) (rune, bool) {
	if strings.ContainsAny(digits, "+-_") {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isChar(rune(n)) {
		return 0, false
	}
	return rune(n), true
}

// isChar is production 2 of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// attributeValue reads a quoted value; white space in it becomes blanks
// (XML 1.0 section 3.3.3).
func (d *Decoder) attributeValue() (string, bool) {
	quote := d.peek()
	if quote != '"' && quote != '\'' {
		return "", d.fail("an attribute value without quotes")
	}
	end := strings.IndexByte(d.s[d.pos+1:], quote)
	if end < 0 {
		return "", d.fail("an attribute value without end")
	}
	v := d.s[d.pos+1 : d.pos+1+end]
	if strings.IndexByte(v, '<') >= 0 {
		return "", d.fail("a < in an attribute value")
	}
	if len(v) > d.limits.TextBytes {
		return "", d.over("text_bytes", d.limits.TextBytes)
	}
	d.pos += end + 2
	if strings.ContainsAny(v, "\t\r\n") {
		v = strings.NewReplacer("\r\n", " ", "\t", " ", "\r", " ", "\n", " ").Replace(v)
	}
	if strings.IndexByte(v, '&') >= 0 {
		return d.references(v)
	}
	return v, true
}
