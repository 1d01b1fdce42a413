package deliver

import (
	"math"
	"sync"
	"time"

	"lisgate/gateway/journal"
)

// smoothing is the time over which a rate is an average.
const smoothing = 30 * time.Second

// A meter measures how many changes a second are settled for good: an average
// in which what is long ago weighs less.
type meter struct {
	mu          sync.Mutex
	rate        float64 // as of at
	begun, at   time.Time
	last        time.Time // a change was settled; after a while without, a new average begins
	lastApplied time.Time
}

func (m *meter) count(s journal.Settlement) {
	if s.State != journal.Applied && s.State != journal.Dead {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.At.Sub(m.last) > smoothing {
		m.rate, m.begun, m.at = 0, s.At, s.At
	}
	m.fade(s.At)
	m.rate += 1 / smoothing.Seconds()
	m.last = later(m.last, s.At)
	if s.State == journal.Applied {
		m.lastApplied = later(m.lastApplied, s.At)
	}
}

// fade brings the rate up to a time.
func (m *meter) fade(now time.Time) {
	if now.After(m.at) {
		m.rate *= math.Exp(-now.Sub(m.at).Seconds() / smoothing.Seconds())
		m.at = now
	}
}

// now returns the rate, and when a change was applied last. What has been
// going on for less than the time of the average is not diluted by what was before.
func (m *meter) now(now time.Time) (perSecond float64, lastApplied time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.begun.IsZero() {
		return 0, m.lastApplied
	}
	m.fade(now)
	share := 1 - math.Exp(-now.Sub(m.begun).Seconds()/smoothing.Seconds())
	return m.rate / max(share, 1/smoothing.Seconds()), m.lastApplied
}
