package deliver

import (
	"math/rand/v2"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// What waits for parents, what is coalesced and what is held on disk as in
// memory.
func TestStagesOnDisk(t *testing.T) {
	store := openSQLite(t, t.TempDir())
	defer store.Close()
	lms := &memory.Adapter{Strict: true, BatchRows: 20}
	e := New(store, zap.NewNop(), time.Now, nil)
	stop := run(e, []Target{{Name: "lms", Adapter: lms, Coalesce: true, SkipSame: true}})
	h := &house{T: t, store: store, Engine: e}
	records := term(30, 2)
	template := records[0]
	records = records[1:]
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	for _, r := range records {
		h.record(r)
		e.Wake([]string{"lms"})
	}
	h.until("parked", func() bool { s := h.standing("lms"); return s.Parked == s.Waiting && s.Parked == 1+2+60 })
	h.record(template)
	e.Wake([]string{"lms"})
	began := time.Now()
	h.until("released", func() bool { return h.standing("lms").Waiting == 0 })
	if took := time.Since(began); took > time.Second {
		t.Errorf("released after %s", took)
	}
	for _, r := range records {
		if r.Object.Kind() == lis.KindMembership {
			h.drop(r)
		}
	}
	e.Wake([]string{"lms"})
	h.until("held", func() bool { return h.standing("lms").Held > 0 && h.standing("lms").Held == h.standing("lms").Waiting })
	held, _ := h.queued(journal.Held)
	if n, err := store.Decide(t.Context(), "lms", held, true, "ann", time.Now()); n != len(held) || err != nil {
		t.Errorf("decided %d of %d: %v", n, len(held), err)
	}
	e.Wake([]string{"lms"})
	h.until("removed", func() bool { return h.standing("lms").Waiting == 0 })
	if n := drops(lms); n != 60 {
		t.Errorf("%d were removed, want 60", n)
	}
	h.record(&lis.Record{ID: "p0", Object: &lis.Person{}})
	e.Wake([]string{"lms"})
	h.until("settled", func() bool { return h.standing("lms").Waiting == 0 })
	if s := h.of("p0"); s[len(s)-1].Effect != lis.Unchanged {
		t.Errorf("what was there is settled %+v", s[len(s)-1])
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// until waits for something to be so.
func (h *house) until(what string, so func() bool) {
	h.Helper()
	for range 1000 {
		if so() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	h.Fatalf("not %s: %+v", what, h.standing("lms"))
}
