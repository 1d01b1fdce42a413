package e2e

import (
	"database/sql"
	"fmt"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the driver
)

// runSQL carries out the statements of a file in a database of SQLite, or asks
// one query and prints its rows.
func runSQL(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sql DATABASE FILE")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	rows, err := db.Query(ts.ReadFile(args[1]))
	ts.Check(err)
	defer rows.Close()
	columns, err := rows.Columns()
	ts.Check(err)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(sql.NullString)
		}
		ts.Check(rows.Scan(values...))
		for _, v := range values {
			fmt.Fprintf(ts.Stdout(), "%s|", v.(*sql.NullString).String)
		}
		fmt.Fprintln(ts.Stdout())
	}
	ts.Check(rows.Err())
}
