package soap

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// answers is a Registrar that always gives the same answer.
type answers func() *lis.Answer

func (a answers) Do(context.Context, *registrar.Request) *lis.Answer { return a() }
func (a answers) Refuse(_ context.Context, _ *registrar.Request, st lis.Status) *lis.Answer {
	return &lis.Answer{Status: st}
}

func answering(a answers) option { return func(p *plan) { p.door.Registrar = a } }

// endless streams ids; before each one it calls at.
func endless(n int, at func(i int) error) iter.Seq2[lis.SourcedID, error] {
	return func(yield func(lis.SourcedID, error) bool) {
		for i := range n {
			err := at(i)
			if !yield(lis.SourcedID("membership-"+strconv.Itoa(i)), err) || err != nil {
				return
			}
		}
	}
}

func done(ids iter.Seq2[lis.SourcedID, error]) *lis.Answer {
	return &lis.Answer{Status: lis.StatusOf(lis.Done, lis.MMS, ""), IDs: ids}
}

func allMemberships() string { return soap11(&lis.Call{Operation: "readAllMembershipIds"}) }

// sink takes an answer and counts it.
type sink struct {
	head http.Header
	n    int
}

func (s *sink) Header() http.Header         { return s.head }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { s.n += len(b); return len(b), nil }

// A set of any length goes out in the same memory: what is held while the
// last id goes by is not more than at the first.
func TestConstantMemory(t *testing.T) {
	held := func(n int) (grown, sent int) {
		var first, last runtime.MemStats
		h := newHouse(t, answering(func() *lis.Answer {
			return done(endless(n, func(i int) error {
				switch i {
				case 1:
					runtime.GC()
					runtime.ReadMemStats(&first)
				case n - 1:
					runtime.GC()
					runtime.ReadMemStats(&last)
				}
				return nil
			}))
		}))
		w := &sink{head: http.Header{}}
		r := httptest.NewRequest("POST", "/lis/mms", strings.NewReader(allMemberships()))
		r.Header.Set("Content-Type", "text/xml")
		h.door.ServeHTTP(w, r)
		return int(last.HeapAlloc) - int(first.HeapAlloc), w.n
	}
	grown, sent := held(300_000)
	if sent < 9_000_000 || grown > 1<<20 {
		t.Errorf("%d bytes were sent, and %d were held on the way", sent, grown)
	}
}

// The same from the journal on disk, over a connection.
func TestTenThousandFromDisk(t *testing.T) {
	store, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, func(p *plan) { p.books.Store = store })
	const n = 10_000
	items := func(yield func(*registrar.BulkItem, error) bool) {
		for i := range n {
			if !yield(&registrar.BulkItem{Op: strconv.Itoa(i), Call: membership(i)}, nil) {
				return
			}
		}
	}
	if _, err := h.door.Registrar.(*registrar.Registrar).Import(t.Context(), "sis", "t", items); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*lis.Call{
		{Operation: "readAllMembershipIds"},
		{Operation: "readMembershipIdsForCollection", Of: "section-1", Collection: "courseSection"},
	} {
		a := h.post("/lis/mms", soap11(c)).want(t, "success fullsuccess")
		ids, err := lis.Collect(a.Answer.IDs)
		if err != nil || len(ids) != n {
			t.Errorf("%s: %d ids, %v", c.Operation, len(ids), err)
		}
	}
}

