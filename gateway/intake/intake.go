// Package intake asks sources what is new and has it become records: a feed
// is one source and when it is asked.
//
// A source's words go the way of all others. Each is an operation of LIS
// (replace, delete, change identifier) with the feed as its caller, so that
// routes, history, tombstones and cascades apply. What a source said last of
// an object is kept as a hash; what it says again is passed over.
//
// Rules it keeps (the first four are pains of the field, the rest is ours):
//
//   - What was not read is not known. Only a list that was read whole, in a
//     pull that ended well, tells of absences; a row that cannot be used is
//     there all the same.
//   - Removals are never urgent. Above a count or a share of what the source
//     feeds they are held until a person decides.
//   - What is acknowledged is on disk: the cursor is written together with
//     what was read up to it, and the source hears of it afterwards. After a
//     crash things may be said twice, which is harmless.
//   - What one source no longer lists stays when another feed still does.
//   - A feed that says nothing for longer than is expected of it is late, and
//     says so even when it fails in no other way.
package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A Feed is a source and when it is asked. What is zero has the default that
// stands beside it.
type Feed struct {
	Name     string
	Source   adapters.Source
	Every    time.Duration // how often; only at the beginning and on demand, unless told
	At       []string      // local times of day such as "02:30"
	Timeout  time.Duration // 10m: how long the source may be silent during a pull
	Expect   time.Duration // after how long without a good pull the feed is late; never, unless told
	Removals Guard
	Batch    int  // 200: items in one transaction
	Paused   bool // asked on demand only
}

// A Guard says how many absences of a kind are carried out without a person:
// up to Few (10) always, and more only up to Most (1000) and up to Percent (5)
// of what the source feeds.
type Guard struct {
	Few     int
	Percent float64
	Most    int
	Off     bool // carry all out
}

func (g Guard) withDefaults() Guard {
	fill(&g.Few, 10)
	fill(&g.Percent, 5)
	fill(&g.Most, 1000)
	return g
}

// holds says why a number of absences is too many, or "".
func (g Guard) holds(count, of int64) string {
	switch {
	case g.Off || count <= int64(g.Few):
		return ""
	case count > int64(g.Most):
		return fmt.Sprintf("more than %d at once", g.Most)
	case float64(count)*100 > g.Percent*float64(of):
		return fmt.Sprintf("more than %g percent of %d", g.Percent, of)
	}
	return ""
}

func (f Feed) withDefaults() Feed {
	fill(&f.Timeout, 10*time.Minute)
	fill(&f.Batch, 200)
	f.Removals = f.Removals.withDefaults()
	return f
}

func fill[T int | float64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// A Registrar carries operations out; see registrar.Registrar.
type Registrar interface {
	Batch(ctx context.Context, caller string, calls []*lis.Call,
		wanted func(journal.Tx, int) (bool, error), after func(journal.Tx, []registrar.Outcome) error) ([]registrar.Outcome, error)
}

// An Intake pulls feeds. It is safe for use by many goroutines; a journal
// must have one only.
type Intake struct {
	store     journal.Store
	registrar Registrar
	log       *zap.Logger
	now       func() time.Time
	zone      *time.Location
	began     time.Time
	feeds     []*feed

	mu    sync.Mutex
	locks map[string]chan struct{} // by source: who holds it pulls or decides
}

// A feed is a Feed at work.
type feed struct {
	Feed
	mu   sync.Mutex
	next time.Time // when Run asks next
}

// New makes an intake of feeds; mistakes in them are told by Run and Pull.
func New(store journal.Store, reg Registrar, log *zap.Logger, now func() time.Time, feeds []Feed) *Intake {
	in := &Intake{store: store, registrar: reg, log: log, now: now, zone: time.Local, began: now(), locks: map[string]chan struct{}{}}
	for _, f := range feeds {
		in.feeds = append(in.feeds, &feed{Feed: f.withDefaults()})
	}
	return in
}

// find returns a feed by its name.
func (in *Intake) find(name string) (*feed, error) {
	var names []string
	for _, f := range in.feeds {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return nil, fmt.Errorf("there is no feed %q; there are: %s", name, strings.Join(names, ", "))
}

// check finds mistakes in the feeds.
func (in *Intake) check() error {
	var seen []string
	for _, f := range in.feeds {
		switch {
		case f.Name == "":
			return fmt.Errorf("intake: a feed has no name")
		case f.Source == nil:
			return fmt.Errorf("intake: feed %q has no source", f.Name)
		case slices.Contains(seen, f.Name):
			return fmt.Errorf("intake: two feeds are named %q", f.Name)
		}
		if _, err := clockTimes(f.At); err != nil {
			return fmt.Errorf("intake: feed %q: %w", f.Name, err)
		}
		seen = append(seen, f.Name)
	}
	return nil
}

// lock waits for its turn with a source and returns what gives it back.
func (in *Intake) lock(ctx context.Context, source string) (func(), error) {
	turn := in.turn(source)
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the pull of %s that is under way: %w", source, ctx.Err())
	}
}

func (in *Intake) turn(source string) chan struct{} {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.locks[source] == nil {
		in.locks[source] = make(chan struct{}, 1)
	}
	return in.locks[source]
}
