package wire_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"lisgate/gateway/wire"
)

// split cuts a document that comes in pieces of any size.
func split(r io.Reader, limit int, limits wire.Limits) ([]string, *wire.Splitter) {
	s := wire.NewSplitter(r, limit)
	var children []string
	if s.Open(limits) {
		for child, ok := s.Next(); ok; child, ok = s.Next() {
			children = append(children, child)
		}
	}
	return children, s
}

func TestSplit(t *testing.T) {
	const head = `<?xml version="1.0"?><!-- > --><r:root xmlns:r="urn:r" xmlns="urn:d" a="/>">`
	children := []string{
		`<a/>`, `<a b=">"/>`, `<a b='/>' c="'"></a>`, `<a><a/><a></a></a >`,
		`<a><![CDATA[</a>]]><!-- </a> --><?x </a>?></a>`, `<r:b x=">">text</r:b>`, `<long>` + strings.Repeat("<x/>", 1000) + `</long>`,
	}
	document := head + "\n" + strings.Join(children, "<!-- between -->\n ") + "<?end?></r:root >\n<!-- after --> "
	for name, r := range map[string]io.Reader{
		"whole":     strings.NewReader(document),
		"bytewise":  iotest.OneByteReader(strings.NewReader(document)),
		"data, EOF": iotest.DataErrReader(strings.NewReader(document)),
	} {
		got, s := split(r, 1<<20, wire.Limits{})
		if s.Err() != nil || !slices.Equal(got, children) {
			t.Errorf("%s: %v\n%q", name, s.Err(), got)
		}
		if s.Root != "root" || s.Space != "urn:r" || !slices.Equal(s.Bindings, []wire.Binding{{Prefix: "r", Space: "urn:r"}, {Prefix: "", Space: "urn:d"}}) {
			t.Errorf("%s: root %s in %s, bindings %v", name, s.Root, s.Space, s.Bindings)
		}
		if s.Line() != len(children)+2 || s.Offset() < int64(len(document)-20) {
			t.Errorf("%s: line %d, offset %d of %d", name, s.Line(), s.Offset(), len(document))
		}
	}
	if got, s := split(strings.NewReader("\ufeff<root />"), 100, wire.Limits{}); s.Err() != nil || got != nil {
		t.Errorf("an empty root: %q, %v", got, s.Err())
	}
}

// A child is read with the bindings of the root.
func TestSplitBindings(t *testing.T) {
	got, s := split(strings.NewReader(`<root xmlns:p="urn:p" xmlns="urn:d"><p:a b=""/></root>`), 100, wire.Limits{})
	d := wire.NewDecoder(got[0], wire.Limits{}, 0)
	d.Bind(s.Bindings)
	d.Expect("urn:p", nil)
	if !d.Root() || d.Space() != "urn:p" || !d.CheckNamespace() {
		t.Errorf("in %s: %v", d.Space(), d.Err())
	}
}

