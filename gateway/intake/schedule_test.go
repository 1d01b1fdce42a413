package intake

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/journal"
)

// ran runs a feed for a time and returns when its source was asked, from the
// beginning on. Each answer is the error of one pull; the last one stays.
func ran(t *testing.T, d time.Duration, set func(*Feed), answers ...error) (asked []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.clock = time.Time{}
		f := Feed{Name: "sis", Source: h.sis}
		set(&f)
		h.feeds(f)
		h.Intake.zone = time.UTC
		began := time.Now()
		h.sis.script = func(string) iter.Seq2[adapters.Item, error] {
			asked = append(asked, time.Since(began))
			err := answers[min(len(asked), len(answers))-1]
			return func(yield func(adapters.Item, error) bool) {
				if err != nil {
					yield(adapters.Item{}, err)
				}
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		if err := h.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	return asked
}

func TestSchedule(t *testing.T) {
	every := func(d time.Duration) func(*Feed) { return func(f *Feed) { f.Every = d } }
	busy := &adapters.Error{Class: adapters.Busy, After: 7 * time.Minute, Err: errors.New("later")}
	refused := &adapters.Error{Class: adapters.Refused, Err: errors.New("no such table")}
	s, m, h := time.Second, time.Minute, time.Hour
	cases := map[string]struct {
		run     time.Duration
		set     func(*Feed)
		answers []error
		want    []time.Duration
	}{
		"every":            {50 * m, every(20 * m), []error{nil}, []time.Duration{0, 20 * m, 40 * m}},
		"once":             {50 * h, every(0), []error{nil}, []time.Duration{0}},
		"unavailable":      {3 * m, every(m), []error{unavailable(), unavailable(), unavailable(), nil}, []time.Duration{0, 5 * s, 15 * s, 35 * s, 95 * s, 155 * s}},
		"never more often": {61 * s, every(20 * s), []error{unavailable()}, []time.Duration{0, 5 * s, 15 * s, 35 * s, 55 * s}},
		"without class":    {6 * s, every(m), []error{errors.New("what?")}, []time.Duration{0, 5 * s}},
		"busy":             {9*m + s, every(m), []error{busy, nil}, []time.Duration{0, 7 * m, 8 * m, 9 * m}},
		"refused":          {3 * m, every(2 * m), []error{refused}, []time.Duration{0, 2 * m}},
		// A bubble begins at midnight UTC.
		"times of day":      {49 * h, func(f *Feed) { f.At = []string{"02:30", "13:00"} }, []error{nil}, []time.Duration{0, 2*h + 30*m, 13 * h, 26*h + 30*m, 37 * h}},
		"times, once fails": {14 * h, func(f *Feed) { f.At = []string{"13:00"} }, []error{unavailable(), nil}, []time.Duration{0, 5 * s, 13 * h}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := ran(t, c.run, c.set, c.answers...)
			if !slices.Equal(got, c.want) {
				t.Errorf("asked at %v\nwant %v", got, c.want)
			}
		})
	}
}

// A source that says a little at each pull is asked again soon, until it has
// nothing more to say.
func TestMoreToSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.clock = time.Time{}
		h.feeds(Feed{Name: "sis", Source: h.sis, Every: time.Hour})
		began := time.Now()
		var asked []time.Duration
		h.sis.script = func(at string) iter.Seq2[adapters.Item, error] {
			asked = append(asked, time.Since(began))
			said := map[string][]adapters.Item{"": {person("a", "Ann"), cursor("1")}, "1": {person("b", "Ben"), cursor("2")},
				"2": {person("a", "Ann"), cursor("3")}, "3": {person("a", "Ann"), cursor("3")}}[at]
			return func(yield func(adapters.Item, error) bool) {
				for _, item := range said {
					if !yield(item, nil) {
						return
					}
				}
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := h.Run(ctx); err != nil {
			t.Error(err)
		}
		if want := []time.Duration{0, time.Second, 2 * time.Second, 7 * time.Second}; !slices.Equal(asked, want) {
			t.Errorf("asked at %v, want %v", asked, want)
		}
	})
}

// A feed with times of day only is not asked again because of a restart.
func TestRestartBetweenTimesOfDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.clock = time.Time{}
		for range 3 {
			h.sis.says()
			h.feeds(Feed{Name: "sis", Source: h.sis, At: []string{"12:00"}})
			h.Intake.zone = time.UTC
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			if err := h.Run(ctx); err != nil {
				t.Error(err)
			}
			cancel()
		}
		if n := len(h.sis.cursors); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestStatus(t *testing.T) {
	h := newHouse(t)
	h.feeds(Feed{Name: "sis", Source: h.sis, Expect: time.Hour}, Feed{Name: "hr", Source: h.sis})
	if s := h.status(); s.Late || !s.LastSuccess.IsZero() || s.Run != 0 {
		t.Errorf("at first: %+v", s)
	}
	h.clock = start.Add(61 * time.Minute)
	if !h.status().Late {
		t.Error("never read, and not late")
	}
	h.sis.says(person("a", "Ann"), cursor("1"))
	h.pull()
	h.sis.says(unavailable())
	h.clock = start.Add(90 * time.Minute)
	h.Pull(t.Context(), "sis")
	s := h.status()
	if s.Late || s.Run != 2 || !s.LastSuccess.Equal(start.Add(61*time.Minute)) || s.CursorAge != 29*time.Minute ||
		s.LastTrouble != "unavailable: connection refused; start it" || !s.TroubleAt.Equal(h.clock) {
		t.Errorf("after trouble: %+v", s)
	}
	h.clock = start.Add(122 * time.Minute)
	if !h.status().Late {
		t.Error("an hour has passed, and it is not late")
	}
	h.sis.says(person("a", "Ann"))
	h.pull()
	if s := h.status(); s.Late || s.LastTrouble != "" || s.Counts[kPerson].Unchanged != 1 {
		t.Errorf("after all went well: %+v", s)
	}
	all, _ := h.Status(t.Context())
	if len(all) != 2 || all[1].Name != "hr" || all[1].Run != 0 {
		t.Errorf("%+v", all)
	}
}

func TestOnePullAtATime(t *testing.T) {
	h := newHouse(t)
	var inner error
	h.sis.says(func() { _, inner = h.Pull(t.Context(), "sis") }, person("a", "Ann"))
	h.pull()
	if !errors.Is(inner, ErrUnderWay) {
		t.Errorf("%v", inner)
	}
}

func TestClosedJournalEndsRun(t *testing.T) {
	h := newHouse(t, func(f *Feed) { f.Every = time.Hour })
	h.store.Close()
	if err := h.Run(t.Context()); !errors.Is(err, journal.ErrClosed) {
		t.Errorf("%v", err)
	}
}
