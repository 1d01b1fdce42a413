package wire

// SetRules puts the rules of the peer in force, once it is known who that
// is. What was noted before under wider rules is held against them.
func (d *Decoder) SetRules(rules Rule) bool {
	d.rules = rules
	for _, v := range d.deviations {
		if v.Rule&rules == 0 {
			d.Fail(&DataError{Path: v.Element, Text: v.Rule.String() + ", which the peer's profile does not allow"})
			return false
		}
	}
	return d.err == nil
}

// CheckNamespace holds the current element against the expected namespace.
func (d *Decoder) CheckNamespace() bool { return d.err == nil && d.inNamespace() }

// TextOrChild reads the current element, which holds text or elements. It
// calls child in each of the latter, to read it whole.
func (d *Decoder) TextOrChild(child func()) string {
	var sc Scope
	children := 0
	for d.child(&sc) {
		children++
		child()
	}
	text := trimSpace(string(sc.stray))
	if children > 0 && text != "" {
		d.Invalid("text among elements: " + clip(text))
	}
	return text
}
