package unitime

import (
	"fmt"
	"strings"
)

// Limits bound what a file may ask of the memory. A zero one is that of
// DefaultLimits.
type Limits struct {
	Depth      int // elements within elements
	Attribute  int // bytes of a value
	Attributes int // of an element
	Token      int // bytes of a tag, a text or a comment
	Offering   int // elements in one child of the root, such as an offering with all its classes
	Elements   int // in the file
	Identifier int // bytes of an id
}

// DefaultLimits hold a term of a large university many times over.
var DefaultLimits = Limits{
	Depth: 32, Attribute: 16 << 10, Attributes: 64, Token: 1 << 20, Offering: 50_000, Elements: 10_000_000, Identifier: 255,
}

func (l Limits) filled() Limits {
	for _, f := range []struct {
		to   *int
		from int
	}{
		{&l.Depth, DefaultLimits.Depth}, {&l.Attribute, DefaultLimits.Attribute}, {&l.Attributes, DefaultLimits.Attributes},
		{&l.Token, DefaultLimits.Token}, {&l.Offering, DefaultLimits.Offering}, {&l.Elements, DefaultLimits.Elements},
		{&l.Identifier, DefaultLimits.Identifier},
	} {
		if *f.to == 0 {
			*f.to = f.from
		}
	}
	return l
}

// An Error refuses a file: it says where, by which rule, and what to do.
type Error struct {
	Line      int
	Element   string // the path to it
	Attribute string // "" for the element itself
	Rule      string
	Next      string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Element != "" {
		b.WriteString(e.Element)
		if e.Attribute != "" {
			b.WriteString("/@" + e.Attribute)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Rule)
	if e.Next != "" {
		b.WriteString("; " + e.Next)
	}
	return b.String()
}

// refuse refuses an element, or one attribute of it.
func (e *element) refuse(attribute, next, rule string, args ...any) error {
	return &Error{Line: e.line, Element: e.path, Attribute: attribute, Rule: fmt.Sprintf(rule, args...), Next: next}
}
