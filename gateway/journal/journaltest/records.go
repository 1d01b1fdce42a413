package journaltest

import (
	"fmt"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func links(pairs ...string) []lis.Link {
	var l []lis.Link
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, lis.Link{Name: pairs[i], Value: pairs[i+1]})
	}
	return l
}

func scanLinks(d *desk) {
	d.do(
		move{id: "c", body: "c", links: links("session", "2026", "status", "Active")},
		move{id: "a", body: "a", links: links("session", "2026", "status", "Active", "org", "math\x00\x1f,\n")},
		move{id: "b", body: "b", links: links("session", "2026", "status", "Inactive")},
		move{id: "d", body: "d", links: links("session", "2027", "status", "Active", "status", "Active")},
	)
	s := d.snapshot()
	d.wantIDs("one link", d.scan(s, journal.Filter{Links: links("session", "2026")}), "a", "b", "c")
	d.wantIDs("two links", d.scan(s, journal.Filter{Links: links("session", "2026", "status", "Active")}), "a", "c")
	d.wantIDs("three links", d.scan(s, journal.Filter{Links: links("session", "2026", "status", "Active", "org", "math\x00\x1f,\n")}), "a")
	d.wantIDs("no such", d.scan(s, journal.Filter{Links: links("session", "2026", "status", "2026")}))
	d.wantIDs("all", d.scan(s, journal.Filter{}), "a", "b", "c", "d")
	if e := d.get("d"); !slices.Equal(e.Links, links("session", "2027", "status", "Active")) {
		d.Errorf("links of d: %v", e.Links)
	}
	for e := range s.Scan(lis.KindPerson, journal.Filter{}) { // a scan within a scan, and one that stops
		d.wantIDs("inner", d.scan(s, journal.Filter{}), "a", "b", "c", "d")
		if e.ID == "b" {
			break
		}
	}
}

func scanSince(d *desk) {
	first := d.do(move{id: "b", body: "b", links: links("org", "math")})
	second := d.do(move{id: "a", body: "a", links: links("org", "math")})
	d.do(move{id: "c", body: "c"}, move{id: "b", body: "b2", links: links("org", "math")}, move{act: lis.Drop, id: "a"})
	s := d.snapshot()
	d.wantIDs("since the first", d.scan(s, journal.Filter{Since: first.Seq}), "c", "b")
	d.wantIDs("with tombstones", d.scan(s, journal.Filter{Since: first.Seq, Deleted: true}), "c", "b", "a")
	d.wantIDs("with a link", d.scan(s, journal.Filter{Since: second.Seq, Deleted: true, Links: links("org", "math")}), "b", "a")
	d.wantIDs("since before all", d.scan(s, journal.Filter{Since: 1}), "c", "b")
	last, err := s.Last()
	d.must(err)
	d.wantIDs("since the last", d.scan(s, journal.Filter{Since: last, Deleted: true}))
	for e, err := range s.Scan(lis.KindPerson, journal.Filter{Since: first.Seq}) {
		d.must(err)
		if want := map[lis.SourcedID]string{"b": "b2", "c": "c"}[e.ID]; string(e.Body) != want {
			d.Errorf("%s has body %q, want %q", e.ID, e.Body, want)
		}
	}
}

func scanDeleted(d *desk) {
	d.do(move{id: "a", body: "a", links: links("org", "math")}, move{id: "b", body: "b", links: links("org", "math")}, move{act: lis.Drop, id: "a"})
	s := d.snapshot()
	d.wantIDs("living", d.scan(s, journal.Filter{}), "b")
	d.wantIDs("all", d.scan(s, journal.Filter{Deleted: true}), "a", "b")
	d.wantIDs("living with link", d.scan(s, journal.Filter{Links: links("org", "math")}), "b")
	d.wantIDs("all with link", d.scan(s, journal.Filter{Links: links("org", "math"), Deleted: true}), "a", "b")
	d.do(move{id: "a", body: "again"})
	d.wantIDs("put again", d.scan(d.snapshot(), journal.Filter{}), "a", "b")
	if e := d.get("a"); e.Version != 3 || e.Deleted || len(e.Links) != 0 {
		d.Errorf("put again: %+v", e)
	}
}

