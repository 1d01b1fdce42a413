package deliver

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestDeadLetters(t *testing.T) {
	cases := []struct {
		name   string
		fail   func(lis.Change) error
		reason string
		detail string
	}{
		{"refused", func(lis.Change) error { return class(adapters.Refused) }, "refused: as told; correct the record", "their words"},
		{"unsupported", func(lis.Change) error { return class(adapters.Unsupported) }, "unsupported: as told; route this", "their words"},
		{"panic", func(lis.Change) error { panic("no such field") }, "refused: the adapter panicked: no such field; correct", ""},
		{"page", func(lis.Change) error {
			return &adapters.Error{Class: adapters.Refused, Err: errors.New("odd"), Answer: strings.Repeat("é", 5000)}
		}, "odd", strings.Repeat("é", 1000) + "…"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				isFirst := first()
				lms := &memory.Adapter{Fail: func(change lis.Change) error {
					if change.Key == "a" && isFirst(change) && isFirst(lis.Change{}) {
						return c.fail(change)
					}
					return nil
				}}
				h.start(h.store, Target{Name: "lms", Adapter: lms})
				h.put("lms", "a", "a", "b")
				h.settle()
				h.end()
				h.balance("lms", 2, 1, 0)
				s := h.of("a")
				if s[0].State != journal.Dead || !strings.Contains(s[0].Reason, c.reason) || s[0].Detail != c.detail || s[0].Attempts != 1 {
					t.Errorf("dead letter %+v", s[0])
				}
				if strings.Contains(s[0].Reason, ".go:") {
					t.Errorf("a stack in the reason: %s", s[0].Reason)
				}
				told := h.logs.FilterMessage("dead letter").All()
				if len(told) != 1 {
					t.Fatalf("the log tells %d times", len(told))
				}
				if f := told[0].ContextMap(); f["kind"] != "person" || f["operation"] != "replacePerson" || f["seq"] != s[0].Seq ||
					f["see"] != "/admin/v1/dead?target=lms" {
					t.Errorf("the log says %v", f)
				}
				if s[1].State != journal.Applied {
					t.Errorf("the next change of the same person: %+v", s[1])
				}
			})
		})
	}
}

func TestMaxAttempts(t *testing.T) {
	inHouse(t, func(h *house) {
		h.start(h.store, Target{Name: "lms", MaxAttempts: 3, Adapter: &memory.Adapter{
			Fail: func(lis.Change) error { return class(adapters.Refused) },
		}})
		h.put("lms", "a")
		time.Sleep(time.Minute)
		h.end()
		if s := h.of("a")[0]; s.State != journal.Dead || s.Attempts != 3 {
			t.Errorf("settled %+v", s)
		}
	})
}

func TestContentThatCannotBeReadIsADeadLetter(t *testing.T) {
	inHouse(t, func(h *house) {
		err := h.store.Write(context.Background(), func(tx journal.Tx) error {
			for key, body := range map[lis.SourcedID][]byte{"a": []byte("nonsense"), "b": nil} {
				c := &lis.Change{Kind: lis.KindPerson, Key: key, Act: lis.Put}
				if err := tx.Append(c, body, nil, nil, 0, []string{"lms"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.start(h.store, Target{Name: "lms", Adapter: &memory.Adapter{}})
		h.settle()
		h.end()
		h.balance("lms", 0, 2, 0)
	})
}

func TestGiveUpAfter(t *testing.T) {
	for _, c := range []adapters.Class{adapters.Unavailable, adapters.Busy, adapters.Missing} {
		t.Run(string(c), func(t *testing.T) {
			inHouse(t, func(h *house) {
				down := &memory.Adapter{Fail: func(lis.Change) error { return class(c) }}
				h.start(h.store, Target{Name: "ever", Adapter: down}, Target{Name: "hour", Adapter: down, GiveUpAfter: time.Hour})
				h.put("ever hour", "a")
				time.Sleep(59 * time.Minute)
				h.balance("hour", 0, 0, 1)
				time.Sleep(12 * time.Minute)
				h.balance("hour", 0, 1, 0)
				time.Sleep(3 * time.Hour)
				h.balance("ever", 0, 0, 1)
				h.end()
				if r := h.of("a")[1].Reason; !strings.Contains(r, "given up after 1h") || !strings.HasSuffix(r, hints[c]) {
					t.Errorf("reason %q", r)
				}
			})
		})
	}
}

// attempts notes when changes are attempted.
type attempts struct {
	mu sync.Mutex
	at []time.Time
	of []lis.SourcedID
}

func (a *attempts) note(c lis.Change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at, a.of = append(a.at, time.Now()), append(a.of, c.Key)
}

func (a *attempts) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.at)
}

// gaps demands that the time between attempts grows as wanted, by chance up
// to a quarter less, and with a little more for the looking.
func (a *attempts) gaps(t *testing.T, want ...time.Duration) {
	t.Helper()
	for i, w := range want {
		if i+1 >= len(a.at) {
			t.Fatalf("%d attempts, want more than %d", len(a.at), len(want))
		}
		if gap := a.at[i+1].Sub(a.at[i]); gap < w*3/4 || gap > w+2*soonest {
			t.Errorf("gap %d is %s, want about %s", i, gap, w)
		}
	}
}

func TestDelaysGrow(t *testing.T) {
	const s = time.Second
	cases := map[adapters.Class][]time.Duration{
		adapters.Refused: {s, 2 * s, 4 * s, 8 * s, 10 * s, 10 * s, 10 * s},
		adapters.Missing: {s / 10, s / 5, 2 * s / 5, 4 * s / 5, 8 * s / 5, 16 * s / 5, 32 * s / 5, 10 * s, 10 * s},
	}
	for c, want := range cases {
		t.Run(string(c), func(t *testing.T) {
			inHouse(t, func(h *house) {
				tried := &attempts{}
				h.start(h.store, Target{Name: "lms", MaxDelay: 10 * s, MaxAttempts: 99, Adapter: &memory.Adapter{
					Fail: func(change lis.Change) error { tried.note(change); return class(c) },
				}})
				h.put("lms", "a")
				time.Sleep(time.Minute)
				h.end()
				tried.gaps(t, want...)
			})
		})
	}
}

// A delay is kept in the row: a new engine goes on where the old one was.
func TestADelaySurvivesARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		lms := Target{Name: "lms", MaxAttempts: 99, Adapter: &memory.Adapter{
			Fail: func(c lis.Change) error { tried.note(c); return class(adapters.Refused) },
		}}
		h.put("lms", "a")
		for range 2 {
			h.start(h.store, lms)
			time.Sleep(10 * time.Second)
			h.end()
		}
		time.Sleep(time.Hour)
		h.start(h.store, lms)
		time.Sleep(time.Second)
		h.end()
		tried.gaps(t, time.Second, 2*time.Second, 4*time.Second, 8*time.Second)
		if s := h.of("a")[0]; s.State != journal.Waiting || s.Attempts != 6 || s.Due.Sub(tried.at[5]) < 24*time.Second {
			t.Errorf("settled %+v", s)
		}
	})
}

