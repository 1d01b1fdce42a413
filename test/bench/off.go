package main

import (
	"bytes"
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// offStore is the journal switched off: it remembers the newest state of
// each object in memory and nothing else, so that reads have something to
// read. What it does not do it takes from the store of the tests.
type offStore struct {
	*journaltest.Memory
	mu      sync.Mutex
	entries map[lis.SourcedID]*journal.Entry
	seq     int64
}

func newOffStore() *offStore {
	return &offStore{Memory: journaltest.NewMemory(nil), entries: map[lis.SourcedID]*journal.Entry{}}
}

func (s *offStore) Write(_ context.Context, f func(journal.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(offView{s: s})
}

func (s *offStore) Snapshot(context.Context) (journal.Snapshot, error) { return offSnapshot{s: s}, nil }

// An offView is used under the lock of a Write.
type offView struct {
	journal.Tx // nil: nothing else is asked of it
	s          *offStore
}

func (v offView) Get(_ lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	return v.s.entries[id], nil
}
func (v offView) Last() (int64, error) { return v.s.seq, nil }
func (v offView) Scan(lis.Kind, journal.Filter) iter.Seq2[*journal.Entry, error] {
	return func(func(*journal.Entry, error) bool) {}
}

func (v offView) Append(c *lis.Change, body []byte, _ []lis.Link, hash []byte, _ int64, _ []string) error {
	v.s.seq++
	c.Seq = v.s.seq
	id := lis.SourcedID(strings.Clone(string(c.Key))) // not the whole message with it
	v.s.entries[id] = &journal.Entry{Kind: c.Kind, ID: id, Seq: c.Seq, Hash: bytes.Clone(hash), Body: body}
	return nil
}

func (v offView) Message(*journal.Message) (int64, error)              { v.s.seq++; return v.s.seq, nil }
func (v offView) Repeated([]byte, time.Time) (*journal.Message, error) { return nil, nil }

// An offSnapshot reads single objects; the measurements need no more.
type offSnapshot struct {
	journal.Snapshot // nil: nothing else is asked of it
	s                *offStore
}

func (v offSnapshot) Get(_ lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	return v.s.entries[id], nil
}
func (v offSnapshot) Last() (int64, error) { return v.s.seq, nil }
func (v offSnapshot) Scan(lis.Kind, journal.Filter) iter.Seq2[*journal.Entry, error] {
	return func(func(*journal.Entry, error) bool) {}
}
func (v offSnapshot) Exchanges(string) iter.Seq2[*journal.Exchange, error] {
	return func(func(*journal.Exchange, error) bool) {}
}
func (v offSnapshot) Close() error { return nil }
