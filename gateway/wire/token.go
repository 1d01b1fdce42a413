package wire

import "strings"

// Root enters the root element. Before it may stand an XML declaration,
// comments, processing instructions and space.
func (d *Decoder) Root() bool {
	if d.err != nil {
		return false
	}
	if strings.HasPrefix(d.s[d.pos:], "<?xml") && d.pos+5 < len(d.s) && isSpace(d.s[d.pos+5]) && !d.declaration() {
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
	for d.pos < len(d.s) {
		switch {
		case isSpace(d.s[d.pos]):
			d.pos++
		case strings.HasPrefix(d.s[d.pos:], "<?"), strings.HasPrefix(d.s[d.pos:], "<!"):
			if _, ok := d.markup(false); !ok {
				return false
			}
		default:
			return true
		}
	}
	return true
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
	target, n := scanName(rest)
	if n == 0 || n > d.limits.NameBytes || strings.EqualFold(target, "xml") || strings.Contains(target, ":") ||
		(n != end && !isSpace(rest[n])) {
		return d.fail("a processing instruction with a target that XML does not allow")
	}
	d.pos += 2 + end + 2
	return true
}

// declaration reads <?xml version="1.0" encoding="…" standalone="…"?>.
func (d *Decoder) declaration() bool {
	end := strings.Index(d.s[d.pos:], "?>")
	if end < 0 {
		return d.fail("an XML declaration without end")
	}
	version, rest, ok := pseudoAttribute(d.s[d.pos+5:d.pos+end], "version")
	if !ok || !strings.HasPrefix(version, "1.") || len(version) != 3 {
		return d.fail("an XML declaration without version 1.0")
	}
	if encoding, r, ok := pseudoAttribute(rest, "encoding"); ok {
		if rest = r; !isUTF8Name(encoding) {
			return d.fail("encoding " + clip(encoding) + "; send the message in UTF-8")
		}
	}
	if standalone, r, ok := pseudoAttribute(rest, "standalone"); ok && (standalone == "yes" || standalone == "no") {
		rest = r
	}
	if strings.TrimLeft(rest, " \t\r\n") != "" {
		return d.fail("an XML declaration that is not well-formed")
	}
	d.pos += end + 2
	return true
}

// pseudoAttribute reads one name="value" of an XML declaration.
func pseudoAttribute(s, name string) (value, rest string, ok bool) {
	t := strings.TrimLeft(s, " \t\r\n")
	if len(t) == len(s) || !strings.HasPrefix(t, name) {
		return "", s, false
	}
	t = strings.TrimLeft(t[len(name):], " \t\r\n")
	if !strings.HasPrefix(t, "=") {
		return "", s, false
	}
	t = strings.TrimLeft(t[1:], " \t\r\n")
	if t == "" || t[0] != '"' && t[0] != '\'' {
		return "", s, false
	}
	end := strings.IndexByte(t[1:], t[0])
	if end < 0 {
		return "", s, false
	}
	return t[1 : 1+end], t[end+2:], true
}

func isUTF8Name(s string) bool {
	return strings.EqualFold(s, "utf-8") || strings.EqualFold(s, "us-ascii") || strings.EqualFold(s, "ascii")
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// clip shortens what is quoted from a message in an error.
func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
