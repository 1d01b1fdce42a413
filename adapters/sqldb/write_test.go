package sqldb

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

// TestSuite has the suite of all adapters try a staging table, which keeps
// whole records under their ids, with the sequence of the newest change.
func TestSuite(t *testing.T) {
	upsert := map[string]string{
		"postgres": "ON CONFLICT (id) DO UPDATE SET body = excluded.body, seq = excluded.seq, gone = excluded.gone WHERE staging.seq < excluded.seq",
		"sqlite":   "ON CONFLICT (id) DO UPDATE SET body = excluded.body, seq = excluded.seq, gone = excluded.gone WHERE staging.seq < excluded.seq",
		"mysql":    "ON DUPLICATE KEY UPDATE body = IF(seq < VALUES(seq), VALUES(body), body), gone = IF(seq < VALUES(seq), VALUES(gone), gone), seq = GREATEST(seq, VALUES(seq))",
	}
	for driver, on := range upsert {
		if driver == "mysql" {
			continue // its upsert tells no row from an old one; see TestStaging
		}
		t.Run(driver, func(t *testing.T) {
			kinds := []lis.Kind{lis.KindPerson, lis.KindResult}
			adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
				dsn, db := database(t, driver)
				run(t, db, "CREATE TABLE staging (id varchar(200) PRIMARY KEY, kind varchar(40), seq bigint, gone integer, body text)")
				var o Options
				for _, kind := range kinds {
					o.Write = append(o.Write, Write{Kind: kind, NoRow: "unchanged",
						Put:  "INSERT INTO staging (id, kind, seq, gone, body) VALUES (:id, :kind, :seq, 0, :json) " + on,
						Drop: "UPDATE staging SET gone = 1, seq = :seq WHERE id = :id AND seq < :seq AND gone = 0"})
					o.Queries = append(o.Queries, Query{Name: string(kind), SQL: "SELECT id, body FROM staging WHERE gone = 0 AND kind = '" + string(kind) + "'",
						Key: []string{"id"}, Spec: rows.Spec{Kind: kind, ID: rows.Expr{Text: "id"}, Set: map[string]rows.Expr{"dataSource": {Text: "body"}}},
						Find: map[string]rows.Expr{"id": {Text: "id"}}})
				}
				o.Queries[1].Set["lineItem"] = rows.Expr{Text: `"x"`}
				o.Driver, o.DSN = driver, Secret(dsn)
				return open(t, o)
			}, adaptertest.Features{Kinds: kinds, NoRekey: true, Differ: differ, Hang: hanging})
		})
	}
}

// hanging opens an adapter whose database takes connections and says nothing.
func hanging(t *testing.T) adapters.Adapter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return open(t, Options{Driver: "postgres", DSN: Secret("postgres://u@" + l.Addr().String() + "/x?sslmode=disable"),
		Write: []Write{{Kind: lis.KindPerson, Put: "SELECT 1"}, {Kind: lis.KindResult, Put: "SELECT 1"}}})
}

// differ compares the whole record, which came back in one field.
func differ(put, got *lis.Record) string {
	want, _ := lis.MarshalRecord(put)
	have := ""
	switch o := got.Object.(type) {
	case *lis.Person:
		have = o.DataSource
	case *lis.Result:
		have = o.DataSource
	}
	if string(want) != have {
		return "it came back as " + have
	}
	return ""
}

func result(id string, score string) lis.Change {
	r := &lis.Record{ID: lis.SourcedID(id), Object: &lis.Result{LineItemSourcedID: "li", PersonSourcedID: "p", ResultScore: lis.NewText("", score)}}
	return lis.Change{ID: "change-" + id + score, Seq: 1, Kind: lis.KindResult, Act: lis.Put, Key: r.ID, Record: r}
}

