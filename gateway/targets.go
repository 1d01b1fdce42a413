package gateway

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/deliver"
	"lisgate/gateway/lis"
)

// buildTargets makes the targets that the config names.
func (g *Gateway) buildTargets(c *config.Config) error {
	for i := range c.Targets {
		t := &c.Targets[i]
		adapter, err := (&builder{Target: t, store: g.store, plan: g.plan.Load}).build()
		if err != nil {
			return errors.Join(fmt.Errorf("target %s: %w", t.Name, err), g.closeAdapters())
		}
		g.adapters[t.Name] = adapter
		g.targets = append(g.targets, deliver.Target{
			Name: t.Name, Adapter: adapter, Workers: t.Workers, Timeout: t.Timeout,
			FirstDelay: t.FirstDelay, MaxDelay: t.MaxDelay, GiveUpAfter: t.GiveUpAfter,
			Rate: t.Rate, Burst: t.Burst, BatchRows: t.Batch,
			Coalesce: t.Coalesce == nil || *t.Coalesce, SkipSame: t.SkipUnchanged,
			Shape: g.afterParents(t, g.planned(t.Name, g.shape(t.Name))),
			Removals: deliver.Removals{After: t.Removals.After, Few: t.Removals.Few, Percent: float64(t.Removals.Percent),
				Most: t.Removals.Most, Off: t.Removals.Off},
		})
	}
	return g.verify(c)
}

// verify gives the targets that are not to be believed their reader.
func (g *Gateway) verify(c *config.Config) error {
	for i := range c.Targets {
		name := c.Targets[i].Verify
		switch name {
		case "":
			continue
		case "self":
			name = c.Targets[i].Name
		}
		reader, ok := g.adapters[name].(adapters.Reader)
		if !ok {
			return errors.Join(fmt.Errorf("target %s: verify: nothing can be read back from %s", c.Targets[i].Name, name), g.closeAdapters())
		}
		g.targets[i].Verify = reader
	}
	return nil
}

// shape returns how a target wants changes: by the routes and the map that
// are in force when it is called.
func (g *Gateway) shape(target string) func(context.Context, lis.Change) (lis.Change, error) {
	return func(ctx context.Context, c lis.Change) (shaped lis.Change, err error) {
		p := g.plan.Load()
		if !p.routes.Selective(target) {
			return p.shape(nil, target, c)
		}
		snap, err := g.store.Snapshot(ctx)
		if err != nil {
			return c, notNow(err)
		}
		defer func() { err = errors.Join(err, snap.Close()) }()
		if c, err = p.leave(snap, target, c); err != nil {
			return c, notNow(err)
		}
		return p.shape(snap, target, c)
	}
}

// notNow has a change tried again: the journal could not be asked where it goes.
func notNow(err error) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("ask the routes: %w", err)}
}

func (g *Gateway) closeAdapters() error {
	var errs []error
	for _, a := range g.adapters {
		errs = append(errs, a.Close())
	}
	clear(g.adapters)
	return errors.Join(errs...)
}

// A Finding is what was found at a target or a source.
type Finding struct {
	Name  string
	Lines []string // what it is, for people
	Err   error    // why it cannot be used
}

// CheckTargets asks each target and each source of a config whether it can be
// used. Nothing is changed there.
func CheckTargets(ctx context.Context, c *config.Config) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		all := append([]config.Target(nil), c.Targets...)
		for i := range c.Sources {
			all = append(all, asTarget(&c.Sources[i]))
		}
		for i := range all {
			if !yield(find(ctx, &all[i])) {
				return
			}
		}
	}
}

func find(ctx context.Context, t *config.Target) Finding {
	f := Finding{Name: t.Name}
	adapter, err := (&builder{Target: t}).build()
	if err != nil {
		f.Err = err
		return f
	}
	f.Err = adapter.Check(ctx)
	if teller, ok := adapter.(adapters.Teller); ok && f.Err == nil {
		f.Lines, f.Err = teller.Tell(ctx)
	}
	var e *adapters.Error
	if errors.As(f.Err, &e) && e.Hint != "" {
		f.Err = errors.New(adapters.Advise(f.Err.Error(), e.Hint))
	}
	f.Err = errors.Join(f.Err, adapter.Close())
	return f
}
