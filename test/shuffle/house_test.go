package shuffle

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters/memory"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A house is a registrar and an engine over one journal, with two targets that
// hear of everything: one takes changes one by one, the other in batches.
type house struct {
	*testing.T
	store   journal.Store
	reg     *registrar.Registrar
	eng     *deliver.Engine
	targets map[string]*memory.Adapter
}

// end returns what is there after calls. It all happens in a bubble, where no
// time passes while anybody has something to do.
func end(t *testing.T, calls []*lis.Call) (c *contents) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { c = newHouse(t).end(calls) })
	if t.Failed() {
		t.FailNow()
	}
	return c
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, store: journaltest.NewMemory(time.Now), targets: map[string]*memory.Adapter{"single": {}, "batches": {BatchRows: 100}}}
	stamp, err := registrar.SequenceAt("extension.n")
	if err != nil {
		t.Fatal(err)
	}
	h.eng = deliver.New(h.store, zap.NewNop(), time.Now, nil)
	h.reg = registrar.New(registrar.Options{Store: h.store, Wake: h.eng.Wake,
		Targets: func(journal.View, *lis.Change) ([]string, error) { return []string{"single", "batches"}, nil },
		Sequence: func(_ string, r *lis.Record) (string, bool) {
			s := stamp(r)
			return s, s != ""
		}})
	return h
}

// What there is at the end, by kind and id.
type contents struct {
	records map[string]string
	targets map[string]map[string]string
}

// end carries calls out while the engine delivers, and returns what is there
// when all is done. Nothing may be refused.
func (h *house) end(calls []*lis.Call) *contents {
	h.Helper()
	ctx, cancel := context.WithCancel(h.Context())
	done := make(chan error, 1)
	go func() {
		var targets []deliver.Target
		for name, a := range h.targets {
			targets = append(targets, deliver.Target{Name: name, Adapter: a, Removals: deliver.Removals{Off: true}})
		}
		done <- h.eng.Run(ctx, targets)
	}()
	defer func() {
		cancel()
		if err := errors.Join(<-done, h.store.Close()); err != nil {
			h.Error(err)
		}
	}()
	for part := range slices.Chunk(calls, 500) {
		if _, err := h.reg.Batch(ctx, "sis", part, nil, nil); err != nil {
			h.Fatal(err)
		}
	}
	for deadline := time.Now().Add(time.Hour); h.waiting(); time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			h.Error("something waits after an hour")
			break
		}
	}
	return h.contents()
}

// waiting reports whether anything has not reached its targets: the removal of
// a membership stays behind another one of the same person for a while.
func (h *house) waiting() bool {
	h.Helper()
	for name := range h.targets {
		if _, waits, err := h.store.Oldest(h.Context(), name); err != nil {
			h.Fatal(err)
		} else if waits {
			return true
		}
	}
	return false
}

func (h *house) contents() *contents {
	h.Helper()
	snap, err := h.store.Snapshot(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	h.settled(snap)
	c := &contents{records: map[string]string{}, targets: map[string]map[string]string{}}
	for _, kind := range []lis.Kind{lis.KindPerson, lis.KindCourseSection, lis.KindMembership} {
		for e, err := range snap.Scan(kind, journal.Filter{}) {
			if err != nil {
				h.Fatal(err)
			}
			c.records[string(kind)+" "+string(e.ID)] = string(e.Body)
		}
	}
	for name, a := range h.targets {
		c.targets[name] = h.held(a)
	}
	return c
}

// settled demands that nothing waits and nothing was refused.
func (h *house) settled(snap journal.Snapshot) {
	h.Helper()
	for d, err := range snap.Dead("") {
		if err != nil {
			h.Fatal(err)
		}
		h.Fatalf("a dead letter: %+v", d)
	}
	rows, err := snap.Balance()
	if err != nil {
		h.Fatal(err)
	}
	for _, b := range rows {
		if b.Waiting != 0 || b.Dead != 0 || b.Sent != b.Applied {
			h.Errorf("the balance is %+v", b)
		}
	}
}

func (h *house) held(a *memory.Adapter) map[string]string {
	h.Helper()
	all := map[string]string{}
	for _, kind := range []lis.Kind{lis.KindPerson, lis.KindCourseSection, lis.KindMembership} {
		for r, err := range a.List(h.Context(), kind) {
			if err != nil {
				h.Fatal(err)
			}
			body, err := lis.MarshalRecord(r)
			if err != nil {
				h.Fatal(err)
			}
			all[string(kind)+" "+string(r.ID)] = string(body)
		}
	}
	return all
}