func TestSplitRefuses(t *testing.T) {
	for name, c := range map[string][2]string{
		"nothing":                     {"", "no XML element"},
		"text alone":                  {"hello", "text before the root"},
		"text before":                 {"hello <a/>", "text before the root"},
		"end tag first":               {"</a>", "begins no tag"},
		"half a tag":                  {"<a", "tag without end"},
		"DOCTYPE":                     {"<!DOCTYPE a><a/>", "document type declaration"},
		"DOCTYPE inside":              {"<a> <!DOCTYPE a></a>", "document type declaration"},
		"Latin-1":                     {`<?xml version="1.0" encoding="latin-1"?><a/>`, "encoding latin-1"},
		"ASCII that is not":           {`<?xml version="1.0" encoding="us-ascii"?><a><b>é</b></a>`, "beyond the encoding"},
		"ASCII that is not, comment":  {`<?xml version="1.0" encoding="us-ascii"?><a><!-- é --></a>`, "beyond the encoding"},
		"bad root tag":                {"<a b='1' b='2'></a>", "twice"},
		"unbound prefix":              {"<x:a></x:a>", "bound to no namespace"},
		"text among":                  {"<a><b/>text<b/></a>", "text among"},
		"text before the end":         {"<a><b/>text</a>", "text among"},
		"text before a comment":       {"<a><b/>text<!-- --></a>", "text among"},
		"CDATA among":                 {"<a><![CDATA[x]]></a>", "text among"},
		"control character among":     {"<a>\x01<b/></a>", "control character"},
		"bad UTF-8 in a comment":      {"<a><!-- \xff --></a>", "not UTF-8"},
		"comment with --":             {"<a><!-- -- --></a>", "comment with --"},
		"declaration inside":          {`<a><?xml version="1.0"?></a>`, "target"},
		"other end tag":               {"<a><b/></b>", "does not fit <a>"},
		"longer end tag":              {"<a></ab>", "does not fit <a>"},
		"end tag with an attribute":   {"<a></a b=''>", "does not fit <a>"},
		"no end":                      {"<a><b/>", "ends inside <a>"},
		"no end, text":                {"<a><b/>text", "ends inside <a>"},
		"no end of a child":           {"<a><b>", "ends inside a child of <a>"},
		"half a child":                {"<a><b", "ends inside <a>"},
		"second root":                 {"<a/><b/>", "content after the root"},
		"text after":                  {"<a/>text", "content after the root"},
		"text after, before comment":  {"<a/>text<!-- -->", "content after"},
		"half a comment after":        {"<a/><!-- ", "comment without end"},
		"end tag after":               {"<a></a></a>", "content after the root"},
		"second declaration after it": {`<a/><?xml version="1.0"?>`, "target"},
	} {
		_, s := split(strings.NewReader(c[0]), 1000, wire.Limits{})
		if s.Err() == nil || !strings.Contains(s.Err().Error(), c[1]) {
			t.Errorf("%s: error is %v, want %q", name, s.Err(), c[1])
		}
	}
}

// The limit is that of one child, to the byte, and memory stays near it.
func TestSplitLimit(t *testing.T) {
	const limit = 1000
	child := func(n int) string { return "<b>" + strings.Repeat("x", n-len("<b></b>")) + "</b>" }
	if got, s := split(strings.NewReader("<a>"+child(limit)+"\n"+child(limit)+"</a>"), limit, wire.Limits{}); s.Err() != nil || len(got) != 2 {
		t.Errorf("at the limit: %v", s.Err())
	}
	_, s := split(strings.NewReader("<a>\n"+child(limit+1)+"</a>"), limit, wire.Limits{})
	wantLimit(t, s.Err(), "bulk_record", limit)
	if !strings.HasPrefix(s.Err().Error(), "line 2: ") {
		t.Error(s.Err())
	}
	for name, endless := range map[string]string{"text": "x", "space": " ", "tags": "<b>", "comment": "<!--", "attributes": "<b c='", "instruction": "<?x "} {
		r := &endlessReader{head: "<a>" + endless, piece: "x y"}
		_, s := split(r, limit, wire.Limits{})
		if s.Err() == nil || r.read > 1<<20 {
			t.Errorf("endless %s: %d bytes were read: %v", name, r.read, s.Err())
		}
	}
}

type endlessReader struct {
	head, piece string
	read        int
}

func (r *endlessReader) Read(b []byte) (int, error) {
	n := copy(b, r.head)
	r.head = r.head[n:]
	if n == 0 {
		n = copy(b, r.piece)
	}
	r.read += n
	return n, nil
}

// What the reader says is wrong is not taken for the end of the document.
func TestSplitReadErrors(t *testing.T) {
	for _, err := range []error{io.ErrUnexpectedEOF, errors.New("reset")} {
		for _, document := range []string{"", "<a>", "<a><b/>", "<a/>"} {
			_, s := split(io.MultiReader(strings.NewReader(document), iotest.ErrReader(err)), 100, wire.Limits{})
			if !errors.Is(s.Err(), err) {
				t.Errorf("%q, then %v: error is %v", document, err, s.Err())
			}
		}
	}
}
