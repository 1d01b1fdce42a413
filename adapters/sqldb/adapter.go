// Package sqldb reaches a student information system through its database: it
// reads views and writes to tables, which is how most small and home-grown
// systems are really integrated (adapter facts, 0.1 row 5, B10).
//
// As a source it reads each query page by page along its key columns, in one
// reading transaction per kind, and marks a kind complete only when all of its
// queries were read to the end; deletes that leave no trace are found by the
// gateway through these marks. Rows become words by the mappings of
// adapters/rows. As a target it runs a statement per change in a transaction.
//
// PostgreSQL, MySQL and MariaDB, SQLite. A Drop is what the statement drop of
// its kind does; without one it is Unsupported, and so is a Rekey.
//
// Of the pains of adapter facts, E: pages to the end or no marks (8), double
// keys told (9), bounded parameters and flat memory (10), rows that cannot be
// read are never absent (1), checks that name every missing column at once (15).
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Source  = (*Adapter)(nil)
	_ adapters.Lister  = (*Adapter)(nil)
	_ adapters.Reader  = (*Adapter)(nil)
)

// maxKey bounds the key columns of a query.
const maxKey = 16

// An Adapter reaches one database. It is safe for use by many goroutines.
type Adapter struct {
	options Options
	dialect dialect
	db      *sql.DB
	queries []*query
	writes  map[lis.Kind]*write
}

// New checks the options, all of them, and makes an Adapter. It does not
// connect; Check does.
func New(o Options) (*Adapter, error) {
	o = o.orDefault()
	d, ok := dialects[o.Driver]
	if !ok {
		return nil, fmt.Errorf("sqldb: unknown driver %q%s; there are %s", o.Driver,
			rows.Suggest(o.Driver, slices.Collect(maps.Keys(dialects))), strings.Join(slices.Sorted(maps.Keys(dialects)), ", "))
	}
	a := &Adapter{options: o, dialect: d, writes: map[lis.Kind]*write{}}
	if err := errors.Join(a.prepareQueries(), a.prepareWrites()); err != nil {
		return nil, fmt.Errorf("sqldb: %w", err)
	}
	db, err := d.open(string(o.DSN), o.Timeout)
	if err != nil {
		return nil, fmt.Errorf("sqldb: %w", err)
	}
	db.SetMaxOpenConns(o.Conns)
	db.SetMaxIdleConns(o.Conns)
	a.db = db
	return a, nil
}

// Close closes the connections.
func (a *Adapter) Close() error { return a.db.Close() }

// begin begins a transaction within the time of a statement. The transaction
// lives as long as ctx.
func (a *Adapter) begin(ctx context.Context, o *sql.TxOptions) (*sql.Tx, error) {
	if err := a.ping(ctx); err != nil {
		return nil, err
	}
	tx, err := a.db.BeginTx(ctx, o)
	if err != nil {
		return nil, a.classed("begin a transaction", err, "")
	}
	return tx, nil
}

func (a *Adapter) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	if err := a.db.PingContext(ctx); err != nil {
		return a.classed("connect to the database", err, "")
	}
	return nil
}
