package sqlite

import (
	"context"
	"fmt"
	"time"
)

// Seen reports whether a token was seen before, and remembers it until a
// time. What is no longer needed goes a little with each call.
func (s *Store) Seen(ctx context.Context, token string, now, until time.Time) (seen bool, err error) {
	err = s.do(ctx, func(t *tx) error {
		n, err := t.c.number(`SELECT count(*) FROM seen WHERE token = ? AND until > ?`, token, micro(now))
		if seen = n > 0; err != nil || seen {
			return err
		}
		if err := t.exec(`DELETE FROM seen WHERE token IN (SELECT token FROM seen WHERE until <= ? LIMIT 10)`, micro(now)); err != nil {
			return err
		}
		return t.exec(`INSERT OR REPLACE INTO seen (token, until) VALUES (?, ?)`, token, micro(until))
	})
	if err != nil {
		return false, fmt.Errorf("look for token: %w", err)
	}
	return seen, nil
}
