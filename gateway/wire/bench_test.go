package wire_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// plainSampler writes text as real messages hold it: mostly ASCII, few
// references.
func person(tb testing.TB) string {
	return sized(tb, "replacePersonRequest", 4<<10)
}

func roster(tb testing.TB) string {
	return sized(tb, "readPersonsResponse", 600<<10)
}

// sized looks for a message of about a size.
func sized(tb testing.TB, name string, size int) string {
	s := newSampler(tb, "pms", pms.Namespace, 7)
	for s.many = 1; ; {
		m := s.message(name)
		switch {
		case len(m) > size*9/10 && len(m) < size*11/10:
			return m
		case len(m) < size:
			s.many++
		default:
			s.many--
		}
		s.many = max(1, s.many)
		_ = strings.Contains
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct {
		name     string
		document string
		m        func() wire.Message
	}{
		{"person", person(b), pms.Messages["replacePersonRequest"]},
		{"roster", roster(b), pms.Messages["readPersonsResponse"]},
	} {
		b.Run(c.name+"/ours", func(b *testing.B) {
			body := []byte(c.document)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(string(body), pms.Namespace, c.m(), 0); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"/encoding-xml", func(b *testing.B) {
			body := []byte(c.document)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if err := xml.Unmarshal(body, c.m()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, c := range []struct {
		name     string
		document string
		element  string
	}{
		{"person", person(b), "replacePersonRequest"},
		{"roster", roster(b), "readPersonsResponse"},
	} {
		m := pms.Messages[c.element]()
		if _, err := decode(c.document, pms.Namespace, m, 0); err != nil {
			b.Fatal(err)
		}
		b.Run(c.name+"/ours", func(b *testing.B) {
			b.SetBytes(int64(len(c.document)))
			b.ReportAllocs()
			var w wire.Writer
			for b.Loop() {
				w.Buf = w.Buf[:0]
				w.OpenIn(c.element, pms.Namespace)
				m.EncodeXML(&w)
				w.Close(c.element)
			}
		})
		b.Run(c.name+"/encoding-xml", func(b *testing.B) {
			b.SetBytes(int64(len(c.document)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := xml.Marshal(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
