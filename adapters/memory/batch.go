package memory

import (
	"context"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// ApplyAll carries out changes in order, each as Apply would.
func (a *Adapter) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	outcomes, errs := make([]lis.Outcome, len(changes)), make([]error, len(changes))
	err := a.respond(ctx, changes...)
	for i, c := range changes {
		if errs[i] = err; err == nil {
			errs[i] = a.fail(c)
		}
		if errs[i] == nil {
			outcomes[i], errs[i] = a.carryOut(c)
		}
	}
	return outcomes, errs
}

// Limits returns how many changes it takes in one call, of any size.
func (a *Adapter) Limits() (changes, bytes int) { return a.BatchRows, 0 }

// respond takes its time, and gives no answer when it is told to.
func (a *Adapter) respond(ctx context.Context, changes ...lis.Change) error {
	for _, c := range changes {
		if a.Hang != nil && a.Hang(c) {
			<-ctx.Done()
			break
		}
	}
	if err := a.wait(ctx); err != nil {
		return &adapters.Error{Class: adapters.Unavailable, Err: err}
	}
	return nil
}
