package journaltest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func compare[T cmp.Ordered](a, b T) int { return cmp.Compare(a, b) }

// A tx is one transaction; undo takes it back, last step first.
type tx struct {
	view
	stamp int64
	undo  []func()
}

func (t *tx) rollback() {
	for _, f := range slices.Backward(t.undo) {
		f()
	}
}

// Append makes one step in the life of an object.
func (t *tx) Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	old := t.entry(key{c.Kind, c.Key})
	now := &entry{Entry: journal.Entry{Kind: c.Kind, ID: c.Key, Version: 1, Hash: bytes.Clone(hash), Body: bytes.Clone(body), Links: dedupe(links)}, chain: c.Key}
	if old != nil {
		now.Version, now.chain = old.Version+1, old.chain
	}
	var also *entry
	if c.Act == lis.Rekey {
		if also = t.entry(key{c.Kind, c.NewID}); old == nil || old.Deleted || c.NewID == c.Key || also != nil && !also.Deleted {
			return fmt.Errorf("append %s %s %s: %w", c.Act, c.Kind, c.Key, errors.New("the old identifier is not there, or the new one is"))
		}
		if also != nil {
			now.Version = max(now.Version, also.Version+1)
		}
	}
	if old != nil && (c.Act == lis.Drop || c.Act == lis.Rekey && body == nil) {
		now.Body, now.Links = old.Body, old.Links
	}
	t.number(c, now)
	t.keep(c, message, now, old, also)
	t.place(c, now, old, also)
	for _, target := range targets {
		t.enqueue(target, c.Kind, now.chain, c.Seq)
		for _, l := range links {
			if c.Kind == lis.KindMembership && c.Act == lis.Put && l.Name == lis.LinkPerson {
				add(t.m.moving, wish{target, lis.SourcedID(l.Value)}, c.Seq)
			}
		}
	}
	return nil
}

func dedupe(links []lis.Link) []lis.Link {
	var once []lis.Link
	for _, l := range links {
		if !slices.Contains(once, l) {
			once = append(once, l)
		}
	}
	return once
}

func (t *tx) number(c *lis.Change, now *entry) {
	c.Seq, c.Version = t.m.next(), now.Version
	c.ID, c.Time = "memory-"+strconv.FormatInt(c.Seq, 10), time.UnixMicro(c.Seq).UTC()
	now.Seq = c.Seq
}

// keep remembers the change.
func (t *tx) keep(c *lis.Change, message int64, now, old, also *entry) {
	s := &step{Step: journal.Step{Change: *c, Body: now.Body, Message: message}}
	s.Record = nil
	for _, e := range []*entry{old, also} {
		if e != nil {
			s.before = append(s.before, e.Seq)
		}
	}
	m := t.m
	m.steps[c.Seq] = s
	m.order = append(m.order, c.Seq)
	t.undo = append(t.undo, func() {
		delete(m.steps, c.Seq)
		m.order = m.order[:len(m.order)-1]
	})
}

// place puts the entry where it is found; after a rekey in two places.
func (t *tx) place(c *lis.Change, now, old, also *entry) {
	switch c.Act {
	case lis.Drop:
		now.Deleted = true
	case lis.Rekey:
		if also != nil && also.chain != now.chain {
			t.merge(c.Kind, also.chain, now.chain)
		}
		moved := *now
		moved.ID = c.NewID
		t.find(&moved)
		now.Deleted, now.Body, now.Links = true, old.Body, old.Links
	}
	t.find(now)
}

// find makes an entry findable.
func (t *tx) find(e *entry) {
	set(t, t.m.entries, key{e.Kind, e.ID}, e)
	add(t.m.ids, e.Kind, e.ID)
	for _, l := range e.Links {
		add(t.m.links, link{e.Kind, l}, e.ID)
	}
}

func add[K, V comparable](sets map[K]map[V]bool, k K, id V) {
	if sets[k] == nil {
		sets[k] = map[V]bool{}
	}
	sets[k][id] = true
}

// Message keeps a message and returns its number.
func (t *tx) Message(m *journal.Message) (int64, error) {
	m.Seq = t.m.next()
	if m.Time.IsZero() {
		m.Time = time.UnixMicro(m.Seq).UTC()
	}
	c := *m
	c.Body, c.Hash, c.Time = bytes.Clone(m.Body), bytes.Clone(m.Hash), m.Time.Truncate(time.Microsecond).UTC()
	t.m.messages[c.Seq] = &c
	t.undo = append(t.undo, func() { delete(t.m.messages, c.Seq) })
	if c.ID != "" {
		push(t, t.m.about, c.ID, c.Seq)
	}
	if c.Status.OK() && len(c.Hash) > 0 {
		push(t, t.m.hashes, string(c.Hash), c.Seq)
	}
	return c.Seq, nil
}

func push[K comparable](t *tx, lists map[K][]int64, k K, seq int64) {
	old := lists[k]
	lists[k] = append(old, seq)
	t.undo = append(t.undo, func() { lists[k] = old })
}

// Repeated returns the newest message with a hash that succeeded, or nil.
func (t *tx) Repeated(hash []byte, since time.Time) (*journal.Message, error) {
	for _, seq := range slices.Backward(t.m.hashes[string(hash)]) {
		if m := t.m.messages[seq]; !m.Time.Before(since) {
			c := *m
			c.Body = nil
			return &c, nil
		}
	}
	return nil, nil
}

// Exchange returns a bulk exchange, or nil.
func (t *tx) Exchange(transactionID string) (*journal.Exchange, error) {
	x, ok := t.m.exchanges[transactionID].get(never)
	if !ok {
		return nil, nil
	}
	c := *x
	return &c, nil
}

// PutExchange keeps the state of a bulk exchange.
func (t *tx) PutExchange(x *journal.Exchange) error {
	old, _ := t.Exchange(x.TransactionID)
	if x.Seq = t.m.next(); old != nil {
		x.Seq = old.Seq
	}
	if x.Updated.IsZero() {
		x.Updated = time.UnixMicro(t.m.last).UTC()
	}
	c := *x
	c.Data = bytes.Clone(x.Data)
	set(t, t.m.exchanges, x.TransactionID, &c)
	return nil
}
