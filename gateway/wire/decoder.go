package wire

import (
	"strings"
	"unicode/utf8"
)

// XSI is the namespace of xsi:nil and xsi:type.
const XSI = "http://www.w3.org/2001/XMLSchema-instance"

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

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

	err        error
	deviations []Deviation

	open     []openElement
	bindings []binding
	attrs    []Attr
	elements int
	mark     int // bindings in scope before the tag that is being read
	begin    int // where the tag that was read last begins

	local, space string // of the element that was entered last
	empty        bool   // it was written <a/>
	hasAmp       bool
	hasCR        bool
}

type openElement struct {
	raw      string // as written, prefix included
	bindings int    // how many were in scope before it
	local    string
}

type binding struct{ prefix, space string }

// An Attr is an attribute that is not a namespace declaration.
type Attr struct{ Space, Local, Value string }

// NewDecoder returns a Decoder over a document. It refuses, at the first
// use, what is not UTF-8 and characters that XML does not allow.
func NewDecoder(document string, limits Limits, rules Rule) *Decoder {
	d := &Decoder{s: document, limits: limits.orDefault(), rules: rules}
	d.bindings = append(make([]binding, 0, 8), binding{"xml", xmlNamespace})
	d.open = make([]openElement, 0, 16)
	d.checkCharacters()
	return d
}

// Expect says in which namespace the elements must be from here on, and
// which others are those of sibling services.
func (d *Decoder) Expect(space string, siblings []string) { d.want, d.known = space, siblings }

// Bind puts namespace bindings in scope, for an element cut out of its document.
func (d *Decoder) Bind(bindings []Binding) {
	for _, b := range bindings {
		d.bindings = append(d.bindings, binding{b.Prefix, b.Space})
	}
}

// A Binding binds a prefix, or "", to a namespace.
type Binding struct{ Prefix, Space string }

// Err returns the first error.
func (d *Decoder) Err() error { return d.err }

// Pos returns the place in the document, in bytes.
func (d *Decoder) Pos() int { return d.pos }

// TagStart returns where the start tag that was read last begins, in bytes.
func (d *Decoder) TagStart() int { return d.begin }

// Slice returns a part of the document.
func (d *Decoder) Slice(from, to int) string { return d.s[from:to] }

// Local returns the local name of the element that was entered last.
func (d *Decoder) Local() string { return d.local }

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

// fail stops the decoder because the document is not well-formed.
func (d *Decoder) fail(text string) bool {
	d.Fail(&SyntaxError{lineOf(d.s, d.pos), text})
	return false
}

func (d *Decoder) over(limit string, n int) bool {
	d.Fail(&LimitError{limit, n, lineOf(d.s, d.pos)})
	return false
}

// path names the open elements from the message element on.
func (d *Decoder) path() string {
	var b strings.Builder
	for i, e := range d.open {
		if e.local == "Envelope" || e.local == "Body" || e.local == "Header" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString(d.open[i].local)
	}
	return b.String()
}

// Invalid stops the decoder because the message is against the contract.
func (d *Decoder) Invalid(text string) { d.Fail(&DataError{Path: d.path(), Text: text}) }

// checkCharacters holds the whole document against XML 1.0 section 2.2.
func (d *Decoder) checkCharacters() {
	d.s = strings.TrimPrefix(d.s, "\ufeff")
	if !utf8.ValidString(d.s) {
		d.pos = firstInvalid(d.s)
		d.fail("not UTF-8; send the message in UTF-8, or say its encoding in the Content-Type")
		return
	}
	for i := 0; i < len(d.s); i++ {
		switch c := d.s[i]; {
		case c >= 0x20 && c < 0x80 && c != '&':
		case c == '&':
			d.hasAmp = true
		case c == '\r':
			d.hasCR = true
		case c == '\n' || c == '\t':
		case c < 0x20:
			d.pos = i
			d.fail("a control character that XML does not allow")
			return
		case c == 0xEF && i+2 < len(d.s) && d.s[i+1] == 0xBF && d.s[i+2] >= 0xBE:
			d.pos = i
			d.fail("U+FFFE or U+FFFF, which XML does not allow")
			return
		}
	}
}

func firstInvalid(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(s)
}
