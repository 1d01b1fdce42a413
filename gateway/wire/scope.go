package wire

import "math/bits"

// A Scope is the state of reading one element that has children: which
// children have been there. Generated decoders keep one on their stack.
type Scope struct {
	seen  uint64
	next  int
	stray []byte // text among the children
	heard int    // how much of it there was
	deaf  bool   // it is not kept
}

// Next enters the next child, in the namespace that the peer's rules allow.
func (d *Decoder) Next(sc *Scope) bool {
	return d.child(sc) && d.inNamespace()
}

// Slot says that the current element is child number i of its parent, and
// holds it against order and cardinality. It returns false when there is
// nothing to read: an element with xsi:nil counts as one that is not there.
func (d *Decoder) Slot(sc *Scope, i int, many bool) bool {
	if len(d.attrs) > 0 && d.Nil() {
		return false
	}
	bit := uint64(1) << i
	if i < sc.next && !d.Note(Order, d.Local()) {
		d.Invalid("the element is out of order")
	}
	if !many && sc.seen&bit != 0 && !d.Note(Repeated, d.Local()) {
		d.Invalid("the element is there twice")
	}
	sc.seen |= bit
	sc.next = max(sc.next, i)
	return true
}

// Spelt notes that the current element goes by another name than the
// contract's.
func (d *Decoder) Spelt(name string) {
	if d.Local() != name && !d.Note(Misspelt, d.Local()) {
		d.Invalid("unknown element; the contract spells it " + name)
	}
}

// Unknown passes over an element that the contract does not know.
func (d *Decoder) Unknown() {
	if !d.Note(UnknownChild, d.Local()) {
		d.Invalid("unknown element")
		return
	}
	d.Skip()
}

// Done holds the element that has just ended against its mandatory children;
// names are those of all children.
func (d *Decoder) Done(sc *Scope, required uint64, names []string) {
	if d.err != nil {
		return
	}
	if text := trimSpace(string(sc.stray)); text != "" {
		d.invalidValue("text among elements: " + clip(text))
		return
	}
	for missing := required &^ sc.seen; missing != 0; missing &= missing - 1 {
		name := names[bits.TrailingZeros64(missing)]
		if !d.Note(Absent, name) {
			d.absent("the element " + name + " is missing")
			return
		}
	}
}

// Plain returns the text of an element of type Text that came as plain text,
// without children, where the peer's rules take that.
func (d *Decoder) Plain(sc *Scope) (string, bool) {
	if d.err != nil || sc.seen != 0 || sc.stray == nil {
		return "", false
	}
	text := trimSpace(string(sc.stray))
	return text, text != "" && d.Note(PlainText, d.left())
}

// OneOf holds the element that has just ended against a choice: one of two
// children, not both.
func (d *Decoder) OneOf(sc *Scope, a, b int, required bool, names []string) {
	hasA, hasB := sc.seen>>a&1 != 0, sc.seen>>b&1 != 0
	switch {
	case d.err != nil || hasA != hasB || !hasA && !required:
	case hasA && !d.Note(Repeated, names[b]):
		d.invalidValue("either " + names[a] + " or " + names[b] + " may be there, not both")
	case !hasA && !d.Note(Absent, names[a]):
		d.absent("either " + names[a] + " or " + names[b] + " must be there")
	}
}
