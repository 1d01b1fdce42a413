package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/console"
	"lisgate/gateway/cps"
	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
)

// consoleRooms are what the operator's door speaks to.
func (g *Gateway) consoleRooms(keeper *guard.Guard) console.Rooms {
	return console.Rooms{
		Store: g.store, Guard: keeper, Wake: g.engine.Wake,
		Status: func(ctx context.Context) (any, error) { return g.engine.Status(ctx) },
		Feeds:  feeds{g}, Replay: g.replay, Grades: g.grades,
		Diff:  g.comparison,
		Plans: g.cps,
		Merge: g.registrar.Merge,
		Now:   time.Now,
	}
}

// comparison says how a target is compared with the records.
func (g *Gateway) comparison(target string) (reconcile.Options, reconcile.Remover, error) {
	adapter := g.adapters[target]
	if adapter == nil {
		return reconcile.Options{}, nil, fmt.Errorf("there is no target %q", target)
	}
	o := compared(g.store, target, adapter, g.plan.Load)
	o.Wanted = func(v journal.View, c *lis.Change) (bool, error) {
		targets, err := g.plan.Load().routes.Targets(v, c)
		if err == nil {
			targets, err = g.cps.Holders(v, c, targets)
		}
		return slices.Contains(targets, target), err
	}
	return o, g.registrar, nil
}

func compared(store reconcile.Store, target string, a adapters.Adapter, plan func() *plan) reconcile.Options {
	return reconcile.Options{
		Store: store, Target: target, Adapter: a, Bare: cps.Bare, Now: time.Now,
		Shape: func(_ context.Context, c lis.Change) (lis.Change, error) { return plan().shape(nil, target, c) },
		Left:  func(v journal.View, c *lis.Change) (bool, error) { return plan().left(v, target, c) },
		Wanted: func(v journal.View, c *lis.Change) (bool, error) {
			targets, err := plan().routes.Targets(v, c)
			return slices.Contains(targets, target), err
		},
	}
}

// DryRun says how a target is compared with the records under a config that is
// not in force: what its routes and maps would change there. Close the adapter
// of the options when done.
func DryRun(store reconcile.Store, c *config.Config, target string) (reconcile.Options, error) {
	candidate, err := newPlan(c)
	if err != nil {
		return reconcile.Options{}, err
	}
	for i := range c.Targets {
		if c.Targets[i].Name != target {
			continue
		}
		adapter, err := (&builder{Target: &c.Targets[i]}).build()
		if err != nil {
			return reconcile.Options{}, fmt.Errorf("target %s: %w", target, err)
		}
		return compared(store, target, adapter, func() *plan { return candidate }), nil
	}
	return reconcile.Options{}, fmt.Errorf("the config has no target %q", target)
}
