package deliver

import (
	"errors"
	"fmt"
	"time"

	"lisgate/adapters"
)

// A Target is a system to deliver to, and how. What is zero has the default
// that stands beside it.
type Target struct {
	Name    string
	Adapter adapters.Adapter
	Workers int           // 4: attempts at the same time
	Timeout time.Duration // 30s: how long one attempt may take

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
}

func (t Target) withDefaults() Target {
	fill(&t.Workers, 4)
	fill(&t.Timeout, 30*time.Second)
	fill(&t.FirstDelay, time.Second)
	fill(&t.MaxDelay, 5*time.Minute)
	fill(&t.MaxAttempts, 1)
	t.MaxDelay = max(t.MaxDelay, t.FirstDelay)
	return t
}

func fill[T int | time.Duration](field *T, value T) {
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
