package canvas

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lisgate/adapters"
)

// recent are the newest imports since a time, and in some states.
func (a *Adapter) recent(ctx context.Context, since time.Time, states ...string) ([]sisImport, error) {
	q := url.Values{"per_page": {"50"}, "created_since": {since.UTC().Format(time.RFC3339)}}
	if len(states) > 0 {
		q["workflow_state[]"] = states
	}
	var list struct {
		Imports *[]sisImport `json:"sis_imports"`
	}
	err := a.get(ctx, a.imports(), q, &list)
	switch {
	case errors.Is(err, errAbsent):
		return nil, classed(adapters.Unavailable, "mend url and account of the target", "Canvas knows no such account")
	case err != nil:
		return nil, err
	case list.Imports == nil:
		return nil, unavailable("list imports: the answer has no sis_imports")
	}
	return *list.Imports, nil
}

// recently is how far back imports are looked at [ours]: one that is older and
// still not done has been given up by Canvas.
const recently = 24 * time.Hour

// free waits until no import runs but ones that are stuck.
func (a *Adapter) free(ctx context.Context) error {
	began := a.opts.Now()
	for {
		running, err := a.recent(ctx, began.Add(-recently), unfinished...)
		if err != nil {
			return err
		}
		n := 0
		for _, job := range running {
			if job.State != "initializing" || a.opts.Now().Sub(job.Created) < a.opts.StuckAfter {
				n++
			}
		}
		if n == 0 {
			return nil
		}
		if a.opts.Now().Sub(began) >= a.opts.Wait {
			return busy(throttledFor, "%s import(s) of somebody else still running in Canvas after %s", strconv.Itoa(n), a.opts.Wait)
		}
		if err := a.opts.Sleep(ctx, a.opts.Poll); err != nil {
			return unavailable("wait for another import: %w", err)
		}
	}
}

// clockSlack is how far the clocks of Canvas and ours may differ [ours].
const clockSlack = 10 * time.Minute

// lost looks for an import by the mark in the names of its files, which Canvas
// shows once it has begun [infer]. While one runs that shows none, nobody knows.
func (a *Adapter) lost(ctx context.Context, p *posted) (*sisImport, error) {
	jobs, err := a.recent(ctx, p.at.Add(-clockSlack))
	if err != nil {
		return nil, err
	}
	unclear := false
	for i := range jobs {
		for _, f := range jobs[i].Files {
			if strings.Contains(f.Name+f.Display, p.mark) {
				return &jobs[i], nil
			}
		}
		unclear = unclear || len(jobs[i].Files) == 0 && !jobStates[jobs[i].State].ended
	}
	if unclear && a.opts.Now().Sub(p.at) < a.opts.StuckAfter {
		return nil, busy(throttledFor, "the answer to an import was lost, and one is running that may be it")
	}
	return nil, nil
}

// settle follows an import whose end nobody has seen, and keeps what became of
// its changes for the calls that ask.
func (a *Adapter) settle(ctx context.Context) error {
	p := a.pending
	if p == nil {
		return nil
	}
	job := &sisImport{ID: p.id}
	if p.id == 0 {
		found, err := a.lost(ctx, p)
		if err != nil {
			return err
		}
		if found == nil {
			a.pending = nil
			return nil
		}
		job = found
	} else if err := a.get(ctx, a.imports()+"/"+decimal(p.id), nil, job); err != nil {
		if errors.Is(err, errAbsent) {
			a.pending = nil
			return nil
		}
		return err
	}
	verdicts, err := a.finish(ctx, p, job)
	if a.pending != nil {
		return err
	}
	a.settled, a.settledAt = map[string]result{}, a.opts.Now()
	results := make([]result, len(p.batch.changes))
	p.batch.settle(results, verdicts, err)
	for i, asked := range p.batch.asked {
		if asked {
			a.settled[p.batch.changes[i].ID] = results[i]
		}
	}
	return nil
}
