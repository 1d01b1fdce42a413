package journaltest

import (
	"errors"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// pastOf says what a past tells of a person: its changes, what became of them,
// and its pair at lms.
func pastOf(d *desk, p journal.Past, id lis.SourcedID) (words []string) {
	d.Helper()
	for _, s := range collect(d, p.History(lis.KindPerson, id)) {
		words = append(words, fmt.Sprintf("%s %s %s", s.Act, s.Key, s.Body))
	}
	for _, s := range collect(d, p.Deliveries(lis.KindPerson, id)) {
		words = append(words, fmt.Sprintf("%s %s at %s", s.State, s.Act, s.Target))
	}
	for _, s := range collect(d, p.PairHistory("lms", lis.KindPerson, id)) {
		words = append(words, fmt.Sprintf("%s is %s: %s", s.ID, s.TargetID, s.Why))
	}
	return words
}

func (d *desk) wantPast(what string, got []string, want ...string) {
	d.Helper()
	if !slices.Equal(got, want) {
		d.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// readsPast: a transaction sees its own changes in the past, one that was open
// before it does not, and one that fails leaves none.
func readsPast(d *desk) {
	d.do(move{id: "a", body: "1", targets: []string{"lms"}})
	d.settle(d.one("lms"), journal.Applied)
	before := d.snapshot()
	known := []string{"put a 1", "applied put at lms", "a is : applied"}
	d.wantPast("before", pastOf(d, before, "a"), known...)
	own := []string{"put a 1", "put a 2", "rekey a 2", "applied put at lms", "waiting put at library", "waiting put at lms", "waiting rekey at new", "b is 42: set by jo"}
	writes := func(tx journal.Tx) error {
		d.wantPast("before its own writes", pastOf(d, tx, "a"), known...)
		put := move{id: "a", body: "2", targets: []string{"lms", "library"}} // library has had nothing yet
		rekey := move{act: lis.Rekey, id: "a", to: "b", targets: []string{"new"}}
		d.must(put.apply(tx, put.change()))
		made := rekey.change()
		d.must(rekey.apply(tx, made))
		d.must(tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindPerson, ID: "b", TargetID: "42"}, "set by jo"))
		d.wantPast("in the transaction", pastOf(d, tx, "b"), own...)
		if last := collect(d, tx.History(lis.KindPerson, "b"))[2]; last.ID != made.ID || last.Seq != made.Seq || last.Message != 7 {
			d.Errorf("change %+v, was made as %+v", last, made)
		}
		return nil
	}
	if err := d.store.Write(d.Context(), func(tx journal.Tx) error { return errors.Join(writes(tx), errWanted) }); !errors.Is(err, errWanted) {
		d.Fatalf("got %v", err)
	}
	d.wantPast("after one that failed", pastOf(d, d.snapshot(), "a"), known...)
	d.write(writes)
	d.wantPast("after", pastOf(d, d.snapshot(), "b"), own...)
	d.wantPast("in a snapshot from before", pastOf(d, before, "a"), known...)
	d.wantPast("of nothing", pastOf(d, d.snapshot(), "c"))
}

// jobsSeen: a snapshot has the jobs as they were.
func jobsSeen(d *desk) {
	put := func(state string) {
		d.write(func(tx journal.Tx) error {
			return tx.PutJob(&journal.Job{ID: "j", Kind: "replay", State: state, Data: []byte(state)})
		})
	}
	put("running")
	s := d.snapshot()
	put("done")
	for what, test := range map[string]struct {
		journal.Past
		want string
	}{"before": {s, "running"}, "now": {d.snapshot(), "done"}} {
		if j, err := test.Job("j"); err != nil || j == nil || j.State != test.want || string(j.Data) != test.want || j.Kind != "replay" || j.Seq == 0 {
			d.Errorf("%s: %+v, %v", what, j, err)
		}
		if j, err := test.Job("k"); j != nil || err != nil {
			d.Errorf("%s: no job %+v, %v", what, j, err)
		}
	}
}
