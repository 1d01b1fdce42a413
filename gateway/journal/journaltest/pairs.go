package journaltest

import (
	"strings"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (d *desk) pair(id lis.SourcedID) *journal.Pair {
	d.Helper()
	p, err := d.store.Pair(d.Context(), "lms", lis.KindPerson, id)
	d.must(err)
	return p
}

func (d *desk) pairOf(targetID string) lis.SourcedID {
	d.Helper()
	p, err := d.store.PairOf(d.Context(), "lms", lis.KindPerson, targetID)
	d.must(err)
	if p == nil {
		return ""
	}
	return p.ID
}

// applied settles the next as applied, with an id of the target's.
func (d *desk) applied(targetID string) {
	d.Helper()
	d.settleAs(d.one("lms"), journal.Applied, func(s *journal.Settlement) { s.TargetID, s.Hash = targetID, []byte("h"+targetID) })
}

func (d *desk) wantSteps(id lis.SourcedID, want ...string) {
	d.Helper()
	s := d.snapshot()
	defer s.Close()
	var got []string
	for _, step := range collect(d, s.PairHistory("lms", lis.KindPerson, id)) {
		got = append(got, step.Why+" "+step.TargetID+" "+map[bool]string{true: "gone"}[step.Gone])
		if step.ID != id || step.Target != "lms" || step.At.IsZero() {
			d.Errorf("step %+v", step)
		}
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		d.Errorf("history of %s: got %q, want %q", id, got, want)
	}
}

func pairs(d *desk) {
	if d.pair("p1") != nil || d.pairOf("42") != "" || d.pairOf("") != "" {
		d.Error("a pair of nothing")
	}
	c := d.put("p1", 1, "lms")
	d.applied("")
	if p := d.pair("p1"); p == nil || p.TargetID != "" || p.Gone || p.Seq != c.Seq || !p.At.Equal(d.now()) || d.pairOf("") != "" {
		d.Errorf("pair %+v", p)
	}
	before := d.snapshot()
	c = d.put("p1", 1, "lms")
	d.applied("42")
	d.add(time.Minute)
	c = d.put("p1", 1, "lms")
	d.applied("") // which is not to say that it has none
	p := d.pair("p1")
	if p.TargetID != "42" || p.Seq != c.Seq || string(p.Hash) != "h" || !p.At.Equal(d.now()) || d.pairOf("42") != "p1" {
		d.Errorf("pair %+v", p)
	}
	d.wantSteps("p1", "applied  ", "applied 42 ")
	d.do(move{act: lis.Drop, id: "p1", targets: []string{"lms"}})
	d.applied("")
	if p := d.pair("p1"); !p.Gone || p.TargetID != "42" || d.pairOf("42") != "" {
		d.Errorf("after a drop %+v", p)
	}
	d.put("p1", 1, "lms")
	d.applied("")
	if p := d.pair("p1"); p.Gone || p.TargetID != "42" || d.pairOf("42") != "p1" {
		d.Errorf("back again %+v", p)
	}
	d.wantSteps("p1", "applied  ", "applied 42 ", "dropped 42 gone", "applied 42 ")
	d.put("p0", 2, "lms")
	d.coalesce(d.one("lms")) // of what was superseded the target knows nothing
	if d.pair("p0") != nil {
		d.Errorf("superseded %+v", d.pair("p0"))
	}
	if all := collect(d, before.Pairs("lms", lis.KindPerson)); len(all) != 1 || all[0].TargetID != "" {
		d.Errorf("before %+v", all)
	}
	d.write(func(tx journal.Tx) error {
		return tx.SetPair(journal.Pair{Target: "lms", Kind: lis.KindPerson, ID: "p0"}, "seen")
	})
	if all := collect(d, d.snapshot().Pairs("lms", lis.KindPerson)); len(all) != 2 || all[0].ID != "p0" || all[1].ID != "p1" || all[1].TargetID != "42" {
		d.Errorf("pairs %+v", all)
	}
	if n := len(collect(d, d.snapshot().Pairs("library", lis.KindPerson))) + len(collect(d, d.snapshot().Pairs("lms", lis.KindGroup))); n != 0 {
		d.Errorf("%d pairs of others", n)
	}
}

func pairsRekeyed(d *desk) {
	d.put("a", 1, "lms")
	d.applied("42")
	d.do(move{act: lis.Rekey, id: "a", to: "b", targets: []string{"lms"}})
	d.applied("")
	if p := d.pair("b"); p == nil || p.TargetID != "42" || p.Gone || d.pairOf("42") != "b" {
		d.Errorf("the new one %+v", p)
	}
	if p := d.pair("a"); !p.Gone {
		d.Errorf("the old one %+v", p)
	}
	d.wantSteps("a", "applied 42 ", "rekeyed to b 42 gone")
	d.wantSteps("b", "rekeyed from a 42 ")
	d.put("a", 1, "lms") // another object has the old name, and its id at the target is not that of the old one
	d.applied("")
	if p := d.pair("a"); p.Gone || p.TargetID != "" || d.pairOf("42") != "b" {
		d.Errorf("another one %+v", p)
	}
	d.put("c", 1)
	d.do(move{act: lis.Rekey, id: "c", to: "d", targets: []string{"lms"}}) // of what the target never told
	d.applied("43")
	if p := d.pair("d"); p == nil || p.TargetID != "43" || d.pair("c") != nil {
		d.Errorf("never told of: %+v, %+v", p, d.pair("c"))
	}
}

func pairsTaken(d *desk) {
	d.put("a", 1, "lms")
	d.applied("42")
	c := d.put("b", 2, "lms")
	d.applied("42")
	dead := collect(d, d.snapshot().Dead("lms"))
	if len(dead) != 1 || dead[0].ID != "b" || !strings.Contains(dead[0].Reason, "belongs to a ") || !strings.Contains(dead[0].Reason, "to b ") ||
		!strings.Contains(dead[0].Reason, "42") || dead[0].Effect != "" {
		d.Fatalf("dead letters %+v", dead)
	}
	if d.pairOf("42") != "a" || d.pair("b") != nil {
		d.Errorf("it was stolen: %+v", d.pair("b"))
	}
	if b := d.balance()["lms"]; b.Dead != 1 || b.Applied != 1 || b.Waiting != 1 {
		d.Errorf("balance %+v", b)
	}
	d.do(move{act: lis.Drop, id: "a", targets: []string{"lms"}})
	l := d.lease("lms", 2)
	if l[0].Seq != c.Seq {
		l[0], l[1] = l[1], l[0]
	}
	d.settle(l[1], journal.Applied)
	d.settleAs(l[0], journal.Applied, func(s *journal.Settlement) { s.TargetID = "42" })
	if d.pairOf("42") != "b" { // who has it is gone
		d.Errorf("42 is %s", d.pairOf("42"))
	}
	d.put("a", 1, "lms")
	d.applied("") // comes back, but not to the id that is another's now
	if p := d.pair("a"); p.Gone || p.TargetID != "" || d.pairOf("42") != "b" {
		d.Errorf("back again %+v", p)
	}
	d.do(move{act: lis.Rekey, id: "a", to: "c", targets: []string{"lms"}})
	d.applied("42")
	dead = collect(d, d.snapshot().Dead("lms"))
	if len(dead) != 2 || !strings.Contains(dead[1].Reason, "to c ") || d.pair("c") != nil || d.pair("a").Gone {
		d.Errorf("a rekey: %+v, %+v", dead, d.pair("c"))
	}
}

func pairsSet(d *desk) {
	set := func(p journal.Pair) error {
		p.Target, p.Kind = "lms", lis.KindPerson
		return d.store.Write(d.Context(), func(tx journal.Tx) error { return tx.SetPair(p, "set by jo") })
	}
	d.must(set(journal.Pair{ID: "a", TargetID: "42"}))
	if err := set(journal.Pair{ID: "b", TargetID: "42"}); err == nil || !strings.Contains(err.Error(), "belongs to a ") {
		d.Errorf("set twice: %v", err)
	}
	d.must(set(journal.Pair{ID: "a", TargetID: "42", Gone: true}))
	d.must(set(journal.Pair{ID: "b", TargetID: "42"}))
	d.must(set(journal.Pair{ID: "b", TargetID: "43"}))
	d.must(set(journal.Pair{ID: "b", TargetID: "43"}))
	d.wantSteps("a", "set by jo 42 ", "set by jo 42 gone")
	d.wantSteps("b", "set by jo 42 ", "set by jo 43 ", "set by jo 43 ")
	if d.pairOf("43") != "b" || d.pairOf("42") != "" {
		d.Errorf("43 is %q, 42 is %q", d.pairOf("43"), d.pairOf("42"))
	}
	if len(d.balance()) != 0 {
		d.Errorf("balance %+v", d.balance())
	}
	c := d.put("b", 1, "lms")
	d.applied("43")
	d.must(set(journal.Pair{ID: "b", TargetID: "43"})) // it is still what was sent
	if p := d.pair("b"); p.Seq != c.Seq || string(p.Hash) != "h43" {
		d.Errorf("pair %+v", p)
	}
	d.must(set(journal.Pair{ID: "b", TargetID: "44"})) // nothing was sent there
	if p := d.pair("b"); p.Seq != 0 || p.Hash != nil {
		d.Errorf("pair %+v", p)
	}
}
