package sqlite

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// messageColumns are what readMessage reads.
const messageColumns = `seq, time, caller, operation, object, message_id, hash, status, answer, deviations`

// A note is a message that its closure has handed in. It is written when the
// closure ends, for only then is it known whether it made a change.
type note struct {
	*journal.Message
	changed bool // its object
}

// Message keeps a message and returns its number.
func (t *tx) Message(m *journal.Message) (int64, error) {
	m.Seq = t.next()
	if m.Time.IsZero() {
		m.Time = time.UnixMicro(m.Seq).UTC()
	}
	kept := *m // the caller may go on with his
	t.notes = append(t.notes, note{Message: &kept})
	return m.Seq, nil
}

// noteChange remembers that a message has changed an object.
func (t *tx) noteChange(message int64, id lis.SourcedID) {
	for i := range t.notes {
		if n := &t.notes[i]; n.Seq == message && n.ID == id {
			n.changed = true
		}
	}
}

// saveNotes writes the messages that wait for it.
func (t *tx) saveNotes() error {
	notes := t.notes
	t.notes = nil
	for _, n := range notes {
		if err := t.saveNote(n); err != nil {
			return fmt.Errorf("keep message: %w", err)
		}
	}
	return nil
}

func (t *tx) saveNote(m note) error {
	status, err := json.Marshal(m.Status)
	if err != nil {
		return err
	}
	var deviations []byte
	if len(m.Deviations) > 0 {
		deviations, _ = json.Marshal(m.Deviations) // strings always can be
	}
	var apart any
	if !m.changed && m.ID != "" {
		apart = string(m.ID)
	}
	return t.exec(`INSERT INTO message (seq, time, caller, operation, object, message_id, apart, mark, hash, ok, status, answer, deviations, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.Seq, micro(m.Time), m.Caller, m.Operation, string(m.ID), m.MessageID, apart, mark(m.Hash), m.Hash, m.Status.OK(),
		string(status), string(m.Answer), string(deviations), t.kept(m.Message))
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
	if err := t.saveNotes(); err != nil { // one of them may be it
		return nil, err
	}
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
	query := past(`SELECT seq FROM record WHERE id = ?1 AND kind IN (`+kinds+`)`) + `
		SELECT ` + messageColumns + ` FROM message WHERE seq IN (
			SELECT c.message FROM past CROSS JOIN change c USING (seq) UNION SELECT seq FROM message WHERE apart = ?1)
		AND object = ?1 AND object <> '' ORDER BY seq`
	return stream(s.c, fmt.Sprintf("read messages about %s", id), readMessage, query, string(id))
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
	if m.Body, err = unpack(q.raw(10)); err != nil {
		return nil, fmt.Errorf("read message %d: %w", seq, err)
	}
	return m, nil
}

// kinds is the list of all kinds in SQL, for a look at each by its key.
var kinds = func() string {
	var list []string
	for _, k := range lis.Kinds {
		list = append(list, "'"+string(k.Kind)+"'")
	}
	return strings.Join(list, ", ")
}()

// Keep packs a body ahead of the writer's turn, which all callers share.
func (s *Store) Keep(body []byte) []byte { return pack(body) }

func (t *tx) kept(m *journal.Message) []byte {
	if m.Kept != nil {
		return m.Kept
	}
	return pack(m.Body)
}
