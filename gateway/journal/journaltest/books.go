package journaltest

import (
	"errors"
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func jobs(d *desk) {
	put := func(j journal.Job) (kept journal.Job) {
		d.write(func(tx journal.Tx) error {
			kept = j
			return tx.PutJob(&kept)
		})
		return kept
	}
	first := put(journal.Job{ID: "j1", Kind: "replay", State: "running", Data: []byte("1")})
	second := put(journal.Job{ID: "j0", Kind: "replay", State: "running"})
	put(journal.Job{ID: "p1", Kind: "pull", State: "done"})
	d.add(time.Minute)
	again := put(journal.Job{ID: "j1", Kind: "replay", State: "done", Data: []byte("2"), Updated: d.now()})
	if first.Seq == 0 || second.Seq <= first.Seq || again.Seq != first.Seq || first.Updated.IsZero() {
		d.Errorf("jobs %+v, %+v, %+v", first, second, again)
	}
	d.write(func(tx journal.Tx) error {
		j, err := tx.Job("j1")
		if err != nil || j == nil || j.State != "done" || string(j.Data) != "2" || !j.Updated.Equal(d.now()) || j.Kind != "replay" {
			d.Errorf("job %+v, %v", j, err)
		}
		if j, err := tx.Job("j2"); j != nil || err != nil {
			d.Errorf("no job %+v, %v", j, err)
		}
		return nil
	})
	if err := d.store.Write(d.Context(), func(tx journal.Tx) error {
		return errors.Join(tx.PutJob(&journal.Job{ID: "lost"}), errWanted)
	}); !errors.Is(err, errWanted) {
		d.Errorf("got %v", err)
	}
	s := d.snapshot()
	if all := collect(d, s.Jobs("replay")); len(all) != 2 || all[0].ID != "j1" || all[1].ID != "j0" {
		d.Errorf("replays %+v", all)
	}
	if n := len(collect(d, s.Jobs(""))); n != 3 {
		d.Errorf("%d jobs", n)
	}
}

func feeds(d *desk) {
	say := func(run int64, hash string, ids ...lis.SourcedID) {
		d.write(func(tx journal.Tx) error {
			for _, id := range ids {
				d.must(tx.PutFed("sis", lis.KindPerson, id, journal.Feed{Hash: []byte(hash), Run: run}))
			}
			return nil
		})
	}
	var all []lis.SourcedID
	for i := range 30 {
		all = append(all, lis.SourcedID(fmt.Sprintf("p%02d", i)))
	}
	say(1, "h1", all...)
	say(2, "h2", all[3:]...)
	d.write(func(tx journal.Tx) error {
		return tx.PutFed("other", lis.KindPerson, "p99", journal.Feed{Hash: []byte("h"), Run: 1})
	})
	d.write(func(tx journal.Tx) error {
		if f, err := tx.Fed("sis", lis.KindPerson, "p07"); err != nil || f == nil || f.Run != 2 || string(f.Hash) != "h2" {
			d.Errorf("fed %+v, %v", f, err)
		}
		if f, err := tx.Fed("sis", lis.KindGroup, "p07"); err != nil || f != nil {
			d.Errorf("another kind %+v, %v", f, err)
		}
		return nil
	})
	before := d.snapshot()
	d.wantIDs("not in the second run", collect(d, before.Unfed("sis", lis.KindPerson, 2)), "p00", "p01", "p02")
	d.wantIDs("not in the first", collect(d, before.Unfed("sis", lis.KindPerson, 1)))
	say(2, "", "p00", "p01")
	s := d.snapshot()
	d.wantIDs("after two are forgotten", collect(d, s.Unfed("sis", lis.KindPerson, 2)), "p02")
	for v, want := range map[journal.Snapshot]int64{before: 30, s: 28} {
		if n, err := v.FedCount("sis", lis.KindPerson); err != nil || n != want {
			d.Errorf("count %d, %v, want %d", n, err, want)
		}
	}
}
