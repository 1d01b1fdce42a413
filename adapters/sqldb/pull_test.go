package sqldb

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

func TestPagesToTheEnd(t *testing.T) {
	each(t, func(b *bench) {
		var want []string
		for i := range 20 {
			b.insert(fmt.Sprintf("%d, '%c', 'G', 'F', '2001-02-03', 1234567.5, '2026-08-01 10:00:00'", 5_000_000+i/4, 'a'+i%4))
			want = append(want, fmt.Sprintf("p-%d-%c", 5_000_000+i/4, 'a'+i%4))
		}
		for _, size := range []int{1, 2, 3, 7, 19, 20, 21, 100} {
			a := b.open(peopleQuery, func(o *Options) { o.PageRows = size })
			p := collect(t, a, "")
			if p.err != nil || !slices.Equal(p.keys(), want) || p.marks() != "+person -person" || len(p.errs()) > 0 {
				t.Errorf("pages of %d: %v %v %v %s", size, p.err, p.errs(), p.keys(), p.marks())
			}
		}
		a := b.open(peopleQuery, func(o *Options) { o.PageRows, o.PageBytes = 100, 500 })
		p := collect(t, a, "")
		if !slices.Equal(p.keys(), want) {
			t.Errorf("pages cut by bytes: %v %v", p.keys(), p.err)
		}
		person := p.record("p-5000000-a").Object.(*lis.Person)
		if person.DataSource != "2001-02-03" && person.DataSource != "2001-02-03T00:00:00" || !strings.HasPrefix(person.Extension.TypeVocabulary, "1234567.5") {
			t.Errorf("%q %+v", person.DataSource, person.Extension)
		}
		if b.driver != "sqlite" && person.DataSource != "2001-02-03" {
			t.Errorf("date %q", person.DataSource)
		}
	})
}

func TestKeysThatACollationTakesForOne(t *testing.T) {
	each(t, func(b *bench) {
		for _, k := range []string{"A", "a", "Ä", "ä", "b", "B"} {
			b.insert("1, '" + k + "', 'G', 'F', NULL, NULL, NULL")
		}
		for size := 5; size < 8; size++ {
			p := collect(t, b.open(peopleQuery, func(o *Options) { o.PageRows = size }), "")
			if p.err != nil || len(p.keys()) != 6 || len(p.errs()) > 0 {
				t.Errorf("pages of %d: %v %v %v", size, p.keys(), p.err, p.errs())
			}
		}
		// With less than a page for all that are equal it goes on or says so,
		// and passes nothing over.
		p := collect(t, b.open(peopleQuery), "")
		if len(p.keys()) != 6 && (p.err == nil || p.marks() != "+person") {
			t.Errorf("%v %v %v", p.keys(), p.err, p.marks())
		}
	})
}

func TestDoubleKeysAreNamed(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, NULL", "2, 'x', 'G', 'F', NULL, NULL, NULL", "2, 'x', 'H', 'F', NULL, NULL, NULL", "3, 'x', 'G', 'F', NULL, NULL, NULL")
		for size := 1; size < 6; size++ {
			p := collect(t, b.open(peopleQuery, func(o *Options) { o.PageRows = size }), "")
			if !slices.Equal(p.keys(), []string{"p-1-x", "p-2-x", "p-3-x"}) || len(p.errs()) != 1 || p.marks() != "+person -person" {
				t.Errorf("pages of %d: %v %v %v", size, p.keys(), p.errs(), p.err)
			}
			b.says(p, "people a=2,b=x: key (column a, b): two rows have this key")
		}
	})
}

func TestOneSourcedIdTwiceIsTold(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, NULL", "1, 'y', 'G', 'F', NULL, NULL, NULL")
		p := collect(t, b.open(strings.Replace(peopleQuery, `key("p", a, b)`, `key("p", a)`, 1)), "")
		if len(p.keys()) != 1 {
			t.Error(p.keys())
		}
		b.says(p, "another row has the sourcedId p-1 too")
	})
}

