// Package sqlite keeps the journal in one SQLite database: lisgate.db in a
// directory of its own.
//
// One goroutine writes. What callers bring while it syncs becomes its next
// transaction, so that a sync is shared by all who wait for it. Readers have
// connections of their own and see the store as it was when they began.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	library "modernc.org/sqlite"
)

// File is the name of the database in its directory.
const File = "lisgate.db"

// Options are the settings of a store; the zero Options are good ones.
type Options struct {
	Now     func() time.Time // time.Now when nil
	MaxSize int64            // bytes that the database may grow to; 0 for all the disk has
	Readers int              // snapshots open at once, 64 when 0; more of them wait
}

// tuning is what every connection is told. A larger page would hold more of
// the append-only tables, and cost more for each random page of an index.
var tuning = []string{"busy_timeout=5000", "temp_store=MEMORY", "mmap_size=0"}

// Open opens the store in a directory for reading and writing, and makes the
// directory when it is not there. Only one process can have it open so.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := makePrivate(dir); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := newStore(dir, o)
	if err := s.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.letGo())
	}
	return s, nil
}

// makePrivate makes the directory and its files, for their owner only; SQLite
// gives its other files the mode of the database. A file that is there is not
// even opened: closing it would end the locks that this process has on it.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{File, lockFile} {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// start claims the directory, brings the schema up to date, frees what a dead
// process had leased, and begins to write.
func (s *Store) start() (err error) {
	if s.lock, err = lock(s.dir); err != nil {
		return err
	}
	if s.conn, err = s.dialWriter(); err != nil {
		return err
	}
	if err := migrate(s.conn); err != nil {
		return err
	}
	if err := s.recall(); err != nil {
		return err
	}
	if s.queue, err = newQueue(s.file(), &s.stamp); err != nil {
		return err
	}
	s.queue.leases.epoch, s.queue.opened = s.epoch, s.last
	if s.lookups, err = newLookups(s.file()); err != nil {
		return err
	}
	go s.write()
	return nil
}

// dialWriter opens the connection that writes. FULL syncs the log at every
// commit. fdatasync is a setting of the whole library; it leaves out only the
// time stamps of the file.
func (s *Store) dialWriter() (*conn, error) {
	_, _ = library.Fdatasync(true) // where there is none, fsync goes on
	c, err := dial(s.file(), readWrite, append([]string{"cache_size=-16384", "page_size=" + strconv.Itoa(pageSize)}, tuning...)...)
	if err != nil {
		return nil, err
	}
	pragmas := []string{"journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=" + strconv.Itoa(checkpointPages),
		"journal_size_limit=" + strconv.Itoa(checkpointPages*pageSize)} // a long snapshot makes the log longer; it shrinks again
	if s.o.MaxSize > 0 {
		pragmas = append(pragmas, "max_page_count="+strconv.FormatInt(max(1, s.o.MaxSize/pageSize), 10))
	}
	for _, p := range pragmas {
		if err := c.run("PRAGMA " + p); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// recall reads what the store knows of its past: its instance, its newest
// sequence, and how often it was opened.
func (s *Store) recall() (err error) {
	if err := s.conn.exec(`UPDATE meta SET value = value + 1 WHERE name = 'epoch'`); err != nil {
		return fmt.Errorf("count epoch: %w", err)
	}
	if s.epoch, err = s.conn.number(`SELECT value FROM meta WHERE name = 'epoch'`); err != nil {
		return fmt.Errorf("read epoch: %w", err)
	}
	s.stamp.Store(s.epoch << 32)
	if s.last, err = s.conn.number(`SELECT max(ifnull((SELECT max(seq) FROM message), 0), ifnull((SELECT max(seq) FROM change), 0),
		ifnull((SELECT max(seq) FROM exchange), 0), ifnull((SELECT max(seq) FROM job), 0))`); err != nil {
		return fmt.Errorf("read newest sequence: %w", err)
	}
	s.instance, err = instance(s.conn)
	return err
}

func instance(c *conn) (string, error) {
	q, err := c.query(`SELECT value FROM meta WHERE name = 'instance'`)
	if err != nil {
		return "", fmt.Errorf("read instance: %w", err)
	}
	defer q.close()
	if more, err := q.next(); !more {
		return "", fmt.Errorf("read instance: %w", err)
	}
	return q.text(0), nil
}

// exists reports whether a directory holds a store.
func exists(dir string) error {
	_, err := os.Stat(filepath.Join(dir, File))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store in %s: start `lisgate serve` once, or name its directory with --data", dir)
	}
	return err
}
