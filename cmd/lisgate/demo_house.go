package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/sync/errgroup"

	"lisgate/adapters/lissoap"
	"lisgate/cmd/lisgate/campus"
	"lisgate/cmd/lisgate/planner"
	"lisgate/config"
	"lisgate/gateway"
)

// A demoHouse is the three systems of the demo.
type demoHouse struct {
	dir      string
	gateway  *gateway.Gateway
	lms, sis *gateway.Gateway // pretend systems: real LIS endpoints without routes
	planner  *planner.Planner // another, which works out the next term
	http     *http.Client     // of the planner and of whoever looks
	secrets  map[string]config.Secret
	running  errgroup.Group
	logs     []*os.File
	built    []*gateway.Gateway // built, not yet running
}

// openDemoHouse builds and starts the three. When one of them breaks down,
// all of the demo stops.
func openDemoHouse(ctx context.Context, dir string, stop context.CancelCauseFunc) (_ *demoHouse, err error) {
	h := &demoHouse{dir: dir, secrets: map[string]config.Secret{}}
	h.http = &http.Client{Transport: &http.Transport{DialContext: h.dial}}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	for _, name := range []string{"sis", "lms", "planner", "lisgate"} {
		h.secrets[name] = config.Secret(rand.Text())
	}
	if h.lms, err = h.build(ctx, "lms", h.endpoint()); err != nil {
		return nil, err
	}
	if h.sis, err = h.build(ctx, "sis", h.endpoint()); err != nil {
		return nil, err
	}
	if err = h.buildPlanner(ctx); err != nil {
		return nil, err
	}
	if h.gateway, err = h.build(ctx, "gateway", h.between()); err != nil {
		return nil, err
	}
	h.start(ctx, stop, h.planner.Run)
	for _, g := range h.built {
		h.start(ctx, stop, g.Run)
	}
	return h, nil
}

func (h *demoHouse) start(ctx context.Context, stop context.CancelCauseFunc, run func(context.Context) error) {
	h.running.Go(func() error {
		err := run(ctx)
		stop(err)
		return err
	})
}

// buildPlanner makes the planner. It must be there before the gateway, which
// tells it things, and finds the gateway when it first speaks to it.
func (h *demoHouse) buildPlanner(ctx context.Context) (err error) {
	file, err := os.Create(filepath.Join(h.dir, "planner.log"))
	if err != nil {
		return err
	}
	h.logs = append(h.logs, file)
	h.planner, err = planner.New(ctx, planner.Options{
		URL: "http://lisgate", User: "planner", Password: h.secrets["planner"], HTTP: h.http,
		Dir: filepath.Join(h.dir, "planner"), Callers: []config.Caller{h.caller("lisgate")}, Log: demoLog(file),
		Term: campus.Session, TimeZone: campus.Zone, Clash: 1,
	})
	return err
}

// dial reaches the gateway by the name lisgate.
func (h *demoHouse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if strings.HasPrefix(address, "lisgate:") {
		address = h.gateway.Addr()
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// build makes one system, with its folder and a log beside it.
func (h *demoHouse) build(ctx context.Context, name string, c *config.Config) (*gateway.Gateway, error) {
	c.Listen, c.Data = "127.0.0.1:0", filepath.Join(h.dir, name)
	file, err := os.Create(filepath.Join(h.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	h.logs = append(h.logs, file)
	g, err := gateway.New(ctx, c, demoLog(file))
	if err != nil {
		return nil, fmt.Errorf("start the %s of the demo: %w", name, err)
	}
	h.built = append(h.built, g)
	return g, nil
}

func demoLog(file *os.File) *zap.Logger {
	encoder := zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig())
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(file), zap.InfoLevel))
}

// endpoint is the config of a pretend system: it knows lisgate only.
func (h *demoHouse) endpoint() *config.Config {
	c := config.Default()
	c.Callers = []config.Caller{h.caller("lisgate")}
	c.Anonymous = nil
	return c
}

// between is the config of the gateway.
func (h *demoHouse) between() *config.Config {
	c := config.Default() // whoever is on this machine may look around, as is the default
	c.Callers = []config.Caller{h.caller("sis"), h.caller("lms"), h.caller("planner")}
	c.Targets = []config.Target{h.target("lms", h.lms.Addr()), h.target("sis", h.sis.Addr()), h.target("planner", h.planner.Addr())}
	c.Routes = []config.Route{
		{Name: "roster", From: []string{"sis"}, To: []string{"lms"}, Kinds: []string{"person", "group", "membership",
			"courseTemplate", "courseOffering", "courseSection", "sectionAssociation"}},
		{Name: "planning", From: []string{"sis"}, To: []string{"planner"}, Kinds: []string{"courseSection"}, Term: []string{string(campus.Session)}},
		{Name: "grades", From: []string{"lms"}, To: []string{"sis"}, Kinds: []string{"lineItem", "result", "resultValue"}},
	}
	c.Plans = []config.Plan{{Name: "next-term", Planner: "planner", SIS: "sis", Publish: []string{"lms"}, TimeZone: campus.Zone}}
	if err := c.Check(); err != nil {
		panic(err) // it is written above
	}
	return c
}

func (h *demoHouse) caller(name string) config.Caller {
	return config.Caller{Name: name, Profile: "strict", Basic: &config.Basic{User: name, Password: h.secrets[name]}}
}

// demoWorkers is how many changes travel to one target at a time.
const demoWorkers = 48

func (h *demoHouse) target(name, address string) config.Target {
	return config.Target{Name: name, Adapter: "lissoap", URL: "http://" + address + "/lis/", Profile: "strict",
		Basic:   &config.Basic{User: "lisgate", Password: h.secrets["lisgate"]},
		Workers: demoWorkers, Timeout: 30 * time.Second, FirstDelay: 100 * time.Millisecond, MaxDelay: time.Second}
}

// client is how the pretend system of a name speaks to the gateway.
func (h *demoHouse) client(name string) (*lissoap.Client, error) {
	return lissoap.NewClient(lissoap.Options{URL: h.address() + "/lis/",
		Basic: &lissoap.Basic{User: name, Password: lissoap.Secret(h.secrets[name])}})
}

func (h *demoHouse) address() string { return "http://" + h.gateway.Addr() }

// wait returns when all have ended.
func (h *demoHouse) wait() error {
	err := errors.Join(h.running.Wait(), h.closeLogs())
	h.http.CloseIdleConnections()
	return err
}

// close lets go of what was built and never ran.
func (h *demoHouse) close() error {
	var errs []error
	for _, g := range h.built {
		errs = append(errs, g.Close())
	}
	if h.planner != nil {
		errs = append(errs, h.planner.Close())
	}
	return errors.Join(append(errs, h.closeLogs())...)
}

func (h *demoHouse) closeLogs() error {
	var errs []error
	for _, file := range h.logs {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}