func TestRowsWithoutAKeyAreNeverAbsent(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, NULL", "NULL, 'y', 'G', 'F', NULL, NULL, NULL", "2, NULL, 'G', 'F', NULL, NULL, NULL")
		p := collect(t, b.open(peopleQuery), "")
		if !slices.Equal(p.keys(), []string{"p-1-x"}) || p.marks() != "+person" || p.err != nil {
			t.Errorf("%v %s %v", p.keys(), p.marks(), p.err)
		}
		b.says(p, "2 rows have NULL in a key column")
		b.says(p, "nothing is taken for absent")
	})
}

func TestBadRowCountsAsPresent(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, NULL", "2, 'y', NULL, 'F', NULL, NULL, NULL")
		p := collect(t, b.open(strings.Replace(peopleQuery, "given: given", `given: 'given + "!"'`, 1)), "")
		if p.marks() != "+person -person" || len(p.errs()) != 1 || p.items[2].Key != "p-2-y" {
			t.Errorf("%s %v %+v", p.marks(), p.errs(), p.items)
		}
	})
}

func TestIncrements(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, '2026-08-01 10:00:00.5'", "2, 'x', 'G', 'F', NULL, NULL, '2026-08-02 10:00:00'")
		a := b.open(strings.Replace(peopleQuery, "key: [a, b]", "key: [a, b]\n    since: updated_at", 1), func(o *Options) { o.FullEvery, o.Overlap = 24*time.Hour, time.Second })
		first := collect(t, a, "")
		if len(first.keys()) != 2 || first.marks() != "+person -person" {
			t.Fatalf("%v %s %v", first.keys(), first.marks(), first.err)
		}
		b.now = b.now.Add(time.Hour)
		b.insert("3, 'x', 'G', 'F', NULL, NULL, '2026-08-03 10:00:00'")
		second := collect(t, a, first.cursor)
		if b.driver != "sqlite" && !slices.Equal(second.keys(), []string{"p-2-x", "p-3-x"}) || second.marks() != "" || !slices.Contains(second.keys(), "p-3-x") || slices.Contains(second.keys(), "p-1-x") {
			t.Errorf("%v %s %v (%s)", second.keys(), second.marks(), second.err, first.cursor)
		}
		run(t, b.db, "DELETE FROM people WHERE a = 1")
		b.now = b.now.Add(24 * time.Hour)
		third := collect(t, a, second.cursor)
		if !slices.Equal(third.keys(), []string{"p-2-x", "p-3-x"}) || third.marks() != "+person -person" {
			t.Errorf("%v %s", third.keys(), third.marks())
		}
		if p := collect(t, a, "nonsense"); len(p.keys()) != 2 || p.marks() == "" {
			t.Errorf("a cursor that cannot be read: %v", p.keys())
		}
	})
}

func TestPullThatBreaksHasNoEnds(t *testing.T) {
	each(t, func(b *bench) {
		for i := range 10 {
			b.insert(fmt.Sprintf("%d, 'x', 'G', 'F', NULL, NULL, NULL", i))
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for it, err := range b.open(peopleQuery).Pull(ctx, "") {
			if it.Ends != "" || it.Cursor != "" {
				t.Error("a mark after the break")
			}
			if last = err; it.Key == "p-4-x" {
				cancel()
			}
		}
		if last == nil || adapters.ClassOf(last) != adapters.Unavailable {
			t.Errorf("%v", last)
		}
	})
}

func TestCheckNamesAllThatIsMissingAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		a := b.open(`
queries:
  - {name: one, kind: person, sql: SELECT a AS aa FROM people, key: [a], id: nr, set: {given: fore}}
  - {name: two, kind: person, sql: SELECT * FROM nowhere, key: [a], id: a}
  - {name: three, kind: person, sql: SELECT * FROM people, key: [a, b], id: a, set: {given: givn}}
write:
  - {kind: result, put: "INSERT INTO nothere VALUES (:id)"}
`)
		err := a.Check(t.Context())
		if err == nil {
			t.Fatal("no error")
		}
		for _, want := range []string{`query one: there is no column "a"`, `nor "nr", nor "fore"`, "query two", "nowhere", `query three: there is no column "givn"; did you mean "given"?`, "write result, put", "nothere"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("no %q in %v", want, err)
			}
		}
		p := collect(t, a, "")
		if p.err == nil || strings.Contains(p.marks(), "-") {
			t.Errorf("%v %s", p.err, p.marks())
		}
		if err := b.open(peopleQuery).Check(t.Context()); err != nil {
			t.Errorf("good options: %v", err)
		}
	})
}

