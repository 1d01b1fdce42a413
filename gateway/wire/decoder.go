package wire

import "strings"

// XSI is the namespace of xsi:nil and xsi:type.
const XSI = "http://www.w3.org/2001/XMLSchema-instance"

// A Decoder walks through one document, or one element of one, that is held
// in memory. Texts are sub-strings of the document wherever they hold no
// reference. The first error stops it: everything after returns at once.
type Decoder struct {
	s      string
	pos    int
	limits Limits
	rules  Rule
	want   string // the namespace that elements must be in; "" for any
	known  []string
	traits traits

	err        error
	deviations []Deviation

	open     []openElement
	bindings []Binding
	attrs    []Attr
	elements int
	mark     int // bindings in scope before the tag that is being read
	begin    int // where the tag that was read last begins

	last  openElement // that was entered last
	space string      // its namespace
	empty bool        // it was written <a/>

	openRoom    [20]openElement
	bindingRoom [8]Binding
}

// An openElement holds places in the document instead of strings: it is
// written for every tag, and pointers would make the garbage collector look.
type openElement struct {
	name, local, end int // where its name, the local part of it and both end
	bindings         int // how many were in scope before it
}

// A Binding binds a prefix, or "", to a namespace.
type Binding struct{ Prefix, Space string }

// An Attr is an attribute that is not a namespace declaration.
type Attr struct{ Space, Local, Value string }

// NewDecoder returns a Decoder over a document. It refuses, at the first
// use, what is not UTF-8 and characters that XML does not allow. A byte order
// mark is no part of the document.
func NewDecoder(document string, limits Limits, rules Rule) *Decoder {
	d := &Decoder{s: strings.TrimPrefix(document, "\ufeff"), limits: limits.orDefault(), rules: rules}
	d.bindings = append(d.bindingRoom[:0], Binding{"xml", xmlNamespace})
	d.open = d.openRoom[:0]
	d.checkCharacters()
	return d
}

// Expect says in which namespace the elements must be from here on, and
// which others are those of sibling services.
func (d *Decoder) Expect(space string, siblings []string) {
	d.want, d.known = space, siblings
	for i := range d.bindings { // one string, so that comparing is cheap
		if d.bindings[i].Space == space {
			d.bindings[i].Space = space
		}
	}
}

// Bind puts namespace bindings in scope, for an element cut out of its document.
func (d *Decoder) Bind(bindings []Binding) { d.bindings = append(d.bindings, bindings...) }

// Err returns the first error.
func (d *Decoder) Err() error { return d.err }

// Pos returns the place in the document, in bytes.
func (d *Decoder) Pos() int { return d.pos }

// TagStart returns where the start tag that was read last begins, in bytes.
func (d *Decoder) TagStart() int { return d.begin }

// Slice returns a part of the document.
func (d *Decoder) Slice(from, to int) string { return d.s[from:to] }

// Local returns the local name of the element that was entered last.
func (d *Decoder) Local() string { return d.s[d.last.local:d.last.end] }

// Space returns its namespace.
func (d *Decoder) Space() string { return d.space }

// Attrs returns its attributes, valid until the next element.
func (d *Decoder) Attrs() []Attr { return d.attrs }

// Depth returns how many elements are open.
func (d *Decoder) Depth() int { return len(d.open) }

// Fail stops the decoder with an error, unless it has stopped already.
func (d *Decoder) Fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// Invalid stops the decoder because the message is against the contract.
func (d *Decoder) Invalid(text string) { d.Fail(&DataError{Path: d.path(), Text: text}) }

// fail stops the decoder because the document is not well-formed.
func (d *Decoder) fail(text string) bool {
	d.Fail(&SyntaxError{lineOf(d.s, d.pos), text})
	return false
}

func (d *Decoder) over(limit string, n int) bool {
	d.Fail(&LimitError{limit, n, lineOf(d.s, d.pos)})
	return false
}

// ended stops the decoder because the document does, too early.
func (d *Decoder) ended() bool {
	d.pos = len(d.s)
	return d.fail("the document ends inside <" + clip(d.raw(len(d.open)-1)) + ">")
}

// invalidValue is Invalid for the element that was left last.
func (d *Decoder) invalidValue(text string) {
	d.Fail(&DataError{Path: d.pathTo(len(d.open) + 1), Text: text})
}

// absent stops the decoder because something mandatory was not in the
// element that was left last.
func (d *Decoder) absent(text string) {
	d.Fail(&DataError{Path: d.pathTo(len(d.open) + 1), Text: text, Absent: true})
}

// path names the open elements from the message element on.
func (d *Decoder) path() string { return d.pathTo(len(d.open)) }

// pathTo names the elements on the stack; one above its top is the element
// that was left last.
func (d *Decoder) pathTo(n int) string {
	var names []string
	for _, e := range d.open[:n] {
		if local := d.s[e.local:e.end]; local != "Envelope" && local != "Body" && local != "Header" {
			names = append(names, local)
		}
	}
	return strings.Join(names, "/")
}

// left returns the local name of the element that was left last.
func (d *Decoder) left() string {
	e := d.open[:len(d.open)+1][len(d.open)]
	return d.s[e.local:e.end]
}

// raw returns the name of an open element as written, prefix included.
func (d *Decoder) raw(i int) string { return d.s[d.open[i].name:d.open[i].end] }
