package adapters

import "context"

// A Teller says what it finds at its system, in lines for people: the release,
// the dialect, what is lacking, what could not be found out. It changes nothing.
type Teller interface {
	Tell(ctx context.Context) ([]string, error)
}