func TestStaging(t *testing.T) {
	each(t, func(b *bench) {
		run(t, b.db, "CREATE TABLE parents (id varchar(40) PRIMARY KEY)", "INSERT INTO parents VALUES ('p')",
			"CREATE TABLE grades (change_id varchar(100) PRIMARY KEY, id varchar(100) NOT NULL, person varchar(40) NOT NULL, score decimal(5,2) NOT NULL CHECK (score <= 100), FOREIGN KEY (person) REFERENCES parents (id))")
		a := b.open(`
write:
  - kind: result
    params: {person: person, score: score}
    put: INSERT INTO grades (change_id, id, person, score) VALUES (:changeId, :id, :person, :score)
    drop: DELETE FROM grades WHERE id = :id
    staging: {table: grades, column: change_id}
    foreignKey: missing
`)
		for i, want := range []lis.Effect{lis.Applied, lis.Unchanged} {
			if o, err := a.Apply(t.Context(), result("r1", "91.5")); err != nil || o.Effect != want {
				t.Errorf("%d: %+v %v", i, o, err)
			}
		}
		stranger := result("r2", "50")
		stranger.Record.Object.(*lis.Result).PersonSourcedID = "nobody"
		for name, c := range map[string]struct {
			change lis.Change
			class  adapters.Class
		}{
			"check":       {result("r3", "101"), adapters.Refused},
			"foreign key": {stranger, adapters.Missing},
			"not null":    {result("r5", ""), adapters.Refused},
			"drop absent": {lis.Change{ID: "d", Kind: lis.KindResult, Act: lis.Drop, Key: "none"}, adapters.Refused},
			"rekey":       {lis.Change{ID: "k", Kind: lis.KindResult, Act: lis.Rekey, Key: "r1", NewID: "r9"}, adapters.Unsupported},
			"other kind":  {lis.Change{ID: "o", Kind: lis.KindGroup, Act: lis.Put, Key: "g"}, adapters.Unsupported},
		} {
			_, err := a.Apply(t.Context(), c.change)
			if adapters.ClassOf(err) != c.class || err == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		var n int
		if err := b.db.QueryRow("SELECT count(*) FROM grades").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestWhatIsInTheRowIsNotInTheError(t *testing.T) {
	each(t, func(b *bench) {
		run(t, b.db, "CREATE TABLE g (id varchar(40) PRIMARY KEY, n integer)", "INSERT INTO g VALUES ('Siobhan', 1)")
		a := b.open("write: [{kind: result, params: {who: '\"Siobhan\"', n: score}, put: 'INSERT INTO g (id, n) VALUES (:who, :n)'}]")
		_, err := a.Apply(t.Context(), result("r1", "1"))
		var e *adapters.Error
		if !errors.As(err, &e) || e.Class != adapters.Refused || strings.Contains(err.Error()+e.Answer, "Siobhan") {
			t.Errorf("%+v", e)
		}
	})
}

func TestLockedRowIsTriedAgain(t *testing.T) {
	each(t, func(b *bench) {
		run(t, b.db, "CREATE TABLE g (id varchar(40) PRIMARY KEY, n integer)", "INSERT INTO g VALUES ('x', 1)")
		a := b.open("timeout: 300ms\nwrite: [{kind: result, put: UPDATE g SET n = n + 1 WHERE id = 'x'}]")
		tx, err := b.db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback() //nolint:errcheck // a test
		if _, err := tx.Exec("UPDATE g SET n = 5"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Apply(t.Context(), result("r1", "1")); adapters.ClassOf(err) != adapters.Unavailable || err == nil {
			t.Errorf("%v", err)
		}
	})
}

func TestDatabaseThatIsNotThere(t *testing.T) {
	for driver, dsn := range map[string]string{
		"postgres": "postgres://u:hunter2@127.0.0.1:1/x", "mysql": "u:hunter2@tcp(127.0.0.1:1)/x", "sqlite": t.TempDir() + "/none/x.db",
	} {
		o, err := ParseOptions([]byte(peopleQuery))
		if err != nil {
			t.Fatal(err)
		}
		o.Queries[0].Set = nil
		o.Driver, o.DSN, o.Timeout = driver, Secret(dsn), 2*time.Second
		a := open(t, o)
		err = a.Check(t.Context())
		if adapters.ClassOf(err) != adapters.Unavailable || err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", driver, err)
		}
		if p := collect(t, a, ""); p.err == nil || strings.Contains(p.marks(), "-") {
			t.Errorf("%s: %v %s", driver, p.err, p.marks())
		}
	}
}
