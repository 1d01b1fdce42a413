package sqlite

import (
	"fmt"
	"maps"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An account is a row of the balance.
type account struct {
	target string
	kind   lis.Kind
}

// A tally is a row of the balance, with the objects that the target holds and
// the removals that wait, neither held nor approved.
type tally struct {
	journal.Balance
	present, removals int64
}

// tally changes the balance of an account. The counts of a transaction are
// written once, when it commits, however many deliveries it moved.
func (t *tx) tally(target string, kind lis.Kind, by tally) {
	if t.moved == nil {
		t.moved = map[account]tally{}
	}
	a := account{target, kind}
	b := t.moved[a]
	b.present += by.present
	b.removals += by.removals
	b.Sent += by.Sent
	b.Applied += by.Applied
	b.Dead += by.Dead
	b.Waiting += by.Waiting
	t.moved[a] = b
}

// told returns the targets whose counts the transaction has yet to write.
func (t *tx) told() []string {
	named := map[string]bool{}
	for a := range t.moved {
		named[a.target] = true
	}
	return slices.Sorted(maps.Keys(named))
}

func (t *tx) saveBalance() error {
	for a, b := range t.moved {
		if err := t.exec(`INSERT INTO balance (target, kind, sent, applied, dead, waiting, present, removals) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (target, kind) DO UPDATE SET sent = sent + excluded.sent, applied = applied + excluded.applied,
			dead = dead + excluded.dead, waiting = waiting + excluded.waiting, present = present + excluded.present,
			removals = removals + excluded.removals`,
			a.target, string(a.kind), b.Sent, b.Applied, b.Dead, b.Waiting, b.present, b.removals); err != nil {
			return fmt.Errorf("count deliveries to %s: %w", a.target, err)
		}
	}
	t.moved = nil
	return nil
}

// Balance counts the deliveries per target and kind.
func (s *snapshot) Balance() ([]journal.Balance, error) {
	var all []journal.Balance
	read := func(q *stmt) (journal.Balance, error) {
		return journal.Balance{Target: q.text(0), Kind: lis.Kind(q.text(1)), Sent: q.int(2), Applied: q.int(3), Dead: q.int(4), Waiting: q.int(5)}, nil
	}
	for b, err := range stream(s.c, "read balance", read, `SELECT target, kind, sent, applied, dead, waiting FROM balance WHERE sent > 0 ORDER BY target, kind`) {
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}
