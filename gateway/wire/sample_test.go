package wire_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"lisgate/gateway/wire"
	"lisgate/generated/bdems"
	"lisgate/generated/cms"
	"lisgate/generated/gms"
	"lisgate/generated/mms"
	"lisgate/generated/oms"
	"lisgate/generated/pms"
	"lisgate/wsdl"
)

// A service is what the tests need of a generated package.
type service struct {
	name, space string
	messages    map[string]func() wire.Message
	operations  []wire.Operation
	records     []wire.RecordCodec
}

var services = []service{
	{"pms", pms.Namespace, pms.Messages, pms.Operations, pms.Records},
	{"gms", gms.Namespace, gms.Messages, gms.Operations, gms.Records},
	{"mms", mms.Namespace, mms.Messages, mms.Operations, mms.Records},
	{"cms", cms.Namespace, cms.Messages, cms.Operations, cms.Records},
	{"oms", oms.Namespace, oms.Messages, oms.Operations, oms.Records},
	{"bdems", bdems.Namespace, bdems.Messages, bdems.Operations, nil},
}

// A sampler writes random documents that are valid against the schema of a
// service. It reads the schema itself, and so knows nothing of the generator.
type sampler struct {
	*rand.Rand
	space string
	types map[string]*etree.Element // global types, and elements with a type of their own
	share float64                   // of the optional elements that are there
	many  int                       // at most so many of an element that repeats
	set   int                       // so many records in a set, when not 0
	drop  float64                   // share of the mandatory elements that are left out
	words []string                  // what text is made of; nil for what real messages hold
	wide  bool                      // indented, as most peers send it
	w     wire.Writer
}

func newSampler(tb testing.TB, name, space string, seed uint64) *sampler {
	tb.Helper()
	text, err := wsdl.Schema(name)
	if err != nil {
		tb.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		tb.Fatal(err)
	}
	s := &sampler{Rand: rand.New(rand.NewPCG(seed, 1)), space: space, types: map[string]*etree.Element{}, share: 0.5, many: 3, words: pieces}
	for _, e := range doc.Root().ChildElements() {
		if inner := e.SelectElement("complexType"); inner != nil {
			s.types[e.SelectAttrValue("name", "")] = inner
		} else if e.Tag != "element" {
			s.types[e.SelectAttrValue("name", "")] = e
		}
	}
	return s
}

// message returns a message in the form that our writer gives it.
func (s *sampler) message(name string) string {
	s.w.Buf = s.w.Buf[:0]
	s.w.OpenIn(name, s.space)
	s.content(name, 0)
	s.w.Close(name)
	return string(s.w.Buf)
}

// record returns the content of a record type, without the element round it.
func (s *sampler) record(typeName string) string {
	s.w.Buf = s.w.Buf[:0]
	s.content(typeName, 0)
	return string(s.w.Buf)
}

func (s *sampler) content(typeName string, depth int) {
	if seq := s.types[typeName].SelectElement("sequence"); seq != nil {
		for _, e := range seq.ChildElements() {
			s.particle(e, depth)
		}
	}
}

// particle writes an element, or one branch of a choice, as often as it may.
func (s *sampler) particle(e *etree.Element, depth int) {
	optional := e.SelectAttrValue("minOccurs", "1") == "0"
	if optional && (depth > 12 || s.Float64() >= s.share) || !optional && s.Float64() < s.drop {
		return
	}
	if e.Tag == "choice" {
		branches := e.ChildElements()
		s.particle(branches[s.IntN(len(branches))], depth)
		return
	}
	n := 1
	if e.SelectAttrValue("maxOccurs", "1") == "unbounded" {
		n += s.IntN(s.many)
		if depth == 1 && s.set > 0 { // the records of a message
			n = s.set
		}
	}
	for range n {
		name, typeName := e.SelectAttrValue("name", ""), strings.TrimPrefix(e.SelectAttrValue("type", ""), "tns:")
		s.indent(depth)
		s.w.Open(name)
		s.value(typeName, optional, depth)
		if t := s.types[typeName]; t != nil && t.Tag == "complexType" {
			s.indent(depth)
		}
		s.w.Close(name)
	}
}

