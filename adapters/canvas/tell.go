package canvas

import (
	"context"

	"lisgate/adapters"
)

var _ adapters.Teller = (*Adapter)(nil)

// Tell says what the account is.
func (a *Adapter) Tell(ctx context.Context) ([]string, error) {
	found, err := a.Found(ctx)
	return []string{found}, err
}
