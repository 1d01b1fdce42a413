package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// startTag reads a start tag and enters its element.
func (d *Decoder) startTag() bool {
	d.begin = d.pos
	raw, n := scanName(d.s[d.begin+1:])
	if n == 0 {
		return d.fail("a < that begins no tag")
	}
	if n > d.limits.NameBytes {
		return d.over("name_bytes", d.limits.NameBytes)
	}
	if len(d.open) >= d.limits.Depth {
		return d.over("depth", d.limits.Depth)
	}
	if d.elements++; d.elements > d.limits.Elements {
		return d.over("elements", d.limits.Elements)
	}
	d.mark = len(d.bindings)
	d.pos, d.attrs, d.empty = d.begin+1+n, d.attrs[:0], false
	if d.peek() == '>' {
		d.pos++
	} else if !d.attributes() {
		return false
	}
	return d.enter(raw)
}

// enter resolves the name and puts the element on the stack.
func (d *Decoder) enter(raw string) bool {
	prefix, local, ok := splitName(raw)
	if !ok {
		return d.fail("the name " + clip(raw) + " is not a qualified name")
	}
	space, ok := d.lookup(prefix)
	if !ok {
		return d.fail("the prefix " + clip(prefix) + " is bound to no namespace")
	}
	d.local, d.space = local, space
	d.open = append(d.open, openElement{raw, d.mark, local})
	return true
}

// attributes reads the attributes up to the end of the start tag.
func (d *Decoder) attributes() bool {
	prefixed := false
	for {
		spaced := d.skipSpace()
		switch d.peek() {
		case '>':
			d.pos++
			return !prefixed || d.resolveAttrs()
		case '/':
			if d.pos+1 >= len(d.s) || d.s[d.pos+1] != '>' {
				return d.fail("a / in a tag without >")
			}
			d.pos, d.empty = d.pos+2, true
			return !prefixed || d.resolveAttrs()
		case 0:
			return d.fail("a tag without end")
		}
		if !spaced {
			return d.fail("no space before an attribute")
		}
		p, ok := d.attribute()
		if !ok {
			return false
		}
		prefixed = prefixed || p
	}
}

// attribute reads one attribute; a namespace declaration becomes a binding.
func (d *Decoder) attribute() (prefixed, ok bool) {
	name, n := scanName(d.s[d.pos:])
	if n == 0 {
		return false, d.fail("an attribute without name")
	}
	if n > d.limits.NameBytes {
		return false, d.over("name_bytes", d.limits.NameBytes)
	}
	d.pos += n
	d.skipSpace()
	if d.peek() != '=' {
		return false, d.fail("the attribute " + clip(name) + " has no value")
	}
	d.pos++
	d.skipSpace()
	value, ok := d.attributeValue()
	if !ok {
		return false, false
	}
	prefix, local, ok := splitName(name)
	switch {
	case !ok:
		return false, d.fail("the attribute " + clip(name) + " is not a qualified name")
	case name == "xmlns":
		return false, d.bind("", value)
	case prefix == "xmlns":
		return false, d.bind(local, value)
	}
	for _, a := range d.attrs {
		if a.Space == prefix && a.Local == local {
			return false, d.fail("the attribute " + clip(name) + " twice")
		}
	}
	if len(d.attrs) >= d.limits.Attributes {
		return false, d.over("attributes", d.limits.Attributes)
	}
	d.attrs = append(d.attrs, Attr{prefix, local, value})
	return prefix != "", true
}

// resolveAttrs turns the prefixes of attributes into namespaces, when all
// declarations of the tag are known.
func (d *Decoder) resolveAttrs() bool {
	for i := range d.attrs {
		a := &d.attrs[i]
		if a.Space == "" {
			continue
		}
		space, ok := d.lookup(a.Space)
		if !ok {
			return d.fail("the prefix " + clip(a.Space) + " is bound to no namespace")
		}
		a.Space = space
		for _, b := range d.attrs[:i] {
			if b.Space == space && b.Local == a.Local {
				return d.fail("the attribute " + clip(a.Local) + " twice in one namespace")
			}
		}
	}
	return true
}

