package wire_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/wire"
)

// seeds adds the files of testdata; adding a case is adding a file.
func seeds(f *testing.F, folders ...string) {
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join("testdata", folder, "*.xml"))
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds in testdata/%s: %v", folder, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
}

// messageIn finds the message that a document says it is.
func messageIn(document string) (space string, m func() wire.Message) {
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	d.Root()
	if d.Err() != nil {
		return "", nil
	}
	for _, s := range services {
		if m := s.messages[d.Local()]; m != nil {
			return s.space, m
		}
	}
	return "", nil
}

// Any bytes are read in memory that keeps to their size, and what was read
// is written so that it reads the same.
func FuzzDecode(f *testing.F) {
	seeds(f, "messages")
	f.Fuzz(checkDecode)
}

func checkDecode(t *testing.T, document string) {
	t.Helper()
	space, message := messageIn(document)
	if message == nil {
		_ = walk(document, wire.Limits{})
		return
	}
	for _, rules := range []wire.Rule{0, wire.Everything} {
		m := message()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d, err := decode(document, space, m, rules)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > uint64(200*len(document)+64<<10) {
			t.Errorf("%d bytes for %d", n, len(document))
		}
		if err != nil {
			continue
		}
		if rules == 0 && len(d.Deviations()) > 0 {
			t.Errorf("strict takes %v", d.Deviations())
		}
		element := rootOf(document)
		encoded, again := encode(m, element, space), message()
		if _, err := decode(encoded, space, again, rules); err != nil || encode(again, element, space) != encoded {
			t.Errorf("not the same after a round trip: %v\n%s\n%s", err, document, encoded)
		}
		if rules == 0 && !reflect.DeepEqual(normal(reflect.ValueOf(m)), normal(reflect.ValueOf(again))) {
			t.Errorf("not equal after a round trip:\n%s\n%s", document, encoded)
		}
	}
}

func rootOf(document string) string {
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	d.Root()
	return d.Local()
}

// Where both encoding/xml and the strict codec take a message, both read
// the same.
func FuzzAgree(f *testing.F) {
	seeds(f, "messages")
	f.Fuzz(checkAgree)
}

func checkAgree(t *testing.T, document string) {
	t.Helper()
	space, message := messageIn(document)
	if message == nil || strings.Contains(document, "nil") {
		return
	}
	ours, theirs := message(), message()
	if _, err := decode(document, space, ours, 0); err != nil || xml.Unmarshal([]byte(document), theirs) != nil {
		return
	}
	if got, want := normal(reflect.ValueOf(ours)), normal(reflect.ValueOf(theirs)); !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nis read as\n%v\nby us, and by encoding/xml as\n%v", document, got, want)
	}
}

// normal turns a message into lists and texts that can be compared: without
// XMLName, white space at the ends of text and carriage returns, and with
// nothing in the place of what is empty.
func normal(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return normal(v.Elem())
	case reflect.Struct:
		var fields []any
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "XMLName" {
				fields = append(fields, normal(v.Field(i)))
			}
		}
		return fields
	case reflect.Slice:
		var items []any
		for i := range v.Len() {
			items = append(items, normal(v.Index(i)))
		}
		return items
	case reflect.String:
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(v.String())
		return strings.TrimSpace(text)
	}
	return v.Interface()
}

// large limits stay out of the way of comparing two readers that count
// differently.
var large = wire.Limits{Depth: 1 << 20, Elements: 1 << 20, Namespaces: 1 << 20}

// wholeChildren reads the children of the root with one Decoder.
func wholeChildren(document string) ([]string, error) {
	d := wire.NewDecoder(document, large, 0)
	var children []string
	if d.Root() {
		for d.Child() {
			from := d.TagStart()
			d.Skip()
			if d.Err() == nil {
				children = append(children, d.Slice(from, d.Pos()))
			}
		}
		d.End()
	}
	return children, d.Err()
}

// splitChildren reads them with a Splitter, and each with a Decoder.
func splitChildren(document string) ([]string, error) {
	children, s := split(strings.NewReader(document), len(document), large)
	if s.Err() != nil {
		return nil, s.Err()
	}
	for _, child := range children {
		d := wire.NewDecoder(child, large, 0)
		d.Bind(s.Bindings)
		if d.Root() {
			d.Skip()
			d.End()
		}
		if d.Err() != nil {
			return nil, d.Err()
		}
	}
	return children, nil
}

// A Splitter with Decoders takes the documents that one Decoder takes, and
// finds the same children in them.
func FuzzSplitter(f *testing.F) {
	seeds(f, "messages", "bulk", "envelopes")
	for _, c := range illFormed {
		f.Add(c[0])
	}
	f.Fuzz(checkSplit)
}

func checkSplit(t *testing.T, document string) {
	t.Helper()
	want, wantErr := wholeChildren(document)
	got, err := splitChildren(document)
	if (err == nil) != (wantErr == nil) || err == nil && !slices.Equal(got, want) {
		t.Errorf("%q\nin one: %q, %v\nin parts: %q, %v", document, want, wantErr, got, err)
	}
}

// What we take for a SOAP message is one in the eyes of encoding/xml too:
// well-formed, with one body that has one child, of the same name.
func FuzzEnvelope(f *testing.F) {
	seeds(f, "envelopes")
	f.Fuzz(func(t *testing.T, document string) {
		_, body, err := openEnvelope(document)
		if err != nil || strings.Contains(document, "<?xml") {
			return
		}
		var theirs struct {
			XMLName xml.Name `xml:"Envelope"`
			Body    struct {
				Child []struct{ XMLName xml.Name } `xml:",any"`
			} `xml:"Body"`
		}
		if err := xml.Unmarshal([]byte(document), &theirs); err != nil {
			t.Skip(err) // encoding/xml knows fewer names than XML has
		}
		if c := theirs.Body.Child; len(c) != 1 || c[0].XMLName.Local != body || !strings.HasPrefix(theirs.XMLName.Space, "http://") {
			t.Errorf("%q\nis a message %s for us, and for encoding/xml %v", document, body, theirs)
		}
	})
}
