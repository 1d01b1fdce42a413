package wire

import "strings"

// startTag reads a start tag and enters its element.
func (d *Decoder) startTag() bool {
	d.begin = d.pos
	from := d.pos + 1
	n, colon := d.nameAt(from)
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
	d.pos, d.mark, d.attrs, d.empty = from+n, len(d.bindings), d.attrs[:0], false
	if d.peek() == '>' {
		d.pos++
	} else if !d.attributes() {
		return false
	}
	return d.enter(openElement{from, from, from + n, d.mark}, colon)
}

// enter resolves the name and puts the element on the stack.
func (d *Decoder) enter(e openElement, colon int) bool {
	raw := d.s[e.name:e.end]
	prefix, local, ok := splitName(raw, colon)
	if !ok {
		return d.fail("the name " + clip(raw) + " is not a qualified name")
	}
	space, ok := d.lookup(prefix)
	if !ok {
		return d.fail("the prefix " + clip(prefix) + " is bound to no namespace")
	}
	if space != d.space {
		d.space = space
	}
	e.local = e.end - len(local)
	d.last, d.open = e, append(d.open, e)
	return true
}

// endTag reads the end tag that must come at this place.
func (d *Decoder) endTag() bool {
	raw := d.raw(len(d.open) - 1)
	if !strings.HasPrefix(d.s[d.pos+2:], raw) {
		return d.fail("an end tag that does not fit <" + clip(raw) + ">")
	}
	d.pos += 2 + len(raw)
	if d.peek() != '>' && (!d.skipSpace() || d.peek() != '>') {
		return d.fail("an end tag that does not fit <" + clip(raw) + ">")
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
