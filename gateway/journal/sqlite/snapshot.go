package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// idleReaders is how many connections are kept for the next snapshots. When
// as many are in use, a snapshot waits a moment for one of them before it
// opens another: most reads are shorter than opening is, and the long ones,
// of slow clients, must not hold up the others.
const (
	idleReaders = 8
	idleWait    = 10 * time.Millisecond
)

// readerCache keeps the page cache of a reader small: there are several, and
// the operating system has the pages too.
const readerCache = "cache_size=-2048"

// readers are the connections that snapshots read over.
type readers struct {
	file  string
	turns chan struct{} // one for each snapshot that may be open

	mu     sync.Mutex
	idle   chan *conn
	open   int // connections there are
	closed bool
}

func newReaders(file string, most int) *readers {
	if most <= 0 {
		most = 64
	}
	return &readers{file: file, turns: make(chan struct{}, most), idle: make(chan *conn, idleReaders)}
}

// snapshot begins a read transaction. Its first read, of the instance, is
// what makes it a snapshot.
func (r *readers) snapshot(ctx context.Context) (*snapshot, error) {
	select {
	case r.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := r.conn()
	if err != nil {
		<-r.turns
		return nil, fmt.Errorf("open snapshot: %w", err)
	}
	s := &snapshot{view: view{c: c}, readers: r}
	if err := c.exec("BEGIN"); err == nil {
		s.instance, err = instance(c)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open snapshot: %w", err), s.Close())
	}
	return s, nil
}

// conn returns a connection that rests, or opens one.
func (r *readers) conn() (*conn, error) {
	if r.enough() {
		select {
		case c := <-r.idle:
			return c, nil
		case <-time.After(idleWait):
		}
	}
	select {
	case c := <-r.idle:
		return c, nil
	default:
	}
	if err := r.count(); err != nil {
		return nil, err
	}
	c, err := dial(r.file, readOnly, append([]string{readerCache}, tuning...)...)
	if err != nil {
		r.forget()
	}
	return c, err
}

// enough reports whether there are as many connections as are kept.
func (r *readers) enough() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open >= idleReaders && !r.closed
}

// count takes note of a connection that is about to be opened.
func (r *readers) count() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return journal.ErrClosed
	}
	r.open++
	return nil
}

func (r *readers) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open--
}

// giveBack takes a connection whose transaction has ended.
func (r *readers) giveBack(c *conn) error {
	<-r.turns
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed && !c.inTransaction() {
		select {
		case r.idle <- c:
			return nil
		default:
		}
	}
	r.open--
	return c.close()
}

// close closes the connections that rest; those in use close when given back.
func (r *readers) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var errs []error
	for {
		select {
		case c := <-r.idle:
			errs = append(errs, c.close())
		default:
			return errors.Join(errs...)
		}
	}
}

// A snapshot is a read transaction on a connection of its own.
type snapshot struct {
	view
	readers *readers
	once    sync.Once
}

var _ journal.Snapshot = (*snapshot)(nil)

// Close ends the snapshot; a second Close does nothing.
func (s *snapshot) Close() (err error) {
	s.once.Do(func() {
		if s.c.inTransaction() {
			_ = s.c.exec("COMMIT") // when it fails, giveBack closes the connection
		}
		err = s.readers.giveBack(s.c)
	})
	return err
}

// Kinds returns the kinds that have an entry with an id.
func (s *snapshot) Kinds(id lis.SourcedID) ([]lis.Kind, error) {
	var found []lis.Kind
	for _, k := range lis.Kinds {
		n, err := s.c.number(`SELECT count(*) FROM record WHERE kind = ? AND id = ?`, string(k.Kind), string(id))
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", id, err)
		}
		if n > 0 {
			found = append(found, k.Kind)
		}
	}
	return found, nil
}