func scanIDs(d *desk) {
	for i := range 25 {
		d.do(move{id: lis.SourcedID(fmt.Sprintf("p%02d", i)), body: "b", links: links("org", "math")})
	}
	s := d.snapshot()
	for _, f := range []journal.Filter{{IDsOnly: true}, {IDsOnly: true, Links: links("org", "math")}, {IDsOnly: true, Since: 1}} {
		n := 0
		for e, err := range s.Scan(lis.KindPerson, f) {
			d.must(err)
			if n++; e.Body != nil || e.Links != nil || e.Version != 1 || e.Seq == 0 {
				d.Errorf("%+v gave %+v", f, e)
			}
		}
		if n != 25 {
			d.Errorf("%+v gave %d ids", f, n)
		}
	}
	d.wantIDs("page", d.scan(s, journal.Filter{After: "p22"}), "p23", "p24")
	d.wantIDs("page with link", d.scan(s, journal.Filter{After: "p21x", Links: links("org", "math")}), "p22", "p23", "p24")
}

func tombstone(d *desk) {
	d.do(move{id: "a", body: "last", links: links("org", "math")})
	drop := d.do(move{act: lis.Drop, id: "a", targets: []string{"lms"}})
	e := d.get("a")
	if !e.Deleted || string(e.Body) != "last" || e.Version != 2 || e.Seq != drop.Seq || !slices.Equal(e.Links, links("org", "math")) {
		d.Errorf("tombstone %+v", e)
	}
	if l := d.one("lms"); string(l.Body) != "last" || l.Act != lis.Drop || l.Version != 2 || l.ID != drop.ID {
		d.Errorf("delivery %+v", l)
	}
	d.do(move{act: lis.Drop, id: "never there", targets: []string{"lms"}})
	if e := d.get("never there"); e == nil || !e.Deleted || e.Version != 1 {
		d.Errorf("tombstone of nothing: %+v", e)
	}
}

func relinked(d *desk) {
	d.do(move{id: "a", links: links("email", "old@b", "userid", "u1")}, move{id: "a", links: links("userid", "u1", "email", "new@b")})
	s := d.snapshot()
	d.wantIDs("old", d.scan(s, journal.Filter{Links: links("email", "old@b")}))
	d.wantIDs("new", d.scan(s, journal.Filter{Links: links("email", "new@b")}), "a")
	d.wantIDs("same", d.scan(s, journal.Filter{Links: links("userid", "u1")}), "a")
	if e := d.get("a"); !slices.Equal(e.Links, links("userid", "u1", "email", "new@b")) {
		d.Errorf("links %v", e.Links)
	}
}

func rekeyed(d *desk) {
	d.do(move{id: "old", body: "one", links: links("org", "math")}, move{id: "old", body: "two", links: links("org", "math")})
	rekey := d.do(move{act: lis.Rekey, id: "old", to: "new"})
	e := d.get("new")
	if e == nil || e.Deleted || string(e.Body) != "two" || e.Version != 3 || e.Seq != rekey.Seq || !slices.Equal(e.Links, links("org", "math")) {
		d.Errorf("moved entry %+v", e)
	}
	if e := d.get("old"); e == nil || !e.Deleted || string(e.Body) != "two" || e.Seq != rekey.Seq {
		d.Errorf("tombstone %+v", e)
	}
	d.do(move{id: "new", body: "three"}, move{id: "old", body: "another"})
	s := d.snapshot()
	d.wantIDs("links", d.scan(s, journal.Filter{Links: links("org", "math")}))
	d.wantIDs("since", d.scan(s, journal.Filter{Since: rekey.Seq - 1, Deleted: true}), "new", "old")
	d.wantHistory("new", "one", "two", "two", "three")
	d.wantHistory("old", "one", "two", "two", "another")
	d.do(move{act: lis.Rekey, id: "new", to: "newer", body: "four", links: links("org", "art")})
	d.wantIDs("new links", d.scan(d.snapshot(), journal.Filter{Links: links("org", "art")}), "newer")
	d.wantIDs("both ids", d.scan(d.snapshot(), journal.Filter{Since: rekey.Seq, Deleted: true}), "old", "new", "newer")
	d.wantHistory("newer", "one", "two", "two", "three", "four")
	d.do(move{act: lis.Rekey, id: "newer", to: "new"}) // and back
	d.wantHistory("new", "one", "two", "two", "three", "four", "four")
	if e := d.get("new"); e.Deleted || e.Version != 6 {
		d.Errorf("back again: %+v", e)
	}
}

