package sqldb

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"
)

// A bench is a database of one of the three kinds, with a table of people.
type bench struct {
	*testing.T
	driver, dsn string
	db          *sql.DB
	now         time.Time
}

// each runs a test on each database.
func each(t *testing.T, test func(b *bench)) {
	for _, driver := range []string{"sqlite", "postgres", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			dsn, db := database(t, driver)
			b := &bench{T: t, driver: driver, dsn: dsn, db: db, now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
			moment := map[string]string{"postgres": "timestamptz", "mysql": "datetime(6)", "sqlite": "timestamp"}[driver]
			run(t, db, "CREATE TABLE people (a integer, b varchar(40), given varchar(200), family varchar(200), born date, score decimal(20,4), updated_at "+moment+")")
			test(b)
		})
	}
}

func (b *bench) insert(rows ...string) {
	b.Helper()
	for _, r := range rows {
		run(b.T, b.db, "INSERT INTO people (a, b, given, family, born, score, updated_at) VALUES ("+r+")")
	}
}

const peopleQuery = `
queries:
  - name: people
    kind: person
    sql: SELECT * FROM people
    key: [a, b]
    id: key("p", a, b)
    find: {a: 'split(id, "-")[1]', b: 'split(id, "-")[2]'}
    set: {given: given, family: family, "dataSource": born, "extension.extensionTypeVocabulary": score}
`

func (b *bench) options(text string, alter ...func(*Options)) Options {
	b.Helper()
	o, err := ParseOptions([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	o.Driver, o.DSN, o.PageRows, o.Now = b.driver, Secret(b.dsn), 3, func() time.Time { return b.now }
	for _, f := range alter {
		f(&o)
	}
	return o
}

func (b *bench) open(text string, alter ...func(*Options)) *Adapter {
	b.Helper()
	return open(b.T, b.options(text, alter...))
}

func (b *bench) says(p pulled, what string) {
	b.Helper()
	if !slices.ContainsFunc(p.errs(), func(s string) bool { return strings.Contains(s, what) }) {
		b.Errorf("no error says %q: %v", what, p.errs())
	}
}
