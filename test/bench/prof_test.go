package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"time"
)

type blindObs struct{}

func (blindObs) Answered(lis.Service, string, lis.Status, time.Duration) {}
func (blindObs) Faulted(string)                                          {}
func (blindObs) OverLimit(string)                                        {}
func (blindObs) Deviated(string, string, int)                            {}

func door(b *testing.B, store journal.Store) *soap.Door {
	g, err := guard.New(guard.Options{Nonces: store, Anonymous: &guard.AnonymousOptions{Admin: true}})
	if err != nil {
		b.Fatal(err)
	}
	return soap.New(soap.Options{Registrar: registrar.New(registrar.Options{Store: store}), Guard: g, Observer: blindObs{}})
}

func benchOp(b *testing.B, d *soap.Door, mk func(int64) []byte) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		body := mk(int64(i))
		r := httptest.NewRequest("POST", "/lis/pms", bytes.NewReader(body))
		r.RemoteAddr, r.Host = "127.0.0.1:1234", "127.0.0.1"
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if !bytes.Contains(w.Body.Bytes(), []byte(">success")) {
			b.Fatal(w.Body.String())
		}
	}
}

func BenchmarkReplaceMemory(b *testing.B) {
	benchOp(b, door(b, journaltest.NewMemory(nil)), replaceMaker())
}
func BenchmarkReplaceSQLite(b *testing.B) {
	s, err := sqlite.Open(context.Background(), b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := door(b, s)
	mk := replaceMaker()
	b.SetParallelism(32)
	b.ReportAllocs()
	var n int64
	_ = n
	b.RunParallel(func(pb *testing.PB) {
		i := time.Now().UnixNano()
		for pb.Next() {
			i++
			r := httptest.NewRequest("POST", "/lis/pms", bytes.NewReader(mk(i)))
			r.RemoteAddr, r.Host = "127.0.0.1:1234", "127.0.0.1"
			r.Header.Set("Content-Type", "text/xml; charset=utf-8")
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
		}
	})
}
func BenchmarkRead(b *testing.B) {
	d := door(b, journaltest.NewMemory(nil))
	mk := replaceMaker()
	for i := range 5001 {
		r := httptest.NewRequest("POST", "/lis/pms", bytes.NewReader(mk(int64(i))))
		r.RemoteAddr, r.Host = "127.0.0.1:1234", "127.0.0.1"
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		d.ServeHTTP(httptest.NewRecorder(), r)
	}
	b.ResetTimer()
	benchOp(b, d, readMaker())
	_ = fmt.Sprint()
}
