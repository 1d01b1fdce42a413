package sqlite

import (
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A pair is an entry of the crosswalk as the table has it.
type pair = journal.Pair

// pairColumns are what readPair reads; the table is x.
const pairColumns = `x.target_id, x.gone, x.seq, x.hash, x.at`

func readPair(q *stmt, from int32, target string, kind lis.Kind, id string) *pair {
	return &pair{Target: target, Kind: kind, ID: lis.SourcedID(id), TargetID: q.text(from), Gone: q.bool(from + 1),
		Seq: q.int(from + 2), Hash: q.blob(from + 3), At: moment(q.int(from + 4))}
}

// learn has the crosswalk take up what a target did, or returns why it cannot.
func (t *tx) learn(s *journal.Settlement, w *waiting) (refused string, err error) {
	p := pair{Target: w.target, Kind: w.kind, ID: lis.SourcedID(w.id), TargetID: s.TargetID, Seq: w.seq, Hash: s.Hash, At: s.At}
	if w.act == lis.Drop || s.Act == lis.Drop {
		return "", t.gone(w, p)
	}
	if w.pair != nil && p.TargetID == "" {
		p.TargetID = w.pair.TargetID
	}
	if w.owner != "" && w.owner != w.id && w.owner != w.newID {
		if s.TargetID != "" {
			return taken(&p, w.owner, w.name()), nil
		}
		p.TargetID = "" // it went to another while this one was gone
	}
	if w.act == lis.Rekey {
		return "", t.rename(w, p)
	}
	if err := t.savePair(w.pair, p, "applied", false); err != nil || !w.wanted {
		return "", err
	}
	return "", t.unpark(w.target, w.kind, w.id)
}

// name is the identifier that an object has after a change.
func (w *waiting) name() lis.SourcedID {
	if w.act == lis.Rekey {
		return lis.SourcedID(w.newID)
	}
	return lis.SourcedID(w.id)
}

func taken(p *pair, owner string, id lis.SourcedID) string {
	return fmt.Sprintf("%s %s of the target belongs to %s already and cannot belong to %s too", p.Kind, p.TargetID, owner, id)
}

func (t *tx) gone(w *waiting, p pair) error {
	if w.pair == nil {
		return nil
	}
	p.Gone, p.TargetID = true, w.pair.TargetID
	if p.Hash == nil {
		p.Hash = w.pair.Hash
	}
	return t.savePair(w.pair, p, "dropped", false)
}

// rename has the pair of an object go over to its new identifier.
func (t *tx) rename(w *waiting, p pair) error {
	there, err := t.pair(w.target, w.kind, w.newID)
	if err != nil {
		return err
	}
	if w.pair != nil {
		end := *w.pair
		end.Gone, end.At, end.Seq = true, p.At, p.Seq
		if err := t.savePair(w.pair, end, "rekeyed to "+w.newID, false); err != nil {
			return err
		}
		if p.Hash == nil {
			p.Hash = w.pair.Hash
		}
	}
	if p.TargetID == "" && there != nil && !there.Gone {
		p.TargetID = there.TargetID
	}
	p.ID = lis.SourcedID(w.newID)
	if err := t.savePair(there, p, "rekeyed from "+w.id, true); err != nil {
		return err
	}
	if err := t.unpark(w.target, w.kind, w.id); err != nil {
		return err
	}
	return t.unpark(w.target, w.kind, w.newID)
}

// savePair writes an entry that was old before, nil for none. It is a step in
// its history when it differs from before, or always.
func (t *tx) savePair(old *pair, p pair, why string, always bool) error {
	present := int64(0)
	if old != nil && !old.Gone {
		present--
	}
	if !p.Gone {
		present++
	}
	if present != 0 {
		t.tally(p.Target, p.Kind, tally{present: present})
	}
	stamp := t.s.stamp.Load() + 1
	if old == nil {
		return t.exec(`INSERT INTO crosswalk (target, kind, id, target_id, gone, seq, hash, at, changed, why, stamp)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)`,
			p.Target, string(p.Kind), string(p.ID), p.TargetID, p.Gone, p.Seq, p.Hash, micro(p.At), why, stamp)
	}
	if !always && old.Gone == p.Gone && old.TargetID == p.TargetID {
		return t.exec(`UPDATE crosswalk SET seq = ?, hash = ?, at = ?, stamp = ? WHERE target = ? AND kind = ? AND id = ?`,
			p.Seq, p.Hash, micro(p.At), stamp, p.Target, string(p.Kind), string(p.ID))
	}
	if err := t.exec(`INSERT INTO crosswalk_step (target, kind, id, target_id, gone, changed, why)
		SELECT target, kind, id, target_id, gone, changed, why FROM crosswalk WHERE target = ? AND kind = ? AND id = ?`,
		p.Target, string(p.Kind), string(p.ID)); err != nil {
		return err
	}
	return t.exec(`UPDATE crosswalk SET target_id = ?4, gone = ?5, seq = ?6, hash = ?7, at = ?8, changed = ?8, why = ?9, stamp = ?10
		WHERE target = ?1 AND kind = ?2 AND id = ?3`,
		p.Target, string(p.Kind), string(p.ID), p.TargetID, p.Gone, p.Seq, p.Hash, micro(p.At), why, stamp)
}

// SetPair writes an entry of the crosswalk by hand.
func (t *tx) SetPair(p journal.Pair, why string) error {
	if err := t.setPair(p, why); err != nil {
		return fmt.Errorf("set pair: %w", err)
	}
	return nil
}

func (t *tx) setPair(p journal.Pair, why string) error {
	if p.At.IsZero() {
		p.At = time.UnixMicro(t.next())
	}
	old, err := t.pair(p.Target, p.Kind, string(p.ID))
	if err != nil {
		return err
	}
	owner, err := pairOf(t.c, p.Target, p.Kind, p.TargetID)
	if err != nil {
		return err
	}
	if owner != nil && owner.ID != p.ID && !p.Gone && !journal.Shared(p.Kind) {
		return fmt.Errorf("%s; unlink it there first", taken(&p, string(owner.ID), p.ID))
	}
	if old != nil && old.TargetID == p.TargetID && p.Hash == nil { // it is still what was sent there
		p.Seq, p.Hash = max(p.Seq, old.Seq), old.Hash
	}
	if err := t.savePair(old, p, why, true); err != nil || p.Gone {
		return err
	}
	return t.unpark(p.Target, p.Kind, string(p.ID))
}

func (t *tx) pair(target string, kind lis.Kind, id string) (*pair, error) {
	return pairFor(t.c, target, kind, id)
}
