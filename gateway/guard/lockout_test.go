package guard

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func guess(h *house, address, user, password string) error {
	r := withBasic(user, password)
	r.RemoteAddr = address + ":1"
	_, err := h.enter(r, "", nil)
	return err
}

// Known and unknown users are locked alike, or the lock would tell them apart.
func TestGuessingIsSlowedDown(t *testing.T) {
	for _, user := range []string{"banner", "nobody"} {
		h := newHouse(t, nil)
		for range freeGuesses {
			wantStatus(t, guess(h, "192.0.2.1", user, "wrong"), 401, "not accepted")
		}
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300} {
			want *= time.Second
			wantStatus(t, guess(h, "192.0.2.1", user, "wrong"), 401, "not accepted")
			e := wantStatus(t, guess(h, "192.0.2.1", user, "pässword"), 429, "too many")
			wantStatus(t, guess(h, "192.0.2.1", fmt.Sprint("other", want), "x"), 401, "not accepted")
			header := http.Header{}
			e.SetHeaders(header)
			if e.Retry != want || header.Get("Retry-After") != fmt.Sprint(int(want.Seconds())) {
				t.Fatalf("%s waits %s, %q, want %s", user, e.Retry, header, want)
			}
			h.clock.pass(want - time.Millisecond)
			wantStatus(t, guess(h, "192.0.2.1", user, "pässword"), 429, "too many")
			h.clock.pass(time.Millisecond)
		}
		// The caller itself, elsewhere, and other users here are not held up.
		if err := guess(h, "192.0.2.2", "banner", "pässword"); err != nil {
			t.Error(err)
		}
	}
}

func TestPauseHasAnEnd(t *testing.T) {
	for wrong := range 1000 {
		if p := pause(wrong); (p == 0) != (wrong <= freeGuesses) || p > longestWait || wrong > 20 && p != longestWait {
			t.Fatalf("after %d the pause is %s", wrong, p)
		}
	}
}

func TestRightSecretAndTimeForgive(t *testing.T) {
	h := newHouse(t, nil)
	for range 3 {
		for range freeGuesses {
			wantStatus(t, guess(h, "192.0.2.1", "banner", "wrong"), 401, "")
		}
		if err := guess(h, "192.0.2.1", "banner", "pässword"); err != nil {
			t.Fatal(err)
		}
	}
	for range freeGuesses + 1 {
		wantStatus(t, guess(h, "192.0.2.1", "banner", "wrong"), 401, "")
	}
	h.clock.pass(forgetAfter + time.Second)
	for range freeGuesses {
		wantStatus(t, guess(h, "192.0.2.1", "banner", "wrong"), 401, "")
	}
	if err := guess(h, "192.0.2.1", "banner", "pässword"); err != nil {
		t.Fatal(err)
	}
}

func TestManyGuessesAtOneTime(t *testing.T) {
	h := newHouse(t, nil)
	var looked atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			var e *Error
			if err := guess(h, "192.0.2.1", "banner", "wrong"); err != nil {
				e = err.(*Error)
			}
			if e.Status == 401 {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if got := looked.Load(); got != freeGuesses+1 {
		t.Errorf("%d guesses of 100 were answered", got)
	}
}

func TestLockoutIsBounded(t *testing.T) {
	l, now := newLockout(), time.Now()
	for i := range mostGuesses * 2 {
		l.attempt(keyOf("basic", fmt.Sprint("user", i), "192.0.2.1"), now.Add(time.Duration(i)), false)
	}
	if len(l.counts) > mostGuesses {
		t.Errorf("%d are remembered", len(l.counts))
	}
	kept := 0
	for i := range mostGuesses / 4 { // of the newest quarter
		if l.counts[keyOf("basic", fmt.Sprint("user", mostGuesses*2-1-i), "192.0.2.1")] != nil {
			kept++
		}
	}
	if kept < mostGuesses/4*95/100 {
		t.Errorf("of the newest %d only %d are remembered", mostGuesses/4, kept)
	}
}

// The same steps are made for users who exist and users who do not: the
// secret is always checked, once, and what the check says about a secret that
// nobody has changes nothing.
func TestUnknownUsersCostTheSameWork(t *testing.T) {
	h := newHouse(t, nil)
	v := &Visitor{g: h.Guard, r: post()}
	for user, known := range map[string]bool{"banner": true, "nobody": false} {
		for _, holds := range []bool{true, false} {
			calls := 0
			err := v.try("basic", h.basic, user, func(l *login) bool {
				calls++
				if l == nil || l.secret.reveal() == "" {
					t.Errorf("%s: there is no secret to compare with", user)
				}
				return holds
			})
			if calls != 1 || (err == nil) != (known && holds) {
				t.Errorf("%s, %v: %d checks, %v", user, holds, calls, err)
			}
		}
	}
	if keyOf("a", "b", "c") == keyOf("a", "c", "b") || keyOf("a", "b", "c") == keyOf("b", "b", "c") ||
		keyOf("a", "b", "c") == keyOf("a", "x", "c") || keyOf("a", "b", "c") == keyOf("a", "b", "x") {
		t.Error("guesses of different users are counted together")
	}
}
