package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

// Apply runs the statement of a change in a transaction of its own, after
// its guards have let it through.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	w := a.writes[c.Kind]
	st := w.statement(c.Act)
	if st.sql == "" {
		return lis.Outcome{}, &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf("the options have no statement for %s of %s", c.Act, c.Kind),
			Hint: "give one under write, or leave the kind out of the route"}
	}
	env, err := w.params.Env(c)
	if err != nil {
		return lis.Outcome{}, &adapters.Error{Class: adapters.Refused, Err: err}
	}
	values, err := w.params.Values(env)
	if err != nil {
		return lis.Outcome{}, &adapters.Error{Class: adapters.Refused, Err: err, Hint: "mend the record at its source or the parameters in the options"}
	}
	if values["time"] != nil && a.options.Driver == "sqlite" {
		values["time"] = c.Time.UTC().Format(time.RFC3339Nano) // it keeps times as text
	}
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	outcome, err := a.transact(ctx, w, st, values)
	if adapters.ClassOf(err) == adapters.Refused && w.seen.sql != "" {
		// The first attempt may have come to its end meanwhile.
		if done, again := a.looked(ctx, w, values); done && again == nil {
			return lis.Outcome{Effect: lis.Unchanged, Detail: inStaging}, nil
		}
	}
	return outcome, err
}

// inStaging is what is said of a change that had its effect before.
const inStaging = "the staging table has this change"

func (a *Adapter) looked(ctx context.Context, w *write, values map[string]any) (done bool, err error) {
	err = a.reading(ctx, func(tx *sql.Tx) (err error) {
		done, err = a.applied(ctx, tx, w, values)
		return err
	})
	return done, err
}

func (w *write) statement(act lis.Act) statement {
	if w == nil {
		return statement{}
	}
	switch act {
	case lis.Put:
		return w.put
	case lis.Drop:
		return w.drop
	case lis.Rekey:
		return w.move
	}
	return statement{}
}

func (a *Adapter) transact(ctx context.Context, w *write, st statement, values map[string]any) (lis.Outcome, error) {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return lis.Outcome{}, a.classed("begin a transaction", err, "")
	}
	defer tx.Rollback() //nolint:errcheck // without effect after Commit
	if done, err := a.applied(ctx, tx, w, values); done || err != nil {
		return lis.Outcome{Effect: lis.Unchanged, Detail: inStaging}, err
	}
	for i := range w.guards {
		if err := a.ask(ctx, tx, &w.guards[i], values); err != nil {
			return lis.Outcome{}, err
		}
	}
	result, err := tx.ExecContext(ctx, st.sql, st.args(values)...)
	if err != nil {
		return lis.Outcome{}, a.classed("write", err, w.ForeignKey)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return w.none()
	}
	if err := tx.Commit(); err != nil {
		return lis.Outcome{}, a.classed("commit", err, w.ForeignKey)
	}
	return lis.Outcome{Effect: lis.Applied, Detail: fmt.Sprintf("%d rows", n)}, nil
}

// applied reports whether the staging table has the change already.
func (a *Adapter) applied(ctx context.Context, tx *sql.Tx, w *write, values map[string]any) (bool, error) {
	if w.seen.sql == "" {
		return false, nil
	}
	var one int
	err := a.one(ctx, tx, w.seen.sql, &one, w.seen.args(values)...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, a.classed("look into the staging table", err, "")
	}
	return true, nil
}

// none says what it means that a statement touched no row.
func (w *write) none() (lis.Outcome, error) {
	err := errors.New("the statement touched no row: the database has none that it names")
	switch w.NoRow {
	case "unchanged":
		return lis.Outcome{Effect: lis.Unchanged, Detail: "no row touched"}, nil
	case "missing":
		return lis.Outcome{}, &adapters.Error{Class: adapters.Missing, Err: err}
	}
	return lis.Outcome{}, &adapters.Error{Class: adapters.Refused, Err: err,
		Hint: "see whether the row is there, and whether the condition of the statement fits it"}
}

// ask has a guard decide.
func (a *Adapter) ask(ctx context.Context, tx *sql.Tx, g *guard, values map[string]any) error {
	env, err := a.answer(ctx, tx, g, values)
	if err != nil {
		return err
	}
	if env == nil {
		class := adapters.Refused
		if g.NoRow == "missing" {
			class = adapters.Missing
		}
		return &adapters.Error{Class: class, Err: fmt.Errorf("%s: the database has no row for it", g.Name)}
	}
	if g.allow == nil {
		return nil
	}
	v, err := g.allow.Run(env)
	if err != nil {
		return refusedOptions(fmt.Errorf("guard %s: %w", g.Name, err))
	}
	if v == true {
		return nil
	}
	return &adapters.Error{Class: adapters.Refused, Err: fmt.Errorf("%s: %s", g.Name, g.says(env)), Hint: "send it again when the rule allows it"}
}

func (g *guard) says(env map[string]any) string {
	if g.text == nil {
		return "not allowed"
	}
	v, err := g.text.Run(env)
	if err != nil {
		return "not allowed"
	}
	s, _ := rows.Text(v)
	return s
}

// answer returns the row of a guard with the parameters and today, nil when
// there is none.
func (a *Adapter) answer(ctx context.Context, tx *sql.Tx, g *guard, values map[string]any) (map[string]any, error) {
	result, err := tx.QueryContext(ctx, g.sql.sql, g.sql.args(values)...)
	if err != nil {
		return nil, a.classed("guard "+g.Name, err, "")
	}
	defer result.Close()
	types, err := result.ColumnTypes()
	if err != nil || !result.Next() {
		if err = errors.Join(err, result.Err()); err != nil {
			return nil, a.classed("guard "+g.Name, err, "")
		}
		return nil, nil
	}
	env := map[string]any{"today": a.options.Now().Format(time.DateOnly)}
	for k, v := range values {
		env[k] = v
	}
	cells, into := make([]any, len(types)), make([]any, len(types))
	for i := range cells {
		into[i] = &cells[i]
	}
	if err := result.Scan(into...); err != nil {
		return nil, a.classed("guard "+g.Name, errors.New("a value cannot be read"), "")
	}
	for i, t := range types {
		env[t.Name()] = value(cells[i], t.DatabaseTypeName())
	}
	return env, nil
}
