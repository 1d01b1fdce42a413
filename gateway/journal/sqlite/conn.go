package sqlite

import (
	"fmt"
	"strings"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// A conn is one connection to the database, for one goroutine at a time. It
// speaks to the library of modernc.org/sqlite directly: database/sql costs
// as much again as the statement itself, and the writer is bound by CPU.
type conn struct {
	tls   *libc.TLS
	db    uintptr
	stmts map[string]*stmt
}

// The ways to open a file.
const (
	readWrite = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE
	readOnly  = sqlite3.SQLITE_OPEN_READONLY
)

// dial opens a file and sets its pragmas, given as "name=value".
func dial(file string, flags int32, pragmas ...string) (*conn, error) {
	c := &conn{tls: libc.NewTLS(), stmts: map[string]*stmt{}}
	if err := c.open(file, flags); err != nil {
		c.close()
		return nil, err
	}
	for _, p := range pragmas {
		if err := c.run("PRAGMA " + p); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) open(file string, flags int32) error {
	name, err := libc.CString(file)
	if err != nil {
		return fmt.Errorf("open %s: %w", file, err)
	}
	defer libc.Xfree(c.tls, name)
	cell := newCell(c.tls)
	defer cell.free()
	// NOMUTEX: a conn is never shared, so the library need not lock it.
	flags |= sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_EXRESCODE
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, cell.p, flags, 0)
	c.db = cell.value()
	if rc != sqlite3.SQLITE_OK {
		return c.fail(rc)
	}
	return nil
}

// close lets go of the statements and the file.
func (c *conn) close() error {
	for _, s := range c.stmts {
		s.finalize()
	}
	c.stmts = nil
	rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	c.tls.Close()
	if rc != sqlite3.SQLITE_OK {
		return &Error{Code: int(rc), Text: "close"}
	}
	return nil
}

// prepare returns the statement of a query. It is kept for the next time; one
// that is in use (a scan within a scan) gets a sibling that is not kept.
func (c *conn) prepare(query string) (*stmt, error) {
	s := c.stmts[query]
	if s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	p, err := c.compile(query)
	if err != nil {
		return nil, err
	}
	n := &stmt{c: c, p: p, busy: true, spare: s != nil}
	if s == nil {
		c.stmts[query] = n
	}
	return n, nil
}

func (c *conn) compile(query string) (uintptr, error) {
	text, err := libc.CString(query)
	if err != nil {
		return 0, fmt.Errorf("prepare: %w", err)
	}
	defer libc.Xfree(c.tls, text)
	cell := newCell(c.tls)
	defer cell.free()
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, cell.p, 0)
	if rc != sqlite3.SQLITE_OK {
		return 0, c.fail(rc)
	}
	return cell.value(), nil
}

// query binds the arguments and returns the rows, which must be closed.
func (c *conn) query(query string, args ...any) (*stmt, error) {
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	if err := s.bind(args); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// exec runs a statement to its end.
func (c *conn) exec(query string, args ...any) error {
	s, err := c.query(query, args...)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		if more, err := s.next(); !more {
			return err
		}
	}
}

// run executes a statement that is needed once.
func (c *conn) run(query string) error {
	defer func() {
		if s := c.stmts[query]; s != nil {
			s.finalize()
			delete(c.stmts, query)
		}
	}()
	return c.exec(query)
}

// number returns the one integer that a query asks for, 0 when there is none.
func (c *conn) number(query string, args ...any) (n int64, err error) {
	s, err := c.query(query, args...)
	if err != nil {
		return 0, err
	}
	defer s.close()
	if more, err := s.next(); !more {
		return 0, err
	}
	return s.int(0), nil
}

// changed returns how many rows the last statement changed.
func (c *conn) changed() int { return int(sqlite3.Xsqlite3_changes(c.tls, c.db)) }

// inTransaction is false when the library has rolled back by itself, as it
// may on a full disk.
func (c *conn) inTransaction() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// A cell is a place for the library to put a pointer.
type cell struct {
	tls *libc.TLS
	p   uintptr
}

func newCell(tls *libc.TLS) cell {
	return cell{tls, libc.Xcalloc(tls, 1, types.Size_t(unsafe.Sizeof(uintptr(0))))}
}

func (c cell) value() uintptr {
	return *(*uintptr)(unsafe.Pointer(&libc.GoBytes(c.p, int(unsafe.Sizeof(uintptr(0))))[0]))
}

func (c cell) free() { libc.Xfree(c.tls, c.p) }

// script runs statements separated by semicolons.
func (c *conn) script(text string) error {
	for query := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(query) == "" {
			continue
		}
		if err := c.run(query); err != nil {
			return err
		}
	}
	return nil
}
