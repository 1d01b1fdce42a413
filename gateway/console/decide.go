package console

import (
	"context"
	"errors"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Decided says what came of a decision.
type Decided struct {
	Decided int64  `json:"decided"`
	Stay    int64  `json:"stay,omitempty"`   // could not be decided so, and are held as before
	Stayed  []Stay `json:"stayed,omitempty"` // the first of them
}

// A Stay is what could not be decided as a person wanted, and why.
type Stay struct {
	Kind   lis.Kind      `json:"kind"`
	ID     lis.SourcedID `json:"sourcedId"`
	Reason string        `json:"reason"`
}

// decideAll decides all that a decision is about. Each is decided for itself: a
// match that cannot be, because another has the id, keeps nobody else waiting.
func (c *Console) decideAll(ctx context.Context, d *Decision, by string) (Decided, error) {
	var answer Decided
	stayed := map[int64]bool{}
	for {
		rows, err := c.held(ctx, d, stayed)
		if err != nil || len(rows) == 0 {
			return answer, err
		}
		n, err := c.decideRows(ctx, d, rows, by)
		answer.Decided += int64(n)
		switch {
		case err == nil && n == 0:
			return answer, nil // somebody else decided them meanwhile
		case err == nil:
			continue
		case hopeless(ctx, err):
			return answer, err
		}
		for _, row := range rows {
			n, err := c.decideRows(ctx, d, []*journal.Settled{row}, by)
			if hopeless(ctx, err) {
				return answer, err
			}
			answer.Decided += int64(n)
			if n == 0 {
				stayed[row.Seq] = true
			}
			answer.stays(row, err)
		}
	}
}

// hopeless reports whether an error is not about what was to be decided.
func hopeless(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || errors.Is(err, journal.ErrFull) || errors.Is(err, journal.ErrClosed))
}

func (a *Decided) stays(row *journal.Settled, err error) {
	if err == nil {
		return
	}
	if a.Stay++; len(a.Stayed) < shown {
		a.Stayed = append(a.Stayed, Stay{row.Kind, row.ID, err.Error()})
	}
}

func (c *Console) decideRows(ctx context.Context, d *Decision, rows []*journal.Settled, by string) (int, error) {
	seqs := make([]int64, len(rows))
	for i, row := range rows {
		seqs[i] = row.Seq
	}
	return c.Store.Decide(ctx, d.Target, seqs, d.Approve, by, c.Now())
}

// held returns some of what a decision is about and has not stayed.
func (c *Console) held(ctx context.Context, d *Decision, stayed map[int64]bool) ([]*journal.Settled, error) {
	snap, err := c.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	var rows []*journal.Settled
	for s, err := range snap.Queue(d.Target, journal.Held) {
		if err != nil {
			return nil, err
		}
		if d.covers(s) && !stayed[s.Seq] {
			if rows = append(rows, s); len(rows) == shown {
				break
			}
		}
	}
	return rows, nil
}

// covers reports whether a decision is about what is held.
func (d *Decision) covers(s *journal.Settled) bool {
	return (d.Kind == "" || d.Kind == s.Kind) && (d.Hold == "" || d.Hold == s.Hold) && (len(d.IDs) == 0 || slices.Contains(d.IDs, s.ID))
}
