package itc2019

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A scanner walks over the elements of a file, one tag at a time.
type scanner struct {
	in     *input
	d      *xml.Decoder
	limits Limits
	tell   func(string)
	depth  int
	line   int // where the last token began
	opened bool
}

func newScanner(r io.Reader, o Options) *scanner {
	s := &scanner{limits: o.Limits.orDefault(), tell: o.Unknown, line: 1}
	s.in = newInput(r, s.limits)
	s.d = xml.NewDecoder(s.in)
	s.d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, &limitError{fmt.Sprintf("the encoding %q is not UTF-8; write the file in UTF-8", clip(charset))}
	}
	if s.tell == nil {
		s.tell = func(string) {}
	}
	return s
}

// A kind says what is done with the elements of one name: attrs are the
// attributes that it knows, read reads it to its end (nil: it has no children).
type kind struct {
	attrs string
	read  func(*element) error
}

// next returns the next token.
func (s *scanner) next() (xml.Token, error) {
	s.in.token = 0
	s.line, _ = s.d.InputPos()
	t, err := s.d.Token()
	if err == nil {
		return t, nil
	}
	if err == io.EOF {
		return nil, err
	}
	line, _ := s.d.InputPos()
	if limit := (*limitError)(nil); errors.As(err, &limit) {
		return nil, &FileError{Line: line, Text: limit.text, Err: err}
	}
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, &FileError{Line: syntax.Line, Text: "this is not well-formed XML: " + clip(syntax.Msg) + "; correct the file, or get it again", Err: err}
	}
	return nil, &FileError{Line: line, Text: "read the file: " + err.Error(), Err: err}
}

// root reads the file: its root is one of kinds.
func (s *scanner) root(kinds map[string]kind) error {
	for {
		t, err := s.next()
		switch {
		case err == io.EOF && s.opened:
			return nil
		case err == io.EOF:
			return &FileError{Line: s.line, Text: "the file has no element; give a file of the competition's format"}
		case err != nil:
			return err
		}
		switch t := t.(type) {
		case xml.Directive:
			err = s.doctype(t)
		case xml.CharData:
			s.text(t, "the file")
		case xml.StartElement:
			err = s.begin(t, kinds)
		}
		if err != nil {
			return err
		}
	}
}

func (s *scanner) begin(t xml.StartElement, kinds map[string]kind) error {
	e, err := s.element(t)
	if err != nil {
		return err
	}
	if k, ok := kinds[e.name]; ok && !s.opened {
		s.opened = true
		return s.read(e, k)
	}
	if s.opened {
		return e.fault("the file goes on after its root; keep one root element in a file")
	}
	return e.fault("the root is not <%s>; give a file of the competition's format", strings.Join(slices.Sorted(maps.Keys(kinds)), "> or <"))
}

// doctype lets the competition's DOCTYPE pass, which is never fetched, and no
// other part of a DTD.
func (s *scanner) doctype(d xml.Directive) error {
	text := strings.Join(strings.Fields(string(d)), " ")
	known := text == "DOCTYPE problem" || text == "DOCTYPE solution" ||
		(strings.HasPrefix(text, "DOCTYPE problem ") || strings.HasPrefix(text, "DOCTYPE solution ")) &&
			strings.HasSuffix(strings.TrimRight(text, `"'`), "/competition-format.dtd") && !strings.ContainsAny(text, "[]<>")
	if known && !s.opened {
		return nil
	}
	return &FileError{Line: s.line, Text: "a DTD other than the competition's DOCTYPE (competition-format.dtd, with nothing inside it) is refused; take the DOCTYPE out of the file"}
}

// each reads what is inside e, to its end.
func (s *scanner) each(e *element, kinds map[string]kind) error {
	for {
		t, err := s.next()
		if err == io.EOF {
			err = e.fault("the file ends inside the element; get it again")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			s.depth--
			return nil
		case xml.CharData:
			s.text(t, "<"+e.name+">")
		case xml.Directive:
			err = s.doctype(t)
		case xml.StartElement:
			err = s.child(e, t, kinds)
		}
		if err != nil {
			return err
		}
	}
}

func (s *scanner) child(parent *element, t xml.StartElement, kinds map[string]kind) error {
	e, err := s.element(t)
	if err != nil {
		return err
	}
	k, ok := kinds[e.name]
	if !ok {
		s.tell(fmt.Sprintf("element <%s> in <%s>", clip(e.name), clip(parent.name)))
		return s.skip(e)
	}
	if parent.children++; parent.limit > 0 && parent.children > parent.limit {
		return parent.fault("it has more than %d elements (Limits.%s); split it, or raise the limit", parent.limit, parent.limitName)
	}
	return s.read(e, k)
}

func (s *scanner) read(e *element, k kind) error {
	known := strings.Fields(k.attrs)
	for _, a := range e.attrs {
		if !slices.Contains(known, a.Name.Local) {
			s.tell(fmt.Sprintf("attribute %s of <%s>", clip(a.Name.Local), e.name))
		}
	}
	if k.read == nil {
		return s.each(e, nil)
	}
	return k.read(e)
}

// skip reads to the end of an element that nobody knows.
func (s *scanner) skip(e *element) error {
	for depth := s.depth; s.depth >= depth; {
		t, err := s.next()
		if err == io.EOF {
			err = e.fault("the file ends inside the element; get it again")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			_, err = s.element(t)
		case xml.EndElement:
			s.depth--
		case xml.Directive:
			err = s.doctype(t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// text tells of text, of which the format has none.
func (s *scanner) text(t xml.CharData, where string) {
	if len(bytes.TrimSpace(t)) > 0 {
		s.tell("text in " + where)
	}
}
