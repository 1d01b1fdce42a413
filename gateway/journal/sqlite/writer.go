package sqlite

import (
	"errors"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
)

// errGone says that a closure ended the goroutine it ran in.
var errGone = errors.New("write: a closure called runtime.Goexit")

// errPanicked stands for the panic of a closure until its caller has it.
var errPanicked = errors.New("closure panicked")

// write is the writer: it takes what stands in line, makes it one
// transaction, and tells the callers.
func (s *Store) write() {
	for s.round() {
		s.line.gather()
	}
}

// round does one transaction and reports whether to go on.
func (s *Store) round() (goOn bool) {
	calls, refused, closed := s.line.take(groupSize)
	answer(refused, journal.ErrClosed)
	if closed {
		close(s.stopped)
		return false
	}
	calls = slices.DeleteFunc(calls, func(c *call) bool { return !c.taken.CompareAndSwap(false, true) })
	defer func() {
		if !goOn { // a closure ended this goroutine, as FailNow of a test does
			answer(calls, errors.Join(errGone, s.rollback(s.tx)))
			go s.write()
		}
	}()
	s.group(calls)
	answer(calls, nil)
	return true
}

// answer tells callers what became of their calls.
func answer(calls []*call, err error) {
	fail(calls, err)
	for _, c := range calls {
		close(c.done)
	}
}

// group runs calls in one transaction. The first attempt has no savepoints,
// which would double the cost of every write; when a closure fails after it
// wrote, the attempt is thrown away and the others run again with them.
func (s *Store) group(calls []*call) {
	guarded := false
	for len(calls) > 0 {
		failed, err := s.attempt(calls, guarded)
		if err != nil {
			fail(calls, err)
			return
		}
		if failed == nil {
			return
		}
		calls = slices.DeleteFunc(slices.Clone(calls), func(c *call) bool { return c == failed })
		guarded = true
	}
}

func fail(calls []*call, err error) {
	for _, c := range calls {
		if c.err == nil {
			c.err = err
		}
	}
}

// attempt runs calls in one transaction and commits it. It returns a failed
// call when nothing was kept because of that one, and an error when nothing
// was kept at all.
func (s *Store) attempt(calls []*call, guarded bool) (failed *call, err error) {
	t, err := s.begin()
	if err != nil {
		return nil, err
	}
	for _, c := range calls {
		if c.err = s.turn(t, c, guarded); c.err != nil && t.spoiled {
			return c, s.rollback(t)
		}
	}
	if err := t.commit(); err != nil {
		return nil, errors.Join(err, s.rollback(t))
	}
	return nil, nil
}

// turn runs one closure. After a failure the transaction is spoiled unless
// what the closure wrote, if anything, could be taken back.
func (s *Store) turn(t *tx, c *call, guarded bool) error {
	if !guarded {
		t.wrote = false
		err := t.call(c)
		t.spoiled = err != nil && t.wrote
		return err
	}
	undo, err := t.savepoint()
	if err != nil {
		t.spoiled = true
		return err
	}
	if err = t.call(c); err == nil {
		err = t.release()
	}
	if err != nil && undo() != nil {
		t.spoiled = true
	}
	return err
}

// call runs a closure. A storage error that the closure swallowed counts
// all the same: what it asked for was not kept.
func (t *tx) call(c *call) (err error) {
	t.broken, t.notes = nil, nil
	defer func() {
		if p := recover(); p != nil {
			c.panic, err = p, errPanicked
			t.wrote = true // unknown, so take it for true
		}
	}()
	if err := c.f(t); err != nil {
		return err
	}
	if err := t.saveNotes(); err != nil {
		return err
	}
	return t.broken
}

// begin starts a transaction.
func (s *Store) begin() (*tx, error) {
	if s.conn == nil { // it could not be mended after a failure
		c, err := s.dialWriter()
		if err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
		s.conn = c
	}
	if err := s.conn.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	s.tx = &tx{view: view{s.conn, s.instance}, s: s}
	return s.tx, nil
}

// rollback takes a transaction back. A connection that cannot even do that
// is replaced by a new one: closing it rolls back.
func (s *Store) rollback(t *tx) error {
	for _, f := range t.onRollback {
		f()
	}
	if !s.conn.inTransaction() {
		return nil
	}
	if err := s.conn.exec("ROLLBACK"); err != nil {
		_ = s.conn.close() // the error before says why
		s.conn = nil
	}
	return nil
}

// commit writes the balance, then the log, and syncs it.
func (t *tx) commit() error {
	if err := t.saveBalance(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if err := t.c.exec("COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	t.s.commits++
	t.s.stamp.Add(1)
	for _, f := range t.onCommit {
		f()
	}
	return nil
}
