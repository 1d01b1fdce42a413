package intake

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
)

// An inbox is a source that answers though nobody put anything into it.
type inbox struct{ *fake }

func (inbox) Inbox() bool { return true }

func expecting(h *house, s adapters.Source) {
	h.feeds(Feed{Name: "sis", Source: s, Expect: 3 * time.Second})
}

// later pulls after a while, and says how the feed is.
func (h *house) later(parts ...any) Status {
	h.t.Helper()
	h.sis.says(parts...)
	h.clock = h.clock.Add(2 * time.Second)
	h.pull()
	return h.status()
}

func TestAnEmptyInboxIsNotFresh(t *testing.T) {
	h := newHouse(t)
	expecting(h, inbox{h.sis})
	h.later()
	if s := h.later(); !s.Late || !s.LastSuccess.IsZero() {
		t.Errorf("nothing ever came: %+v", s)
	}
	if s := h.later(person("a", "Ann")); s.Late || s.LastSuccess != h.clock {
		t.Errorf("a row came: %+v", s)
	}
	h.later()
	if s := h.later(); !s.Late {
		t.Errorf("nothing came since: %+v", s)
	}
	if s := h.later(list(kPerson)...); s.Late {
		t.Errorf("a list came, though an empty one: %+v", s)
	}
	h.later()
	if s := h.later(adapters.Item{Again: true}); s.Late {
		t.Errorf("the same came again: %+v", s)
	}
}

func TestASourceThatHasNothingNewIsFresh(t *testing.T) {
	h := newHouse(t)
	expecting(h, h.sis)
	h.later()
	if s := h.later(); s.Late || s.LastSuccess != h.clock {
		t.Errorf("it answered: %+v", s)
	}
}

// What is refused whole is trouble, and stays so until something better comes.
func TestNothingOfUseIsTrouble(t *testing.T) {
	h := newHouse(t)
	expecting(h, inbox{h.sis})
	no := adapters.Item{Kind: kPerson, Where: "people.csv", Err: errors.New("has no column id")}
	h.later(no, cursor("1"))
	s := h.later()
	if !s.Late || !strings.Contains(s.LastTrouble, "1 read, 1 refused") || s.Counts[kPerson].Refused != 1 || len(s.Rejected) != 1 {
		t.Errorf("%+v", s)
	}
	if s := h.later(adapters.Item{Again: true}); s.LastTrouble == "" {
		t.Errorf("the same came again: %+v", s)
	}
	if s := h.later(no, person("a", "Ann")); s.Late || s.LastTrouble != "" || s.Counts[kPerson].Read != 2 {
		t.Errorf("one row was good: %+v", s)
	}
	expecting(h, h.sis) // the same of a source that answers
	if s := h.later(no); s.LastTrouble == "" {
		t.Errorf("all was refused: %+v", s)
	}
	h.sis.says(unavailable())
	_, _ = h.Pull(t.Context(), "sis")
	if s := h.later(); s.LastTrouble != "" {
		t.Errorf("it is there again: %+v", s)
	}
}
