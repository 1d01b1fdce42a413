package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

var errCrash = errors.New("the power is gone")

// failing is a store that writes no more after a number of transactions.
type failing struct {
	journal.Store
	left int
}

func (s *failing) Write(ctx context.Context, f func(journal.Tx) error) error {
	if s.left--; s.left < 0 {
		return errCrash
	}
	return s.Store.Write(ctx, f)
}

// breaking is a registrar that ends a context after a number of batches.
type breaking struct {
	Registrar
	left int
	stop func()
}

func (b *breaking) Batch(ctx context.Context, caller string, calls []*lis.Call,
	wanted func(journal.Tx, int) (bool, error), after func(journal.Tx, []registrar.Outcome) error) ([]registrar.Outcome, error) {
	if b.left--; b.left < 0 {
		b.stop()
		return nil, errCrash
	}
	return b.Registrar.Batch(ctx, caller, calls, wanted, after)
}

// feed says rows from a cursor on, with a cursor after every tenth.
func rowsFrom(rows int) func(string) iter.Seq2[adapters.Item, error] {
	return func(cursor string) iter.Seq2[adapters.Item, error] {
		from, _ := strconv.Atoi(cursor)
		return func(yield func(adapters.Item, error) bool) {
			for i := from; i < rows; i++ {
				item := person(fmt.Sprintf("p%05d", i), "Ann")
				if i == 0 {
					item.Begins = kPerson
				}
				if i == rows-1 {
					item.Ends = kPerson
				}
				if i%10 == 9 {
					item.Cursor = strconv.Itoa(i + 1)
				}
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// Wherever the gateway goes down, the next pull goes on from the last cursor
// on disk, and all is there once.
func TestCrashInTheMiddle(t *testing.T) {
	for after := range 8 {
		h := newHouse(t, func(f *Feed) { f.Batch = 25 })
		h.sis.script = rowsFrom(95)
		real := h.store
		h.store = &failing{Store: real, left: after}
		h.feeds(Feed{Name: "sis", Source: h.sis, Batch: 25})
		_, err := h.Pull(t.Context(), "sis")
		if whole := after >= 7; (err == nil) != whole {
			t.Fatalf("after %d transactions: %v", after, err)
		}
		h.store = real
		h.feeds(Feed{Name: "sis", Source: h.sis, Batch: 25})
		h.pull()
		if n := len(h.there(kPerson)); n != 95 || h.changes() != 95 {
			t.Errorf("after %d transactions: %d persons, %d changes", after, n, h.changes())
		}
		if last := h.sis.cursors[len(h.sis.cursors)-1]; after >= 2 && last == "" {
			t.Errorf("after %d transactions the next pull began anew", after)
		}
		if h.status().LastTrouble != "" {
			t.Errorf("after %d transactions: %+v", after, h.status())
		}
	}
}

// A stop of the gateway ends a pull without calling it trouble.
func TestStopIsNoTrouble(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.sis.says(person("a", "Ann"), func() { cancel() }, person("b", "Ben"), context.Canceled)
	if _, err := h.Pull(ctx, "sis"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if s := h.status(); s.LastTrouble != "" {
		t.Errorf("%+v", s)
	}
}

func TestSilentSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, func(f *Feed) { f.Timeout = time.Minute })
		h.sis.script = func(string) iter.Seq2[adapters.Item, error] { return nil }
		source := silent{}
		h.feeds(Feed{Name: "sis", Source: source, Timeout: time.Minute})
		r, err := h.Pull(t.Context(), "sis")
		if adapters.ClassOf(err) != adapters.Unavailable || !strings.Contains(err.Error(), "said nothing for 1m0s") {
			t.Errorf("%v", err)
		}
		h.counted(r, kPerson, Counts{Read: 3, Changed: 3})
		h.has(kPerson, "p00000", "p00001", "p00002")
	})
}

// silent says something every fifty seconds, and then nothing more.
type silent struct{}

func (silent) Pull(ctx context.Context, _ string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		for _, item := range persons(0, 3) {
			time.Sleep(50 * time.Second)
			if ctx.Err() != nil || !yield(item, nil) {
				return
			}
		}
		<-ctx.Done() // and then it ends as if all were well
	}
}

// Only a batch is held: the memory does not grow with the rows.
func TestManyRows(t *testing.T) {
	h := newHouse(t)
	var at []uint64
	h.sis.script = func(string) iter.Seq2[adapters.Item, error] {
		return func(yield func(adapters.Item, error) bool) {
			for i := range 50000 {
				if i == 10000 || i == 49999 {
					at = append(at, heap())
				}
				if !yield(person(fmt.Sprint(i), strings.Repeat("x", 200)), nil) {
					return
				}
			}
		}
	}
	h.Intake.registrar = idle{}
	h.counted(h.pull(), kPerson, Counts{Read: 50000, Unchanged: 50000})
	if grown := int64(at[1]) - int64(at[0]); grown > 1<<20 {
		t.Errorf("40,000 rows took %d bytes", grown)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// idle is a registrar that finds nothing to do.
type idle struct{}

func (idle) Batch(_ context.Context, _ string, calls []*lis.Call, _ func(journal.Tx, int) (bool, error),
	_ func(journal.Tx, []registrar.Outcome) error) ([]registrar.Outcome, error) {
	out := make([]registrar.Outcome, len(calls))
	for i := range out {
		out[i].CodeMajor = lis.Success
	}
	return out, nil
}

func TestManyRowsForGood(t *testing.T) {
	rows := 50000
	if testing.Short() {
		rows = 2000
	}
	h := newHouse(t)
	h.sis.script = rowsFrom(rows)
	h.counted(h.pull(), kPerson, Counts{Read: int64(rows), Changed: int64(rows)})
	h.sis.script = func(string) iter.Seq2[adapters.Item, error] { return rowsFrom(rows - 5)("") }
	h.counted(h.pull(), kPerson, Counts{Read: int64(rows - 5), Unchanged: int64(rows - 5), Removed: 5})
}
