package sqlite

import (
	"errors"

	"lisgate/gateway/lis"
)

// The ways in which a rekey can be wrong. The registrar asks before, so that
// these are seen only when two ask at once.
var (
	errNoSuch  = errors.New("there is no such object")
	errTaken   = errors.New("the new identifier is in use")
	errSameKey = errors.New("the new identifier is the old one")
)

// rekey moves the entry old to c.NewID and leaves a tombstone under c.Key.
// Both keep the chain: what is sent after the rekey, to either identifier,
// stays behind it. Without a body the entry keeps what it had.
func (t *tx) rekey(c *lis.Change, old *row, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	dead, err := t.row(c.Kind, c.NewID)
	switch {
	case err != nil:
		return err
	case old == nil || old.deleted:
		return errNoSuch
	case c.NewID == c.Key:
		return errSameKey
	case dead != nil && !dead.deleted:
		return errTaken
	}
	tomb := t.follow(c, old, hash)
	if dead != nil && dead.version >= tomb.version { // versions of the new identifier grow too
		tomb.version = dead.version + 1
		c.Version = tomb.version
	}
	tomb.deleted, tomb.content, tomb.links = true, old.content, old.links
	moved := *tomb
	moved.deleted = false
	if body != nil {
		moved.content, moved.links = c.Seq, packLinks(links)
	}
	return t.move(c, step{now: tomb, old: old, also: dead, content: moved.content, body: body, message: message}, &moved, targets)
}

// move writes both entries of a rekey. An object that once had the new
// identifier may still wait to be deleted somewhere: its chain joins this one.
func (t *tx) move(c *lis.Change, s step, moved *row, targets []string) error {
	if s.also != nil && s.also.chain != moved.chain {
		if err := t.merge(c.Kind, s.also.seq, s.also.chain, moved.chain); err != nil {
			return err
		}
	}
	if err := t.save(c.Kind, c.NewID, moved, s.also); err != nil {
		return err
	}
	return t.keep(c, s, targets)
}

// merge makes two chains one, so that what waits in either is delivered in
// the order of the journal: the identifiers of the one chain get the other,
// and of the rows that wait only the first stays due.
func (t *tx) merge(kind lis.Kind, seq int64, from, to string) error {
	if err := t.saveBalance(); err != nil { // it names the targets
		return err
	}
	if err := t.exec(`UPDATE record SET chain = ? WHERE kind = ? AND chain = ? AND id IN (`+past(`VALUES (?)`)+`
		SELECT c.id FROM past CROSS JOIN change c USING (seq) UNION SELECT c.new_id FROM past CROSS JOIN change c USING (seq))`,
		to, string(kind), from, seq); err != nil {
		return err
	}
	if err := t.exec(`UPDATE queue SET chain = ? WHERE target IN (SELECT DISTINCT target FROM balance) AND kind = ? AND chain = ?`,
		to, string(kind), from); err != nil {
		return err
	}
	return t.exec(`UPDATE queue AS q SET due = iif(seq = (SELECT min(seq) FROM queue f WHERE f.target = q.target AND f.kind = q.kind AND f.chain = q.chain),
		iif(hold IS NULL, ifnull(due, attempts > 0), NULL), NULL) WHERE target IN (SELECT DISTINCT target FROM balance) AND kind = ? AND chain = ?`, string(kind), to)
}
