package deliver

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/lis"
)

// fourHundred changes are enough to see that not each of them is tried.
var fourHundred = numbered(400)

// A target that is down for an hour is probed now and then, by one change at
// a time; the other target notices nothing; after the hour all is delivered.
func TestATargetThatIsDownIsLeftAlone(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		down := &memory.Adapter{Latency: time.Millisecond, Fail: func(c lis.Change) error {
			tried.note(c)
			if h.after() < time.Hour {
				return class(adapters.Unavailable)
			}
			return nil
		}}
		up := &memory.Adapter{Latency: time.Millisecond}
		h.put("down up", fourHundred...)
		h.start(h.store, Target{Name: "down", Adapter: down}, Target{Name: "up", Adapter: up})
		time.Sleep(time.Second)
		h.balance("up", 400, 0, 0)
		time.Sleep(time.Hour - 2*time.Second)
		probes(t, tried, time.Hour, 5*time.Minute)
		time.Sleep(6 * time.Minute)
		h.balance("down", 400, 0, 0)
		if err := onceEach(down.Effects(), 400); err != nil {
			t.Error(err)
		}
		h.end()
	})
}

// probes demands that after the first failures attempts come alone, in
// pauses that grow up to a longest.
func probes(t *testing.T, tried *attempts, in, longest time.Duration) {
	t.Helper()
	tried.mu.Lock()
	defer tried.mu.Unlock()
	const workers = 4
	if n, most := len(tried.at), tolerated+workers+10+int(in/longest)*4/3; n > most {
		t.Errorf("%d attempts in %s, want no more than %d", n, in, most)
	}
	before := time.Duration(0)
	for i := tolerated + workers; i < len(tried.at); i++ {
		gap := tried.at[i].Sub(tried.at[i-1])
		if gap < before*3/4 || gap < 750*time.Millisecond || gap > longest+time.Second {
			t.Errorf("pause %d is %s after %s", i, gap, before)
		}
		before = gap
	}
}

// A target that hangs costs the timeout and no more than a few attempts.
func TestATargetThatHangs(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		hanging := &memory.Adapter{Hang: func(c lis.Change) bool {
			tried.note(c)
			return h.after() < 10*time.Minute
		}}
		h.put("lms up", fourHundred...)
		h.start(h.store, Target{Name: "lms", Adapter: hanging}, Target{Name: "up", Adapter: &memory.Adapter{}})
		time.Sleep(time.Second)
		h.balance("up", 400, 0, 0)
		time.Sleep(59 * time.Second)
		if n := tried.count(); n > tolerated+4+3 {
			t.Errorf("%d attempts in a minute", n)
		}
		if s := h.of(string(tried.of[0]))[0]; s.Reason == "" || s.Attempts != 1 {
			t.Errorf("the first one: %+v", s)
		}
		time.Sleep(15 * time.Minute)
		h.balance("lms", 400, 0, 0)
		h.end()
	})
}

// One record that always finds the target unavailable does not stop the
// others, nor do several.
func TestAPoisonedChangeKeepsOnlyItsOwnObjectWaiting(t *testing.T) {
	for name, poisoned := range map[string][]string{"one": {"p00000"}, "several": fourHundred[:9]} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				lms := &memory.Adapter{Latency: 10 * time.Millisecond, Fail: func(c lis.Change) error {
					if slices.Contains(poisoned, string(c.Key)) {
						return class(adapters.Unavailable)
					}
					return nil
				}}
				h.put("lms", fourHundred...)
				h.start(h.store, Target{Name: "lms", Adapter: lms})
				time.Sleep(15 * time.Second)
				n := int64(len(poisoned))
				h.balance("lms", 400-n, 0, n)
				time.Sleep(time.Hour)
				h.put("lms", "new")
				time.Sleep(6 * time.Minute)
				h.balance("lms", 401-n, 0, n)
				h.end()
			})
		})
	}
}

// Busy means the whole target, for as long as it asked, even for a record
// that is always busy.
func TestABusyTargetIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		lms := &memory.Adapter{Fail: func(c lis.Change) error {
			tried.note(c)
			if h.after() < time.Second || c.Key == "p00000" {
				return &adapters.Error{Class: adapters.Busy, After: 42 * time.Second, Err: errors.New("429")}
			}
			return nil
		}}
		h.put("lms", fourHundred...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(41 * time.Second)
		if n := tried.count(); n > 4 {
			t.Errorf("%d attempts before the time", n)
		}
		h.balance("lms", 0, 0, 400)
		if s := h.of(string(tried.of[0]))[0]; s.Due.Before(h.began.Add(42*time.Second + 750*time.Millisecond)) {
			t.Errorf("it is due after %s, ahead of those that were not tried", s.Due.Sub(h.began))
		}
		time.Sleep(2 * time.Second)
		h.Wake([]string{"lms"})
		time.Sleep(2 * time.Minute)
		h.balance("lms", 399, 0, 1)
		h.end()
	})
}

