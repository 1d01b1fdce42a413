// Package wire reads and writes the XML of LIS messages: a namespace-aware
// tokenizer with limits, the rules for what peers send off the schema, the
// SOAP 1.1 and 1.2 envelope, and the two header blocks of LIS. The codecs in
// generated/ stand on it.
//
// It implements XML 1.0 (fifth edition) and Namespaces in XML 1.0 as far as
// SOAP allows them: a document type declaration is refused (SOAP 1.1
// section 3, SOAP 1.2 part 1 section 5), and so is everything that is not
// well-formed. No input makes it open a file or a socket. It uses the
// standard library only.
package wire

import (
	"fmt"
	"strings"
)

// Limits bound what a document may hold. A zero field stands for the field
// of DefaultLimits.
type Limits struct {
	Depth      int // levels of elements
	Elements   int // elements in all
	Attributes int // attributes of one element
	NameBytes  int // bytes of one name
	TextBytes  int // bytes of one text
	Namespaces int // namespace declarations in scope
}

// DefaultLimits are generous for LIS, whose messages are under 20 levels deep.
var DefaultLimits = Limits{Depth: 64, Elements: 200_000, Attributes: 64, NameBytes: 256, TextBytes: 1 << 20, Namespaces: 64}

func (l Limits) orDefault() Limits {
	for _, f := range []struct{ have, want *int }{
		{&l.Depth, &DefaultLimits.Depth}, {&l.Elements, &DefaultLimits.Elements},
		{&l.Attributes, &DefaultLimits.Attributes}, {&l.NameBytes, &DefaultLimits.NameBytes},
		{&l.TextBytes, &DefaultLimits.TextBytes}, {&l.Namespaces, &DefaultLimits.Namespaces},
	} {
		if *f.have == 0 {
			*f.have = *f.want
		}
	}
	return l
}

// A SyntaxError says why a document is not well-formed, or not allowed.
type SyntaxError struct {
	Line int
	Text string
}

// Error says the line and the text.
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// A LimitError says which limit a document goes over.
type LimitError struct {
	Limit string // name of the setting, such as "depth"
	Max   int
	Line  int // 0 when it is not known
}

// Error names the limit and what to do.
func (e *LimitError) Error() string {
	text := fmt.Sprintf("more than %d %s; the limit is set by limits.%s", e.Max, limitWords[e.Limit], e.Limit)
	if e.Line > 0 {
		text = fmt.Sprintf("line %d: %s", e.Line, text)
	}
	return text
}

var limitWords = map[string]string{
	"depth":         "levels of elements",
	"elements":      "elements",
	"attributes":    "attributes on one element",
	"name_bytes":    "bytes in a name",
	"text_bytes":    "bytes in one text",
	"namespaces":    "namespace declarations",
	"message_bytes": "bytes",
	"bulk_bytes":    "bytes in a bulk file",
	"bulk_record":   "bytes in one transactionRecord",
}

// A DataError says what in a well-formed message is against the contract.
type DataError struct {
	Path string // the elements on the way, such as personRecord/person/name
	Text string
	// Absent is set when something mandatory is not there, which LIS answers
	// with another code.
	Absent bool
}

// Error says where and what.
func (e *DataError) Error() string {
	if e.Path == "" {
		return e.Text
	}
	return e.Path + ": " + e.Text
}

func lineOf(s string, pos int) int { return 1 + strings.Count(s[:min(pos, len(s))], "\n") }
