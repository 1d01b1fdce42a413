package wire

import "strings"

// Child enters the next child of the current element, whatever its
// namespace, or consumes the end tag and returns false. Text among the
// children is an error.
func (d *Decoder) Child() bool { return d.child(nil) }

// child is Child; text among the children goes to the scope when there is one.
func (d *Decoder) child(sc *Scope) bool {
	if d.err != nil || len(d.open) == 0 {
		return false
	}
	if d.empty {
		d.leave()
		return false
	}
	for {
		d.skipSpace()
		switch {
		case d.peek() != '<' || d.isMarkup():
			if !d.between(sc) {
				return false
			}
		case strings.HasPrefix(d.s[d.pos:], "</"):
			d.endTag()
			return false
		default:
			return d.startTag()
		}
	}
}

// between reads a piece of what stands between the children.
func (d *Decoder) between(sc *Scope) bool {
	text, _, ok := d.chunk()
	switch {
	case !ok:
		return false
	case sc == nil && trimSpace(text) != "":
		d.Invalid("text among elements: " + clip(trimSpace(text)))
		return false
	case sc == nil || text == "":
		return true
	}
	if sc.heard += len(text); sc.heard > d.limits.TextBytes {
		return d.over("text_bytes", d.limits.TextBytes)
	}
	if !sc.deaf {
		sc.stray = append(sc.stray, text...)
	}
	return true
}

// Skip passes over the current element with all that it holds.
func (d *Decoder) Skip() {
	for depth := len(d.open); d.err == nil && depth > 0 && len(d.open) >= depth; {
		sc := Scope{deaf: true}
		d.child(&sc)
	}
}

// Nil reports whether the current element has xsi:nil, and passes over it then.
func (d *Decoder) Nil() bool {
	for _, a := range d.attrs {
		if a.Local == "nil" && a.Space == XSI && isTrue(trimSpace(a.Value)) {
			d.Skip()
			return true
		}
	}
	return false
}

func isTrue(s string) bool { return s == "true" || s == "1" }

// clip shortens what is quoted from a message in an error.
func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