// Probes come alone, however long they take.
func TestOneProbeAtATime(t *testing.T) {
	inHouse(t, func(h *house) {
		var now, most atomic.Int64
		lms := &wrapped{Adapter: &memory.Adapter{Fail: func(lis.Change) error { return class(adapters.Unavailable) }}, before: func(lis.Change) {
			n := now.Add(1)
			defer now.Add(-1)
			if h.after() > 30*time.Second {
				most.Store(max(most.Load(), n))
			}
			time.Sleep(7 * time.Second)
		}}
		h.put("lms", fourHundred...)
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(time.Hour)
		h.end()
		if most.Load() != 1 {
			t.Errorf("%d at a time", most.Load())
		}
	})
}

// What a probe found out about a target holds up no change: when the target
// is back all that waits goes out at once, however long the timeout is.
func TestFailedProbesKeepNothingOnLease(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Fail: func(lis.Change) error {
			if h.after() < 3*time.Second {
				return class(adapters.Unavailable)
			}
			return nil
		}}
		h.put("lms", numbered(12)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms, FirstDelay: 50 * time.Millisecond, MaxDelay: 200 * time.Millisecond})
		time.Sleep(4 * time.Second)
		h.balance("lms", 12, 0, 0)
		h.end()
	})
}

// The log tells when a target goes away, once a minute that it still is, and
// when it is back.
func TestTheLogTellsOfAnAbsenceNowAndThen(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Fail: func(lis.Change) error {
			if at := h.after(); at < 5*time.Minute || at > 10*time.Minute && at < 11*time.Minute {
				return class(adapters.Unavailable)
			}
			return nil
		}}
		h.put("lms", numbered(12)...)
		h.start(h.store, Target{Name: "lms", Adapter: lms, FirstDelay: time.Second, MaxDelay: time.Second})
		time.Sleep(10*time.Minute + time.Second)
		h.put("lms", numbered(12)...)
		time.Sleep(5 * time.Minute)
		h.end()
		for message, want := range map[string]int{"target is left alone for a while": 2, "target is still away": 4, "target is back": 2} {
			entries := h.logs.FilterMessage(message).All()
			if len(entries) != want {
				t.Errorf("%q is told %d times, want %d", message, len(entries), want)
			}
		}
		back := h.logs.FilterMessage("target is back").All()
		for i, want := range []time.Duration{5 * time.Minute, time.Minute} {
			if away := back[i].ContextMap()["away"].(time.Duration); away < want-5*time.Second || away > want+5*time.Second {
				t.Errorf("return %d after %s, want about %s", i, away, want)
			}
		}
	})
}

func TestBreaker(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	const probe = true
	const fresh, before = int64(0), int64(7)
	b := &breaker{delay: func(failures int) time.Duration { return time.Second << failures }}
	expect := func(what string, open bool, pause time.Duration) {
		t.Helper()
		if gotOpen, until := b.state(); gotOpen != open || open && until.Sub(now) != pause {
			t.Errorf("%s: open %t for %s, want %t for %s", what, gotOpen, until.Sub(now), open, pause)
		}
	}
	for range 5 {
		b.unavailable(now, !probe, before)
	}
	expect("failures of what failed before", false, 0)
	for n := range int64(doubted - 1) {
		expect("failures of a few that failed before", false, 0)
		b.unavailable(now, !probe, 100+n)
	}
	expect("failures of many that failed before", true, time.Second)
	b.answered(probe)
	b.unavailable(now, !probe, fresh)
	b.unavailable(now, !probe, fresh)
	b.answered(!probe)
	b.unavailable(now, !probe, fresh)
	b.unavailable(now, !probe, fresh)
	expect("an answer in between", false, 0)
	if !b.unavailable(now, !probe, fresh) {
		t.Error("no pause began")
	}
	expect("three in a row", true, time.Second)
	if b.unavailable(now, !probe, fresh) || b.answered(!probe) {
		t.Error("an answer to an older question counted")
	}
	expect("an answer to an older question", true, time.Second)
	b.unavailable(now, probe, fresh)
	expect("a failed probe", true, 2*time.Second)
	b.unavailable(now, probe, before)
	expect("another failed probe", true, 4*time.Second)
	b.busy(now.Add(3 * time.Second))
	expect("busy for less", true, 4*time.Second)
	b.busy(now.Add(time.Minute))
	expect("busy for more", true, time.Minute)
	if !b.answered(probe) {
		t.Error("the answer to a probe did not close it")
	}
	expect("answered", false, 0)
	now = now.Add(time.Hour)
	for range 3 {
		b.unavailable(now, !probe, fresh)
	}
	expect("again", true, time.Second)
}

func TestBackoff(t *testing.T) {
	for failures, want := range []time.Duration{1, 2, 4, 8, 16, 20, 20} {
		lowest, highest := time.Hour, time.Duration(0)
		for seed := range uint64(1000) {
			d := backoff(time.Second, 20*time.Second, failures, seed)
			lowest, highest = min(lowest, d), max(highest, d)
		}
		want *= time.Second
		if lowest < want*3/4 || lowest > want*4/5 || highest > want || highest < want*19/20 {
			t.Errorf("after %d failures from %s to %s, want three quarters of %s and up", failures, lowest, highest, want)
		}
	}
	if d := backoff(time.Second, 5*time.Minute, 1<<30, 1); d > 5*time.Minute {
		t.Errorf("delay %s", d)
	}
}
