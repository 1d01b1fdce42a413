package planner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters/lissoap"
	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/lis"
)

// Options say how a planner is run, and which gateway it plans for.
type Options struct {
	URL      string // of the gateway, without /lis/
	User     string // of HTTP Basic; "" for nobody
	Password config.Secret
	HTTP     *http.Client // how the gateway is reached; our own when nil

	Listen  string          // of the planner's own endpoint; a free port of this machine when ""
	Dir     string          // where it keeps its records
	Callers []config.Caller // who may tell it; anybody on this machine when none
	Log     *zap.Logger     // nothing when nil

	Term     lis.SourcedID // which term; "" for the only one
	TimeZone string        // of all times of day
	Clash    int           // so many sections go into a taken room on the first return
	Now      func() time.Time
	NewID    func() string // of packets and exchanges
}

func (o Options) orDefault() Options {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return "plan-" + rand.Text()[:12] }
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	return o
}

// A Planner is a pretend planning system: a LIS endpoint without routes, whose
// records are what it was told, and a timetabler that works on them. Its
// methods do one thing at a time, whoever calls them. Of people it keeps what
// it is sent and logs nothing.
type Planner struct {
	o        Options
	endpoint *gateway.Gateway
	client   *lissoap.Client
	self     *config.Basic // its own user at its endpoint

	mu       sync.Mutex
	since    time.Time // of the last fetch
	solution *Solution
	known    map[place]*lis.Record     // memberships that there are
	returned map[lis.SourcedID]string  // the packet in which a section went last
	seats    map[lis.SourcedID]bool    // memberships of learners that we sent
	refused  map[lis.SourcedID]Refusal // of a section
	erred    bool
}

// A place is a person in a section.
type place struct{ section, person lis.SourcedID }

// New makes a planner. It answers at its endpoint once Run runs; Fetch, Plan
// and what follows need that.
func New(ctx context.Context, o Options) (*Planner, error) {
	p := &Planner{o: o.orDefault(), returned: map[lis.SourcedID]string{}, seats: map[lis.SourcedID]bool{}, refused: map[lis.SourcedID]Refusal{}}
	options := lissoap.Options{URL: p.o.URL + "/lis/", HTTP: p.o.HTTP}
	if o.User != "" {
		options.Basic = &lissoap.Basic{User: o.User, Password: lissoap.Secret(o.Password)}
	}
	var err error
	if p.client, err = lissoap.NewClient(options); err != nil {
		return nil, fmt.Errorf("planner: %w", err)
	}
	if p.endpoint, err = gateway.New(ctx, p.config(), p.o.Log); err != nil {
		return nil, errors.Join(fmt.Errorf("planner: %w", err), p.client.Close())
	}
	return p, nil
}

// config is that of the endpoint.
func (p *Planner) config() *config.Config {
	c := config.Default()
	c.Listen, c.Data = p.o.Listen, p.o.Dir
	if len(p.o.Callers) > 0 {
		p.self = &config.Basic{User: "planner-itself", Password: config.Secret(rand.Text())}
		c.Callers = append([]config.Caller{{Name: "planner-itself", Profile: "strict", Basic: p.self}}, p.o.Callers...)
		c.Anonymous = nil
	}
	return c
}

// Addr is the address of the endpoint.
func (p *Planner) Addr() string { return p.endpoint.Addr() }

// Endpoint is the LIS endpoint, with the planner's records.
func (p *Planner) Endpoint() *gateway.Gateway { return p.endpoint }

// Run answers at the endpoint until the context ends.
func (p *Planner) Run(ctx context.Context) error {
	err := p.endpoint.Run(ctx)
	return errors.Join(err, p.hangUp())
}

// Close lets go of a planner that was never run.
func (p *Planner) Close() error { return errors.Join(p.endpoint.Close(), p.hangUp()) }

func (p *Planner) hangUp() error {
	p.o.HTTP.CloseIdleConnections()
	return p.client.Close()
}
