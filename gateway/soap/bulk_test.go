package soap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// withBulk gives a house the doors for bulk files.
func withBulk(b *Bulk) option {
	return func(p *plan) {
		p.door.Bulk = b
		b.Workers = 2
		if b.Bytes == 0 {
			b.Bytes = 1 << 30
		}
	}
}

// importing is a house whose bulk files go to its registrar.
func importing(t *testing.T, options ...option) *house {
	b := &Bulk{}
	h := newHouse(t, append([]option{withBulk(b)}, options...)...)
	b.Import = h.door.Registrar.(*registrar.Registrar).Import
	return h
}

func items(of ...*lis.Call) iter.Seq2[*registrar.BulkItem, error] {
	var all []*registrar.BulkItem
	for i, c := range of {
		all = append(all, &registrar.BulkItem{Op: fmt.Sprint("op-", i+1), Call: c})
	}
	return lis.Seq(all)
}

func file(t *testing.T, of ...*lis.Call) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteBulk(&b, items(of...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// replaces are calls that put every object of the world in its place.
func replaces() (of []*lis.Call) {
	for _, r := range objects() {
		of = append(of, &lis.Call{Operation: lis.OperationFor(r.Object.Kind(), lis.Replace), ID: r.ID, Record: r})
	}
	return append(of, &lis.Call{Operation: "deletePerson", ID: "p-2"})
}

func TestBulkRoundTrip(t *testing.T) {
	want := replaces()
	got, err := lis.Collect(ReadBulk(strings.NewReader(file(t, want...)), wire.Limits{}, 3))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d items of %d, %v", len(got), len(want), err)
	}
	for i, item := range got {
		if item.Err != nil || len(item.Deviations) > 0 || item.Op != fmt.Sprint("op-", i+1) {
			t.Errorf("%s: %v %q", item.Op, item.Err, item.Deviations)
		}
		if a, b := file(t, item.Call), file(t, want[i]); a != b {
			t.Errorf("%s:\n got %s\nwant %s", item.Op, a, b)
		}
	}
}

// The order is that of the file, however many decode.
func TestBulkOrder(t *testing.T) {
	var of []*lis.Call
	for i := range 1000 {
		of = append(of, person(lis.SourcedID(fmt.Sprint("p-", i)), "Ada"))
	}
	text := file(t, of...)
	for _, workers := range []int{0, 1, 8} {
		n := 0
		for item, err := range ReadBulk(strings.NewReader(text), wire.Limits{}, workers) {
			if err != nil || item.Call.ID != of[n].ID {
				t.Fatalf("item %d is %+v, %v", n, item, err)
			}
			n++
		}
		if n != len(of) {
			t.Errorf("%d items with %d workers", n, workers)
		}
	}
}

// Who stops early leaves nobody behind, and the file is theirs again.
func TestBulkStop(t *testing.T) {
	before := runtime.NumGoroutine()
	one := file(t, person("p-1", "Ada"))
	head, rest, _ := strings.Cut(one, "<transactionRecord>")
	record, _, _ := strings.Cut("<transactionRecord>"+rest, "</bulkDataRecord>")
	r := &repeat{record, 100_000, 0}
	for range ReadBulk(io.MultiReader(strings.NewReader(head), r), wire.Limits{}, 2) {
		break
	}
	left := r.left
	time.Sleep(20 * time.Millisecond)
	if n := runtime.NumGoroutine(); n > before || r.left != left || left == 0 {
		t.Errorf("%d goroutines, were %d; %d records were read later", n, before, left-r.left)
	}
}

// Memory stays the same however long the file.
func TestBulkMemory(t *testing.T) {
	one := file(t, person("p-1", "Ada"))
	head, rest, _ := strings.Cut(one, "<transactionRecord>")
	record, tail, _ := strings.Cut("<transactionRecord>"+rest, "</bulkDataRecord>")
	const n = 20_000
	r := io.MultiReader(strings.NewReader(head), &repeat{record, n, 0}, strings.NewReader("</bulkDataRecord>"+tail))
	var first, last runtime.MemStats
	count := 0
	for _, err := range ReadBulk(r, wire.Limits{}, 2) {
		if err != nil {
			t.Fatal(err)
		}
		switch count++; count {
		case 1000:
			runtime.GC()
			runtime.ReadMemStats(&first)
		case n - 1000:
			runtime.GC()
			runtime.ReadMemStats(&last)
		}
	}
	if grown := int(last.HeapAlloc) - int(first.HeapAlloc); count != n || grown > 4<<20 {
		t.Errorf("%d items, %d bytes held on the way", count, grown)
	}
}

// repeat reads a text many times over.
type repeat struct {
	text string
	left int
	at   int
}

func (r *repeat) Read(b []byte) (n int, err error) {
	for n < len(b) && r.left > 0 {
		c := copy(b[n:], r.text[r.at:])
		n += c
		if r.at += c; r.at == len(r.text) {
			r.at = 0
			r.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestImport(t *testing.T) {
	for name, send := range map[string]func(h *house, text string) *reply{
		"plain": func(h *house, text string) *reply { return h.post("/lis/bdems/file", text) },
		"gzip": func(h *house, text string) *reply {
			return h.post("/lis/bdems/file", zipped(text), "Content-Encoding", "gzip")
		},
		"chunked": func(h *house, text string) *reply {
			return h.do(h.request("POST", "/lis/bdems/file", io.MultiReader(strings.NewReader(text))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := importing(t)
			a := send(h, file(t, replaces()...))
			if a.code != 200 || a.Status == nil || a.Status.CodeMinor != lis.FullSuccess || a.Call == nil || *a.Call.Report.Applied != 15 {
				t.Fatalf("%d\n%s", a.code, a.text)
			}
			if !h.stored(lis.KindResult, "r-1") || h.stored(lis.KindPerson, "p-2") {
				t.Error("the file was not carried out")
			}
			if got := h.seen.list(&h.seen.answered); len(got) != 1 || got[0] != "bdems reportBulkDataExchange fullsuccess" {
				t.Errorf("observed %q", got)
			}
		})
	}
}

// An item that is wrong does not stop the file; what is no XML does.
func TestImportOfBadItems(t *testing.T) {
	h := importing(t)
	text := file(t, person("p-1", "Ada"), person("p-2", "Bea"), person("p-3", "Cy"))
	a := h.post("/lis/bdems/file", strings.Replace(text, "<formattedName>", "<formattedName>stray", 1))
	if a.Status.CodeMinor != lis.PartialDataStorage || *a.Call.Report.Failed != 1 || a.Call.Report.Failure[0].TransactionOpIdentifier != "op-1" {
		t.Errorf("answer:\n%s", a.text)
	}
	if h.stored(lis.KindPerson, "p-1") || !h.stored(lis.KindPerson, "p-3") {
		t.Error("stored otherwise")
	}
	for name, bad := range map[string]string{
		"truncated":    text[:len(text)-100],
		"other root":   replaced(text, "bulkDataRecord", "other"),
		"more after":   text + "<x/>",
		"no XML":       "hello",
		"DOCTYPE":      strings.Replace(text, "<bulk", "<!DOCTYPE a><bulk", 1),
		"empty":        "",
		"wrong nested": strings.Replace(text, "</transactionRecord>", "</other>", 1),
	} {
		t.Run(name, func(t *testing.T) {
			a := importing(t).post("/lis/bdems/file", bad)
			if a.Status == nil || a.Status.CodeMinor != lis.InvalidData || a.Status.Severity != lis.SeverityError {
				t.Errorf("answer:\n%s", a.text)
			}
		})
	}
	importing(t).post("/lis/bdems/file", text, "Content-Encoding", "gzip").wantFault(t, 400, "Client", "not gzip")
}

func TestImportLimit(t *testing.T) {
	text := file(t, person("p-1", "Ada"))
	h := importing(t, func(p *plan) { p.door.Bulk.Bytes = int64(len(text)) })
	if a := h.post("/lis/bdems/file", text); a.Status.CodeMinor != lis.FullSuccess {
		t.Errorf("answer:\n%s", a.text)
	}
	a := h.post("/lis/bdems/file", text+" ")
	if a.Status == nil || a.Status.CodeMinor != lis.InvalidData || !strings.Contains(a.Status.Description, "limits.bulk_bytes") {
		t.Errorf("answer:\n%s", a.text)
	}
}

// Trouble of ours is not the file's: the caller may send it again.
func TestImportInTrouble(t *testing.T) {
	h := newHouse(t, withBulk(&Bulk{Import: func(context.Context, string, string, iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, error) {
		return &lis.BulkReport{}, errors.New("no space left")
	}}))
	h.post("/lis/bdems/file", file(t)).wantFault(t, http.StatusServiceUnavailable, "Server", "no space left")
}

func TestImportAsksTheGuard(t *testing.T) {
	h := importing(t, func(p *plan) { p.guard.Anonymous = &guard.AnonymousOptions{Services: []lis.Service{lis.PMS}} })
	h.post("/lis/bdems/file", file(t, person("p-1", "Ada"))).wantFault(t, http.StatusForbidden, "Client")
	if h.stored(lis.KindPerson, "p-1") {
		t.Error("it was carried out")
	}
}

// A caller who stops sending is cut off.
func TestImportStalled(t *testing.T) {
	h := importing(t, func(p *plan) { p.door.Stalled = 100 * time.Millisecond })
	c, r := h.raw(t)
	fmt.Fprintf(c, "POST /lis/bdems/file HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100000\r\n\r\n<bulkDataRecord>")
	c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if resp, text := answerOf(t, r); resp.StatusCode != 200 || !strings.Contains(text, "invaliddata") || !strings.Contains(text, "could not be read") {
		t.Errorf("%s\n%s", resp.Status, text)
	}
}

func TestExtract(t *testing.T) {
	whole := replaces()
	h := newHouse(t, withBulk(&Bulk{Extract: func(_ context.Context, caller, id string) (iter.Seq2[*registrar.BulkItem, error], func(), error) {
		switch {
		case id == "broken":
			return func(yield func(*registrar.BulkItem, error) bool) { yield(nil, errors.New("no disk")) }, func() {}, nil
		case caller != "anonymous" || id != "x 1/2":
			return nil, nil, errors.New("no such extract")
		}
		return items(whole...), func() {}, nil
	}}))
	a := h.get("/lis/bdems/files/x%201/2")
	if a.code != 200 || a.text != file(t, whole...) {
		t.Errorf("%d\n%s", a.code, a.text)
	}
	if a := h.get("/lis/bdems/files/other"); a.code != 404 || !strings.Contains(a.text, "no such extract") {
		t.Errorf("%d %s", a.code, a.text)
	}
	if a := h.do(h.request("HEAD", "/lis/bdems/files/x%201/2", nil)); a.code != 200 || a.text != "" {
		t.Errorf("HEAD: %d", a.code)
	}
	resp, err := http.Get(h.url + "/lis/bdems/files/broken")
	if err == nil {
		if _, err = io.ReadAll(resp.Body); err == nil && resp.StatusCode == 200 {
			t.Error("half a file passes for the whole")
		}
		resp.Body.Close()
	}
}

// Blackboard's published file.
func TestBlackboardFile(t *testing.T) {
	text, err := os.ReadFile("../../../shared/samples/blackboard/SampleBulkRequest_PersonCourseMemberTerm.xml")
	if err != nil {
		t.Skip("the sample is not here")
	}
	h := importing(t)
	a := h.post("/lis/bdems/file", string(text))
	if a.Status == nil || a.Status.CodeMinor != lis.FullSuccess || *a.Call.Report.Failed != 0 || *a.Call.Report.Applied == 0 {
		t.Errorf("answer:\n%s", a.text)
	}
}
