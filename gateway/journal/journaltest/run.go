// Package journaltest is what every store of the journal must be able to do:
// Run is the suite that each of them passes, and Memory is the plainest store
// that does.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Run tests a store. open returns an empty one whose clock is now, and sees
// to it that it is closed at the end of the test.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) journal.Store) {
	tests := []struct {
		name string
		run  func(*desk)
	}{
		{"a failed write keeps nothing", failedWrite},
		{"one that fails leaves the others", failedAmongOthers},
		{"a panic keeps nothing and reaches its caller", panickedWrite},
		{"a context that ended keeps nothing", endedContext},
		{"changes are numbered", numbered},
		{"sequences grow under 64 writers", growing},
		{"sequences grow when the clock jumps back", clockBack},
		{"a snapshot stays as it was", isolation},
		{"a transaction reads what it wrote", readsOwn},
		{"a transaction reads its own past", readsPast},
		{"scans choose by links", scanLinks},
		{"scans since a sequence", scanSince},
		{"scans leave out tombstones", scanDeleted},
		{"scans of ids only, and pages", scanIDs},
		{"a tombstone keeps its content", tombstone},
		{"links change with the entry", relinked},
		{"a rekey moves the entry", rekeyed},
		{"a rekey to an id that was deleted", rekeyedToDeleted},
		{"a rekey that cannot be", rekeyRefused},
		{"what follows a rekey waits for it", rekeyOrder},
		{"messages are kept, refused ones too", messages},
		{"a repeated message is found", repeated},
		{"exchanges are kept", exchanges},
		{"tokens are seen once", seen},
		{"one change of a key at a time", leaseOrder},
		{"a key that waits holds up no other", leaseOthers},
		{"a lease that ran out goes to another", fencing},
		{"a delivery is tried again when due", retryDue},
		{"what is given back untried is no attempt", untried},
		{"what was never given back goes first", freshFirst},
		{"the oldest that waits can be told", oldest},
		{"a dead letter lets the next pass, and comes back", requeued},
		{"a requeue waits for what is on its way", requeuedBehind},
		{"targets do not see each other", targets},
		{"deliveries can be looked up", deliveries},
		{"what is parked waits for its parent", parked},
		{"what is parked is due in any case", parkedDue},
		{"a parent that came meanwhile lets at once go on", parkedLate},
		{"only the right parent lets go on", parkedOther},
		{"a rekey and a hand let go on what is parked", parkedRekeyed},
		{"what is let go on keeps its order, and goes after the fresh", parkedOrder},
		{"what is held waits for a decision", held},
		{"what is dropped lets the next pass", dropped},
		{"a newer change supersedes a held removal", heldSuperseded},
		{"a newer change takes over a held match", heldMatch},
		{"a match that belongs to another cannot be approved", heldTaken},
		{"a hold is kept behind what comes before it", heldBehind},
		{"the newest goes in the place of older ones", coalesced},
		{"a rekey stops that", coalescedRekey},
		{"and what a person let through", coalescedApproved},
		{"and only who has the lease may", coalescedFence},
		{"what was created by proxy goes itself", coalescedProxied},
		{"what nobody wants any more is abandoned", abandoned},
		{"but not what is on lease", abandonedLeased},
		{"an object is sent again", resent},
		{"also one that was never routed", resentNew},
		{"but none that waits", resentWaiting},
		{"and behind an older one that waits", resentBehind},
		{"the crosswalk follows what is applied", pairs},
		{"the crosswalk follows a rekey", pairsRekeyed},
		{"an id of a target belongs to one object", pairsTaken},
		{"a pair is set by hand", pairsSet},
		{"memberships share an id of a target", pairsShared},
		{"a put that went as a drop ends the pair", pairsOutOfScope},
		{"a settlement says what became of it", became},
		{"removals are counted", removals},
		{"a move is seen", moving},
		{"what is in the queue can be told", standing},
		{"the newest of each object can be told", newest},
		{"what was sent is kept", mapped},
		{"jobs are kept", jobs},
		{"a snapshot has the jobs of its time", jobsSeen},
		{"what a source said is kept", feeds},
		{"the balance is right to the unit", balanced},
		{"a closed store says so", closed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{at: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
			test.run(&desk{T: t, clock: c, store: open(t, c.now)})
		})
	}
}

// A clock is set by the test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A desk is a store under test, with short words for what a test does to it.
type desk struct {
	*testing.T
	*clock
	store journal.Store
}

var errWanted = errors.New("wanted by the test")

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) write(f func(journal.Tx) error) {
	d.Helper()
	d.must(d.store.Write(d.Context(), f))
}

// A move is one Append in short form.
type move struct {
	act     lis.Act
	id, to  lis.SourcedID
	body    string
	links   []lis.Link
	targets []string
}

func (m move) change() *lis.Change {
	if m.act == "" {
		m.act = lis.Put
	}
	return &lis.Change{Kind: lis.KindPerson, Key: m.id, NewID: m.to, Act: m.act, Operation: "replacePerson", Source: "sis"}
}

