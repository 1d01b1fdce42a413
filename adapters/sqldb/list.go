package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// List streams the objects of a kind by the queries. A row that cannot be
// used is an error: a list with holes must not be compared.
func (a *Adapter) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		queries := a.queriesOf(kind)
		if len(queries) == 0 {
			yield(nil, unread(kind))
			return
		}
		err := a.reading(ctx, func(tx *sql.Tx) error {
			for _, q := range queries {
				if err := a.list(ctx, tx, q, func(r *lis.Record) bool { return yield(r, nil) }); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

func (a *Adapter) list(ctx context.Context, tx *sql.Tx, q *query, yield func(*lis.Record) bool) error {
	return a.pages(ctx, tx, q, nil, func(r row) error {
		record, err := q.record(r)
		if err == nil && record != nil && !yield(record) {
			err = errStop
		}
		return err
	})
}

// record returns the object of a row, nil for a row that does not count.
func (q *query) record(r row) (*lis.Record, error) {
	it, counts := q.mapping.Item(r.values, q.where(r))
	if it.Err != nil {
		return nil, &adapters.Error{Class: adapters.Refused, Err: fmt.Errorf("%s: %w", it.Where, it.Err)}
	}
	if !counts {
		return nil, nil
	}
	return it.Record, nil
}

func unread(kind lis.Kind) error {
	return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf("no query of the options reads the kind %s", kind)}
}

// Read reads one object back, by the queries of its kind that have find.
func (a *Adapter) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	finds := false
	for _, q := range a.queriesOf(kind) {
		if len(q.find) == 0 {
			continue
		}
		finds = true
		var found *lis.Record
		err := a.reading(ctx, func(tx *sql.Tx) (err error) {
			found, err = a.find(ctx, tx, q, id)
			return err
		})
		if found != nil || err != nil {
			return found, err
		}
	}
	if !finds {
		return nil, &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf("no query of the options says by find how one %s is read", kind)}
	}
	return nil, nil
}

// find reads the row that a sourcedId points at. An id that cannot be taken
// apart, or whose parts the columns cannot hold, is of another query; and so
// is a row with another id.
func (a *Adapter) find(ctx context.Context, tx *sql.Tx, q *query, id lis.SourcedID) (*lis.Record, error) {
	var where []string
	var args []any
	for column, prog := range q.find {
		v, err := prog.Run(map[string]any{"id": string(id)})
		if err != nil || v == nil {
			return nil, nil //nolint:nilerr // see above
		}
		args = append(args, v)
		where = append(where, a.dialect.equal("q."+a.dialect.name(column), a.dialect.param(len(args))))
	}
	page, _, err := a.read(ctx, tx, q, a.dialect.from(q, where)+" LIMIT 2", args)
	if adapters.ClassOf(err) == adapters.Refused {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, r := range page {
		record, err := q.record(r)
		if err != nil || record != nil && record.ID == id {
			return record, err
		}
	}
	return nil, nil
}

// equal compares a column with what was cut out of a sourcedId, which is
// text. The servers make of it what the column has, and can use its index.
func (d dialect) equal(column, param string) string {
	if d.bare == "" {
		return column + " = " + param
	}
	return "CAST(" + column + " AS TEXT) = CAST(" + param + " AS TEXT)"
}
