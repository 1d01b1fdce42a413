package wire

import "strings"

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
			if !strings.HasPrefix(d.s[d.pos:], "/>") {
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
	n, colon := d.nameAt(d.pos)
	if n == 0 {
		return false, d.fail("an attribute without name")
	}
	if n > d.limits.NameBytes {
		return false, d.over("name_bytes", d.limits.NameBytes)
	}
	name := d.s[d.pos : d.pos+n]
	d.pos += n
	value, ok := d.attributeValue(name)
	if !ok {
		return false, false
	}
	prefix, local, ok := splitName(name, colon)
	switch {
	case !ok:
		return false, d.fail("the attribute " + clip(name) + " is not a qualified name")
	case name == "xmlns":
		return false, d.bind("", value)
	case prefix == "xmlns":
		return false, d.bind(local, value)
	}
	return prefix != "", d.addAttr(Attr{prefix, local, value})
}

// addAttr adds an attribute whose Space is still its prefix.
func (d *Decoder) addAttr(a Attr) bool {
	for _, b := range d.attrs {
		if b.Space == a.Space && b.Local == a.Local {
			return d.fail("the attribute " + clip(a.Local) + " twice")
		}
	}
	if len(d.attrs) >= d.limits.Attributes {
		return d.over("attributes", d.limits.Attributes)
	}
	d.attrs = append(d.attrs, a)
	return true
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

// attributeValue reads ="value"; white space in it becomes blanks (XML 1.0
// section 3.3.3).
func (d *Decoder) attributeValue(name string) (string, bool) {
	d.skipSpace()
	if d.peek() != '=' {
		return "", d.fail("the attribute " + clip(name) + " has no value")
	}
	d.pos++
	d.skipSpace()
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
	d.pos += end + 2
	if strings.ContainsAny(v, "\t\r\n") {
		v = blanks.Replace(v)
	}
	v, ok := d.references(v)
	if ok && len(v) > d.limits.TextBytes {
		return "", d.over("text_bytes", d.limits.TextBytes)
	}
	return v, ok
}

var blanks = strings.NewReplacer("\r\n", " ", "\t", " ", "\r", " ", "\n", " ")
