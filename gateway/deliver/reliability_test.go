package deliver

import (
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A target that hangs is left alone after five failures at most, and others
// lose nothing (A6).
func TestHanging(t *testing.T) {
	for _, rows := range []int{0, 50} {
		inHouse(t, func(h *house) {
			var calls atomic.Int64
			stuck := &memory.Adapter{BatchRows: rows, Hang: func(lis.Change) bool { calls.Add(1); return true }}
			h.put("stuck up", numbered(3000)...)
			h.start(h.store, Target{Name: "stuck", Adapter: stuck}, Target{Name: "up", Adapter: &memory.Adapter{Latency: time.Millisecond}})
			time.Sleep(900 * time.Millisecond)
			h.balance("up", 3000, 0, 0)
			time.Sleep(59 * time.Second)
			if n := calls.Load(); n > 5+4 { // each worker may be at it
				t.Errorf("%d attempts in a minute", n)
			}
			status, err := h.Status(t.Context())
			if err != nil || !status[0].Away || status[1].Away {
				t.Errorf("status %+v, %v", status, err)
			}
			h.end()
		})
	}
}

// An answer that is lost after the effect costs a second attempt and no second
// effect, in batches too (A7).
func TestLostAnswers(t *testing.T) {
	for _, rows := range []int{0, 20} {
		inHouse(t, func(h *house) {
			isFirst := first()
			lms := &memory.Adapter{BatchRows: rows, Lose: func(c lis.Change) error {
				if c.Seq%7 == 0 && isFirst(c) {
					return class(adapters.Unavailable)
				}
				return nil
			}}
			h.put("lms", numbered(300)...)
			h.put("lms", numbered(300)...)
			h.start(h.store, Target{Name: "lms", Adapter: lms})
			time.Sleep(2 * time.Minute)
			h.balance("lms", 600, 0, 0)
			if err := onceEach(lms.Effects(), 600); err != nil {
				t.Error(err)
			}
			h.end()
		})
	}
}

// A change that is always refused is set aside, and all others go at full
// speed (A10).
func TestPoison(t *testing.T) {
	for _, rows := range []int{0, 50} {
		inHouse(t, func(h *house) {
			lms := &memory.Adapter{Latency: time.Millisecond, BatchRows: rows, Fail: func(c lis.Change) error {
				if c.Key == "p00007" && c.Version == 1 {
					return class(adapters.Refused)
				}
				return nil
			}}
			h.put("lms", numbered(2000)...)
			h.put("lms", "p00007")
			h.start(h.store, Target{Name: "lms", Adapter: lms})
			time.Sleep(600 * time.Millisecond)
			h.balance("lms", 2000, 1, 0)
			if s := h.of("p00007"); s[0].State != journal.Dead || s[1].State != journal.Applied {
				t.Errorf("settled %+v, %+v", s[0], s[1])
			}
			h.end()
		})
	}
}

// A target that takes a thousand a second gets nine hundred at least, and no
// more than a thousand.
func TestTheRateIsUsedAndKept(t *testing.T) {
	for _, rows := range []int{0, 50, 5000} {
		inHouse(t, func(h *house) {
			lms := &memory.Adapter{Latency: time.Millisecond, BatchRows: rows}
			h.put("lms", numbered(10000)...)
			h.start(h.store, Target{Name: "lms", Adapter: lms, Rate: 1000, Burst: 100})
			time.Sleep(5 * time.Second)
			if n := len(lms.Effects()); n > 5200 || rows < 1000 && n < 4500 {
				t.Errorf("rows %d: %d in five seconds", rows, n)
			}
			time.Sleep(6500 * time.Millisecond)
			h.balance("lms", 10000, 0, 0)
			h.end()
		})
	}
}

// A few changes a minute: nothing outlasts its lease while it waits, and a
// stop does not wait for the rate.
func TestASlowRate(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		lms := &memory.Adapter{Fail: func(c lis.Change) error { tried.note(c); return nil }}
		h.put("lms", numbered(60)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms, Rate: 0.1})
		time.Sleep(5 * time.Minute)
		if n := tried.count(); n < 30 || n > 31 {
			t.Errorf("%d attempts in five minutes", n)
		}
		before := h.after()
		h.end()
		if took := h.after() - before; took > time.Second {
			t.Errorf("the stop took %s", took)
		}
		h.waitFree(60 - tried.count())
	})
}