func (d *desk) wantHistory(id lis.SourcedID, want ...string) {
	d.Helper()
	var got []string
	for _, step := range collect(d, d.snapshot().History(lis.KindPerson, id)) {
		got = append(got, string(step.Body))
	}
	if !slices.Equal(got, want) {
		d.Errorf("history of %s: got %q, want %q", id, got, want)
	}
}

func rekeyedToDeleted(d *desk) {
	d.do(move{id: "b", body: "b1", targets: []string{"lms"}}, move{id: "b", body: "b2"}, move{id: "b", body: "b3"},
		move{act: lis.Drop, id: "b", targets: []string{"lms"}}, move{id: "a", body: "a1", targets: []string{"lms"}})
	d.do(move{act: lis.Rekey, id: "a", to: "b", targets: []string{"lms"}})
	if e := d.get("b"); e.Deleted || e.Version != 5 || string(e.Body) != "a1" {
		d.Errorf("entry %+v", e)
	}
	d.wantHistory("b", "b1", "b2", "b3", "b3", "a1", "a1")
	var order []lis.Act
	for range 4 { // b is deleted before a becomes b
		l := d.one("lms")
		order = append(order, l.Act)
		d.settle(l, journal.Applied)
	}
	if !slices.Equal(order, []lis.Act{lis.Put, lis.Drop, lis.Put, lis.Rekey}) {
		d.Errorf("delivered %v", order)
	}
	d.none("lms")
}

func rekeyRefused(d *desk) {
	d.put("a", 1)
	d.put("b", 1)
	for _, m := range []move{{act: lis.Rekey, id: "a", to: "b"}, {act: lis.Rekey, id: "c", to: "d"}, {act: lis.Rekey, id: "a", to: "a"}} {
		if err := d.store.Write(d.Context(), func(tx journal.Tx) error { return m.apply(tx, m.change()) }); err == nil {
			d.Errorf("%+v was done", m)
		}
	}
	d.wantBody("a", "a 0")
	d.wantBody("b", "b 0")
}

func messages(d *desk) {
	m := &journal.Message{
		Time: d.now(), Caller: "sis", Operation: "replacePerson", ID: "p1", MessageID: "m1", Hash: []byte("0123456789"),
		Status: lis.StatusOf(lis.Invalid, lis.PMS, "no name"), Answer: "a1", Deviations: []string{"one", "two"}, Body: []byte("<Envelope/>"),
	}
	d.write(func(tx journal.Tx) error {
		n, err := tx.Message(m)
		if n == 0 || n != m.Seq {
			d.Errorf("number %d, message says %d", n, m.Seq)
		}
		return err
	})
	d.write(func(tx journal.Tx) error { _, err := tx.Message(&journal.Message{ID: "p2"}); return err })
	d.write(func(tx journal.Tx) error { _, err := tx.Message(&journal.Message{ID: "p1"}); return err })
	s := d.snapshot()
	got, err := s.ReadMessage(m.Seq)
	d.must(err)
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", m) {
		d.Errorf("got %+v\nwant %+v", got, m)
	}
	list := collect(d, s.Messages("p1"))
	if len(list) != 2 || list[0].Seq != m.Seq || list[0].Body != nil || list[0].Status.Description != "no name" || list[1].Time.IsZero() {
		d.Errorf("messages %+v", list)
	}
	if n := len(collect(d, s.Messages(""))); n != 0 {
		d.Errorf("%d messages about nothing", n)
	}
	if got, err := s.ReadMessage(1); got != nil || err != nil {
		d.Errorf("message 1: %+v, %v", got, err)
	}
}

