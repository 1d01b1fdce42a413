package sqlite

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"lisgate/gateway/lis"
)

// A row is an entry as the record table has it.
type row struct {
	seq, version int64
	deleted      bool
	content      int64 // the change that holds the body; 0 when none does
	chain        string
	hash, links  []byte
}

// Append makes one step in the life of an object.
func (t *tx) Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	if err := t.append(c, body, links, hash, message, targets); err != nil {
		return fmt.Errorf("append %s %s %s: %w", c.Act, c.Kind, c.Key, err)
	}
	return nil
}

func (t *tx) append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	old, err := t.row(c.Kind, c.Key)
	if err != nil {
		return err
	}
	if c.Act == lis.Rekey {
		return t.rekey(c, old, body, links, hash, message, targets)
	}
	now := t.follow(c, old, hash)
	now.deleted = c.Act == lis.Drop
	if old != nil && now.deleted {
		body, now.content, now.links = nil, old.content, old.links
	} else {
		now.content, now.links = c.Seq, packLinks(links)
	}
	return t.keep(c, step{now: now, old: old, content: now.content, body: body, message: message}, targets)
}

// follow numbers a change that comes after the row old, nil for none, and
// returns the row that it makes, without content.
func (t *tx) follow(c *lis.Change, old *row, hash []byte) *row {
	now := &row{version: 1, hash: hash, chain: string(c.Key)}
	if old != nil {
		now.version, now.chain = old.version+1, old.chain
	}
	c.Seq, c.Version = t.next(), now.version
	c.ID = changeID(t.s.instance, c.Seq)
	c.Time = time.UnixMicro(c.Seq).UTC()
	now.seq = c.Seq
	return now
}

// A step is what a change does to the tables.
type step struct {
	now, old *row // the entry under the key of the change; old is nil for the first
	also     *row // the entry that a rekey found under the new identifier
	content  int64
	body     []byte
	message  int64
}

// keep writes a change, the entry it makes, and the queue rows of its targets.
func (t *tx) keep(c *lis.Change, s step, targets []string) error {
	if err := t.insertChange(c, s); err != nil {
		return err
	}
	if err := t.save(c.Kind, c.Key, s.now, s.old); err != nil {
		return err
	}
	e := errand{c: c, chain: s.now.chain, known: s.old != nil}
	if len(targets) > 0 && c.Kind == lis.KindMembership && c.Act == lis.Put {
		e.person = personOf(unpackLinks(s.now.links))
	}
	for _, target := range targets {
		if err := t.enqueue(target, e); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) insertChange(c *lis.Change, s step) error {
	t.noteChange(s.message, c.Key)
	var prev, also int64
	if s.old != nil {
		prev = s.old.seq
	}
	if s.also != nil {
		also = s.also.seq
	}
	return t.exec(`INSERT INTO change (seq, kind, id, version, act, created, new_id, operation, source, message, prev, also, content, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Seq, string(c.Kind), string(c.Key), c.Version, string(c.Act), c.Created, string(c.NewID),
		c.Operation, c.Source, s.message, prev, also, s.content, pack(s.body))
}

// row reads an entry, nil when it was never there.
func (t *tx) row(kind lis.Kind, id lis.SourcedID) (*row, error) {
	q, err := t.c.query(`SELECT seq, version, deleted, content, chain, hash, links FROM record WHERE kind = ? AND id = ?`,
		string(kind), string(id))
	if err != nil {
		return nil, err
	}
	defer q.close()
	if more, err := q.next(); !more {
		return nil, err
	}
	return &row{q.int(0), q.int(1), q.bool(2), q.int(3), q.text(4), q.blob(5), q.blob(6)}, nil
}

// save writes an entry, and its links where they differ from the old ones.
func (t *tx) save(kind lis.Kind, id lis.SourcedID, now, old *row) error {
	query := `INSERT INTO record (seq, version, deleted, content, chain, hash, links, kind, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	if old != nil {
		query = `UPDATE record SET seq = ?, version = ?, deleted = ?, content = ?, chain = ?, hash = ?, links = ? WHERE kind = ? AND id = ?`
	}
	if err := t.exec(query, now.seq, now.version, now.deleted, now.content, now.chain, now.hash, now.links, string(kind), string(id)); err != nil {
		return err
	}
	if old == nil {
		return t.relink(kind, id, nil, unpackLinks(now.links))
	}
	if bytes.Equal(old.links, now.links) {
		return nil
	}
	return t.relink(kind, id, unpackLinks(old.links), unpackLinks(now.links))
}

// changeID is the idempotency key of a change: unique among all stores.
func changeID(instance string, seq int64) string {
	return instance + "-" + strconv.FormatInt(seq, 10)
}
