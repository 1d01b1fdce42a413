package unitime

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A scanner reads a file one child of the root at a time. It fetches nothing
// and expands nothing: a DOCTYPE is passed over, one with declarations of its
// own is refused.
type scanner struct {
	d       *xml.Decoder
	in      *metered
	limits  Limits
	unknown func(path string)
	path    []string
	read    int // elements
}

// metered is a reader that ends when more was read for one token than may be.
type metered struct {
	r    io.Reader
	left int
}

var errToken = errors.New("token too long")

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errToken
	}
	n, err := m.r.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

func newScanner(r io.Reader, l Limits) *scanner {
	s := &scanner{limits: l, unknown: func(string) {}}
	if small, ok := r.(*strings.Reader); ok {
		s.d = xml.NewDecoder(small)
		return s
	}
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = b.Discard(3)
	}
	s.in = &metered{r: b, left: l.Token}
	s.d = xml.NewDecoder(s.in)
	return s
}

func (s *scanner) fail(rule, next string) error {
	line, _ := s.d.InputPos()
	return &Error{Line: line, Element: strings.Join(s.path, "/"), Rule: rule, Next: next}
}

// token returns the next start or end of an element; nil at the end.
func (s *scanner) token() (xml.Token, error) {
	for {
		if s.in != nil {
			s.in.left = s.limits.Token + 8192 // what the decoder reads ahead
		}
		t, err := s.d.Token()
		var syntax *xml.SyntaxError
		switch {
		case err == io.EOF:
			return nil, nil
		case errors.Is(err, errToken):
			return nil, s.fail(fmt.Sprintf("a tag, text or comment has over %d bytes (limit Token)", s.limits.Token), "shorten it, or raise the limit")
		case errors.As(err, &syntax):
			return nil, s.fail("not well-formed XML: "+syntax.Msg, "mend the file, or export it anew")
		case err != nil && strings.Contains(err.Error(), "CharsetReader"):
			return nil, s.fail("only the encoding UTF-8 is read", "save the file in UTF-8")
		case err != nil:
			return nil, fmt.Errorf("read UniTime file: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement, xml.EndElement:
			return t, nil
		case xml.Directive:
			if err := s.directive(t); err != nil {
				return nil, err
			}
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				s.unknown(strings.Join(append(s.path, "text()"), "/"))
			}
		}
	}
}

// directive lets a plain DOCTYPE pass.
func (s *scanner) directive(d xml.Directive) error {
	if len(s.path) == 0 && bytes.HasPrefix(d, []byte("DOCTYPE")) && !bytes.ContainsAny(d, "[<") {
		return nil
	}
	return s.fail("declarations in the file (entities, an internal subset) are refused", "take them out; a DOCTYPE with a PUBLIC or SYSTEM name may stay")
}

// element makes an element of a start tag, within its limits.
func (s *scanner) element(t xml.StartElement) (*element, error) {
	line, _ := s.d.InputPos()
	s.path = append(s.path, t.Name.Local)
	e := &element{name: t.Name.Local, line: line, path: strings.Join(s.path, "/")}
	if s.read++; s.read > s.limits.Elements {
		return nil, e.refuse("", "split the file, or raise the limit", "over %d elements (limit Elements)", s.limits.Elements)
	}
	if len(s.path) > s.limits.Depth {
		return nil, e.refuse("", "nest less deep, or raise the limit", "elements are over %d deep (limit Depth)", s.limits.Depth)
	}
	if t.Name.Space != "" {
		return nil, e.refuse("", "take out the xmlns attributes and prefixes", "UniTime's formats have no namespaces")
	}
	if len(t.Attr) > s.limits.Attributes {
		return nil, e.refuse("", "use fewer, or raise the limit", "over %d attributes (limit Attributes)", s.limits.Attributes)
	}
	for _, a := range t.Attr {
		switch name := a.Name.Local; {
		case a.Name.Space != "" || name == "xmlns":
			return nil, e.refuse(name, "take out the xmlns attributes and prefixes", "UniTime's formats have no namespaces")
		case e.has(name):
			return nil, e.refuse(name, "keep one of them", "an attribute is there twice")
		case len(a.Value) > s.limits.Attribute:
			return nil, e.refuse(name, "shorten it, or raise the limit", "over %d bytes (limit Attribute)", s.limits.Attribute)
		default:
			e.attrs = append(e.attrs, attribute{name, a.Value})
		}
	}
	return e, nil
}

// root returns the root with its attributes.
func (s *scanner) root() (*element, error) {
	t, err := s.token()
	if err != nil {
		return nil, err
	}
	start, ok := t.(xml.StartElement)
	if !ok {
		return nil, s.fail("there is no element in the file", "give a file that UniTime exported")
	}
	return s.element(start)
}

// next returns the next child of the root, whole; io.EOF after the last.
func (s *scanner) next() (*element, error) {
	t, err := s.token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.StartElement:
		return s.whole(t)
	case xml.EndElement:
		s.path = nil
		if t, err := s.token(); err != nil || t != nil {
			return nil, cmpError(err, s.fail("there is more after the end of the root", "take it out"))
		}
		return nil, io.EOF
	}
	return nil, s.fail("the file ends before its root does", "export it anew; it was cut off")
}

func cmpError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// whole reads an element to its end.
func (s *scanner) whole(t xml.StartElement) (*element, error) {
	top, err := s.element(t)
	if err != nil {
		return nil, err
	}
	from, open := s.read, []*element{top}
	for len(open) > 0 {
		t, err := s.token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			e, err := s.element(t)
			if err != nil {
				return nil, err
			}
			if s.read-from > s.limits.Offering {
				return nil, e.refuse("", "split it, or raise the limit", "over %d elements in one %s (limit Offering)", s.limits.Offering, top.name)
			}
			in := open[len(open)-1]
			in.kids = append(in.kids, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
			s.path = s.path[:len(s.path)-1]
		default:
			return nil, s.fail("the file ends within an element", "export it anew; it was cut off")
		}
	}
	return top, nil
}
