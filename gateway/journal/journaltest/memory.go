package journaltest

import (
	"context"
	"math"
	"sync"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

var _ journal.Store = (*Memory)(nil)

// A Memory is a journal that forgets all when it is closed: the same
// interface without a disk, for tests of other rooms and for measuring what
// the disk costs.
type Memory struct {
	now func() time.Time

	mu     sync.Mutex
	closed bool
	last   int64         // newest number given out
	writes int64         // how many transactions there were
	open   map[int64]int // snapshots that are open, by the writes before them

	entries   map[key]*cell[*entry]
	ids       map[lis.Kind]map[lis.SourcedID]bool
	links     map[link]map[lis.SourcedID]bool // who had it ever; the entry tells who has it
	steps     map[int64]*step
	order     []int64 // of the changes
	messages  map[int64]*journal.Message
	about     map[lis.SourcedID][]int64
	hashes    map[string][]int64
	places    map[place]*cell[delivery]
	chains    map[chain]*[]int64 // what waits, in order
	flying    map[chain]int64    // what was leased last
	due       map[string]*agenda
	balance   map[account]*cell[journal.Balance]
	exchanges map[string]*cell[*journal.Exchange]
	seen      map[string]time.Time
	fence     int64

	parked map[wish]map[int64]bool // what waited for a parent ever; the delivery tells whether it does
	moving map[wish]map[int64]bool // Puts of memberships, by their person
	pairs  map[owned]*cell[*pair]
	owners map[name]lis.SourcedID // who has an id of a target, or had it last; the pair tells
	jobs   map[string]*cell[*journal.Job]
	feeds  map[fed]*cell[*journal.Feed]
}

type (
	key struct {
		kind lis.Kind
		id   lis.SourcedID
	}
	link struct {
		kind lis.Kind
		lis.Link
	}
	account struct {
		target string
		kind   lis.Kind
	}
)

// entry is an entry, the chain that it is delivered in, and its newest change.
type entry struct {
	journal.Entry
	chain lis.SourcedID
}

// step is a change and the changes that it came after.
type step struct {
	journal.Step
	before []int64
}

// NewMemory returns an empty journal; now is time.Now when nil.
func NewMemory(now func() time.Time) *Memory {
	if now == nil {
		now = time.Now
	}
	return &Memory{
		now: now, open: map[int64]int{},
		entries: map[key]*cell[*entry]{}, ids: map[lis.Kind]map[lis.SourcedID]bool{}, links: map[link]map[lis.SourcedID]bool{},
		steps: map[int64]*step{}, messages: map[int64]*journal.Message{}, about: map[lis.SourcedID][]int64{}, hashes: map[string][]int64{},
		places: map[place]*cell[delivery]{}, chains: map[chain]*[]int64{}, flying: map[chain]int64{}, due: map[string]*agenda{},
		balance: map[account]*cell[journal.Balance]{}, exchanges: map[string]*cell[*journal.Exchange]{}, seen: map[string]time.Time{},
		parked: map[wish]map[int64]bool{}, moving: map[wish]map[int64]bool{}, pairs: map[owned]*cell[*pair]{}, owners: map[name]lis.SourcedID{},
		jobs: map[string]*cell[*journal.Job]{}, feeds: map[fed]*cell[*journal.Feed]{},
	}
}

// Write runs f alone, and takes back what it did when it fails.
func (m *Memory) Write(ctx context.Context, f func(journal.Tx) error) error {
	return m.do(ctx, func(t *tx) error { return f(t) })
}

func (m *Memory) do(ctx context.Context, f func(*tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	m.writes++
	t := &tx{view: view{m: m, upto: never, last: never}, stamp: m.writes}
	kept := false
	defer func() { // also when f panics
		if !kept {
			t.rollback()
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	kept = true
	return nil
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed {
		return journal.ErrClosed
	}
	return ctx.Err()
}

// next gives out a number: the time in microseconds, always growing.
func (m *Memory) next() int64 {
	m.last = max(m.now().UnixMicro(), m.last+1)
	return m.last
}

// Seen reports whether a token was seen before.
func (m *Memory) Seen(ctx context.Context, token string, now, until time.Time) (seen bool, err error) {
	err = m.do(ctx, func(*tx) error {
		if seen = m.seen[token].After(now); !seen {
			m.seen[token] = until
		}
		return nil
	})
	return seen, err
}

// Close forgets all.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// never is later than any write or number.
const never = math.MaxInt64

// A cell holds a value as it was after each write that an open snapshot may
// ask for, newest first.
type cell[T any] struct {
	at    int64
	value T
	older *cell[T]
}

func (c *cell[T]) get(upto int64) (v T, ok bool) {
	for ; c != nil; c = c.older {
		if c.at <= upto {
			return c.value, true
		}
	}
	return v, false
}

// set puts a value into a cell of a map, to be taken back by rollback.
func set[K comparable, T any](t *tx, cells map[K]*cell[T], k K, v T) {
	old := cells[k]
	t.undo = append(t.undo, func() {
		if old == nil {
			delete(cells, k)
		} else {
			cells[k] = old
		}
	})
	now := &cell[T]{at: t.stamp, value: v}
	if old != nil && old.at == t.stamp {
		now.older = old.older
	} else if len(t.m.open) > 0 { // else nobody can ask for the older ones
		now.older = old
	}
	cells[k] = now
}

// Keep returns the body: memory holds it as it is.
func (m *Memory) Keep(body []byte) []byte { return body }