func membership(i int) *lis.Call {
	id := lis.SourcedID(fmt.Sprintf("membership-%05d", i))
	return &lis.Call{Operation: "replaceMembership", ID: id, Record: &lis.Record{ID: id, Object: &lis.Membership{
		CollectionSourcedID: "section-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID("person-" + strconv.Itoa(i)), Role: []lis.Role{{RoleType: "Learner", Status: "Active"}}}}}}
}

// Half a set must not pass for the whole: the connection is cut.
func TestCutMidStream(t *testing.T) {
	for _, gz := range []string{"identity", "gzip"} {
		t.Run(gz, func(t *testing.T) {
			closed := false
			h := newHouse(t, answering(func() *lis.Answer {
				a := done(endless(20_000, func(i int) error {
					if i == 15_000 {
						return errors.New("the disk is on fire")
					}
					return nil
				}))
				a.Close = func() { closed = true }
				return a
			}))
			resp, err := http.DefaultClient.Do(h.request("POST", "/lis/mms", strings.NewReader(allMemberships()), "Accept-Encoding", gz))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			if err == nil || resp.StatusCode != 200 || len(text) < 1000 {
				t.Errorf("HTTP %d, %d bytes, error %v", resp.StatusCode, len(text), err)
			}
			if got := h.seen.list(&h.seen.answered); !closed || len(got) != 1 || got[0] != "mms readAllMembershipIds targetreadfailure" {
				t.Errorf("closed %t, observed %q", closed, got)
			}
		})
	}
}

// Trouble that comes before anything went out is answered.
func TestFailureBeforeTheFirstPiece(t *testing.T) {
	h := newHouse(t, answering(func() *lis.Answer {
		return done(endless(10, func(i int) error { return errors.New("secret path /var/lib") }))
	}))
	a := h.post("/lis/mms", allMemberships()).want(t, "failure targetreadfailure")
	if strings.Contains(a.text, "/var/lib") || strings.Contains(a.text, "membership-") {
		t.Errorf("answer:\n%s", a.text)
	}
}

func TestBusy(t *testing.T) {
	h := newHouse(t, answering(func() *lis.Answer { return &lis.Answer{Status: lis.StatusOf(lis.Busy, lis.MMS, "no space left")} }))
	a := h.post("/lis/mms", allMemberships()).wantFault(t, http.StatusServiceUnavailable, "Server", "targetisbusy", "no space left")
	if a.head.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	h.post("/lis/mms", envelope(wire.SOAP12, call(&lis.Call{Operation: "readAllMembershipIds"})), "Content-Type", type12).
		wantFault(t, http.StatusServiceUnavailable, "Receiver")
}

// A client that takes gzip gets a large answer so, and a small one plain.
func TestGzipAnswers(t *testing.T) {
	for n, accept := range map[int]string{5: "gzip", 400: "deflate, gzip;q=0.8", 5_000: "GZIP", 5_001: "gzip;q=0", 5_002: ""} {
		h := newHouse(t, answering(func() *lis.Answer { return done(endless(n, func(int) error { return nil })) }))
		r := h.request("POST", "/lis/mms", strings.NewReader(allMemberships()))
		r.Header["Accept-Encoding"] = []string{accept}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := n == 400 || n == 5_000
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%d ids with %q: gzip %t", n, accept, got)
		}
		if want {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		p, err := Parse(body, wire.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if ids, _ := lis.Collect(p.Answer.IDs); len(ids) != n {
			t.Errorf("%d ids of %d", len(ids), n)
		}
	}
}

// Who does not take an answer is cut off.
func TestSlowReader(t *testing.T) {
	gone := make(chan int, 1)
	h := newHouse(t, func(p *plan) { p.door.Stalled = 100 * time.Millisecond }, answering(func() *lis.Answer {
		last := 0
		a := done(endless(10_000_000, func(i int) error { last = i; return nil }))
		a.Close = func() { gone <- last }
		return a
	}))
	c, _ := h.raw(t)
	message := allMemberships()
	fmt.Fprintf(c, "POST /lis/mms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(message), message)
	select {
	case last := <-gone:
		if last == 10_000_000-1 {
			t.Error("it was all sent")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the slow reader still holds on")
	}
}

// A reader that is slow but takes something now and then is served.
func TestSteadyReader(t *testing.T) {
	const n = 200_000
	h := newHouse(t, func(p *plan) { p.door.Stalled = 300 * time.Millisecond }, answering(func() *lis.Answer {
		return done(endless(n, func(int) error { return nil }))
	}))
	c, r := h.raw(t)
	message := allMemberships()
	fmt.Fprintf(c, "POST /lis/mms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(message), message)
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	begin, total := time.Now(), 0
	in := bufio.NewReaderSize(resp.Body, 64<<10)
	for {
		part, err := io.CopyN(io.Discard, in, 1<<20)
		total += int(part)
		if err != nil {
			break
		}
		time.Sleep(80 * time.Millisecond)
	}
	if took := time.Since(begin); total < n*30 || took < 300*time.Millisecond {
		t.Errorf("%d bytes in %s", total, took)
	}
}
