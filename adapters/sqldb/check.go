package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"lisgate/adapters"
)

// Check connects, and has the database look at every query and statement
// without running it. It tells of all mistakes at once.
func (a *Adapter) Check(ctx context.Context) error {
	if err := a.ping(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	var errs []error
	for _, q := range a.queries {
		if err := a.checkQuery(ctx, q); err != nil {
			errs = append(errs, err)
		}
	}
	for kind, w := range a.writes {
		for name, st := range w.all() {
			if err := a.prepare(ctx, st.sql); err != nil {
				errs = append(errs, fmt.Errorf("write %s, %s: %s", kind, name, words(err)))
			}
		}
	}
	if len(errs) > 0 {
		return &adapters.Error{Class: adapters.Unavailable, Narrow: true, Err: errors.Join(errs...), Hint: "mend the options or the database's views and rights"}
	}
	return nil
}

// checkQuery looks at the columns first: a missing key would else be told as
// a mistake in a statement that nobody wrote.
func (a *Adapter) checkQuery(ctx context.Context, q *query) error {
	result, err := a.db.QueryContext(ctx, "SELECT q.* FROM (\n"+q.SQL+"\n) q LIMIT 0")
	if err != nil {
		return fmt.Errorf("query %s: %s", q.Name, words(err))
	}
	names, err := result.Columns()
	if err = errors.Join(err, result.Close(), result.Err()); err != nil {
		return fmt.Errorf("query %s: %s", q.Name, words(err))
	}
	for range len(q.Key) {
		names = append(names, prefix)
	}
	if q.Since != "" {
		names = append(names, prefix)
	}
	_, err = columns(names, q)
	return err
}

func (a *Adapter) prepare(ctx context.Context, text string) error {
	conn, err := a.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var st *sql.Stmt
	if st, err = conn.PrepareContext(ctx, text); err != nil {
		return err
	}
	return st.Close()
}