func repeated(d *desk) {
	ok, bad := lis.Status{CodeMajor: lis.Processing}, lis.Status{CodeMajor: lis.Failure}
	start := d.now()
	find := func(tx journal.Tx, hash string, since time.Time, want string) {
		d.Helper()
		m, err := tx.Repeated([]byte(hash), since)
		d.must(err)
		if m == nil && want != "" || m != nil && m.MessageID != want {
			d.Errorf("%s since %v: got %+v, want %q", hash, since.Sub(start), m, want)
		}
	}
	keep := func(tx journal.Tx, id, hash string, s lis.Status) {
		_, err := tx.Message(&journal.Message{MessageID: id, Hash: []byte(hash), Status: s, Time: d.now()})
		d.must(err)
	}
	d.write(func(tx journal.Tx) error {
		find(tx, "12345678-a", start, "")
		keep(tx, "m1", "12345678-a", ok)
		keep(tx, "m2", "12345678-b", ok)
		keep(tx, "m3", "12345678-c", bad)
		keep(tx, "m4", "", ok)
		find(tx, "12345678-a", start, "m1")
		return nil
	})
	d.add(time.Minute)
	d.write(func(tx journal.Tx) error {
		find(tx, "12345678-a", start, "m1")
		find(tx, "12345678-a", d.now(), "")
		find(tx, "12345678-c", start, "")
		find(tx, "", start, "")
		keep(tx, "m5", "12345678-a", ok)
		keep(tx, "m6", "12345678-a", bad)
		find(tx, "12345678-a", start, "m5")
		return nil
	})
}

func exchanges(d *desk) {
	put := func(id, state, data string) {
		d.Helper()
		d.write(func(tx journal.Tx) error {
			return tx.PutExchange(&journal.Exchange{TransactionID: id, State: state, Caller: "sis", Data: []byte(data)})
		})
	}
	put("x1", "announced", "1")
	put("x2", "announced", "2")
	d.add(time.Minute)
	put("x1", "reading", "3")
	d.write(func(tx journal.Tx) error {
		x, err := tx.Exchange("x1")
		if err != nil || x == nil || x.State != "reading" || string(x.Data) != "3" || !x.Updated.Equal(time.UnixMicro(d.now().UnixMicro())) {
			d.Errorf("x1: %+v, %v", x, err)
		}
		if x, err := tx.Exchange("x3"); x != nil || err != nil {
			d.Errorf("x3: %+v, %v", x, err)
		}
		return nil
	})
	s := d.snapshot()
	all := collect(d, s.Exchanges(""))
	if len(all) != 2 || all[0].TransactionID != "x1" || all[1].Seq <= all[0].Seq {
		d.Errorf("all: %+v", all)
	}
	if some := collect(d, s.Exchanges("announced")); len(some) != 1 || some[0].TransactionID != "x2" {
		d.Errorf("announced: %+v", some)
	}
}

func seen(d *desk) {
	ask := func(token string, want bool) {
		d.Helper()
		got, err := d.store.Seen(d.Context(), token, d.now(), d.now().Add(10*time.Minute))
		d.must(err)
		if got != want {
			d.Errorf("%s seen: %v, want %v", token, got, want)
		}
	}
	ask("n1", false)
	ask("n1", true)
	ask("n2", false)
	d.add(9 * time.Minute)
	ask("n1", true)
	d.add(2 * time.Minute)
	ask("n1", false)
	ask("n1", true)
}
