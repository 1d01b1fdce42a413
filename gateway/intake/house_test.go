package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A fake is a source in memory: a script for each pull.
type fake struct {
	mu      sync.Mutex
	script  func(cursor string) iter.Seq2[adapters.Item, error]
	cursors []string // that it was asked with
	acks    []ack
	ackErr  error
}

type ack struct {
	cursor   string
	rejected []adapters.Rejection
}

func (f *fake) Pull(_ context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cursors = append(f.cursors, cursor)
	return f.script(cursor)
}

func (f *fake) Acknowledge(_ context.Context, cursor string, rejected []adapters.Rejection) error {
	f.acks = append(f.acks, ack{cursor, slices.Clone(rejected)})
	return f.ackErr
}

// says sets what the source says next; an error ends it.
func (f *fake) says(parts ...any) {
	f.script = func(string) iter.Seq2[adapters.Item, error] {
		return func(yield func(adapters.Item, error) bool) {
			for _, p := range parts {
				switch p := p.(type) {
				case adapters.Item:
					if !yield(p, nil) {
						return
					}
				case []adapters.Item:
					for _, item := range p {
						if !yield(item, nil) {
							return
						}
					}
				case error:
					yield(adapters.Item{}, p)
					return
				case func():
					p()
				default:
					panic(p)
				}
			}
		}
	}
}

// A house is an intake with one feed, "sis", over a journal in memory.
type house struct {
	*Intake
	t     *testing.T
	store journal.Store
	sis   *fake
	clock time.Time
}

// newStore opens the store of a house: in memory, but see TestOverSQLite.
var newStore = func(t *testing.T) journal.Store {
	store := journaltest.NewMemory(nil)
	t.Cleanup(func() { store.Close() })
	return store
}

var start = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, settings ...func(*Feed)) *house {
	h := &house{t: t, sis: new(fake), clock: start, store: newStore(t)}
	f := Feed{Name: "sis", Source: h.sis}
	for _, set := range settings {
		set(&f)
	}
	h.feeds(f)
	return h
}

// feeds makes the intake anew, as after a restart.
func (h *house) feeds(feeds ...Feed) {
	reg := registrar.New(registrar.Options{Store: h.store,
		Targets: func(journal.View, *lis.Change) ([]string, error) { return []string{"lms"}, nil }})
	h.Intake = New(h.store, reg, zap.NewNop(), h.now, feeds)
}

// now is the house's clock, or the bubble's when that is zero.
func (h *house) now() time.Time {
	if h.clock.IsZero() {
		return time.Now()
	}
	return h.clock
}

// pull pulls the feed, which has to go well.
func (h *house) pull() *Report {
	h.t.Helper()
	r, err := h.Pull(h.t.Context(), "sis")
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// counted compares the counts of a kind.
func (h *house) counted(r *Report, k lis.Kind, want Counts) {
	h.t.Helper()
	if got := *r.of(k); got != want {
		h.t.Errorf("%s: %+v\nwant %+v", k, got, want)
	}
}

// there returns the ids of a kind that the records have.
func (h *house) there(k lis.Kind) (ids []string) {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	for e, err := range snap.Scan(k, journal.Filter{IDsOnly: true}) {
		if err != nil {
			h.t.Fatal(err)
		}
		ids = append(ids, string(e.ID))
	}
	return ids
}

func (h *house) has(k lis.Kind, want ...string) {
	h.t.Helper()
	if got := h.there(k); !slices.Equal(got, want) {
		h.t.Errorf("the records have %v, want %v", got, want)
	}
}

// changes is how many changes the journal has.
func (h *house) changes() (n int64) {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	all, err := snap.Balance()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, b := range all {
		n += b.Sent
	}
	return n
}

func (h *house) status() Status {
	h.t.Helper()
	all, err := h.Status(h.t.Context())
	if err != nil || len(all) == 0 {
		h.t.Fatal(err)
	}
	return all[0]
}

func person(id, name string) adapters.Item {
	return adapters.Item{Kind: lis.KindPerson, Act: lis.Put, Key: lis.SourcedID(id), Where: "row " + id,
		Record: &lis.Record{ID: lis.SourcedID(id), Object: &lis.Person{FormName: []lis.FormName{{FormattedName: lis.NewText("en", name)}}}}}
}

func member(id, section, who string) adapters.Item {
	return adapters.Item{Kind: lis.KindMembership, Act: lis.Put, Key: lis.SourcedID(id), Where: "row " + id,
		Record: &lis.Record{ID: lis.SourcedID(id), Object: &lis.Membership{CollectionSourcedID: lis.SourcedID(section),
			MembershipIDType: "courseSection", Member: &lis.Member{PersonSourcedID: lis.SourcedID(who), Role: []lis.Role{{RoleType: "Learner"}}}}}}
}

func drop(k lis.Kind, id string) adapters.Item {
	return adapters.Item{Kind: k, Act: lis.Drop, Key: lis.SourcedID(id), Where: "row " + id}
}

func bad(k lis.Kind, id string) adapters.Item {
	return adapters.Item{Kind: k, Key: lis.SourcedID(id), Where: "row " + id, Err: errors.New("no such role: Dean")}
}

func begins(k lis.Kind) adapters.Item { return adapters.Item{Begins: k} }
func ends(k lis.Kind) adapters.Item   { return adapters.Item{Ends: k} }
func cursor(c string) adapters.Item   { return adapters.Item{Cursor: c} }
func list(k lis.Kind, items ...any) []any {
	return slices.Concat([]any{begins(k)}, items, []any{ends(k)})
}
func persons(from, to int) []adapters.Item {
	return many(from, to, func(i int) adapters.Item { return person(fmt.Sprintf("p%05d", i), "Ann") })
}
func many(from, to int, f func(int) adapters.Item) (items []adapters.Item) {
	for i := from; i < to; i++ {
		items = append(items, f(i))
	}
	return items
}

func unavailable() error {
	return &adapters.Error{Class: adapters.Unavailable, Err: errors.New("connection refused"), Hint: "start it"}
}
