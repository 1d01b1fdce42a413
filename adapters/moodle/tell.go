package moodle

import (
	"context"
	"strings"

	"lisgate/adapters"
)

var _ adapters.Teller = (*Adapter)(nil)

// Tell says what the site is.
func (a *Adapter) Tell(ctx context.Context) ([]string, error) {
	f, err := a.Look(ctx)
	if err != nil {
		return nil, err
	}
	lines := append([]string{"Moodle " + f.Release}, f.Notes...)
	if len(f.Missing) > 0 {
		lines = append(lines, "the external service lacks "+strings.Join(f.Missing, ", "))
	}
	return lines, nil
}
