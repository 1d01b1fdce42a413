package sqldb

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver
)

// A dialect is what differs from database to database.
type dialect struct {
	open     func(dsn string, timeout time.Duration) (*sql.DB, error)
	quote    string // around names
	param    func(n int) string
	bare     string // before a column, to have its value as it is kept
	dollar   bool   // has $tag$ strings
	classify func(error) fault
	// isolation of a reading transaction, in which all pages show one moment
	isolation sql.IsolationLevel
}

var dialects = map[string]dialect{
	"postgres": {open: openPostgres, quote: `"`, param: func(n int) string { return "$" + strconv.Itoa(n) },
		dollar: true, classify: postgresFault, isolation: sql.LevelRepeatableRead},
	"mysql": {open: openMySQL, quote: "`", param: func(int) string { return "?" },
		classify: mysqlFault, isolation: sql.LevelRepeatableRead},
	// The plus takes the declared type away: with it the driver would make times
	// of texts, which do not compare with what is kept.
	"sqlite": {open: openSQLite, quote: `"`, param: func(int) string { return "?" }, bare: "+",
		classify: sqliteFault, isolation: sql.LevelDefault},
}

func openPostgres(dsn string, timeout time.Duration) (*sql.DB, error) {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("the dsn is not one of PostgreSQL: postgres://user:password@host:5432/database") // err may quote it
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = timeout
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "lisgate"
	}
	c.RuntimeParams["timezone"] = "UTC"
	// Views change under us: a kept statement would fail after that.
	c.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	return stdlib.OpenDB(*c), nil
}

func openMySQL(dsn string, timeout time.Duration) (*sql.DB, error) {
	c, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, errors.New("the dsn is not one of MySQL: user:password@tcp(host:3306)/database")
	}
	if c.Timeout == 0 {
		c.Timeout = timeout
	}
	c.ParseTime, c.Loc, c.ClientFoundRows = true, time.UTC, true
	c.MultiStatements, c.AllowAllFiles = false, false
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params["time_zone"] = "'+00:00'"
	c.Logger = quiet{}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, errors.New("the dsn of MySQL cannot be used")
	}
	return sql.OpenDB(connector), nil
}

// quiet keeps the driver from writing to the process's own output: every
// error comes back as one.
type quiet struct{}

// Print does nothing.
func (quiet) Print(...any) {}

func openSQLite(dsn string, timeout time.Duration) (*sql.DB, error) {
	separator := "?"
	if strings.Contains(dsn, "?") {
		separator = "&"
	}
	if !strings.HasPrefix(dsn, "file:") {
		dsn = "file:" + dsn
	}
	return sql.Open("sqlite", dsn+separator+fmt.Sprintf("_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)", min(timeout.Milliseconds(), 5000)))
}

// name quotes a name.
func (d dialect) name(s string) string {
	return d.quote + strings.ReplaceAll(s, d.quote, d.quote+d.quote) + d.quote
}
