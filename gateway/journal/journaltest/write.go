package journaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func failedWrite(d *desk) {
	d.put("p1", 1, "lms")
	err := d.store.Write(d.Context(), func(tx journal.Tx) error {
		m := move{id: "p1", body: "lost", links: []lis.Link{{Name: "email", Value: "a@b"}}, targets: []string{"lms"}}
		d.must(m.apply(tx, m.change()))
		m.id = "p2"
		d.must(m.apply(tx, m.change()))
		_, err := tx.Message(&journal.Message{ID: "p2", Hash: []byte("lost hash"), Status: lis.Status{CodeMajor: lis.Success}})
		d.must(err)
		d.must(tx.PutExchange(&journal.Exchange{TransactionID: "x1", State: "announced"}))
		return errWanted
	})
	if !errors.Is(err, errWanted) {
		d.Fatalf("got %v, want the closure's error", err)
	}
	d.wantBody("p1", "p1 0")
	s := d.snapshot()
	if e, _ := s.Get(lis.KindPerson, "p2"); e != nil {
		d.Errorf("p2 was kept: %+v", e)
	}
	d.wantIDs("link", d.scan(s, journal.Filter{Links: []lis.Link{{Name: "email", Value: "a@b"}}}))
	if n := len(collect(d, s.Messages("p2"))) + len(collect(d, s.Exchanges(""))); n != 0 {
		d.Errorf("%d messages and exchanges were kept", n)
	}
	if b := d.balance()["lms"]; b.Sent != 1 || b.Waiting != 1 {
		d.Errorf("balance: %+v", b)
	}
	if n := len(d.lease("lms", 10)); n != 1 {
		d.Errorf("leased %d, want 1", n)
	}
}

