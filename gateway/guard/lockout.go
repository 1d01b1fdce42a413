package guard

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	freeGuesses = 5                // wrong ones in a row that cost nothing
	firstPause  = time.Second      // after one more; each further doubles it
	longestWait = 5 * time.Minute  //
	forgetAfter = 15 * time.Minute // without another wrong one
	mostGuesses = 16384            // users and addresses remembered
)

// A lockout slows down whoever guesses secrets, counted by user and address,
// so that a guesser elsewhere does not lock out the caller itself.
type lockout struct {
	mu     sync.Mutex
	counts map[guessKey]*guesses
}

type guessKey [16]byte

type guesses struct {
	wrong int
	last  time.Time // of the last wrong one
	until time.Time // no attempt before
}

func newLockout() *lockout { return &lockout{counts: map[guessKey]*guesses{}} }

// keyOf has a fixed size, because callers choose how long a user is.
func keyOf(method, user, address string) guessKey {
	sum := sha256.Sum256([]byte(method + "\x00" + address + "\x00" + user))
	return guessKey(sum[:16])
}

// attempt notes whether a secret was right. While there is still to wait, it
// does not matter: many guesses made at one time count one after the other,
// and whoever made them does not learn what became of the last.
func (l *lockout) attempt(key guessKey, now time.Time, right bool) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.counts[key]
	if g != nil && now.Before(g.until) {
		return false, g.until.Sub(now)
	}
	if right {
		delete(l.counts, key)
		return true, 0
	}
	if g == nil {
		l.makeRoom()
		g = &guesses{}
		l.counts[key] = g
	} else if now.Sub(g.last) > forgetAfter {
		g.wrong = 0
	}
	g.wrong++
	g.last, g.until = now, now.Add(pause(g.wrong))
	return false, 0
}

func pause(wrong int) time.Duration {
	switch over := wrong - freeGuesses; {
	case over <= 0:
		return 0
	case over > 9:
		return longestWait
	default:
		return min(firstPause<<(over-1), longestWait)
	}
}

// makeRoom keeps the table within mostGuesses, at a cost that does not grow
// with it: whoever floods it must not slow down the others.
func (l *lockout) makeRoom() {
	for len(l.counts) >= mostGuesses {
		l.forgetOldest(64)
	}
}

// forgetOldest forgets the oldest of some entries, which a map gives in no order.
func (l *lockout) forgetOldest(sample int) {
	var oldest guessKey
	var when time.Time
	for key, g := range l.counts {
		if when.IsZero() || g.last.Before(when) {
			oldest, when = key, g.last
		}
		if sample--; sample == 0 {
			break
		}
	}
	delete(l.counts, oldest)
}
