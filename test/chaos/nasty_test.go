package chaos

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// A nastiness is how an LMS misbehaves.
type nastiness interface {
	// before reports whether it has dealt with a request, so that nothing is
	// to be done.
	before(w http.ResponseWriter, r *http.Request) bool
	// cutsAfter reports whether the answer to what was done gets lost.
	cutsAfter() bool
}

// kind is an LMS that behaves.
type kind struct{}

func (kind) before(http.ResponseWriter, *http.Request) bool { return false }
func (kind) cutsAfter() bool                                { return false }

// hangMost ends a hang that nobody else ends.
const hangMost = 15 * time.Second

// moody is an LMS that takes its time, so that a queue builds up. It is busy
// at times, breaks down at times, loses answers at times, is so slow at times
// that the gateway may be killed meanwhile, and hangs once.
type moody struct {
	mu   sync.Mutex
	dice *rand.Rand

	asked, busy, broken, cut, slow int
	hung                           bool
}

func (m *moody) before(w http.ResponseWriter, r *http.Request) bool {
	mood, delay := m.mood()
	<-time.After(delay)
	switch mood {
	case "busy":
		w.Header().Set("Retry-After", "1")
		http.Error(w, "come again", http.StatusServiceUnavailable)
	case "broken":
		http.Error(w, "<html>proxy error</html>", http.StatusBadGateway)
	case "hang":
		select {
		case <-r.Context().Done():
		case <-time.After(hangMost):
		}
	default: // it is carried out, even when nobody waits for it any more
		return false
	}
	return true
}

// mood chooses what is done with a request, and after which time.
func (m *moody) mood() (string, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if m.asked > 120 && !m.hung {
		m.hung = true
		return "hang", 0
	}
	usual := time.Duration(m.dice.IntN(30)) * time.Millisecond
	switch n := m.dice.IntN(1500); {
	case n < 1:
		m.busy++
		return "busy", usual
	case n < 10:
		m.broken++
		return "broken", usual
	case n < 50:
		m.slow++
		return "slow", 300 * time.Millisecond
	}
	return "", usual
}

func (m *moody) cutsAfter() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dice.IntN(100) > 0 {
		return false
	}
	m.cut++
	return true
}

func (m *moody) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprintf("the LMS was asked %d times; busy %d, broken %d, slow %d, answer lost %d, hung %t",
		m.asked, m.busy, m.broken, m.slow, m.cut, m.hung)
}
