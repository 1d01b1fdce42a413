package wire_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

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

// messages are what the benchmarks read and write.
var messages = []struct {
	name, element string
	document      func(testing.TB) string
}{
	{"person", "replacePersonRequest", person},
	{"roster", "readPersonsResponse", roster},
}

// A contest is one thing done by our codec and by encoding/xml.
type contest struct {
	name         string
	size         int
	ours, theirs func() error
}

// contests read bytes into the types of generated/, by both ways the same
// types, and write them again. The copy that our decoder works on is part of
// the reading.
func contests(tb testing.TB) []contest {
	var list []contest
	for _, c := range messages {
		body, m := []byte(c.document(tb)), pms.Messages[c.element]()
		if _, err := decode(string(body), pms.Namespace, m, 0); err != nil {
			tb.Fatal(err)
		}
		var w wire.Writer
		write := func() error {
			w.Buf = w.Buf[:0]
			w.OpenIn(c.element, pms.Namespace)
			m.EncodeXML(&w)
			w.Close(c.element)
			return nil
		}
		if err := write(); err != nil {
			tb.Fatal(err)
		}
		list = append(list,
			contest{"decode/" + c.name, len(body),
				func() error { _, err := decode(string(body), pms.Namespace, pms.Messages[c.element](), 0); return err },
				func() error { return xml.Unmarshal(body, pms.Messages[c.element]()) }},
			contest{"encode/" + c.name, len(w.Buf), write,
				func() error { _, err := xml.Marshal(m); return err }})
	}
	return list
}

func BenchmarkCodec(b *testing.B) {
	for _, c := range contests(b) {
		for _, side := range []struct {
			name string
			run  func() error
		}{{"ours", c.ours}, {"encoding-xml", c.theirs}} {
			b.Run(c.name+"/"+side.name, func(b *testing.B) {
				b.SetBytes(int64(c.size))
				b.ReportAllocs()
				for b.Loop() {
					if err := side.run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkTimesFaster compares the best of both sides, run in turns, which
// says the same on a machine that has other things to do.
func BenchmarkTimesFaster(b *testing.B) {
	for _, c := range contests(b) {
		b.Run(c.name, func(b *testing.B) {
			best := [2]time.Duration{time.Hour, time.Hour}
			for b.Loop() {
				for i, run := range []func() error{c.ours, c.theirs} {
					start := time.Now()
					if err := run(); err != nil {
						b.Fatal(err)
					}
					best[i] = min(best[i], time.Since(start))
				}
			}
			b.ReportMetric(float64(best[1])/float64(best[0]), "times")
			b.ReportMetric(float64(c.size)/best[0].Seconds()/1e6, "MB/s")
			b.ReportMetric(float64(c.size)/best[1].Seconds()/1e6, "MB/s-xml")
		})
	}
}

// bulk streams a bulk file of about a size, the same record over and over.
func bulk(tb testing.TB, size int) (io.Reader, int) {
	s := newSampler(tb, "pms", pms.Namespace, 9)
	s.words, s.wide, s.share = nil, true, 0.5
	record := s.record("PersonRecordType")
	for len(record) < 3<<10 {
		record = s.record("PersonRecordType")
	}
	item := "\n  <transactionRecord><personRecord>" + record + "</personRecord></transactionRecord>"
	n := size / len(item)
	head, tail := `<bulkDataRecord xmlns="`+pms.Namespace+`">`, "\n</bulkDataRecord>"
	parts := make([]io.Reader, n)
	for i := range parts {
		parts[i] = strings.NewReader(item)
	}
	return io.MultiReader(strings.NewReader(head), io.MultiReader(parts...), strings.NewReader(tail)), len(head) + n*len(item) + len(tail)
}

// BenchmarkSplit reads a bulk file of 50 MB: the cutting alone, and with two
// workers that read the records into words. HeapSys is what the process
// took from the system at most.
func BenchmarkSplit(b *testing.B) {
	for _, workers := range []int{0, 1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			_, size := bulk(b, 50<<20)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				r, _ := bulk(b, 50<<20)
				s := wire.NewSplitter(r, 1<<20)
				s.Open(wire.Limits{})
				children := make(chan string, 64)
				var group sync.WaitGroup
				for range workers {
					group.Go(func() {
						for child := range children {
							readTransaction(b, child, s.Bindings)
						}
					})
				}
				for child, ok := s.Next(); ok; child, ok = s.Next() {
					if workers > 0 {
						children <- child
					}
				}
				close(children)
				group.Wait()
				if s.Err() != nil {
					b.Fatal(s.Err())
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/(1<<20), "MiB-heap")
		})
	}
}

func readTransaction(tb testing.TB, child string, bindings []wire.Binding) {
	d := wire.NewDecoder(child, wire.Limits{}, 0)
	d.Bind(bindings)
	d.Expect(pms.Namespace, nil)
	if d.Root() && d.Child() {
		pms.Records[0].Read(d)
		d.Child()
	}
	if !d.End() {
		tb.Error(d.Err())
	}
}