// failedAmongOthers writes from many goroutines of which every third fails
// after it wrote, so that some share a transaction with one that failed.
func failedAmongOthers(d *desk) {
	var wg sync.WaitGroup
	const writers, rounds = 24, 8
	for w := range writers {
		wg.Go(func() {
			for r := range rounds {
				m := move{id: lis.SourcedID(fmt.Sprintf("p%02d-%d", w, r)), body: "b", targets: []string{"lms"}}
				err := d.store.Write(d.Context(), func(tx journal.Tx) error {
					if err := m.apply(tx, m.change()); err != nil {
						return err
					}
					if w%3 == 0 {
						return errWanted
					}
					return nil
				})
				if (w%3 == 0) != errors.Is(err, errWanted) || (w%3 != 0) != (err == nil) {
					d.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	ids := d.scan(d.snapshot(), journal.Filter{})
	if want := writers * 2 / 3 * rounds; len(ids) != want || d.balance()["lms"].Sent != int64(want) {
		d.Errorf("kept %d entries and %+v, want %d", len(ids), d.balance(), want)
	}
	for _, id := range ids {
		var w, r int
		if fmt.Sscanf(string(id), "p%02d-%d", &w, &r); w%3 == 0 {
			d.Errorf("%s was kept though its write failed", id)
		}
	}
}

func panickedWrite(d *desk) {
	func() {
		defer func() {
			if p := recover(); p != "wanted" {
				d.Errorf("recovered %v, want the closure's panic", p)
			}
		}()
		d.store.Write(d.Context(), func(tx journal.Tx) error {
			m := move{id: "p1", body: "lost"}
			d.must(m.apply(tx, m.change()))
			for range tx.Scan(lis.KindPerson, journal.Filter{}) {
				panic("wanted")
			}
			return nil
		})
	}()
	if e := d.get("p1"); e != nil {
		d.Errorf("kept %+v", e)
	}
	d.put("p1", 2) // the store goes on
}

func endedContext(d *desk) {
	ctx, cancel := context.WithCancel(d.Context())
	cancel()
	ran := false
	err := d.store.Write(ctx, func(tx journal.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		d.Errorf("got %v, ran %v", err, ran)
	}
	ctx, cancel = context.WithCancel(d.Context())
	err = d.store.Write(ctx, func(tx journal.Tx) error {
		cancel() // too late: it has begun
		return move{id: "p1", body: "kept"}.apply(tx, move{id: "p1"}.change())
	})
	if e := d.get("p1"); (err == nil) != (e != nil) {
		d.Errorf("error %v but entry %+v", err, e)
	}
}

func numbered(d *desk) {
	first := d.put("p1", 1)
	second := d.put("p1", 1)
	if first.Version != 1 || second.Version != 2 || second.Seq <= first.Seq || first.ID == second.ID || first.ID == "" {
		d.Errorf("got %+v and %+v", first, second)
	}
	if want := time.UnixMicro(first.Seq); !first.Time.Equal(want) {
		d.Errorf("time %v, want %v", first.Time, want)
	}
	s := d.snapshot()
	steps := collect(d, s.History(lis.KindPerson, "p1"))
	if len(steps) != 2 || steps[1].ID != second.ID || string(steps[0].Body) != "p1 0" || steps[0].Message != 7 ||
		steps[0].Operation != "replacePerson" || steps[0].Source != "sis" || !steps[1].Time.Equal(second.Time) {
		d.Errorf("history %+v", steps)
	}
	if last, err := s.Last(); err != nil || last != second.Seq {
		d.Errorf("last is %d, %v, want %d", last, err, second.Seq)
	}
	e := d.get("p1")
	if e.Seq != second.Seq || e.Version != 2 || string(e.Hash) != "hash p1 0" {
		d.Errorf("entry %+v", e)
	}
	if kinds, err := s.Kinds("p1"); err != nil || !slices.Equal(kinds, []lis.Kind{lis.KindPerson}) {
		d.Errorf("kinds %v, %v", kinds, err)
	}
}

func growing(d *desk) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	all := map[int64]bool{}
	for w := range 64 {
		wg.Go(func() {
			last := int64(0)
			for i := range 10 {
				m := move{id: lis.SourcedID(fmt.Sprint("p", w%8)), body: fmt.Sprint(i)}
				c := m.change()
				if err := d.store.Write(d.Context(), func(tx journal.Tx) error { return m.apply(tx, c) }); err != nil {
					d.Error(err)
				}
				mu.Lock()
				if c.Seq <= last || all[c.Seq] {
					d.Errorf("sequence %d after %d, given twice: %v", c.Seq, last, all[c.Seq])
				}
				all[c.Seq], last = true, c.Seq
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for i := range 8 { // versions follow the sequence, without a gap
		for n, step := range collect(d, d.snapshot().History(lis.KindPerson, lis.SourcedID(fmt.Sprint("p", i)))) {
			if step.Version != int64(n+1) {
				d.Errorf("version %d at place %d", step.Version, n)
			}
		}
	}
}

func clockBack(d *desk) {
	before := d.put("p1", 1, "lms")
	d.add(-time.Hour)
	after := d.put("p1", 1, "lms")
	if after.Seq <= before.Seq {
		d.Errorf("sequence %d after %d", after.Seq, before.Seq)
	}
	d.settle(d.one("lms"), journal.Applied) // it does not wait for the old time to come
	d.settle(d.one("lms"), journal.Applied)
	d.add(2 * time.Hour)
	if next := d.put("p1", 1); next.Seq != d.now().UnixMicro() {
		d.Errorf("sequence %d, want the time again, %d", next.Seq, d.now().UnixMicro())
	}
}

func isolation(d *desk) {
	d.put("p1", 1, "lms")
	s := d.snapshot()
	d.settle(d.one("lms"), journal.Dead)
	d.do(move{id: "p1", body: "new", links: []lis.Link{{Name: "email", Value: "a@b"}}}, move{id: "p2", body: "new", targets: []string{"lms"}})
	d.wantIDs("scan", d.scan(s, journal.Filter{}), "p1")
	d.wantIDs("links", d.scan(s, journal.Filter{Links: []lis.Link{{Name: "email", Value: "a@b"}}}))
	if e, err := s.Get(lis.KindPerson, "p1"); err != nil || string(e.Body) != "p1 0" || len(e.Links) != 0 {
		d.Errorf("get: %+v, %v", e, err)
	}
	if n := len(collect(d, s.History(lis.KindPerson, "p1"))); n != 1 {
		d.Errorf("history has %d steps", n)
	}
	if b, err := s.Balance(); err != nil || len(b) != 1 || b[0].Sent != 1 || b[0].Waiting != 1 {
		d.Errorf("balance %+v, %v", b, err)
	}
	if n := len(collect(d, s.Dead(""))); n != 0 {
		d.Errorf("%d dead letters", n)
	}
	d.wantBody("p1", "new")
	d.must(s.Close())
}

func readsOwn(d *desk) {
	email := []lis.Link{{Name: "email", Value: "a@b"}}
	d.write(func(tx journal.Tx) error {
		m := move{id: "p1", body: "own", links: email}
		c := m.change()
		d.must(m.apply(tx, c))
		if e, err := tx.Get(lis.KindPerson, "p1"); err != nil || e == nil || string(e.Body) != "own" || !slices.Equal(e.Links, email) {
			d.Errorf("got %+v, %v", e, err)
		}
		d.wantIDs("scan", d.scan(tx, journal.Filter{Links: email}), "p1")
		if last, err := tx.Last(); err != nil || last != c.Seq {
			d.Errorf("last %d, %v", last, err)
		}
		if e, err := tx.Get(lis.KindGroup, "p1"); err != nil || e != nil {
			d.Errorf("another kind: %+v, %v", e, err)
		}
		return nil
	})
}
