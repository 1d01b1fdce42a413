package wire

import (
	"slices"
	"strings"
)

// Text reads the text of the current element up to its end tag, which it
// consumes. Comments and processing instructions in between do not part it.
func (d *Decoder) Text() string {
	if d.err != nil || len(d.open) == 0 {
		return ""
	}
	if d.empty {
		d.leave()
		return ""
	}
	rest := d.s[d.pos:] // nearly all texts stand there as they are meant, up to an end tag
	i := strings.IndexByte(rest, '<')
	if i >= 0 && i <= d.limits.TextBytes && strings.HasPrefix(rest[i:], "</") && d.traits.plain(rest[:i]) {
		d.pos += i
		d.endTag()
		return rest[:i]
	}
	text, ok := d.chunks()
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(d.s[d.pos:], "</"):
		d.endTag()
		return text
	}
	return d.wrapped(text)
}

// chunks reads text up to the next tag.
func (d *Decoder) chunks() (string, bool) {
	var text string
	var parts []byte
	for more := true; more; {
		var chunk string
		var ok bool
		chunk, more, ok = d.chunk()
		switch {
		case !ok:
			return "", false
		case chunk == "":
			continue
		case text == "" && parts == nil:
			text = chunk
		case len(text)+len(parts)+len(chunk) > d.limits.TextBytes:
			return "", d.over("text_bytes", d.limits.TextBytes)
		case parts == nil:
			parts = append([]byte(text), chunk...)
			text = ""
		default:
			if len(parts)+len(chunk) > cap(parts) {
				parts = slices.Grow(parts, len(parts)+len(chunk))
			}
			parts = append(parts, chunk...)
		}
		if len(text) > d.limits.TextBytes {
			return "", d.over("text_bytes", d.limits.TextBytes)
		}
	}
	if parts != nil {
		text = string(parts)
	}
	return text, true
}

// wrapped takes <x><language/><textString>text</textString></x> where plain
// text is due, as some peers send it.
func (d *Decoder) wrapped(before string) string {
	top := d.open[len(d.open)-1]
	if trimSpace(before) != "" || !d.Note(PlainText, d.s[top.local:top.end]) {
		d.Invalid("an element where text is due")
		return ""
	}
	var text string
	for d.Child() {
		switch d.Local() {
		case "textString":
			text = d.Text()
		case "language":
			d.Skip()
		default:
			d.Unknown()
		}
	}
	return text
}

// chunk reads up to the next tag, or one CDATA section, comment or
// processing instruction; more says that text may follow.
func (d *Decoder) chunk() (text string, more, ok bool) {
	i := strings.IndexByte(d.s[d.pos:], '<')
	switch {
	case i < 0:
		return "", false, d.ended()
	case i > 0:
		text, ok = d.characters(d.s[d.pos : d.pos+i])
		d.pos += i
		return text, d.isMarkup(), ok
	case !d.isMarkup():
		return "", false, true
	}
	text, ok = d.markup(true)
	if d.traits.cr {
		text = newlines(text)
	}
	return text, true, ok
}

// characters resolves references and line ends in a piece of text.
func (d *Decoder) characters(text string) (string, bool) {
	if d.traits.cdataEnd && strings.Contains(text, "]]>") {
		return "", d.fail("]]> in text")
	}
	if d.traits.cr {
		text = newlines(text)
	}
	return d.references(text)
}

// newlines makes line ends one line feed each (XML 1.0 section 2.11).
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return lineEnds.Replace(s)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
