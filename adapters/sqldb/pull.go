package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

// errStop says that the reader wants no more.
var errStop = errors.New("stop")

// Pull reads all queries. A kind is read whole, with marks, unless FullEvery
// has not passed since that was done last and all its queries have a since
// column. The cursor comes at the end: a Pull that was cut off begins anew.
func (a *Adapter) Pull(ctx context.Context, from string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		p := &pull{a: a, yield: yield, before: readCursor(from), next: cursor{Since: map[string]since{}}}
		now := a.options.Now().UTC()
		p.whole = p.before.Full.IsZero() || a.options.FullEvery <= 0 || now.Sub(p.before.Full) >= a.options.FullEvery
		if p.next.Full = p.before.Full; p.whole {
			p.next.Full = now
		}
		for _, kind := range a.kinds() {
			if err := p.kind(ctx, kind); err != nil {
				if !errors.Is(err, errStop) {
					yield(adapters.Item{Kind: kind}, err)
				}
				return
			}
		}
		yield(adapters.Item{Cursor: p.next.String()}, nil)
	}
}

// kinds returns the kinds of the queries in the order of their first query.
func (a *Adapter) kinds() []lis.Kind {
	var kinds []lis.Kind
	seen := map[lis.Kind]bool{}
	for _, q := range a.queries {
		if !seen[q.Kind] {
			seen[q.Kind], kinds = true, append(kinds, q.Kind)
		}
	}
	return kinds
}

func (a *Adapter) queriesOf(kind lis.Kind) (of []*query) {
	for _, q := range a.queries {
		if q.Kind == kind {
			of = append(of, q)
		}
	}
	return of
}

// A pull is one Pull on its way.
type pull struct {
	a            *Adapter
	yield        func(adapters.Item, error) bool
	before, next cursor
	whole        bool

	seen    rows.Seen // of the kind that is being read
	unnamed int       // rows of it that do not tell which object they are
}

func (p *pull) give(it adapters.Item) error {
	if !p.yield(it, nil) {
		return errStop
	}
	return nil
}

// kind reads the queries of a kind in one transaction.
func (p *pull) kind(ctx context.Context, kind lis.Kind) error {
	queries := p.a.queriesOf(kind)
	whole := p.whole
	for _, q := range queries {
		whole = whole || q.Since == ""
	}
	p.seen, p.unnamed = rows.Seen{}, 0
	if whole {
		if err := p.give(adapters.Item{Begins: kind}); err != nil {
			return err
		}
	}
	if err := p.a.reading(ctx, func(tx *sql.Tx) error {
		for _, q := range queries {
			if err := p.query(ctx, tx, q, whole); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return p.ends(kind, whole)
}

// ends marks the end of a list that was read whole. One with rows of which it
// is not known what they are cannot say what is absent.
func (p *pull) ends(kind lis.Kind, whole bool) error {
	switch {
	case !whole:
		return nil
	case p.unnamed > 0:
		return p.give(adapters.Item{Kind: kind, Where: string(kind), Err: &rows.RowError{Rule: "complete list",
			Err:  fmt.Errorf("%d rows do not tell which object they are, so nothing is taken for absent", p.unnamed),
			Hint: "mend these rows; removals are found again after that"}})
	}
	return p.give(adapters.Item{Ends: kind})
}

// query reads one query.
func (p *pull) query(ctx context.Context, tx *sql.Tx, q *query, whole bool) error {
	var from any
	newest, known := p.before.Since[q.Name]
	if known && !whole {
		from = newest.back(p.a.options.Overlap)
	}
	if err := p.keyless(ctx, tx, q); err != nil {
		return err
	}
	var last []any
	err := p.a.pages(ctx, tx, q, from, func(r row) error {
		if q.Since != "" {
			newest.value = newer(newest.value, r.since)
		}
		err := p.row(q, r, same(last, r.keys))
		last = r.keys
		return err
	})
	if newest.value != nil {
		p.next.Since[q.Name] = newest
	}
	return err
}

// keyless tells of rows whose key has a hole: no page reaches them.
func (p *pull) keyless(ctx context.Context, tx *sql.Tx, q *query) error {
	var n int
	if err := p.a.one(ctx, tx, p.a.dialect.keyless(q), &n); err != nil {
		return p.a.classed("query "+q.Name, err, "")
	}
	if n == 0 {
		return nil
	}
	p.unnamed += n
	return p.give(adapters.Item{Kind: q.Kind, Where: q.Name, Err: &rows.RowError{Rule: "key", Columns: q.Key,
		Err: fmt.Errorf("%d rows have NULL in a key column and cannot be read", n), Hint: "fill the column, or leave the rows out of the query"}})
}

func (p *pull) row(q *query, r row, again bool) error {
	it, counts := q.mapping.Item(r.values, q.where(r))
	if !counts {
		return nil
	}
	if it.Key == "" {
		p.unnamed++
		return p.give(it)
	}
	switch twice := p.seen.Twice(q.Kind, it.Key); {
	case again:
		it.Act, it.Record = "", nil
		it.Err = &rows.RowError{Rule: "key", Columns: q.Key, Err: errors.New("two rows have this key"),
			Hint: "name more key columns, or mend the join that doubles the row"}
	case twice && it.Err == nil:
		it.Act, it.Record = "", nil
		it.Err = &rows.RowError{Rule: "id", Err: fmt.Errorf("another row has the sourcedId %s too", it.Key),
			Hint: "the first was taken; put into the id what tells the two apart, such as the year"}
	}
	return p.give(it)
}

// reading runs f in a transaction that shows one moment.
func (a *Adapter) reading(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := a.begin(ctx, &sql.TxOptions{ReadOnly: true, Isolation: a.dialect.isolation})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return f(tx)
}

// one reads one value.
func (a *Adapter) one(ctx context.Context, tx *sql.Tx, text string, into any, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	return tx.QueryRowContext(ctx, text, args...).Scan(into)
}

// pages calls f with each row of a query, page by page. What a page repeats of
// the one before is passed over: its last row, and rows that the database's
// collation holds to be equal to that.
func (a *Adapter) pages(ctx context.Context, tx *sql.Tx, q *query, from any, f func(row) error) error {
	var last []any
	given := map[string]int{} // rows of the page before, by key
	for {
		limit := a.options.PageRows
		if last != nil {
			limit += max(given[name(last)], 1)
		}
		text, args := a.dialect.page(q, last, from, limit)
		page, cut, err := a.read(ctx, tx, q, text, args)
		if err != nil {
			return err
		}
		next, fresh := make(map[string]int, len(page)), 0
		for _, r := range page {
			key := name(r.keys)
			if next[key]++; next[key] <= given[key] {
				continue
			}
			fresh++
			if err := f(r); err != nil {
				return err
			}
		}
		if !cut && len(page) < limit {
			return nil
		}
		if last = page[len(page)-1].keys; fresh == 0 {
			return refusedOptions(fmt.Errorf("query %s: %d rows or more have one key (%s); name more key columns, or raise pageRows", q.Name, len(page), q.where(page[0])))
		}
		given = next
	}
}

// name writes a key so that no two are written alike.
func name(keys []any) string { return fmt.Sprintf("%#v", keys) }

// refusedOptions is an error of the options that shows only at the database.
func refusedOptions(err error) error {
	return &adapters.Error{Class: adapters.Unavailable, Narrow: true, Err: err,
		Hint: "mend the options; lisgate check tells of all mistakes at once"}
}
