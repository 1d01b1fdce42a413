package soap

import (
	"bytes"
	"net/http/httptest"
	"testing"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
)

// What the door itself costs: a person of 4 KB comes in, nobody keeps it.
func BenchmarkReplacePerson(b *testing.B) {
	g, err := guard.New(guard.Options{Anonymous: &guard.AnonymousOptions{}, AnonymousAnywhere: true})
	if err != nil {
		b.Fatal(err)
	}
	ok := lis.StatusOf(lis.Done, lis.PMS, "replaced")
	d := New(Options{Guard: g, Observer: &deafObserver{}, Registrar: answers(func() *lis.Answer { return &lis.Answer{Status: ok} })})
	text := []byte(soap11(&lis.Call{Operation: "replacePerson", ID: "p-1", Record: objects()[0]}))
	r := httptest.NewRequest("POST", "/lis/pms", nil)
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"http://www.imsglobal.org/soap/lis/pms2p0/replacePerson"`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	w := &sink{head: map[string][]string{}}
	for b.Loop() {
		again := *r
		again.Body, again.ContentLength = nopCloser{bytes.NewReader(text)}, int64(len(text))
		d.ServeHTTP(w, &again)
	}
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

type deafObserver struct{}

func (deafObserver) Answered(lis.Service, string, lis.Status, time.Duration) {}
func (deafObserver) Faulted(string)                                          {}
func (deafObserver) OverLimit(string)                                        {}
func (deafObserver) Deviated(string, string, int)                            {}
