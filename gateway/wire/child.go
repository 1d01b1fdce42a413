package wire

import "strings"

// Child enters the next child of the current element, whatever its
// namespace, or consumes the end tag and returns false. Text among the
// children is an error.
func (d *Decoder) Child() bool { return d.child(nil) }

// child is Child; text among the children goes to stray when there is one.
func (d *Decoder) child(stray *string) bool {
	if d.err != nil {
		return false
	}
	if d.empty {
		d.leave()
		return false
	}
	for d.pos < len(d.s) {
		if isSpace(d.s[d.pos]) {
			d.pos++
			continue
		}
		if d.s[d.pos] != '<' || d.isMarkup() {
			if !d.between(stray) {
				return false
			}
			continue
		}
		if strings.HasPrefix(d.s[d.pos:], "</") {
			d.endTag()
			return false
		}
		return d.startTag()
	}
	return d.fail("the document ends inside <" + clip(d.open[len(d.open)-1].raw) + ">")
}

// between reads a piece of what stands between the children.
func (d *Decoder) between(stray *string) bool {
	text, _, ok := d.chunk()
	if !ok || strings.TrimLeft(text, " \t\r\n") == "" {
		return ok
	}
	if stray == nil {
		d.Invalid("text among elements: " + clip(strings.TrimSpace(text)))
		return false
	}
	if len(*stray)+len(text) > d.limits.TextBytes {
		return d.over("text_bytes", d.limits.TextBytes)
	}
	*stray += text
	return true
}

// Skip passes over the current element with all that it holds.
func (d *Decoder) Skip() {
	var stray string
	for depth := len(d.open); d.err == nil && len(d.open) >= depth; stray = "" {
		d.child(&stray)
	}
}

// Nil reports whether the current element has xsi:nil, and passes over it then.
func (d *Decoder) Nil() bool {
	for _, a := range d.attrs {
		if a.Local == "nil" && a.Space == XSI && (a.Value == "true" || a.Value == "1") {
			d.Skip()
			return true
		}
	}
	return false
}

// inNamespace notes in which other namespace than the expected one the
// current element is; without a rule for it, it is an error.
func (d *Decoder) inNamespace() bool {
	if d.space == d.want || d.want == "" {
		return true
	}
	rule := ForeignNamespace
	if d.space == "" {
		rule = NoNamespace
	}
	for _, sibling := range d.known {
		if d.space == sibling {
			rule = MixedNamespace
		}
	}
	if d.Note(rule, "") {
		return true
	}
	where := "the namespace " + d.space
	if d.space == "" {
		where = "no namespace"
	}
	d.Invalid("the element is in " + where + ", not in " + d.want)
	return false
}
