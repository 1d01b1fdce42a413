package sqlite

import (
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// park has a delivery wait for its parent. When that came meanwhile, it has
// not to wait.
func (t *tx) park(s *journal.Settlement, w *waiting, leased int64) error {
	came, err := t.came(s, leased)
	if err != nil {
		return err
	}
	if came {
		s.Due = moment(1)
		err := t.goOn(s, w)
		s.State = journal.Waiting
		return err
	}
	return t.exec(`UPDATE queue SET due = iif(due IS NULL, NULL, ?), attempts = attempts + ?, reason = ?, detail = ?, at = ?,
		parent = ?, parent_kind = ?, person = NULL WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`,
		max(1, micro(s.Due)), s.Attempts(), s.Reason, s.Detail, micro(s.At), string(s.Parent.ID), string(s.Parent.Kind),
		w.target, string(w.kind), w.chain, w.seq)
}

// came reports whether the parent came since the attempt began, by the clock
// of the caller, or was committed after the lease: until then the crosswalk
// did not show it, whatever time it bears.
func (t *tx) came(s *journal.Settlement, leased int64) (bool, error) {
	since := never
	if !s.Since.IsZero() {
		since = micro(s.Since)
	}
	const query = `SELECT EXISTS (SELECT 1 FROM crosswalk WHERE target = ? AND id = ? AND gone = 0 AND (at >= ? OR stamp > ?) AND kind `
	var n int64
	var err error
	if s.Parent.Kind == "" {
		n, err = t.c.number(query+`IN (`+kinds+`))`, s.Target, string(s.Parent.ID), since, leased)
	} else {
		n, err = t.c.number(query+`= ?)`, s.Target, string(s.Parent.ID), since, leased, string(s.Parent.Kind))
	}
	return n > 0, err
}

// unpark makes due what is parked for an object, all of it at once.
func (t *tx) unpark(target string, kind lis.Kind, id string) error {
	return t.exec(`UPDATE queue INDEXED BY queue_parent SET due = iif(due IS NULL, NULL, 1), parent = NULL, parent_kind = NULL
		WHERE target = ? AND parent = ? AND parent_kind IN ('', ?)`, target, id, string(kind))
}

// holdBack has a delivery wait for a person's decision; when newer changes of
// its object wait behind it already, the newest takes its place.
func (t *tx) holdBack(s *journal.Settlement, w *waiting) error {
	run, err := t.run(w)
	if err != nil {
		return err
	}
	if len(run) == 0 {
		if w.removes() {
			t.tally(w.target, w.kind, tally{removals: -1})
		}
		return t.exec(`UPDATE queue SET due = NULL, attempts = attempts + ?, reason = ?, detail = ?, at = ?, hold = ?, match = ?,
			parent = NULL, parent_kind = NULL, person = NULL WHERE target = ? AND kind = ? AND chain = ? AND seq = ?`,
			s.Attempts(), s.Reason, s.Detail, micro(s.At), string(s.Hold), s.Match, w.target, string(w.kind), w.chain, w.seq)
	}
	w.attempts += s.Attempts()
	last, err := t.replace(w, run, s.At)
	if err != nil {
		return err
	}
	w.hold, w.match, w.reason, w.detail, w.at = s.Hold, s.Match, s.Reason, s.Detail, micro(s.At)
	*s = *superseded(w, s.At)
	if last.approved {
		return nil
	}
	return t.inherit(w, last)
}
