package unitime

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// An element is a tag of a file with what is in it. UniTime has no text.
type element struct {
	name  string
	attrs []attribute
	kids  []*element
	line  int
	path  string // from the root, for people
}

type attribute struct{ name, value string }

// ours begins the names of attributes that are in kept elements and never in
// files.
const ours = "lisgate."

func newElement(name string, pairs ...string) *element {
	e := &element{name: name, path: name}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.set(pairs[i], pairs[i+1])
	}
	return e
}

// get returns an attribute without white space at its ends, and whether it is
// there.
func (e *element) get(name string) (string, bool) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			return strings.TrimSpace(e.attrs[i].value), true
		}
	}
	return "", false
}

// text returns an attribute, or "".
func (e *element) text(name string) string {
	s, _ := e.get(name)
	return s
}

func (e *element) has(name string) bool {
	_, there := e.get(name)
	return there
}

func (e *element) is(name string) bool { return strings.EqualFold(e.text(name), "true") }

// set sets an attribute in place, or appends it.
func (e *element) set(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
			return
		}
	}
	e.attrs = append(e.attrs, attribute{name, value})
}

func (e *element) remove(names ...string) {
	e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool { return slices.Contains(names, a.name) })
}

// all returns the children with one of the names.
func (e *element) all(names ...string) []*element {
	var found []*element
	for _, k := range e.kids {
		if slices.Contains(names, k.name) {
			found = append(found, k)
		}
	}
	return found
}

func (e *element) first(name string) *element {
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// without returns a copy that has no children of some names.
func (e *element) without(names ...string) *element {
	c := e.copy()
	c.kids = slices.DeleteFunc(c.kids, func(k *element) bool { return slices.Contains(names, k.name) })
	return c
}

// replace puts elements in the place of all children of some names.
func (e *element) replace(with []*element, names ...string) {
	e.kids = slices.DeleteFunc(e.kids, func(k *element) bool { return slices.Contains(names, k.name) })
	e.kids = append(e.kids, with...)
}

// copy copies an element with all that is in it.
func (e *element) copy() *element {
	c := *e
	c.attrs = slices.Clone(e.attrs)
	c.kids = make([]*element, len(e.kids))
	for i, k := range e.kids {
		c.kids[i] = k.copy()
	}
	return &c
}

// order sorts the children as the DTD has them, like ones as they were.
func (e *element) order(names ...string) {
	rank := func(k *element) int {
		name := k.name
		if name == "location" { // rooms and locations go together
			name = "room"
		}
		if i := slices.Index(names, name); i >= 0 {
			return i
		}
		return len(names)
	}
	slices.SortStableFunc(e.kids, func(a, b *element) int { return rank(a) - rank(b) })
}

// open writes the tag without its end.
func (e *element) open(w *bufio.Writer) {
	w.WriteByte('<')
	w.WriteString(e.name)
	for _, a := range e.attrs {
		w.WriteByte(' ')
		w.WriteString(a.name)
		w.WriteString(`="`)
		_ = xml.EscapeText(w, []byte(a.value)) // w keeps its error
		w.WriteByte('"')
	}
}

// write writes the element, indented unless depth is negative.
func (e *element) write(w *bufio.Writer, depth int) {
	indent(w, depth)
	e.open(w)
	if len(e.kids) == 0 {
		w.WriteString("/>")
		return
	}
	w.WriteByte('>')
	deeper := depth
	if depth >= 0 {
		deeper++
	}
	for _, k := range e.kids {
		k.write(w, deeper)
	}
	indent(w, depth)
	w.WriteString("</" + e.name + ">")
}

func indent(w *bufio.Writer, depth int) {
	if depth < 0 {
		return
	}
	w.WriteByte('\n')
	for range depth {
		w.WriteString("  ")
	}
}

// String writes the element on one line, as it is kept in a field.
func (e *element) String() string {
	var b bytes.Buffer
	w := bufio.NewWriterSize(&b, 256)
	e.write(w, -1)
	w.Flush()
	return b.String()
}

// keptLimits are wide: what is kept went through those of a file.
var keptLimits = Limits{Depth: 1 << 10, Attribute: 1 << 24, Attributes: 1 << 12, Offering: 1 << 22, Elements: 1 << 22}

// parseKept reads an element that a field kept; nil when there is none, or
// somebody wrote something else into the field.
func parseKept(s, name string) *element {
	if s == "" {
		return nil
	}
	sc := newScanner(strings.NewReader(s), keptLimits)
	e, err := sc.root()
	if err != nil || e.name != name {
		return nil
	}
	for {
		k, err := sc.next()
		if err == io.EOF {
			return e
		}
		if err != nil {
			return nil
		}
		e.kids = append(e.kids, k)
	}
}
