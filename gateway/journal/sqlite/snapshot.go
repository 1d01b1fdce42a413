package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// idleReaders is how many connections are kept for the next snapshots.
const idleReaders = 8

// readers are the connections that snapshots read over.
type readers struct {
	file  string
	turns chan struct{} // one for each snapshot that may be open

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

func newReaders(file string, most int) *readers {
	if most <= 0 {
		most = 64
	}
	return &readers{file: file, turns: make(chan struct{}, most)}
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
	s := &snapshot{view: view{c}, readers: r}
	if err := c.exec("BEGIN"); err == nil {
		s.instance, err = instance(c)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open snapshot: %w", err), s.Close())
	}
	return s, nil
}

func (r *readers) conn() (*conn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, journal.ErrClosed
	}
	if n := len(r.idle); n > 0 {
		c := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return c, nil
	}
	return dial(r.file, readOnly, tuning...)
}

// giveBack takes a connection whose transaction has ended.
func (r *readers) giveBack(c *conn) error {
	<-r.turns
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || len(r.idle) >= idleReaders || c.inTransaction() {
		return c.close()
	}
	r.idle = append(r.idle, c)
	return nil
}

// close closes the connections that rest; those in use close when given back.
func (r *readers) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, c := range r.idle {
		errs = append(errs, c.close())
	}
	r.idle, r.closed = nil, true
	return errors.Join(errs...)
}

// A snapshot is a read transaction on a connection of its own.
type snapshot struct {
	view
	readers  *readers
	instance string
	once     sync.Once
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
