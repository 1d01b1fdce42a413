package sqlite

import (
	"context"
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Decide ends the hold of deliveries.
func (s *Store) Decide(ctx context.Context, target string, seqs []int64, approve bool, by string, at time.Time) (n int, err error) {
	err = s.do(ctx, func(t *tx) error {
		n = 0
		for _, seq := range seqs {
			w, err := t.waiting(target, seq, "")
			if err != nil {
				return err
			}
			if w == nil || w.hold == "" {
				continue
			}
			if err := t.decide(w, approve, by, at); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("decide for %s: %w", target, err)
	}
	return n, nil
}

func (t *tx) decide(w *waiting, approve bool, by string, at time.Time) error {
	if !approve {
		return t.finish(&journal.Settlement{Target: w.target, Seq: w.seq, State: journal.Dropped,
			Reason: "dropped by " + by, Detail: w.detail, At: at, Untried: true}, w)
	}
	if w.match != "" {
		p := journal.Pair{Target: w.target, Kind: w.kind, ID: lis.SourcedID(w.id), TargetID: w.match, At: at}
		if err := t.SetPair(p, "linked by "+by); err != nil {
			return err
		}
	}
	return t.exec(`UPDATE queue SET due = iif(?1, 1, NULL), hold = NULL, match = NULL, approved = 1, reason = ?2, at = ?3
		WHERE target = ?4 AND kind = ?5 AND chain = ?6 AND seq = ?7`, w.next == 0 || w.next > w.seq, "approved by "+by, micro(at),
		w.target, string(w.kind), w.chain, w.seq)
}
