package sqlite

import (
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An errand is a change that is to be put in queues.
type errand struct {
	c      *lis.Change
	chain  string
	person string // of a membership that is put
	known  bool   // its object had changes before
}

func personOf(links []lis.Link) string {
	for _, l := range links {
		if l.Name == lis.LinkPerson {
			return l.Value
		}
	}
	return ""
}

// enqueue puts a change in the queue of a target. It is due at once when it
// is the first of its chain, and otherwise when those before it are settled.
func (t *tx) enqueue(target string, e errand) error {
	by := tally{Balance: journal.Balance{Sent: 1, Waiting: 1}}
	if e.c.Act == lis.Drop {
		by.removals = 1
	}
	t.tally(target, e.c.Kind, by)
	var held *waiting
	if e.known && e.c.Act != lis.Rekey { // what was never there cannot be held
		var err error
		if held, err = t.supersedeHeld(target, e); err != nil {
			return err
		}
	}
	var person any
	if e.person != "" {
		person = e.person
	}
	if err := t.exec(`INSERT INTO queue (target, kind, chain, seq, due, attempts, reason, detail, at, person) VALUES (?1, ?2, ?3, ?4,
		iif(EXISTS (SELECT 1 FROM queue WHERE target = ?1 AND kind = ?2 AND chain = ?3), NULL, 0), 0, '', '', 0, ?5)`,
		target, string(e.c.Kind), e.chain, e.c.Seq, person); err != nil {
		return err
	}
	if held == nil {
		return nil
	}
	return t.inherit(held, &waiting{place: place{target, e.c.Seq}, kind: e.c.Kind, chain: e.chain, subject: subject{act: e.c.Act}})
}

// supersedeHeld settles what is held of the object of a new change, which
// takes its place, and returns that whose hold may go over to it.
func (t *tx) supersedeHeld(target string, e errand) (from *waiting, err error) {
	seqs, err := t.held(target, e)
	if err != nil {
		return nil, err
	}
	for _, seq := range seqs {
		w, err := t.waiting(target, seq, "")
		if err != nil {
			return nil, err
		}
		if err := t.finish(superseded(w, time.UnixMicro(e.c.Seq)), w); err != nil {
			return nil, err
		}
		if w.hold == journal.HoldMatch {
			from = w
		}
	}
	return from, nil
}

func (t *tx) held(target string, e errand) (seqs []int64, err error) {
	q, err := t.c.query(`SELECT q.seq FROM queue q INDEXED BY queue_held CROSS JOIN change c ON c.seq = q.seq
		WHERE q.target = ? AND q.kind = ? AND q.chain = ? AND q.hold IS NOT NULL AND c.id = ? AND c.act <> 'rekey' ORDER BY q.seq`,
		target, string(e.c.Kind), e.chain, string(e.c.Key))
	if err != nil {
		return nil, err
	}
	defer q.close()
	for {
		more, err := q.next()
		if !more {
			return seqs, err
		}
		seqs = append(seqs, q.int(0))
	}
}

// superseded is the settlement of what a newer change goes in the place of.
func superseded(w *waiting, at time.Time) *journal.Settlement {
	return &journal.Settlement{Target: w.target, Seq: w.seq, State: journal.Applied, Effect: lis.Superseded, At: at, Untried: true}
}

// inherit has a Put take over the hold of a match from the one before it:
// the question is the same one. A removal that was held is done with.
func (t *tx) inherit(from, to *waiting) error {
	if from.hold != journal.HoldMatch || to.act != lis.Put {
		return nil
	}
	return t.exec(`UPDATE queue SET due = NULL, hold = ?, match = ?, reason = ?, detail = ?, at = ?, parent = NULL, parent_kind = NULL, person = NULL
		WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`,
		string(from.hold), from.match, from.reason, from.detail, from.at, to.target, string(to.kind), to.chain, to.seq)
}

// readDelivery reads what was leased, and notes in the lease what it is about.
func readDelivery(c *conn, instance string, l *lease) (d journal.Delivery, err error) {
	rows, err := c.query(`SELECT `+changeColumns+`, q.attempts, q.approved, q.again, q.repeat,
		(SELECT count(*) FROM queue b WHERE b.target = q.target AND b.kind = q.kind AND b.chain = q.chain AND b.seq > q.seq)
		FROM queue q CROSS JOIN change c ON c.seq = q.seq WHERE q.target = ? AND q.kind = ? AND q.chain = ? AND q.seq = ?`,
		l.chain.target, l.chain.kind, l.chain.id, l.seq)
	if err != nil {
		return d, err
	}
	defer rows.close()
	if more, err := rows.next(); !more {
		return d, fmt.Errorf("read change %d: %w", l.seq, err)
	}
	d = journal.Delivery{Change: readChange(rows, instance), Target: l.chain.target, Attempts: int(rows.int(11)),
		Approved: rows.bool(12), Again: int(rows.int(13)), Repeat: rows.bool(14), Behind: int(rows.int(15))}
	d.Fence, d.Unsure = l.fence, l.unsure
	l.subject = subject{d.Act, string(d.Key), string(d.NewID)}
	d.Body, err = unpack(rows.raw(10))
	return d, err
}
