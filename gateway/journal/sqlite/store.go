package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"time"

	"lisgate/gateway/journal"
)

// The figures that measuring chose; see BenchmarkWrite.
const (
	pageSize        = 4096
	checkpointPages = 16384 // log pages before they are copied to the database: 64 MiB
	groupSize       = 512   // calls in one transaction
)

var _ journal.Store = (*Store)(nil)

// A Store is the journal in one directory, open for reading and writing.
type Store struct {
	dir string
	o   Options

	lock     *conn
	conn     *conn // this and tx belong to the writer goroutine
	tx       *tx   // the transaction in hand, or the last one
	commits  int64
	stamp    atomic.Int64 // of the newest commit; grows over restarts too
	epoch    int64
	last     int64 // newest sequence that was given out
	instance string

	line    *line // the calls that wait for the writer
	stopped chan struct{}
	readers *readers
	queue   *queue
	lookups *lookups
}

func newStore(dir string, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{dir: dir, o: o, line: newLine(), stopped: make(chan struct{})}
	s.readers = newReaders(s.file(), o.Readers)
	return s
}

func (s *Store) file() string { return filepath.Join(s.dir, File) }

// Close waits for the transaction in hand, refuses what waits behind it, and
// lets go of the directory. Snapshots that are open stay good until closed.
func (s *Store) Close() error {
	if !s.line.close() {
		return nil
	}
	<-s.stopped
	return s.letGo()
}

func (s *Store) letGo() error {
	errs := []error{s.readers.close()}
	if s.queue != nil {
		errs = append(errs, s.queue.close())
	}
	if s.lookups != nil {
		errs = append(errs, s.lookups.close())
	}
	for _, c := range []*conn{s.conn, s.lock} {
		if c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}

// Snapshot returns a view of the store as it is now.
func (s *Store) Snapshot(ctx context.Context) (journal.Snapshot, error) {
	return s.readers.snapshot(ctx)
}

// A Reader is a store open for reading only; another process may be serving it.
type Reader struct{ readers *readers }

// OpenReader opens the store in a directory for reading, while a gateway may
// be serving from it.
func OpenReader(ctx context.Context, dir string, o Options) (*Reader, error) {
	if err := exists(dir); err != nil {
		return nil, err
	}
	r := &Reader{newReaders(filepath.Join(dir, File), o.Readers)}
	if err := r.check(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// check refuses a store whose schema is not the one this binary reads.
func (r *Reader) check(ctx context.Context) error {
	s, err := r.readers.snapshot(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	v, err := version(s.c)
	if err != nil {
		return err
	}
	if v > len(migrations) {
		return newer(v)
	}
	if v < len(migrations) {
		return errors.New("the store has an older schema: start this lisgate's `serve` or `migrate` on it once")
	}
	return nil
}

// Snapshot returns a view of the store as it is now.
func (r *Reader) Snapshot(ctx context.Context) (journal.Snapshot, error) {
	return r.readers.snapshot(ctx)
}

// Close lets go of the store.
func (r *Reader) Close() error { return r.readers.close() }
