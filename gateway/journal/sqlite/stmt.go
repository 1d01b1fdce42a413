package sqlite

import (
	"bytes"
	"fmt"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// arenaKept is the largest arena that a resting statement keeps.
const arenaKept = 64 << 10

// A stmt is a prepared statement, and while it runs its rows.
type stmt struct {
	c     *conn
	p     uintptr
	arena uintptr // memory of the library's for bound texts and blobs
	size  int
	busy  bool
	spare bool // finalized, not kept, when closed
}

// bind sets the parameters. Their bytes are copied once, into the arena,
// which the library then reads in place.
func (s *stmt) bind(args []any) error {
	if err := s.reserve(args); err != nil {
		return err
	}
	used := 0
	for i, arg := range args {
		n, rc := s.bindOne(int32(i+1), arg, used)
		if rc != sqlite3.SQLITE_OK {
			return s.c.fail(rc)
		}
		used += n
	}
	return nil
}

func (s *stmt) bindOne(i int32, arg any, used int) (n int, rc int32) {
	tls := s.c.tls
	switch v := arg.(type) {
	case nil:
		return 0, sqlite3.Xsqlite3_bind_null(tls, s.p, i)
	case int64:
		return 0, sqlite3.Xsqlite3_bind_int64(tls, s.p, i, v)
	case int:
		return 0, sqlite3.Xsqlite3_bind_int64(tls, s.p, i, int64(v))
	case bool:
		return 0, sqlite3.Xsqlite3_bind_int64(tls, s.p, i, truth(v))
	case string:
		copy(s.room(used, len(v)), v)
		return len(v), sqlite3.Xsqlite3_bind_text(tls, s.p, i, s.arena+uintptr(used), int32(len(v)), 0)
	case []byte:
		if v == nil {
			return 0, sqlite3.Xsqlite3_bind_null(tls, s.p, i)
		}
		copy(s.room(used, len(v)), v)
		return len(v), sqlite3.Xsqlite3_bind_blob(tls, s.p, i, s.arena+uintptr(used), int32(len(v)), 0)
	}
	panic(fmt.Sprintf("sqlite: cannot bind a %T", arg))
}

func truth(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

func (s *stmt) room(from, n int) []byte {
	if n == 0 {
		return nil
	}
	return libc.GoBytes(s.arena+uintptr(from), n)
}

// reserve makes the arena large enough for the arguments.
func (s *stmt) reserve(args []any) error {
	need := 1
	for _, arg := range args {
		switch v := arg.(type) {
		case string:
			need += len(v)
		case []byte:
			need += len(v)
		}
	}
	if need <= s.size {
		return nil
	}
	s.release()
	size := max(256, need+need/2)
	if s.arena = libc.Xmalloc(s.c.tls, types.Size_t(size)); s.arena == 0 {
		return &Error{Code: sqlite3.SQLITE_NOMEM, Text: "no memory for the parameters"}
	}
	s.size = size
	return nil
}

func (s *stmt) release() {
	if s.arena != 0 {
		libc.Xfree(s.c.tls, s.arena)
	}
	s.arena, s.size = 0, 0
}

// next goes to the next row and reports whether there is one.
func (s *stmt) next() (bool, error) {
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.fail(rc)
	}
}

// close makes the statement ready for the next time.
func (s *stmt) close() {
	if s.spare {
		s.finalize()
		return
	}
	sqlite3.Xsqlite3_reset(s.c.tls, s.p) // its result repeats that of next
	s.busy = false
	if s.size > arenaKept {
		s.release()
	}
}

func (s *stmt) finalize() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	s.release()
}

func (s *stmt) int(i int32) int64 { return sqlite3.Xsqlite3_column_int64(s.c.tls, s.p, i) }

func (s *stmt) bool(i int32) bool { return s.int(i) != 0 }

func (s *stmt) text(i int32) string { return string(s.raw(i)) }

// blob returns a copy of a column, nil when it is NULL or empty.
func (s *stmt) blob(i int32) []byte { return bytes.Clone(s.raw(i)) }

// raw returns the bytes of a column, valid until the next row.
func (s *stmt) raw(i int32) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.c.tls, s.p, i)
	n := sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, i)
	if p == 0 || n == 0 {
		return nil
	}
	return libc.GoBytes(p, int(n))
}