// bind declares a prefix in the tag that is being read.
func (d *Decoder) bind(prefix, space string) bool {
	for _, b := range d.bindings[d.mark:] {
		if b.prefix == prefix {
			return d.fail("the namespace prefix " + clip(prefix) + " is declared twice")
		}
	}
	switch {
	case prefix == "xmlns", space == "http://www.w3.org/2000/xmlns/", (prefix == "xml") != (space == xmlNamespace):
		return d.fail("a namespace declaration that XML reserves")
	case prefix != "" && space == "":
		return d.fail("the namespace prefix " + clip(prefix) + " is undeclared, which XML 1.0 does not allow")
	case len(d.bindings) > d.limits.Namespaces:
		return d.over("namespaces", d.limits.Namespaces)
	}
	d.bindings = append(d.bindings, binding{prefix, space})
	return true
}

// lookup finds the namespace of a prefix; the default is none.
func (d *Decoder) lookup(prefix string) (string, bool) {
	for i := len(d.bindings) - 1; i >= 0; i-- {
		if d.bindings[i].prefix == prefix {
			return d.bindings[i].space, true
		}
	}
	return "", prefix == ""
}

// endTag reads the end tag that must come at this place.
func (d *Decoder) endTag() bool {
	top := &d.open[len(d.open)-1]
	rest := d.s[d.pos+2:]
	if !strings.HasPrefix(rest, top.raw) {
		return d.fail("an end tag that does not fit <" + clip(top.raw) + ">")
	}
	d.pos += 2 + len(top.raw)
	d.skipSpace()
	if d.peek() != '>' {
		return d.fail("an end tag that does not fit <" + clip(top.raw) + ">")
	}
	d.pos++
	d.leave()
	return true
}

// leave takes the element off the stack, with its namespace declarations.
func (d *Decoder) leave() {
	top := len(d.open) - 1
	d.bindings = d.bindings[:d.open[top].bindings]
	d.open = d.open[:top]
	d.empty = false
}

func (d *Decoder) peek() byte {
	if d.pos < len(d.s) {
		return d.s[d.pos]
	}
	return 0
}

func (d *Decoder) skipSpace() bool {
	from := d.pos
	for d.pos < len(d.s) && isSpace(d.s[d.pos]) {
		d.pos++
	}
	return d.pos > from
}

// splitName parts a qualified name; "a:b:c", ":a" and "a:" are none.
func splitName(raw string) (prefix, local string, ok bool) {
	i := strings.IndexByte(raw, ':')
	if i < 0 {
		return "", raw, true
	}
	prefix, local = raw[:i], raw[i+1:]
	r, _ := utf8.DecodeRuneInString(local)
	return prefix, local, prefix != "" && local != "" && strings.IndexByte(local, ':') < 0 && isNameStart(r)
}

// scanName returns the XML name at the beginning of s.
func scanName(s string) (string, int) {
	i := 0
	for i < len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':':
			i++
			continue
		case c >= '0' && c <= '9', c == '-', c == '.':
			if i == 0 {
				return "", 0
			}
			i++
			continue
		case c < 0x80:
			return s[:i], i
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isNameStart(r) && (i == 0 || !isNameMore(r)) {
			return s[:i], i
		}
		i += n
	}
	return s[:i], i
}

func isNameStart(r rune) bool { return r == '_' || r == ':' || unicode.Is(nameStart, r) }

func isNameMore(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r >= 0x203F && r <= 0x2040
}

// nameStart is production 4 of XML 1.0 (fifth edition) without _ and colon.
var nameStart = &unicode.RangeTable{
	R16: []unicode.Range16{
		{'A', 'Z', 1}, {'a', 'z', 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1},
		{0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1},
		{0x3001, 0xD7FF, 1}, {0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
	},
	R32:         []unicode.Range32{{0x10000, 0xEFFFF, 1}},
	LatinOffset: 4,
}
