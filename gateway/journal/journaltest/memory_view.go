package journaltest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A view reads what was there after a write. Within a transaction the
// lock is held already; a snapshot takes it for each read.
type view struct {
	m    *Memory
	upto int64       // the write
	last int64       // the newest number then
	lock sync.Locker // nil in a transaction
}

func (v view) hold() func() {
	if v.lock == nil {
		return func() {}
	}
	v.lock.Lock()
	return v.lock.Unlock
}

// Get returns the entry of an object, or nil.
func (v view) Get(kind lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	defer v.hold()()
	return v.entry(key{kind, id}).copy(), nil
}

func (v view) entry(k key) *entry {
	e, _ := v.m.entries[k].get(v.upto)
	return e
}

func (e *entry) copy() *journal.Entry {
	if e == nil {
		return nil
	}
	c := e.Entry
	return &c
}

// Last returns the sequence of the newest change.
func (v view) Last() (int64, error) {
	defer v.hold()()
	i, found := slices.BinarySearch(v.m.order, v.last)
	if !found {
		i--
	}
	if i < 0 {
		return 0, nil
	}
	return v.m.order[i], nil
}

// Scan streams the entries of a kind that a filter asks for.
func (v view) Scan(kind lis.Kind, f journal.Filter) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for _, e := range v.find(kind, f) {
			c := e.copy()
			if f.IDsOnly {
				c.Body, c.Links = nil, nil
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (v view) find(kind lis.Kind, f journal.Filter) []*entry {
	defer v.hold()()
	ids := v.m.ids[kind]
	if len(f.Links) > 0 {
		ids = v.m.links[link{kind, f.Links[0]}]
	}
	var found []*entry
	for id := range ids {
		if e := v.entry(key{kind, id}); e != nil && e.matches(f) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int {
		if f.Since != 0 && a.Seq != b.Seq {
			return compare(a.Seq, b.Seq)
		}
		return compare(a.ID, b.ID)
	})
	return found
}

func (e *entry) matches(f journal.Filter) bool {
	for _, l := range f.Links {
		if !slices.Contains(e.Links, l) {
			return false
		}
	}
	return (!e.Deleted || f.Deleted) && (f.Since == 0 || e.Seq > f.Since) && e.ID > f.After
}

// Snapshot returns a view as of now.
func (m *Memory) Snapshot(ctx context.Context) (journal.Snapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	m.open[m.writes]++
	return &snapshot{view: view{m: m, upto: m.writes, last: m.last, lock: &m.mu}}, nil
}

type snapshot struct {
	view
	once sync.Once
}

// Close ends the snapshot.
func (s *snapshot) Close() error {
	s.once.Do(func() {
		defer s.hold()()
		if s.m.open[s.upto]--; s.m.open[s.upto] == 0 {
			delete(s.m.open, s.upto)
		}
	})
	return nil
}

// Kinds returns the kinds that have an entry with an id.
func (s *snapshot) Kinds(id lis.SourcedID) ([]lis.Kind, error) {
	defer s.hold()()
	var kinds []lis.Kind
	for _, k := range lis.Kinds {
		if s.entry(key{k.Kind, id}) != nil {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds, nil
}

// past returns the sequences of an object's changes, oldest first.
func (v view) past(k key) []int64 {
	e := v.entry(k)
	if e == nil {
		return nil
	}
	found, next := map[int64]bool{}, []int64{e.Seq}
	for len(next) > 0 {
		seq := next[0]
		next = next[1:]
		if !found[seq] {
			found[seq] = true
			next = append(next, v.m.steps[seq].before...)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// History streams the changes of an object, oldest first.
func (v view) History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Step, error] {
	defer v.hold()()
	var steps []*journal.Step
	for _, seq := range v.past(key{kind, id}) {
		c := v.m.steps[seq].Step
		steps = append(steps, &c)
	}
	return lis.Seq(steps)
}

// Messages streams the messages about an object, oldest first, without bodies.
func (s *snapshot) Messages(id lis.SourcedID) iter.Seq2[*journal.Message, error] {
	defer s.hold()()
	var found []*journal.Message
	for _, seq := range s.m.about[id] {
		if seq <= s.last {
			c := *s.m.messages[seq]
			c.Body = nil
			found = append(found, &c)
		}
	}
	return lis.Seq(found)
}

// ReadMessage returns a message with its body, or nil.
func (s *snapshot) ReadMessage(seq int64) (*journal.Message, error) {
	defer s.hold()()
	m := s.m.messages[seq]
	if m == nil || seq > s.last {
		return nil, nil
	}
	c := *m
	return &c, nil
}

// Exchanges streams the bulk exchanges in a state, or all when it is "".
func (s *snapshot) Exchanges(state string) iter.Seq2[*journal.Exchange, error] {
	defer s.hold()()
	var found []*journal.Exchange
	for _, c := range s.m.exchanges {
		if x, ok := c.get(s.upto); ok && (state == "" || x.State == state) {
			c := *x
			found = append(found, &c)
		}
	}
	slices.SortFunc(found, func(a, b *journal.Exchange) int { return compare(a.Seq, b.Seq) })
	return lis.Seq(found)
}
