package wire

import "strings"

// declaration reads <?xml version="1.0" encoding="…" standalone="…"?>
// (production 23).
func (d *Decoder) declaration() bool {
	end := strings.Index(d.s[d.pos:], "?>")
	if end < 0 {
		return d.fail("an XML declaration without end")
	}
	version, rest, ok := pseudoAttribute(d.s[d.pos+5:d.pos+end], "version")
	if !ok || !isVersion(version) {
		return d.fail("an XML declaration without version 1.0")
	}
	if encoding, r, ok := pseudoAttribute(rest, "encoding"); ok {
		rest = r
		if !d.encoding(encoding) {
			return false
		}
	}
	if standalone, r, ok := pseudoAttribute(rest, "standalone"); ok && (standalone == "yes" || standalone == "no") {
		rest = r
	}
	if trimSpace(rest) != "" {
		return d.fail("an XML declaration that is not well-formed")
	}
	d.pos += end + 2
	return true
}

// isVersion is production 26: 1.x, all of which are read as 1.0.
func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "1.")
	return ok && digits != "" && isDigits(digits)
}

// encoding holds the encoding that a document declares against what it is in.
func (d *Decoder) encoding(name string) bool {
	switch {
	case strings.EqualFold(name, "utf-8"):
		return true
	case strings.EqualFold(name, "us-ascii"), strings.EqualFold(name, "ascii"):
		d.traits.ascii = true
		return !d.traits.foreign || d.fail("encoding "+name+" with characters beyond it; declare UTF-8")
	}
	return d.fail("encoding " + clip(name) + "; send the message in UTF-8")
}

// pseudoAttribute reads one name="value" of an XML declaration.
func pseudoAttribute(s, name string) (value, rest string, ok bool) {
	t := strings.TrimLeft(s, spaces)
	if len(t) == len(s) || !strings.HasPrefix(t, name) {
		return "", s, false
	}
	t = strings.TrimLeft(t[len(name):], spaces)
	if !strings.HasPrefix(t, "=") {
		return "", s, false
	}
	t = strings.TrimLeft(t[1:], spaces)
	if t == "" || t[0] != '"' && t[0] != '\'' {
		return "", s, false
	}
	end := strings.IndexByte(t[1:], t[0])
	if end < 0 {
		return "", s, false
	}
	return t[1 : 1+end], t[end+2:], true
}

const spaces = " \t\r\n"
