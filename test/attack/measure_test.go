package attack

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// What a hostile request may cost at most.
const (
	mostTime  = 5 * time.Millisecond
	mostBytes = 4 << 20
)

// A cost is what one request took of us.
type cost struct {
	took  time.Duration
	bytes uint64
}

// measure has the door answer a request three times, and more often when that
// was too slow: a machine under load makes some slow, not all. Once is enough
// for the race detector, whose times say little. It returns the last answer.
func (h *house) measure(request func() *http.Request) (w *httptest.ResponseRecorder, best cost) {
	best = cost{took: time.Hour, bytes: 1 << 62}
	for i := 0; i < max(1, 3/slower) || i < 15 && best.tooMuch(); i++ {
		r := request()
		w = httptest.NewRecorder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		h.door.ServeHTTP(w, r)
		took := time.Since(begin)
		runtime.ReadMemStats(&after)
		best.took = min(best.took, took)
		best.bytes = min(best.bytes, after.TotalAlloc-before.TotalAlloc)
	}
	return w, best
}

func (c cost) tooMuch() bool { return c.took > mostTime*slower || c.bytes > mostBytes*slower }

// try sends a request and holds the answer, the ledger and the cost against
// what they may be.
func (h *house) try(t *testing.T, name string, request func() *http.Request) cost {
	t.Helper()
	h.ledger.open()
	w, c := h.measure(request)
	if err := verdict(w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Errorf("%s: %v\n%.2000s", name, err, w.Body.String())
	}
	if err := h.ledger.check(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if c.tooMuch() {
		t.Errorf("%s: it took %s and %d bytes", name, c.took, c.bytes)
	}
	worst.note(name, c)
	return c
}

// records are the worst cases of all tests.
type records struct {
	mu            sync.Mutex
	slow, fat     cost
	slowAt, fatAt string
	n             int
}

var worst records

func (r *records) note(name string, c cost) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	if c.took > r.slow.took {
		r.slow, r.slowAt = c, name
	}
	if c.bytes > r.fat.bytes {
		r.fat, r.fatAt = c, name
	}
}

func (r *records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("%d cases so far; slowest %s with %s; most memory %s with %d KiB (allowed, here: %s, %d KiB)",
		r.n, r.slowAt, r.slow.took, r.fatAt, r.fat.bytes>>10, mostTime*slower, mostBytes*slower>>10)
}

// quiet is the log of a server under attack.
func quiet(t testing.TB) *log.Logger {
	return log.New(panicky{t}, "", 0)
}

// panicky fails the test when the server tells of a panic.
type panicky struct{ t testing.TB }

func (p panicky) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "panic") {
		p.t.Errorf("%s", b)
	}
	return len(b), nil
}
