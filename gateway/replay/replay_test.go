package replay

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/adapters/memory"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A house is a journal whose changes go to a target in memory.
type house struct {
	*testing.T
	*Desk
	store journal.Store
	lms   *memory.Adapter
	eng   *deliver.Engine
}

// inHouse runs a test in a bubble, with persons p-000 and so on delivered.
func inHouse(t *testing.T, persons int, test func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{T: t, store: journaltest.NewMemory(time.Now), lms: &memory.Adapter{}}
		h.eng = deliver.New(h.store, zap.NewNop(), time.Now, nil)
		h.Desk = New(h.store, h.eng.Wake, zap.NewNop(), time.Now)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 2)
		go func() { done <- h.eng.Run(ctx, []deliver.Target{{Name: "lms", Adapter: h.lms}}) }()
		go func() { done <- h.Desk.Run(ctx) }()
		h.persons(persons)
		time.Sleep(time.Minute)
		test(h)
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (h *house) persons(n int) {
	h.Helper()
	err := h.store.Write(h.Context(), func(tx journal.Tx) error {
		for i := range n {
			id := lis.SourcedID(fmt.Sprintf("p-%03d", i))
			body, err := lis.MarshalRecord(&lis.Record{ID: id, Object: &lis.Person{}})
			if err != nil {
				return err
			}
			c := &lis.Change{Kind: lis.KindPerson, Key: id, Act: lis.Put, Source: fmt.Sprintf("sis-%d", i%2), Operation: "replacePerson"}
			if err := tx.Append(c, body, nil, nil, 0, []string{"lms"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) job(id string) *Job {
	h.Helper()
	jobs, err := h.Jobs(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	for _, j := range jobs {
		if j.ID == id {
			return j
		}
	}
	h.Fatalf("no job %s", id)
	return nil
}

func (h *house) start(s Selection, rate float64) *Job {
	h.Helper()
	s.Target = "lms"
	j, err := h.Start(h.Context(), s, rate, "operator")
	if err != nil {
		h.Fatal(err)
	}
	return j
}

func TestReplayOfAll(t *testing.T) {
	inHouse(t, 450, func(h *house) {
		j := h.start(Selection{}, 0)
		time.Sleep(time.Minute)
		if j = h.job(j.ID); j.State != Done || j.Sent != 450 || len(h.lms.Effects()) != 900 {
			t.Errorf("%+v, %d effects", j, len(h.lms.Effects()))
		}
	})
}

func TestReplayByFilter(t *testing.T) {
	inHouse(t, 40, func(h *house) {
		for _, c := range []struct {
			name string
			s    Selection
			want int64
		}{
			{"source", Selection{Source: "sis-1"}, 20},
			{"ids", Selection{IDs: []lis.SourcedID{"p-003", "p-007", "p-999"}}, 2},
			{"kind", Selection{Kinds: []lis.Kind{lis.KindGroup}}, 0},
			{"state", Selection{States: []journal.State{journal.Dead}}, 0},
			{"since", Selection{Since: time.Now().Add(-time.Second)}, 0},
			{"until", Selection{Until: time.Now().Add(-time.Second), Source: "sis-0"}, 20},
		} {
			c.s.Target = "lms"
			p, err := h.Preview(t.Context(), c.s)
			if err != nil || p.Count[lis.KindPerson] != c.want {
				t.Errorf("%s: preview %+v, %v, want %d", c.name, p, err, c.want)
			}
		}
		j := h.start(Selection{IDs: []lis.SourcedID{"p-003", "p-007", "p-999"}}, 0)
		time.Sleep(time.Minute)
		if j = h.job(j.ID); j.Sent != 2 || len(h.lms.Effects()) != 42 {
			t.Errorf("%+v, %d effects", j, len(h.lms.Effects()))
		}
	})
}

// Removals are sent again only when they are asked for, and then they are no
// flood: they went before.
func TestReplayOfRemovals(t *testing.T) {
	inHouse(t, 100, func(h *house) {
		h.drop(30)
		time.Sleep(2 * time.Second)
		h.approve(30)
		time.Sleep(2 * time.Minute)
		p, err := h.Preview(t.Context(), Selection{Target: "lms"})
		if err != nil || p.Count[lis.KindPerson] != 70 || p.Drops != 30 {
			t.Errorf("preview %+v, %v", p, err)
		}
		if p, err = h.Preview(t.Context(), Selection{Target: "lms", Drops: true}); err != nil || p.Count[lis.KindPerson] != 100 || p.Drops != 0 {
			t.Errorf("preview with removals %+v, %v", p, err)
		}
		for drops, want := range map[bool]int64{false: 70, true: 100} {
			j := h.start(Selection{Drops: drops}, 0)
			time.Sleep(time.Minute)
			if j = h.job(j.ID); j.State != Done || j.Sent != want || len(h.held()) != 0 {
				t.Errorf("drops %t: %+v, %d are held", drops, j, len(h.held()))
			}
		}
	})
}

// drop removes persons, from p-000 on.
func (h *house) drop(n int) {
	h.Helper()
	err := h.store.Write(h.Context(), func(tx journal.Tx) error {
		for i := range n {
			c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(fmt.Sprintf("p-%03d", i)), Act: lis.Drop}
			if err := tx.Append(c, nil, nil, nil, 0, []string{"lms"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) held() (seqs []int64) {
	h.Helper()
	snap, err := h.store.Snapshot(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	for d, err := range snap.Queue("lms", journal.Held) {
		if err != nil {
			h.Fatal(err)
		}
		seqs = append(seqs, d.Seq)
	}
	return seqs
}

func (h *house) approve(want int) {
	h.Helper()
	if n, err := h.store.Decide(h.Context(), "lms", h.held(), true, "operator", time.Now()); n != want || err != nil {
		h.Fatalf("%d were let through, %v, want %d", n, err, want)
	}
}

// A replay keeps its rate, stops when it is paused, and ends when it is cancelled.
func TestReplayAtARate(t *testing.T) {
	inHouse(t, 300, func(h *house) {
		j := h.start(Selection{}, 10)
		time.Sleep(10500 * time.Millisecond)
		if n := h.job(j.ID).Sent; n < 90 || n > 120 {
			t.Errorf("%d sent in ten seconds at ten a second", n)
		}
		if _, err := h.Move(t.Context(), j.ID, Paused); err != nil {
			t.Fatal(err)
		}
		before := h.job(j.ID).Sent
		time.Sleep(time.Minute)
		if n := h.job(j.ID).Sent; n != before {
			t.Errorf("%d sent while paused", n-before)
		}
		if _, err := h.Move(t.Context(), j.ID, Running); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if n := h.job(j.ID).Sent; n <= before {
			t.Error("it did not go on")
		}
		if _, err := h.Move(t.Context(), j.ID, Cancelled); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if j = h.job(j.ID); j.State != Cancelled || j.Sent >= 300 {
			t.Errorf("%+v", j)
		}
		if _, err := h.Move(t.Context(), j.ID, Running); err == nil {
			t.Error("a cancelled replay was resumed")
		}
	})
}

// An order that makes no sense is refused.
func TestReplayWithoutTarget(t *testing.T) {
	inHouse(t, 1, func(h *house) {
		if _, err := h.Start(t.Context(), Selection{}, 0, "operator"); err == nil {
			t.Error("a replay to nobody was begun")
		}
		if _, err := h.Move(t.Context(), "replay/none", Paused); err == nil {
			t.Error("a replay that is not there was paused")
		}
	})
}