func (s *sampler) indent(depth int) {
	if s.wide {
		s.w.Raw("\n" + strings.Repeat("  ", depth+3))
	}
}

// value writes what an element of a type holds.
func (s *sampler) value(typeName string, optional bool, depth int) {
	t := s.types[typeName]
	switch {
	case t == nil:
		s.w.Text(s.builtin(typeName, optional))
	case t.Tag == "complexType":
		s.content(typeName, depth+1)
	default:
		if values := t.FindElements("restriction/enumeration"); len(values) > 0 {
			s.w.Text(values[s.IntN(len(values))].SelectAttrValue("value", ""))
			return
		}
		base := t.FindElement("restriction").SelectAttrValue("base", "")
		if typeName == "GUIDType" || typeName == "LUIDType" {
			base = "id"
		}
		s.value(strings.TrimPrefix(base, "tns:"), optional, depth)
	}
}

func (s *sampler) builtin(name string, optional bool) string {
	switch name {
	case "xs:boolean":
		return strconv.FormatBool(s.IntN(2) == 0)
	case "xs:integer":
		return strconv.FormatInt(int64(s.Uint64())>>s.IntN(64), 10)
	case "xs:decimal":
		return fmt.Sprintf("%d.%d", s.IntN(2000)-1000, s.IntN(1000))
	case "xs:date":
		return fmt.Sprintf("%04d-%02d-%02d", 1900+s.IntN(200), 1+s.IntN(12), 1+s.IntN(28))
	case "xs:dateTime":
		zone := []string{"", "Z", "+05:30", "-08:00"}[s.IntN(4)]
		fraction := []string{"", ".5", ".123456"}[s.IntN(3)]
		return s.builtin("xs:date", false) + fmt.Sprintf("T%02d:%02d:%02d", s.IntN(24), s.IntN(60), s.IntN(60)) + fraction + zone
	case "xs:anyURI":
		return "http://example.org/" + strconv.Itoa(s.IntN(1000))
	case "id":
		return fmt.Sprintf("id-%d&<é>", s.IntN(1000))
	}
	return s.text(optional)
}

// pieces make text difficult, names make it as messages hold it.
var (
	pieces = []string{"Ada", "Lovelace", " ", "  ", "&", "<b>", "\"", "'", "]]>", "ä", "日本", "\U0001F600", "\n", "\t", "\r", "-", "0"}
	names  = strings.Split("Ada Lovelace,Grace Hopper,Alan Mathison Turing,201740 ENG-101-001,Faculty of Science,given,family,"+
		"en-US,http://www.imsglobal.org/lis/pmsv2p0/partnamevocabularyv1p0,student@example.org,Zoë Müller,R&D,Introduction to Linear Algebra", ",")
)

// text returns text; an optional element's is not empty, because empty and
// absent are one to the types.
func (s *sampler) text(optional bool) string {
	if s.words == nil {
		return names[s.IntN(len(names))]
	}
	var b strings.Builder
	n := s.IntN(5)
	if optional {
		n++
	}
	for range n {
		b.WriteString(s.words[s.IntN(len(s.words))])
	}
	return b.String()
}

// decode reads a document that is one message.
func decode(document, space string, m wire.Message, rules wire.Rule) (*wire.Decoder, error) {
	d := wire.NewDecoder(document, wire.Limits{}, rules)
	d.Expect(space, nil)
	if d.Root() {
		m.DecodeXML(d)
		d.End()
	}
	return d, d.Err()
}

// encode writes a message as a document.
func encode(m wire.Message, element, space string) string {
	var w wire.Writer
	w.OpenIn(element, space)
	m.EncodeXML(&w)
	w.Close(element)
	return string(w.Buf)
}
