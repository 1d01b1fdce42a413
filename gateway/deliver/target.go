package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A Target is a system to deliver to, and how. What is zero has the default
// that stands beside it.
type Target struct {
	Name    string
	Adapter adapters.Adapter
	Workers int           // 4: attempts at the same time
	Timeout time.Duration // 30s: how long one attempt may take, be it of one change or of a batch

	// A failed change is tried again after FirstDelay (1s), then after twice
	// as long each time, up to MaxDelay (5m), each a little less by chance so
	// that those who failed together do not return together.
	FirstDelay, MaxDelay time.Duration

	// MaxAttempts (1) is how often a change is tried that the target refuses
	// or has no place for, before it is a dead letter.
	MaxAttempts int
	// GiveUpAfter is the age at which a change that cannot be delivered for
	// any other reason is a dead letter; zero means never.
	GiveUpAfter time.Duration

	// Rate is how many changes a second the target is sent at most, and Burst
	// (a second's worth) how many at once; zero means no limit.
	Rate  float64
	Burst int
	// BatchRows is how many changes go to a Batcher in one call at most: zero
	// means as many as it takes, one means no batches.
	BatchRows int
	// Coalesce says that of the waiting changes of one object only the newest
	// is sent.
	Coalesce bool
	// SkipSame says that a Put of what was sent last is not sent. It is never
	// sent for a result: nothing final goes out twice.
	SkipSame bool

	// Shape gives a change the form that the target wants, for an error that it
	// cannot be given one: without a class that is a refusal. It may be nil.
	Shape func(ctx context.Context, c lis.Change) (lis.Change, error)
	// Verify reads back what was put, for a target whose word is not enough. It
	// may be nil.
	Verify adapters.Reader
	// Removals says when removals are held.
	Removals Removals
}

// Removals are never urgent. A Drop waits until it is After old; and it is
// held for a person when the removals of its kind in one run are more than
// Few (10) and more than Percent (5) of what the target holds, or more than
// Most (1000). Off lets all of them go at once.
type Removals struct {
	After   time.Duration
	Few     int
	Percent float64
	Most    int
	Off     bool
}

func (t Target) withDefaults() Target {
	fill(&t.Workers, 4)
	fill(&t.Timeout, 30*time.Second)
	fill(&t.FirstDelay, time.Second)
	fill(&t.MaxDelay, 5*time.Minute)
	fill(&t.MaxAttempts, 1)
	fill(&t.Burst, max(1, int(t.Rate)))
	fill(&t.Removals.Few, 10)
	fill(&t.Removals.Percent, 5)
	fill(&t.Removals.Most, 1000)
	t.MaxDelay = max(t.MaxDelay, t.FirstDelay)
	return t
}

func fill[T int | float64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

func checkTargets(targets []Target) error {
	seen := map[string]bool{}
	for _, t := range targets {
		switch {
		case t.Name == "":
			return errors.New("deliver: a target has no name")
		case t.Adapter == nil:
			return fmt.Errorf("deliver: target %q has no adapter", t.Name)
		case seen[t.Name]:
			return fmt.Errorf("deliver: two targets are named %q", t.Name)
		}
		seen[t.Name] = true
	}
	return nil
}

// backoff returns the delay after a number of earlier failures. The seed
// stands for chance, so that a delay can be foretold in a test: it takes up
// to a quarter away.
func backoff(first, most time.Duration, failures int, seed uint64) time.Duration {
	d := first
	for range failures {
		if d >= most/2 {
			d = most
			break
		}
		d *= 2
	}
	return d - time.Duration(float64(d/4)*chance(seed))
}

// chance spreads seeds evenly over [0, 1) (the last step of splitmix64).
func chance(seed uint64) float64 {
	z := seed + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
