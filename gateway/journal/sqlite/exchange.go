package sqlite

import (
	"fmt"
	"iter"
	"time"

	"lisgate/gateway/journal"
)

const exchangeColumns = `id, state, caller, seq, updated, data`

func readExchange(q *stmt) (*journal.Exchange, error) {
	return &journal.Exchange{TransactionID: q.text(0), State: q.text(1), Caller: q.text(2), Seq: q.int(3), Updated: moment(q.int(4)), Data: q.blob(5)}, nil
}

// Exchange returns a bulk exchange, or nil.
func (t *tx) Exchange(transactionID string) (*journal.Exchange, error) {
	q, err := t.c.query(`SELECT `+exchangeColumns+` FROM exchange WHERE id = ?`, transactionID)
	if err != nil {
		return nil, fmt.Errorf("read exchange %s: %w", transactionID, err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("read exchange %s: %w", transactionID, err)
	} else if !more {
		return nil, nil
	}
	return readExchange(q)
}

// PutExchange keeps the state of a bulk exchange. One that is new gets its
// place in the order of arrival.
func (t *tx) PutExchange(x *journal.Exchange) error {
	old, err := t.Exchange(x.TransactionID)
	if err != nil {
		return err
	}
	if x.Seq = t.next(); old != nil {
		x.Seq = old.Seq
	}
	if x.Updated.IsZero() {
		x.Updated = time.UnixMicro(t.s.last).UTC()
	}
	err = t.exec(`INSERT OR REPLACE INTO exchange (`+exchangeColumns+`) VALUES (?, ?, ?, ?, ?, ?)`,
		x.TransactionID, x.State, x.Caller, x.Seq, micro(x.Updated), x.Data)
	if err != nil {
		return fmt.Errorf("keep exchange %s: %w", x.TransactionID, err)
	}
	return nil
}

// Exchanges streams the bulk exchanges in a state, or all when it is "".
func (s *snapshot) Exchanges(state string) iter.Seq2[*journal.Exchange, error] {
	const query = `SELECT ` + exchangeColumns + ` FROM exchange`
	if state == "" {
		return stream(s.c, "read exchanges", readExchange, query+` ORDER BY seq`)
	}
	return stream(s.c, "read exchanges "+state, readExchange, query+` WHERE state = ? ORDER BY seq`, state)
}
