package sqldb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"lisgate/adapters"
)

// A fault is what an error of a database means.
type fault int

const (
	away       fault = iota // connection, locks, serialization: try again
	broken                  // the statement or a right: a person must mend the options
	constraint              // the row is not taken
	foreign                 // the row refers to what is not there
	twice                   // a unique key is taken
)

// postgresFault sorts by SQLSTATE (PostgreSQL manual, appendix A).
func postgresFault(err error) fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return away
	}
	switch {
	case e.Code == "23503":
		return foreign
	case e.Code == "23505":
		return twice
	case strings.HasPrefix(e.Code, "23"), strings.HasPrefix(e.Code, "22"), strings.HasPrefix(e.Code, "44"), strings.HasPrefix(e.Code, "P0"):
		return constraint // P0001 is what a trigger raises
	case strings.HasPrefix(e.Code, "42"), strings.HasPrefix(e.Code, "3"), strings.HasPrefix(e.Code, "0A"), e.Code == "25006":
		return broken
	}
	return away
}

// The numbers of MySQL and MariaDB that are about the row, and about the
// statement or a right. All others are tried again.
var (
	mysqlForeign    = []uint16{1452, 1216}
	mysqlConstraint = []uint16{1048, 1264, 1265, 1292, 1366, 1364, 1406, 1451, 1217, 1644, 3819, 4025, 1690, 1411}
	mysqlBroken     = []uint16{1044, 1045, 1049, 1054, 1064, 1142, 1143, 1146, 1305, 1318, 1290, 1370}
)

func mysqlFault(err error) fault {
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		return away
	}
	switch {
	case slices.Contains(mysqlForeign, e.Number):
		return foreign
	case e.Number == 1062 || e.Number == 1586:
		return twice
	case slices.Contains(mysqlConstraint, e.Number) || string(e.SQLState[:2]) == "45":
		return constraint
	case slices.Contains(mysqlBroken, e.Number):
		return broken
	}
	return away
}

// sqliteFault sorts by result code (sqlite.org/rescode.html).
func sqliteFault(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return away
	}
	switch code := e.Code(); {
	case code == 787:
		return foreign
	case code == 1555 || code == 2067:
		return twice
	case code&0xff == 19 || code&0xff == 20 || code&0xff == 18:
		return constraint
	case code&0xff == 1 || code&0xff == 8 || code&0xff == 3:
		return broken
	}
	return away
}

// classed makes an error of the house of one of the database.
func (a *Adapter) classed(what string, err error, foreignKey string) error {
	e := &adapters.Error{Class: adapters.Unavailable, Answer: words(err), Err: fmt.Errorf("%s: %s", what, words(err))}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		e.Err = fmt.Errorf("%s: %w", what, err)
		e.Hint = "the database did not answer in time; see the setting timeout, and whether the key columns have an index"
		return e
	}
	switch a.dialect.classify(err) {
	case away:
		e.Hint = "tried again by itself"
	case broken:
		e.Narrow, e.Hint = true, "the statement in the options does not fit the database, or a right is lacking; lisgate check tells which"
	case foreign:
		if e.Class = adapters.Refused; foreignKey == "missing" {
			e.Class = adapters.Missing
		}
		e.Hint = "the row refers to what the database does not have"
	case constraint, twice:
		e.Class, e.Hint = adapters.Refused, "the database does not take the row; mend it at its source or the mapping, then send it again"
	}
	return e
}

// values are the places where databases quote what was in the row.
var values = regexp.MustCompile(`(?i)(duplicate entry|value:?|input syntax for [a-z ]+:)\s*(['"]).*?(['"])`)

// words returns the database's own words, without what was in the row. Of
// PostgreSQL the detail is left out, which quotes the row.
func words(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		s := pg.Message
		if pg.ConstraintName != "" && !strings.Contains(s, pg.ConstraintName) {
			s += " (constraint " + pg.ConstraintName + ")"
		}
		return values.ReplaceAllString(s+" (SQLSTATE "+pg.Code+")", "$1 $2…$3")
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return "no connection to PostgreSQL: " + clip(connect.Unwrap().Error())
	}
	return values.ReplaceAllString(clip(err.Error()), "$1 $2…$3")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500]) + "…"
	}
	return s
}
