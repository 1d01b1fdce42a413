package intake

import (
	"bytes"
	"math"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// What stands in the place of a hash: gone for what was dropped in the same
// batch, unseen for what came under another identifier before it was said, and
// moved, with the hash behind it, for what has another identifier now. That one
// is kept, as the feed of a run that never comes: a source that says a record
// and its change of identifier twice must not have it twice.
var gone, unseen, moved = []byte("gone"), []byte("unseen"), []byte("moved ")

func movedAway(hash []byte) []byte { return slices.Concat(moved, hash) }

func isAway(hash []byte) bool {
	return len(hash) == 0 || bytes.Equal(hash, gone) || bytes.HasPrefix(hash, moved)
}

// A memory is what a source said last of objects, as it is inside one
// transaction: on disk, and before in the same batch.
type memory struct {
	source string
	said   map[lis.Ref][]byte
}

func (m *memory) hash(tx journal.Tx, ref lis.Ref) ([]byte, error) {
	if h, ok := m.said[ref]; ok {
		return h, nil
	}
	f, err := tx.Fed(m.source, ref.Kind, ref.ID)
	if f == nil || err != nil {
		return nil, err
	}
	return f.Hash, nil
}

// wants decides whether an entry changes anything, and remembers it as said.
func (m *memory) wants(tx journal.Tx, e *entry) (bool, error) {
	ref := e.ref()
	if lis.InfoOf(ref.Kind) == nil || ref.ID == "" || e.item.Act == lis.Put && e.hash == nil {
		return true, nil // the registrar says what is wrong
	}
	there, err := present(tx, ref)
	if err != nil {
		return false, err
	}
	before, err := m.hash(tx, ref)
	if err != nil {
		return false, err
	}
	switch e.item.Act {
	case lis.Put:
		m.said[ref] = e.hash
		// What was deleted since by somebody else, or went with something else,
		// is said anew: the source still has it.
		same := there == alive && bytes.Equal(before, e.hash) || there == buried && bytes.Equal(before, movedAway(e.hash))
		if same {
			m.said[ref] = before
		}
		return !same, nil
	case lis.Drop:
		m.said[ref] = gone
		return there != buried, nil
	default:
		return m.wantsRekey(tx, e, before)
	}
}

// wantsRekey knows a change of identifier that was carried out before: under
// the new one the source has said something, under the old one nothing.
func (m *memory) wantsRekey(tx journal.Tx, e *entry, before []byte) (bool, error) {
	to := lis.Ref{Kind: e.item.Kind, ID: e.item.NewID}
	after, err := m.hash(tx, to)
	if err != nil {
		return false, err
	}
	if isAway(before) && !isAway(after) {
		return false, nil
	}
	if isAway(before) {
		before = unseen
	}
	m.said[e.ref()], m.said[to] = movedAway(before), before
	return true, nil
}

// A presence is whether the records have an object.
type presence int

const (
	never presence = iota
	alive
	buried
)

func present(v journal.View, ref lis.Ref) (presence, error) {
	e, err := v.Get(ref.Kind, ref.ID)
	switch {
	case err != nil || e == nil:
		return never, err
	case e.Deleted:
		return buried, nil
	}
	return alive, nil
}

// remember keeps what the source said of the entry's object.
func (e *entry) remember(tx journal.Tx, source string, run int64, o registrar.Outcome) error {
	ref := e.ref()
	if lis.InfoOf(ref.Kind) == nil || ref.ID == "" {
		return nil
	}
	f := e.fate(o)
	switch {
	case f == nothing:
		return nil
	case e.item.Act == lis.Drop && f != refused:
		return forget(tx, source, ref)
	case f == refused || e.known:
		return e.touch(tx, source, run)
	case e.item.Act == lis.Rekey:
		return e.move(tx, source, run)
	}
	return tx.PutFed(source, ref.Kind, ref.ID, journal.Feed{Hash: e.hash, Run: run})
}

// touch notes that what is known is still there. Outside a list nobody asks.
func (e *entry) touch(tx journal.Tx, source string, run int64) error {
	if !e.listed || e.item.Act == lis.Drop {
		return nil
	}
	f, err := tx.Fed(source, e.item.Kind, e.item.Key)
	if err != nil || f == nil || f.Run >= run {
		return err
	}
	return tx.PutFed(source, e.item.Kind, e.item.Key, journal.Feed{Hash: f.Hash, Run: run})
}

// move takes what is known along to the new identifier.
func (e *entry) move(tx journal.Tx, source string, run int64) error {
	f, err := tx.Fed(source, e.item.Kind, e.item.Key)
	if err != nil {
		return err
	}
	hash := unseen
	if f != nil && !isAway(f.Hash) {
		hash = f.Hash
	}
	away := journal.Feed{Hash: movedAway(hash), Run: math.MaxInt64}
	if err := tx.PutFed(source, e.item.Kind, e.item.Key, away); err != nil {
		return err
	}
	return tx.PutFed(source, e.item.Kind, e.item.NewID, journal.Feed{Hash: hash, Run: run})
}

func forget(tx journal.Tx, source string, ref lis.Ref) error {
	return tx.PutFed(source, ref.Kind, ref.ID, journal.Feed{})
}
