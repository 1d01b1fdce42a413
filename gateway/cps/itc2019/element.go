package itc2019

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// An element is a start tag of the file.
type element struct {
	name      string
	line      int
	attrs     []xml.Attr
	limits    *Limits
	children  int
	limit     int // of children; 0 for none
	limitName string
}

// element takes a start tag into account.
func (s *scanner) element(t xml.StartElement) (*element, error) {
	e := &element{name: t.Name.Local, line: s.line, limits: &s.limits}
	if s.depth++; s.depth > s.limits.Depth {
		return nil, e.fault("elements are nested deeper than %d (Limits.Depth); give a file of the competition's format", s.limits.Depth)
	}
	if len(t.Attr) > s.limits.Attributes {
		return nil, e.fault("it has more than %d attributes (Limits.Attributes); take out those that the format has not", s.limits.Attributes)
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		if a.Name.Space != "" { // another vocabulary's
			s.tell(fmt.Sprintf("attribute %s of <%s>", clip(a.Name.Local), clip(e.name)))
			continue
		}
		if len(a.Value) > s.limits.Value {
			return nil, e.fault("attribute %s is longer than %d bytes (Limits.Value); shorten it, or raise the limit", clip(a.Name.Local), s.limits.Value)
		}
		if e.has(a.Name.Local) {
			return nil, e.fault("attribute %s is given twice; keep one", clip(a.Name.Local))
		}
		e.attrs = append(e.attrs, a)
	}
	return e, nil
}

// fault is an error about the element.
func (e *element) fault(format string, args ...any) error {
	return &FileError{Line: e.line, Element: e.String(), Text: fmt.Sprintf(format, args...)}
}

// String writes the tag with its id.
func (e *element) String() string {
	if id := e.get("id"); id != "" {
		return fmt.Sprintf("<%s id=%q>", clip(e.name), clip(id))
	}
	return "<" + clip(e.name) + ">"
}

func (e *element) has(name string) bool {
	for i := range e.attrs {
		if e.attrs[i].Name.Local == name {
			return true
		}
	}
	return false
}

// get returns an attribute without white space at its ends, "" when it is not there.
func (e *element) get(name string) string {
	for i := range e.attrs {
		if e.attrs[i].Name.Local == name {
			return strings.TrimSpace(e.attrs[i].Value)
		}
	}
	return ""
}

// number reads a whole number from low to high.
func (e *element) number(name string, low, high int) (int, error) {
	s := e.get(name)
	if s == "" {
		return 0, e.fault("attribute %s is missing; write a whole number from %d to %d", name, low, high)
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, e.fault("%s %q is not a whole number from %d to %d; correct it", name, clip(s), low, high)
	}
	return n, nil
}

// numberOr is number, or otherwise when the attribute is not there.
func (e *element) numberOr(name string, low, high, otherwise int) (int, error) {
	if e.get(name) == "" {
		return otherwise, nil
	}
	return e.number(name, low, high)
}

// flag reads true or false.
func (e *element) flag(name string, otherwise bool) (bool, error) {
	switch s := e.get(name); s {
	case "":
		return otherwise, nil
	case "true", "false":
		return s == "true", nil
	default:
		return false, e.fault("%s %q is neither true nor false; correct it", name, clip(s))
	}
}

// id reads an id, which becomes part of a sourcedId.
func (e *element) id(name string) (string, error) {
	s := e.get(name)
	switch {
	case s == "":
		return "", e.fault("attribute %s is missing; write the id", name)
	case len(s) > e.limits.ID:
		return "", e.fault("%s %q is longer than %d bytes (Limits.ID); shorten it, or raise the limit", name, clip(s), e.limits.ID)
	case !plainID(s):
		return "", e.fault("%s %q has white space, a tilde or what cannot be printed; write letters, digits, hyphens", name, clip(s))
	}
	return s, nil
}

// plainID reports whether an id can be part of a sourcedId: the tilde parts
// the two ids of a membership.
func plainID(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r == '~' || !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar
	})
}

// bound limits the number of its children.
func (e *element) bound(limit int, name string) { e.limit, e.limitName = limit, name }

// plainPrefix reports whether a prefix can begin sourcedIds.
func plainPrefix(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r == '~' || !unicode.IsPrint(r) || r == unicode.ReplacementChar
	})
}