// A parent that comes a moment later costs a moment.
func TestWhatIsMissingItsParentsIsTriedAgainSoon(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Strict: true}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		child, parents := adaptertest.Sample(lis.KindResult, 1), adaptertest.Parents(lis.KindResult, 1)
		h.record(child)
		time.Sleep(50 * time.Millisecond)
		h.Wake([]string{"lms"})
		time.Sleep(time.Millisecond)
		for i := range parents {
			h.record(parents[len(parents)-1-i]) // children first
		}
		h.Wake([]string{"lms"})
		time.Sleep(10 * time.Second)
		h.balance("lms", int64(len(parents)+1), 0, 0)
		h.end()
	})
}

// record writes a Put of a record for lms.
func (h *house) record(r *lis.Record) {
	h.Helper()
	body, err := lis.MarshalRecord(r)
	if err != nil {
		h.Fatal(err)
	}
	err = h.store.Write(context.Background(), func(tx journal.Tx) error {
		c := &lis.Change{Kind: r.Object.Kind(), Key: r.ID, Act: lis.Put}
		return tx.Append(c, body, r.Object.Links(), nil, 0, []string{"lms"})
	})
	if err != nil {
		h.Fatal(err)
	}
}

func TestReasonsNameTheParentAndLogsNameNobody(t *testing.T) {
	inHouse(t, func(h *house) {
		fails := []error{
			&adapters.Error{Class: adapters.Missing, Parent: "u42", Err: errors.New("no user Zażółć"), Answer: "Gęślą"},
			&adapters.Error{Class: adapters.Unavailable, Err: errors.New("Zażółć"), Answer: "Gęślą"},
			&adapters.Error{Class: adapters.Refused, Err: errors.New("Zażółć"), Answer: "Gęślą"},
		}
		h.start(h.store, Target{Name: "lms", Adapter: &memory.Adapter{Fail: func(c lis.Change) error {
			switch c.Key {
			case "missing":
				return fails[0]
			case "refused":
				return fails[2]
			case "panic":
				panic("Zażółć Gęślą")
			}
			return fails[1]
		}}})
		h.put("lms", "missing", "refused", "panic")
		time.Sleep(time.Second)
		h.put("lms", "u1", "u2", "u3")
		time.Sleep(time.Minute)
		h.end()
		if s := h.of("missing")[0]; !strings.Contains(s.Reason, "waits for u42") || s.Detail != "Gęślą" {
			t.Errorf("settled %+v", s)
		}
		if h.logs.Len() < 3 {
			t.Errorf("only %d log entries", h.logs.Len())
		}
		for _, entry := range h.logs.All() {
			for key, value := range entry.ContextMap() {
				if text, ok := value.(string); ok && (strings.Contains(text, "Zażółć") || strings.Contains(text, "Gęślą")) {
					t.Errorf("%s: %s names a person: %s", entry.Message, key, text)
				}
			}
		}
	})
}
