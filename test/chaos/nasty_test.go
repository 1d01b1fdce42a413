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

// moody is an LMS that is busy at times, breaks down at times, loses answers
// at times, is slow at times so that the gateway may be killed meanwhile, and
// hangs once.
type moody struct {
	mu   sync.Mutex
	dice *rand.Rand

	asked, busy, broken, cut, slow int
	hung                           bool
}

func (m *moody) before(w http.ResponseWriter, r *http.Request) bool {
	switch m.mood() {
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
	case "slow":
		<-time.After(300 * time.Millisecond)
		return false // it is carried out, even when nobody waits for it any more
	default:
		return false
	}
	return true
}

func (m *moody) mood() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if m.asked > 300 && !m.hung {
		m.hung = true
		return "hang"
	}
	switch n := m.dice.IntN(3000); {
	case n < 1:
		m.busy++
		return "busy"
	case n < 15:
		m.broken++
		return "broken"
	case n < 90:
		m.slow++
		return "slow"
	}
	return ""
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
