package replay

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// poll is how often it is looked for jobs without being told to.
const poll = 5 * time.Second

// Run carries replays out, one batch of each in turn, until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, err := d.round(ctx)
		if errors.Is(err, journal.ErrClosed) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			d.log.Error("replay stopped for a while", zap.Error(err))
			wait = poll
		}
		d.rest(ctx, wait)
	}
	return nil
}

func (d *Desk) rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-d.work:
	case <-timer.C:
	}
}

// round does a batch of each running job, and returns how long to rest.
func (d *Desk) round(ctx context.Context) (time.Duration, error) {
	jobs, err := d.Jobs(ctx)
	if err != nil {
		return poll, err
	}
	wait := poll
	for _, j := range jobs {
		if j.State != Running {
			continue
		}
		pause, err := d.step(ctx, j)
		if err != nil {
			return poll, err
		}
		wait = min(wait, pause)
	}
	return wait, nil
}

// step sends a batch of a job and returns how long the job is to rest.
func (d *Desk) step(ctx context.Context, j *Job) (time.Duration, error) {
	refs, next, err := d.next(ctx, j, j.portion())
	if err != nil {
		return 0, err
	}
	sent := 0
	if len(refs) > 0 {
		if sent, err = d.store.Resend(ctx, j.Target, refs); err != nil {
			return 0, err
		}
		d.wake([]string{j.Target})
	}
	err = d.store.Write(ctx, func(tx journal.Tx) error {
		now, err := get(tx, j.ID)
		if err != nil {
			return err
		}
		now.Sent += int64(sent)
		now.Looked, now.Kind, now.After, now.Updated = next.Looked, next.Kind, next.After, d.now().UTC()
		if now.State == Running && next.State == Done {
			now.State = Done
		}
		return put(tx, now)
	})
	if err != nil || next.State == Done {
		return 0, err
	}
	return j.pause(len(refs)), nil
}

// portion is how many objects go in one batch: a rate is kept to a second.
func (j *Job) portion() int {
	if j.Rate > 0 {
		return max(1, min(batch, int(j.Rate)))
	}
	return batch
}

func (j *Job) pause(n int) time.Duration {
	if j.Rate <= 0 {
		return 0
	}
	return time.Duration(float64(n) / j.Rate * float64(time.Second))
}

// next returns the objects that come next, and the job as it is after them.
func (d *Desk) next(ctx context.Context, j *Job, n int) ([]lis.Ref, Job, error) {
	after := *j
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return nil, after, err
	}
	defer snap.Close()
	var refs []lis.Ref
	kinds := j.kinds()
	if at := slices.Index(kinds, j.Kind); at > 0 {
		kinds = kinds[at:]
	}
	for _, kind := range kinds {
		if kind != after.Kind {
			after.Kind, after.After = kind, ""
		}
		for found, err := range after.newest(snap, kind, after.After) {
			if err != nil {
				return nil, after, err
			}
			after.After = found.ID
			after.Looked++
			if !after.chosen(found) {
				continue
			}
			if refs = append(refs, lis.Ref{Kind: kind, ID: found.ID}); len(refs) == n {
				return refs, after, nil
			}
		}
	}
	after.State = Done
	return refs, after, nil
}
