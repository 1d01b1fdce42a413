package sqldb

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMistakesInOptions(t *testing.T) {
	const query = "driver: sqlite\nqueries:\n  - name: q\n    kind: person\n    sql: SELECT 1\n    key: [a]\n    id: a\n"
	for name, c := range map[string]struct{ text, want string }{
		"unknown name":      {query + "    sett: {}\n", "line 8"},
		"unknown driver":    {"driver: postgre\n", `did you mean "postgres"?`},
		"type":              {"driver: sqlite\npageRows: many\n", "line 2"},
		"bad expression":    {query + "    set:\n      given: 'a +'\n", "line 9"},
		"unknown element":   {query + "    set:\n      gvien: a\n", `line 9: set: path "gvien"`},
		"no key":            {strings.Replace(query, "[a]", "[]", 1), "0 key columns"},
		"name twice":        {query + "  - {name: q, kind: group, sql: SELECT 1, key: [a], id: a}\n", "another query has this name"},
		"unknown kind":      {strings.Replace(query, "person", "persons", 1), `did you mean "person"?`},
		"find":              {query + "    find: {a: b}\n", "reads id and nothing else"},
		"unknown parameter": {"driver: sqlite\nwrite: [{kind: result, put: 'INSERT INTO x VALUES (:scor)', params: {score: score}}]\n", "there is no parameter :scor"},
		"unknown variable":  {"driver: sqlite\nwrite:\n  - kind: result\n    put: x\n    params:\n      a: persn\n", `line 6: there is no "persn"; did you mean "person"?`},
		"no statement":      {"driver: sqlite\nwrite: [{kind: result}]\n", "there is no statement"},
		"no row":            {"driver: sqlite\nwrite: [{kind: result, put: x, noRow: mising}]\n", `did you mean "missing"?`},
		"two documents":     {"driver: sqlite\n---\ndriver: mysql\n", "second document"},
		"many parameters":   {"driver: sqlite\nwrite: [{kind: result, put: '" + strings.Repeat(":id,", 1001) + "'}]\n", "at most 1000"},
		"dsn":               {"driver: mysql\ndsn: 'hunter2@@'\n", "the dsn is not one of MySQL"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := ParseOptions([]byte(c.text))
			if err == nil {
				_, err = New(o)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestDSNIsNotSeen(t *testing.T) {
	o := Options{DSN: "postgres://u:hunter2@h/d"}
	if text := fmt.Sprintf("%v %+v %#v", o, o, o); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}

func TestNamedParameters(t *testing.T) {
	known := []string{"id", "seq"}
	for text, want := range map[string]struct {
		sql   string
		names []string
	}{
		"VALUES (:id, :seq, :id)":           {"VALUES ($1, $2, $3)", []string{"id", "seq", "id"}},
		"':id' \":id\" x::text -- :id\n:id": {"':id' \":id\" x::text -- :id\n$1", []string{"id"}},
		"/* :id */ 'it''s :id' :seq":        {"/* :id */ 'it''s :id' $1", []string{"seq"}},
		"$f$ :id $f$ $$:id$$ :id::int":      {"$f$ :id $f$ $$:id$$ $1::int", []string{"id"}},
		"a[1:2] '12:30' :id":                {"a[1:2] '12:30' $1", []string{"id"}},
	} {
		got, err := dialects["postgres"].named(text, known)
		if err != nil || got.sql != want.sql || !slices.Equal(got.names, want.names) {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	}
}

func TestCursorKeepsTypes(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 123456000, time.UTC)
	c := cursor{Full: now, Since: map[string]since{"t": {now}, "n": {int64(1) << 60}, "s": {"a:b"}, "f": {1.5}}}
	back := readCursor(c.String())
	for name, s := range c.Since {
		if fmt.Sprintf("%T %v", s.value, s.value) != fmt.Sprintf("%T %v", back.Since[name].value, back.Since[name].value) {
			t.Errorf("%s: %v", name, back.Since[name].value)
		}
	}
}
