package wire_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/wsdl"
)

// eachMessage calls f with random messages of each element of each service:
// with everything that may be there, with nothing that need not, and between.
func eachMessage(t *testing.T, f func(s service, element, document string)) {
	count := 0
	for i, s := range services {
		sample := newSampler(t, s.name, s.space, uint64(i))
		for _, element := range sortedKeys(s.messages) {
			for _, share := range []float64{0, 0.5, 1} {
				sample.share = share
				f(s, element, sample.message(element))
			}
			count++
		}
	}
	if count != 312 {
		t.Errorf("%d messages, want 312", count)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Every message comes out of the codec as it went in, to the byte.
func TestMessagesRoundTrip(t *testing.T) {
	eachMessage(t, func(s service, element, document string) {
		m, again := s.messages[element](), s.messages[element]()
		if d, err := decode(document, s.space, m, 0); err != nil || len(d.Deviations()) > 0 {
			t.Errorf("%s: %v %v\n%s", element, err, d.Deviations(), document)
			return
		}
		encoded := encode(m, element, s.space)
		if encoded != document {
			t.Errorf("%s went in as\n%s\nand came out as\n%s", element, document, encoded)
		}
		if _, err := decode(encoded, s.space, again, 0); err != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("%s differs after a round trip: %v", element, err)
		}
	})
}

// All that is written is valid against the schema that we publish, in the
// eyes of libxml2.
func TestMessagesAreValid(t *testing.T) {
	files := newValidator(t)
	eachMessage(t, func(s service, element, document string) {
		m := s.messages[element]()
		if _, err := decode(document, s.space, m, 0); err != nil {
			t.Fatal(err)
		}
		files.add(t, s.name, encode(m, element, s.space))
	})
	files.run(t)
}

// A validator collects documents and validates those of a service at once.
type validator struct {
	dir   string
	names map[string][]string
}

func newValidator(t *testing.T) *validator {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("SKIPPED: no xmllint here; nothing is validated against the schemas (Debian: libxml2-utils)")
	}
	return &validator{t.TempDir(), map[string][]string{}}
}

func (v *validator) add(t *testing.T, service, document string) {
	t.Helper()
	name := filepath.Join(v.dir, fmt.Sprintf("%s-%d.xml", service, len(v.names[service])))
	if err := os.WriteFile(name, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	v.names[service] = append(v.names[service], name)
}

func (v *validator) run(t *testing.T) {
	for service, names := range v.names {
		schema, err := wsdl.Schema(service)
		if err != nil {
			t.Fatal(err)
		}
		xsd := filepath.Join(v.dir, service+".xsd")
		if err := os.WriteFile(xsd, schema, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("xmllint", append([]string{"--nonet", "--noout", "--schema", xsd}, names...)...).CombinedOutput()
		if err == nil {
			continue
		}
		for line := range strings.Lines(string(out)) {
			if !strings.HasSuffix(line, " validates\n") {
				t.Errorf("%s: %s", service, line)
			}
		}
	}
}

// Every record of all ten kinds survives the way to words and back, and
// the way to the wire and back.
func TestWordsRoundTrip(t *testing.T) {
	kinds := map[lis.Kind]bool{}
	eachRecord(t, 1, func(_ service, c wire.RecordCodec, document string) {
		kinds[c.Kind] = true
		r := readRecord(t, c, document, 0)
		var w wire.Writer
		c.Write(&w, r)
		if got := string(w.Buf); got != inner(document) {
			t.Errorf("%s went in as\n%s\nand came out as\n%s", c.Kind, inner(document), got)
		}
		if r.Object != nil && r.Object.Kind() != c.Kind {
			t.Errorf("a %s is read as a %T", c.Kind, r.Object)
		}
		w.Buf = w.Buf[:0]
		c.Write(&w, r)
		if again := readRecord(t, c, outer(document, string(w.Buf)), 0); !reflect.DeepEqual(r, again) {
			t.Errorf("%s differs after a round trip:\n%+v\n%+v", c.Kind, r, again)
		}
	})
	if len(kinds) != 10 {
		t.Errorf("records of %d kinds, want ten", len(kinds))
	}
}

// eachRecord calls f with random records; a share of what is mandatory is
// left out.
func eachRecord(t *testing.T, runs int, f func(s service, c wire.RecordCodec, document string)) {
	for i, s := range services {
		sample := newSampler(t, s.name, s.space, uint64(100+i))
		for _, c := range s.records {
			typeName := strings.ToUpper(c.Element[:1]) + c.Element[1:] + "Type"
			for range runs {
				for _, share := range []float64{0, 0.5, 1} {
					sample.share = share
					sample.drop = 0
					if runs > 1 {
						sample.drop = 0.3
					}
					f(s, c, `<`+c.Element+` xmlns="`+s.space+`">`+sample.record(typeName)+`</`+c.Element+`>`)
				}
			}
		}
	}
}

func inner(document string) string {
	return document[strings.IndexByte(document, '>')+1 : strings.LastIndex(document, "</")]
}

func outer(document, inner string) string {
	return document[:strings.IndexByte(document, '>')+1] + inner + document[strings.LastIndex(document, "</"):]
}

func readRecord(t *testing.T, c wire.RecordCodec, document string, rules wire.Rule) *lis.Record {
	t.Helper()
	d := wire.NewDecoder(document, wire.Limits{}, rules)
	d.Root()
	d.Expect(d.Space(), nil)
	r := c.Read(d)
	if !d.End() {
		t.Fatalf("%s: %v\n%s", c.Kind, d.Err(), document)
	}
	return r
}

// A record with mandatory parts missing is written schema-valid when the
// writer is to complete it. Requests that replace one carry it to the validator.
func TestCompleteIsValid(t *testing.T) {
	files := newValidator(t)
	eachRecord(t, 20, func(s service, c wire.RecordCodec, document string) {
		r := readRecord(t, c, document, wire.Absent)
		w := wire.Writer{Complete: true}
		element := "replace" + strings.ToUpper(c.Element[:1]) + strings.TrimSuffix(c.Element[1:], "Record") + "Request"
		w.OpenIn(element, s.space)
		w.Leaf("sourcedId", "x")
		w.Open(c.Element)
		c.Write(&w, r)
		w.Close(c.Element)
		w.Close(element)
		files.add(t, s.name, string(w.Buf))
	})
	files.run(t)
}
