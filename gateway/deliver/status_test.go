package deliver

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A status tells how fast it goes and when all will be there; the log tells
// the balance of a run per kind.
func TestStatus(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Latency: 40 * time.Millisecond, Fail: func(c lis.Change) error {
			if c.Key == "p00000" {
				return class(adapters.Refused)
			}
			return nil
		}}
		down := &memory.Adapter{Fail: func(lis.Change) error { return class(adapters.Unavailable) }}
		h.put("lms down", numbered(6000)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms}, Target{Name: "down", Adapter: down})
		time.Sleep(20 * time.Second)
		all, err := h.Status(t.Context())
		if err != nil || len(all) != 2 {
			t.Fatalf("status %+v, %v", all, err)
		}
		s := all[1]
		if s.Target != "lms" || s.Rate < 95 || s.Rate > 105 || s.Drain < 38*time.Second || s.Drain > 42*time.Second || s.Away ||
			s.Run.Refused != 1 || s.Run.Applied < 1900 || time.Since(s.LastApplied) > time.Second || s.Standing.Waiting < 3900 {
			t.Errorf("status %+v", s)
		}
		if s := all[0]; !s.Away || s.Drain != 0 || s.Rate != 0 || !s.NextProbe.After(time.Now()) || time.Since(s.AwaySince) > 20*time.Second {
			t.Errorf("status %+v", s)
		}
		if text, err := json.Marshal(s); err != nil || !strings.Contains(string(text), `"lastApplied"`) || strings.Contains(string(text), "awaySince") {
			t.Errorf("as JSON %s, %v", text, err)
		}
		time.Sleep(3 * time.Minute)
		told := h.logs.FilterMessage("run ended").All()
		if len(told) != 1 {
			t.Fatalf("a run is told %d times", len(told))
		}
		f := told[0].ContextMap()
		if kinds, ok := f["kinds"].(map[lis.Kind]Counts); !ok || kinds[lis.KindPerson] != (Counts{Applied: 5999, Refused: 1}) || f["applied"] != int64(5999) {
			t.Errorf("the log says %v", f)
		}
		h.end()
		if all, err := h.Status(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("of an engine that does not run: %+v, %v", all, err)
		}
	})
}

func TestMeter(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	var m meter
	count := func(n int, every time.Duration) {
		for range n {
			now = now.Add(every)
			m.count(journal.Settlement{State: journal.Applied, At: now})
			m.count(journal.Settlement{State: journal.Waiting, At: now})
		}
	}
	expect := func(what string, least, most float64) {
		t.Helper()
		if rate, _ := m.now(now); rate < least || rate > most {
			t.Errorf("%s: %.2f, want %.1f to %.1f", what, rate, least, most)
		}
	}
	expect("nothing", 0, 0)
	count(50, 100*time.Millisecond)
	expect("after five seconds", 9, 11)
	count(3000, 100*time.Millisecond)
	expect("after five minutes", 9.5, 10.5)
	count(600, 10*time.Millisecond)
	expect("on the way to more", 20, 40)
	now = now.Add(2 * time.Minute)
	expect("long after", 0, 1)
	count(500, 10*time.Millisecond)
	expect("a new burst", 90, 110)
}

// What waits for a parent or a person does not drain.
func TestDrain(t *testing.T) {
	l := newLane(&Engine{now: time.Now}, Target{Name: "lms"}, nil)
	now := time.Now()
	for i := range 600 {
		l.meter.count(journal.Settlement{State: journal.Applied, At: now.Add(time.Duration(i-600) * 100 * time.Millisecond)})
	}
	for standing, want := range map[journal.Standing]time.Duration{
		{Waiting: 1500, Parked: 300, Held: 200}: 100 * time.Second, {Waiting: 500, Parked: 300, Held: 200}: 0,
	} {
		if got := l.status(standing).Drain; got < want-5*time.Second || got > want+5*time.Second {
			t.Errorf("%+v drains in %s, want %s", standing, got, want)
		}
	}
}