func (m move) apply(tx journal.Tx, c *lis.Change) error {
	var body []byte
	if m.body != "" {
		body = []byte(m.body)
	}
	return tx.Append(c, body, m.links, []byte("hash "+m.body), 7, m.targets)
}

// do makes moves, each in a transaction of its own, and returns the last change.
func (d *desk) do(moves ...move) (c *lis.Change) {
	d.Helper()
	for _, m := range moves {
		c = m.change()
		d.write(func(tx journal.Tx) error { return m.apply(tx, c) })
	}
	return c
}

// put makes n puts of one object.
func (d *desk) put(id lis.SourcedID, n int, targets ...string) (c *lis.Change) {
	d.Helper()
	for i := range n {
		c = d.do(move{id: id, body: fmt.Sprint(id, " ", i), targets: targets})
	}
	return c
}

func (d *desk) snapshot() journal.Snapshot {
	d.Helper()
	s, err := d.store.Snapshot(d.Context())
	d.must(err)
	d.Cleanup(func() { s.Close() })
	return s
}

// get reads an entry as it is now.
func (d *desk) get(id lis.SourcedID) *journal.Entry {
	d.Helper()
	s := d.snapshot()
	defer s.Close()
	e, err := s.Get(lis.KindPerson, id)
	d.must(err)
	return e
}

func collect[T any](d *desk, seq func(func(T, error) bool)) []T {
	d.Helper()
	items, err := lis.Collect(seq)
	d.must(err)
	return items
}

// scan returns the ids that a filter finds, and asks for whole entries.
func (d *desk) scan(v journal.View, f journal.Filter) []lis.SourcedID {
	d.Helper()
	var ids []lis.SourcedID
	for e, err := range v.Scan(lis.KindPerson, f) {
		d.must(err)
		ids = append(ids, e.ID)
	}
	return ids
}

func (d *desk) wantIDs(what string, got []lis.SourcedID, want ...lis.SourcedID) {
	d.Helper()
	if !slices.Equal(got, want) {
		d.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func (d *desk) wantBody(id lis.SourcedID, want string) {
	d.Helper()
	if e := d.get(id); e == nil || string(e.Body) != want {
		d.Errorf("%s: got %+v, want body %q", id, e, want)
	}
}

const leaseTime = 10 * time.Second

// lease asks for deliveries for ten seconds.
func (d *desk) lease(target string, limit int) []journal.Delivery {
	d.Helper()
	l, err := d.store.Lease(d.Context(), target, limit, d.now(), d.now().Add(leaseTime))
	d.must(err)
	return l
}

// one leases exactly one delivery.
func (d *desk) one(target string) journal.Delivery {
	d.Helper()
	l := d.lease(target, 10)
	if len(l) != 1 {
		d.Fatalf("lease for %s: got %d deliveries, want 1: %+v", target, len(l), l)
	}
	return l[0]
}

func (d *desk) none(target string) {
	d.Helper()
	if l := d.lease(target, 10); len(l) != 0 {
		d.Fatalf("lease for %s: got %+v, want none", target, l)
	}
}

func outcome(l journal.Delivery, state journal.State, at time.Time) journal.Settlement {
	s := journal.Settlement{Target: l.Target, Seq: l.Seq, Fence: l.Fence, State: state, At: at}
	switch state {
	case journal.Applied:
		s.Effect = lis.Applied
	case journal.Dead:
		s.Reason, s.Detail = "refused", "no such term"
	case journal.Waiting:
		s.Reason, s.Due = "unavailable", at.Add(time.Minute)
	}
	return s
}

func (d *desk) settle(l journal.Delivery, state journal.State) {
	d.Helper()
	d.must(d.store.Settle(d.Context(), []journal.Settlement{outcome(l, state, d.now())}))
}

func (d *desk) balance() map[string]journal.Balance {
	d.Helper()
	s := d.snapshot()
	defer s.Close()
	all, err := s.Balance()
	d.must(err)
	sums := map[string]journal.Balance{}
	for _, b := range all {
		if b.Sent != b.Applied+b.Dead+b.Waiting {
			d.Errorf("balance does not add up: %+v", b)
		}
		sums[b.Target] = b
	}
	return sums
}

func closed(d *desk) {
	d.put("p1", 1)
	d.must(d.store.Close())
	if err := d.store.Write(d.Context(), func(journal.Tx) error { return nil }); !errors.Is(err, journal.ErrClosed) {
		d.Errorf("write: got %v, want ErrClosed", err)
	}
	if _, err := d.store.Snapshot(context.Background()); !errors.Is(err, journal.ErrClosed) {
		d.Errorf("snapshot: got %v, want ErrClosed", err)
	}
	if _, err := d.store.Lease(d.Context(), "lms", 1, d.now(), d.now()); !errors.Is(err, journal.ErrClosed) {
		d.Errorf("lease: got %v, want ErrClosed", err)
	}
	if _, _, err := d.store.Oldest(d.Context(), "lms"); !errors.Is(err, journal.ErrClosed) {
		d.Errorf("oldest: got %v, want ErrClosed", err)
	}
	if err := d.store.Close(); err != nil {
		d.Errorf("second close: %v", err)
	}
}
