package sqldb

import (
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

func TestSourceSuite(t *testing.T) {
	kinds := []lis.Kind{lis.KindPerson, lis.KindGroup}
	adaptertest.RunSource(t, func(t *testing.T) (adapters.Source, adaptertest.SourceControl) {
		dsn, db := database(t, "sqlite")
		run(t, db, "CREATE TABLE staging (id varchar(200) PRIMARY KEY, kind varchar(40), body text)")
		var o Options
		for _, kind := range kinds {
			o.Queries = append(o.Queries, Query{Name: string(kind), SQL: "SELECT id, body FROM staging WHERE kind = '" + string(kind) + "'",
				Key: []string{"id"}, Spec: rows.Spec{Kind: kind, ID: rows.Expr{Text: "id"}, Set: map[string]rows.Expr{"dataSource": {Text: "body"}}}})
		}
		o.Driver, o.DSN = "sqlite", Secret(dsn)
		a, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = a.Close() })
		return a, adaptertest.SourceControl{Set: func(t *testing.T, kind lis.Kind, records ...*lis.Record) {
			if _, err := db.Exec("DELETE FROM staging WHERE kind = ?", string(kind)); err != nil {
				t.Fatal(err)
			}
			for _, r := range records {
				b, _ := lis.MarshalRecord(r)
				if _, err := db.Exec("INSERT INTO staging VALUES (?, ?, ?)", string(r.ID), string(kind), string(b)); err != nil {
					t.Fatal(err)
				}
			}
		}}
	}, adaptertest.SourceFeatures{Kinds: kinds, Lists: true, Repeats: true, Differ: func(want, got *lis.Record) string {
		b, _ := lis.MarshalRecord(want)
		src := ""
		switch o := got.Object.(type) {
		case *lis.Person:
			src = o.DataSource
		case *lis.Group:
			src = o.DataSource
		}
		if src != string(b) {
			return src
		}
		return ""
	}})
}
