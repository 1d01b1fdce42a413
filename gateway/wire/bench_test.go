package wire_test

import (
	"encoding/xml"
	"testing"

	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// person and roster are messages of 4 KB and 600 KB, as a peer would send them.
func person(tb testing.TB) string { return sized(tb, "replacePersonRequest", 4<<10) }
func roster(tb testing.TB) string { return sized(tb, "readPersonsResponse", 600<<10) }

// sized makes messages until one is of about the size.
func sized(tb testing.TB, name string, size int) string {
	s := newSampler(tb, "pms", pms.Namespace, 7)
	s.words, s.wide, s.share, s.many = nil, true, 0.6, 2
	for range 10_000 {
		m := s.message(name)
		if len(m) > size*9/10 && len(m) < size*11/10 {
			return m
		}
		if s.set < size/2000 { // about the size of a record
			s.set++
		}
	}
	tb.Fatalf("no %s of %d bytes was found", name, size)
	return ""
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