func TestReadAndList(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'Åse', 'O''Brien', NULL, NULL, NULL", "2, 'y', '小明', '王', NULL, NULL, NULL")
		a := b.open(peopleQuery)
		r, err := a.Read(t.Context(), lis.KindPerson, "p-2-y")
		if err != nil || r == nil || r.Object.(*lis.Person).Part("Last") != "王" {
			t.Errorf("%+v %v", r, err)
		}
		for _, id := range []lis.SourcedID{"p-3-x", "nonsense", "p-1-x' OR 1=1 --", "p-x-x"} {
			if r, err := a.Read(t.Context(), lis.KindPerson, id); r != nil || err != nil {
				t.Errorf("%s: %+v %v", id, r, err)
			}
		}
		all, err := lis.Collect(a.List(t.Context(), lis.KindPerson))
		if err != nil || len(all) != 2 {
			t.Errorf("%v %v", all, err)
		}
		if _, err := lis.Collect(a.List(t.Context(), lis.KindGroup)); adapters.ClassOf(err) != adapters.Unsupported {
			t.Error(err)
		}
	})
}

func TestConnectionKilledInTheMiddle(t *testing.T) {
	dsn, db := database(t, "postgres")
	a := open(t, Options{Driver: "postgres", DSN: Secret(dsn), PageRows: 10, Queries: []Query{numbers("SELECT n FROM generate_series(1, 100) AS s (n)")}})
	var last error
	for it, err := range a.Pull(t.Context(), "") {
		if last = err; it.Key == "p-15" {
			run(t, db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lisgate' AND pid <> pg_backend_pid()")
		}
		if it.Ends != "" || it.Cursor != "" {
			t.Error("a mark after the break")
		}
	}
	if last == nil || adapters.ClassOf(last) != adapters.Unavailable {
		t.Errorf("%v", last)
	}
	if p := collect(t, a, ""); p.err != nil || len(p.keys()) != 100 {
		t.Errorf("afterwards: %d, %v", len(p.keys()), p.err)
	}
}

// numbers is a query whose rows are numbers, as persons.
func numbers(text string) Query {
	return Query{Name: "numbers", SQL: text, Key: []string{"n"}, Spec: rows.Spec{Kind: lis.KindPerson,
		ID: rows.Expr{Text: `key("p", n)`}, Set: map[string]rows.Expr{"given": {Text: `repeat("x", 200)`}}}}
}

func TestManyRowsKeepMemoryFlat(t *testing.T) {
	dsn, _ := database(t, "sqlite")
	a := open(t, Options{Driver: "sqlite", DSN: Secret(dsn), Queries: []Query{
		numbers("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT n FROM c")}})
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	n, first := 0, uint64(0)
	for it, err := range a.Pull(t.Context(), "") {
		if err != nil || it.Err != nil {
			t.Fatal(err, it.Err)
		}
		switch n++; n {
		case 500:
			first = live()
		case 19_500:
			if now := live(); now > first+3<<20 {
				t.Errorf("%d KiB more after 19,000 rows", (now-first)>>10)
			}
		}
	}
	if n != 20_003 {
		t.Errorf("%d items", n)
	}
}

func TestTellLooksAtTheData(t *testing.T) {
	each(t, func(b *bench) {
		b.insert("1, 'x', 'G', 'F', NULL, NULL, NULL", "2, 'y', NULL, 'F', NULL, NULL, NULL", "NULL, 'y', 'H', 'F', NULL, NULL, NULL")
		lines, err := b.open(strings.Replace(peopleQuery, "given: given", `given: 'given + "!"'`, 1)).Tell(t.Context())
		want := "query people: 3 rows of kind person, 1 without a key; of the first 2, 1 cannot be used, such as people a=2,b=y: given (column given)"
		if err != nil || len(lines) != 2 || !strings.HasPrefix(lines[0], b.driver) || !strings.HasPrefix(lines[1], want) {
			t.Errorf("%q %v", lines, err)
		}
	})
}
