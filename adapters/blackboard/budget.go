package blackboard

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// day24 is how long a budget lasts.
const day24 = 24 * time.Hour

// A budget counts the calls of a day. Learn counts those of the whole group
// of developers, so what it says is believed when it is less.
type budget struct {
	most, reserve int
	now           func() time.Time

	mu    sync.Mutex
	begin time.Time // of the day, at its first call
	left  int
	until time.Time // Learn asks to be left alone until then
}

// spend takes a call out of the budget. Rosters stop at the reserve, grades
// at nothing; each is Busy until the day is over.
func (b *budget) spend(p purpose) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if b.begin.IsZero() || now.Sub(b.begin) >= day24 {
		b.begin, b.left = now, b.most
	}
	if wait := b.until.Sub(now); wait > 0 {
		return &adapters.Error{Class: adapters.Busy, After: wait, Err: fmt.Errorf("Learn asked to be left alone for %s more", wait.Round(time.Second))}
	}
	floor := b.reserve
	if p == forGrades {
		floor = 0
	}
	if b.left > floor {
		b.left--
		return nil
	}
	wait := b.begin.Add(day24).Sub(now)
	e := &adapters.Error{
		Class: adapters.Busy, After: wait,
		Err:  fmt.Errorf("the day's budget of %d REST calls is used up; it is full again in %s", b.most, wait.Round(time.Minute)),
		Hint: "send rosters by the flat file, or have Anthology raise the limit of the application and set budget",
	}
	if p == forRosters && b.left > 0 {
		e.Err = fmt.Errorf("of the day's budget of %d REST calls %d are left, which are kept for grades; it is full again in %s", b.most, b.left, wait.Round(time.Minute))
	}
	return e
}

// hear believes what Learn says of its limit.
func (b *budget) hear(r *peer.Reply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if left, err := strconv.Atoi(r.Header.Get("X-Rate-Limit-Remaining")); err == nil && left >= 0 {
		b.left = min(b.left, left)
	}
	if r.Status == http.StatusTooManyRequests {
		b.until = b.now().Add(r.RetryAfter(busyFor))
	}
}

// Remaining returns how many REST calls are left today, as far as is known.
func (a *REST) Remaining() int {
	a.budget.mu.Lock()
	defer a.budget.mu.Unlock()
	if a.budget.begin.IsZero() {
		return a.budget.most
	}
	return a.budget.left
}
