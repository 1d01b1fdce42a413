package sqlite

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// messageColumns are what readMessage reads.
const messageColumns = `seq, time, caller, operation, object, message_id, hash, status, answer, deviations`

// Message keeps a message and returns its number.
func (t *tx) Message(m *journal.Message) (int64, error) {
	m.Seq = t.next()
	if m.Time.IsZero() {
		m.Time = time.UnixMicro(m.Seq).UTC()
	}
	status, err := json.Marshal(m.Status)
	if err != nil {
		return 0, fmt.Errorf("keep message: %w", err)
	}
	var deviations []byte
	if len(m.Deviations) > 0 {
		deviations, _ = json.Marshal(m.Deviations) // strings always can be
	}
	err = t.exec(`INSERT INTO message (seq, time, caller, operation, object, message_id, mark, hash, ok, status, answer, deviations, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.Seq, micro(m.Time), m.Caller, m.Operation, string(m.ID), m.MessageID, mark(m.Hash), m.Hash, m.Status.OK(),
		string(status), string(m.Answer), string(deviations), t.p.pack(m.Body))
	if err != nil {
		return 0, fmt.Errorf("keep message: %w", err)
	}
	return m.Seq, nil
}

// mark is the short form of a hash that is indexed: a quarter of the index,
// and what it finds is compared in full.
func mark(hash []byte) any {
	if len(hash) < 8 {
		if len(hash) == 0 {
			return nil
		}
		hash = append(bytes.Clone(hash), make([]byte, 8)...)
	}
	return int64(binary.BigEndian.Uint64(hash))
}

// Repeated returns the newest message with a hash that succeeded, not older
// than since, or nil.
func (t *tx) Repeated(hash []byte, since time.Time) (*journal.Message, error) {
	q, err := t.c.query(`SELECT `+messageColumns+` FROM message WHERE ok = 1 AND mark = ? AND hash = ? AND time >= ? ORDER BY seq DESC LIMIT 1`,
		mark(hash), hash, micro(since))
	if err != nil {
		return nil, fmt.Errorf("look for repeated message: %w", err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("look for repeated message: %w", err)
	} else if !more {
		return nil, nil
	}
	return readMessage(q)
}

// readMessage reads a message, without its body.
func readMessage(q *stmt) (*journal.Message, error) {
	m := &journal.Message{
		Seq: q.int(0), Time: moment(q.int(1)), Caller: q.text(2), Operation: q.text(3), ID: lis.SourcedID(q.text(4)),
		MessageID: q.text(5), Hash: q.blob(6), Answer: lis.SourcedID(q.text(8)),
	}
	if err := json.Unmarshal(q.raw(7), &m.Status); err != nil {
		return nil, fmt.Errorf("status of message %d: %w", m.Seq, err)
	}
	if d := q.raw(9); len(d) > 0 {
		if err := json.Unmarshal(d, &m.Deviations); err != nil {
			return nil, fmt.Errorf("deviations of message %d: %w", m.Seq, err)
		}
	}
	return m, nil
}

// Messages streams the messages about an object, oldest first, without bodies.
func (s *snapshot) Messages(id lis.SourcedID) iter.Seq2[*journal.Message, error] {
	return stream(s.c, fmt.Sprintf("read messages about %s", id), readMessage,
		`SELECT `+messageColumns+` FROM message WHERE object = ? AND object <> '' ORDER BY seq`, string(id))
}

// ReadMessage returns a message with its body, or nil.
func (s *snapshot) ReadMessage(seq int64) (*journal.Message, error) {
	q, err := s.c.query(`SELECT `+messageColumns+`, body FROM message WHERE seq = ?`, seq)
	if err != nil {
		return nil, fmt.Errorf("read message %d: %w", seq, err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("read message %d: %w", seq, err)
	} else if !more {
		return nil, nil
	}
	m, err := readMessage(q)
	if err != nil {
		return nil, err
	}
	if m.Body, err = s.p.unpack(q.raw(10)); err != nil {
		return nil, fmt.Errorf("read message %d: %w", seq, err)
	}
	return m, nil
}
