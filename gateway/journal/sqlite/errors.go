package sqlite

import (
	"fmt"

	"lisgate/gateway/journal"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// An Error is a failure of the database, with SQLite's extended result code.
type Error struct {
	Code int
	Text string
}

// Error returns SQLite's own words.
func (e *Error) Error() string { return fmt.Sprintf("sqlite: %s (%d)", e.Text, e.Code) }

// Unwrap makes a full disk, and a disk that cannot be written or synced,
// journal.ErrFull: the caller is told to come again, and nothing was kept.
func (e *Error) Unwrap() error {
	switch e.Code & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return journal.ErrFull
	}
	return nil
}

// fail makes an error of a result code.
func (c *conn) fail(rc int32) error {
	text := "out of memory"
	if c.db != 0 {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
	}
	return &Error{Code: int(rc), Text: text}
}

func isBusy(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Code&0xff == sqlite3.SQLITE_BUSY
}
