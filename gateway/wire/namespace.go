package wire

const (
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsNamespace = "http://www.w3.org/2000/xmlns/"
)

// bind declares a prefix in the tag that is being read.
func (d *Decoder) bind(prefix, space string) bool {
	for _, b := range d.bindings[d.mark:] {
		if b.Prefix == prefix {
			return d.fail("the namespace prefix " + clip(prefix) + " is declared twice")
		}
	}
	switch {
	case prefix == "xmlns", space == xmlnsNamespace, (prefix == "xml") != (space == xmlNamespace):
		return d.fail("a namespace declaration that XML reserves")
	case prefix != "" && space == "":
		return d.fail("the namespace prefix " + clip(prefix) + " is undeclared, which XML 1.0 does not allow")
	case len(d.bindings) > d.limits.Namespaces: // xml is one of them, and free
		return d.over("namespaces", d.limits.Namespaces)
	}
	if space == d.want {
		space = d.want // one string, so that comparing is cheap
	}
	d.bindings = append(d.bindings, Binding{prefix, space})
	return true
}

// lookup finds the namespace of a prefix; the default is none.
func (d *Decoder) lookup(prefix string) (string, bool) {
	for i := len(d.bindings) - 1; i >= 0; i-- {
		if d.bindings[i].Prefix == prefix {
			return d.bindings[i].Space, true
		}
	}
	return "", prefix == ""
}

// inNamespace notes in which other namespace than the expected one the
// current element is; without a rule for it, it is an error.
func (d *Decoder) inNamespace() bool {
	if d.space == d.want || d.want == "" {
		return true
	}
	rule, where := ForeignNamespace, "the namespace "+clip(d.space)
	if d.space == "" {
		rule, where = NoNamespace, "no namespace"
	}
	for _, sibling := range d.known {
		if d.space == sibling {
			rule = MixedNamespace
		}
	}
	if d.Note(rule, "") {
		return true
	}
	d.Invalid("the element is in " + where + ", not in " + d.want)
	return false
}
