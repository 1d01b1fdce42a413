package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"lisgate/adapters/rows"
)

// maxColumns bounds the columns of a query.
const maxColumns = 500

// A row is a row of a query: the values by column, as expressions see them,
// and those of the keys and of since, as the database has them.
type row struct {
	values map[string]any
	keys   []any
	since  any
}

// where names the row for people.
func (q *query) where(r row) string {
	parts := make([]string, len(r.keys))
	for i, k := range r.keys {
		parts[i] = fmt.Sprintf("%s=%v", q.Key[i], k)
	}
	return q.Name + " " + strings.Join(parts, ",")
}

// columns returns the names of the columns of a result, and the mistakes in
// them: the added ones left out.
func columns(names []string, q *query) ([]string, error) {
	extra := len(q.Key)
	if q.Since != "" {
		extra++
	}
	own := names[:max(len(names)-extra, 0)]
	if len(own) > maxColumns {
		return nil, fmt.Errorf("query %s: %d columns; at most %d are allowed", q.Name, len(own), maxColumns)
	}
	seen := map[string]bool{}
	for _, n := range own {
		if seen[n] {
			return nil, fmt.Errorf("query %s: two columns are named %q; name one otherwise with AS", q.Name, n)
		}
		seen[n] = true
	}
	if absent := rows.Absent(q.needs(), own); len(absent) > 0 {
		return nil, fmt.Errorf("query %s: there is no column %s; there are %s (text goes into quotes of its own)",
			q.Name, strings.Join(absent, ", nor "), strings.Join(own, ", "))
	}
	return own, nil
}

// read reads a page whole, so that the time of a statement does not hang on
// how fast its rows are taken. It ends early when it has become too large.
func (a *Adapter) read(ctx context.Context, tx *sql.Tx, q *query, text string, args []any) (page []row, cut bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	result, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, false, a.classed("query "+q.Name, err, "")
	}
	defer result.Close()
	types, err := result.ColumnTypes()
	if err != nil {
		return nil, false, a.classed("query "+q.Name, err, "")
	}
	names, _ := result.Columns()
	own, err := columns(names, q)
	if err != nil {
		return nil, false, refusedOptions(err)
	}
	size := 0
	for result.Next() {
		r, n, err := scan(result, types, own, q)
		if err != nil {
			return nil, false, a.classed("read a row of "+q.Name, err, "")
		}
		page = append(page, r)
		if size += n; size > a.options.PageBytes && len(page) > 1 {
			return page, true, nil
		}
	}
	if err := result.Err(); err != nil {
		return nil, false, a.classed("query "+q.Name, err, "")
	}
	return page, false, nil
}

// scan reads one row and says about how many bytes it has.
func scan(result *sql.Rows, types []*sql.ColumnType, own []string, q *query) (row, int, error) {
	cells := make([]any, len(types))
	into := make([]any, len(types))
	for i := range cells {
		into[i] = &cells[i]
	}
	if err := result.Scan(into...); err != nil {
		return row{}, 0, errors.New("a value cannot be read") // the driver's text may quote it
	}
	r := row{values: make(map[string]any, len(own)+1)}
	size := 0
	for i, name := range own {
		v := value(cells[i], types[i].DatabaseTypeName())
		if s, ok := v.(string); ok {
			size += len(s)
		}
		r.values[name], size = v, size+48
	}
	for i := range q.Key {
		r.keys = append(r.keys, bound(cells[len(own)+i]))
	}
	if q.Since != "" {
		r.since = bound(cells[len(cells)-1])
	}
	return r, size, nil
}

// bound makes a value of a key that can be given back as a parameter.
func bound(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// value makes of a database's value one for expressions: nil, a text, a
// number, a bool; dates and times as xs:date and xs:dateTime, with a zone only
// where the column has one.
func value(v any, typeName string) any {
	switch x := v.(type) {
	case []byte:
		return strings.ToValidUTF8(string(x), "\uFFFD")
	case string:
		return strings.ToValidUTF8(x, "\uFFFD")
	case time.Time:
		switch {
		case typeName == "DATE":
			return x.Format(time.DateOnly)
		case typeName == "TIMESTAMPTZ" || x.Location() != time.UTC && typeName != "TIMESTAMP":
			return x.UTC().Format("2006-01-02T15:04:05.999999Z")
		}
		return x.Format("2006-01-02T15:04:05.999999")
	case nil, bool, int64, float64:
		return x
	}
	return number(v)
}

func number(v any) any {
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return r.Int()
	case r.CanUint() && r.Uint() < 1<<63:
		return int64(r.Uint()) //nolint:gosec // bounded above
	case r.CanFloat():
		return r.Float()
	}
	return fmt.Sprint(v)
}

// same reports whether two keys are equal, value by value.
func same(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, isTime := a[i].(time.Time)
		y, both := b[i].(time.Time)
		if isTime && both && x.Equal(y) {
			continue
		}
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
