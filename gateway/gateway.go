// Package gateway builds the rooms of the house from a config and runs them.
// It is the map: the only place that knows all rooms.
//
// A message comes in at a door (soap), or intake asks a source for it; guard
// says who sent it, registrar what it means, journal keeps it; route has said
// which targets its change goes to, and deliver brings it there through an
// adapter. Grades come back the same way; reconcile and replay send again what
// did not stay, and console lets people see and decide.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/cps"
	"lisgate/gateway/deliver"
	"lisgate/gateway/grades"
	"lisgate/gateway/intake"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/registrar"
	"lisgate/gateway/replay"
)

// stopWithin is how long a stop may take in all.
const stopWithin = 10 * time.Second

// A Gateway is the house, built.
type Gateway struct {
	log       *zap.Logger
	config    *config.Config
	store     journal.Store
	registrar *registrar.Registrar
	engine    *deliver.Engine
	replay    *replay.Desk
	intake    *intake.Intake
	grades    *grades.Desk
	cps       *cps.Desk
	adapters  map[string]adapters.Adapter // by target, and "source " with the name of a source
	targets   []deliver.Target
	plan      atomic.Pointer[plan]
	order     atomic.Pointer[ordering]
	fresh     atomic.Int64 // nanoseconds: how old a waiting change may be
	heard     heard
	began     time.Time
	files     atomic.Pointer[fileSource]
	metrics   *metrics
	registry  *prometheus.Registry
	listener  net.Listener
	server    *http.Server
	handler   atomic.Pointer[http.ServeMux]
	stopping  atomic.Bool
}

// New builds a gateway on the SQLite store in the config's data folder, and
// takes its address. What is told to it is answered once Run runs.
func New(ctx context.Context, c *config.Config, log *zap.Logger) (*Gateway, error) {
	store, err := sqlite.Open(ctx, c.Data, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	g, err := NewOn(store, c, log)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return g, nil
}

// NewOn builds a gateway on a store, which it closes when it ends.
func NewOn(store journal.Store, c *config.Config, log *zap.Logger) (*Gateway, error) {
	g := &Gateway{log: log, config: c, store: store, registry: prometheus.NewRegistry(), adapters: map[string]adapters.Adapter{}, began: time.Now()}
	g.metrics = newMetrics(g.registry, store)
	g.engine = deliver.New(store, log.Named("deliver"), time.Now, g.metrics)
	g.registrar = registrar.New(g.registrarOptions(c))
	g.replay = replay.New(store, g.engine.Wake, log.Named("replay"), time.Now)
	for _, build := range []func(*config.Config) error{g.buildTargets, g.buildPlans, g.buildSources, g.buildGrades, g.Reload, g.listen} {
		if err := build(c); err != nil {
			return nil, errors.Join(err, g.closeAdapters())
		}
	}
	return g, nil
}

// Reload puts another config in force without losing a message: who may call,
// where and how, the limits of messages, the routes and the maps of targets;
// in config these have the tag reload. What was begun under the old one ends
// under it.
func (g *Gateway) Reload(c *config.Config) error {
	if err := g.running(c); err != nil {
		return err
	}
	plan, err := newPlan(c)
	if err != nil {
		return err
	}
	order, err := sequence(c)
	if err != nil {
		return err
	}
	mux, err := g.doors(c)
	if err != nil {
		return err
	}
	g.plan.Store(plan)
	g.order.Store(&order)
	g.fresh.Store(int64(c.Alarms.FreshWithin))
	g.files.Store(newFileSource(c))
	g.handler.Store(mux)
	return nil
}

// running refuses routes to targets that this process does not run: what goes
// there would wait in the journal, and nobody would deliver it.
func (g *Gateway) running(c *config.Config) error {
	for i, r := range c.Routes {
		for _, to := range r.To {
			if slices.ContainsFunc(g.targets, func(t deliver.Target) bool { return t.Name == to }) {
				continue
			}
			name := strconv.Quote(r.Name)
			if r.Name == "" {
				name = fmt.Sprintf("number %d", i+1)
			}
			return fmt.Errorf("route %s leads to %q, a target that this process does not run: new targets take effect only after a restart; restart lisgate, or leave the target out of the route until then", name, to)
		}
	}
	return nil
}

// listen takes the address.
func (g *Gateway) listen(c *config.Config) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if c.Limits.Connections > 0 {
		listener = netutil.LimitListener(listener, c.Limits.Connections)
	}
	g.listener = listener
	g.server, err = g.httpServer(c)
	return err
}

// Addr is the address at which the gateway listens.
func (g *Gateway) Addr() string { return g.listener.Addr().String() }

// Store is the journal.
func (g *Gateway) Store() journal.Store { return g.store }

// Idle returns when nothing waits to be delivered that is due.
func (g *Gateway) Idle(ctx context.Context) error { return g.engine.Idle(ctx) }

// Run serves until ctx ends, then finishes what was begun, within ten
// seconds, and closes the journal. What was acknowledged and not yet
// delivered waits in the journal for the next start.
func (g *Gateway) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(g.serve)
	group.Go(func() error { return g.engine.Run(ctx, g.targets) })
	group.Go(func() error { return stopped(ctx, g.registrar.RunBulk(ctx)) })
	group.Go(func() error { return stopped(ctx, g.intake.Run(ctx)) })
	group.Go(func() error { return stopped(ctx, g.replay.Run(ctx)) })
	group.Go(func() error { return g.grades.Run(ctx) })
	group.Go(func() error { return stopped(ctx, g.cps.Run(ctx)) })
	group.Go(func() error { return g.watch(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		return g.shutdown()
	})
	err := group.Wait()
	return errors.Join(err, g.closeAdapters(), g.store.Close())
}

// stopped takes the end that was asked for out of an error.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (g *Gateway) serve() error {
	var err error
	if g.server.TLSConfig != nil {
		err = g.server.ServeTLS(g.listener, "", "")
	} else {
		err = g.server.Serve(g.listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shutdown lets requests that were begun end, and cuts those that do not.
func (g *Gateway) shutdown() error {
	g.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin-2*time.Second)
	defer cancel()
	if err := g.server.Shutdown(ctx); err != nil {
		return g.server.Close()
	}
	return nil
}

// Close lets go of a gateway that was never run.
func (g *Gateway) Close() error {
	return errors.Join(g.listener.Close(), g.closeAdapters(), g.store.Close())
}

func (g *Gateway) registrarOptions(c *config.Config) registrar.Options {
	return registrar.Options{
		Store:        g.store,
		Targets:      g.targetsOf,
		Sequence:     g.stamp,
		Wake:         g.engine.Wake,
		RepeatWindow: c.RepeatWindow,
		Bulk:         g.bulkOptions(c),
	}
}
