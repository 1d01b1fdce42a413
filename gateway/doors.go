package gateway

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"lisgate/adapters/ellucian/ilp"
	"lisgate/config"
	"lisgate/gateway/console"
	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// doors builds all that answers HTTP.
func (g *Gateway) doors(c *config.Config) (*http.ServeMux, error) {
	keeper, err := g.keeper(c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	lisDoor := inFlight(c.Limits.InFlight, soap.New(g.soapOptions(c, keeper)))
	mux.Handle("/lis/", lisDoor)
	for path := range c.Paths {
		mux.Handle(path, lisDoor)
	}
	mux.Handle("POST "+ilp.Path, g.grades.ILP(keeper))
	mux.Handle("/cps/", g.cps.Feeds(keeper))
	mux.Handle("/admin/v1/", console.New(g.consoleRooms(keeper)))
	mux.Handle("GET /metrics", promhttp.HandlerFor(g.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", g.ready)
	mux.HandleFunc("GET /{$}", index)
	return mux, nil
}

// ready says whether messages are taken now.
func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	snap, err := g.store.Snapshot(ctx)
	switch {
	case g.stopping.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, "the journal cannot be read: "+err.Error(), http.StatusServiceUnavailable)
	default:
		snap.Close()
		io.WriteString(w, "ready\n")
	}
}

// index is what a person sees who opens the address in a browser.
func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, `lisgate, an IMS LIS gateway

/lis/pms?wsdl   Person Management       /lis/cms?wsdl    Course Management
/lis/gms?wsdl   Group Management        /lis/oms?wsdl    Outcomes Management
/lis/mms?wsdl   Membership Management   /lis/bdems?wsdl  Bulk Data Exchange

/admin/v1/who/{sourcedId}   what is known of an object
/admin/v1/balance           sent = applied + refused + waiting
/admin/v1/dead              what targets refused
/admin/v1/targets           queues, rates and health of the targets
/admin/v1/holds             what waits for a decision
/admin/v1/plans             how the plans of planners stand
/cps/calendar/{room|person|section}/{sourcedId}.ics   timetables, and as a picture:
/cps/week/{room|person|section}/{sourcedId}.svg
/api/coursesection/grades   grades pushed as to Ellucian ILP
/metrics  /healthz  /readyz
`)
}

func (g *Gateway) soapOptions(c *config.Config, keeper *guard.Guard) soap.Options {
	// What a file may have in all is the same at both doors of bulk files, and
	// the registrar takes it at the start.
	most := int64(g.config.Limits.BulkBytes)
	return soap.Options{
		Registrar: listener{g}, Guard: keeper, Observer: g.metrics, Log: g.log.Named("soap"),
		Limits: wireLimits(c), MessageBytes: int64(c.Limits.MessageBytes),
		Paths: c.Paths, PublicURL: c.PublicURL, Stalled: c.Limits.WriteTimeout,
		Bulk: &soap.Bulk{Import: g.importBulk, Extract: g.extract, Bytes: most, Workers: runtime.GOMAXPROCS(0)},
	}
}

func wireLimits(c *config.Config) wire.Limits {
	l := c.Limits
	return wire.Limits{Depth: l.Depth, Elements: l.Elements, Attributes: l.Attributes,
		NameBytes: int(l.NameBytes), TextBytes: int(l.TextBytes), Namespaces: l.Namespaces}
}

// inFlight bounds how many messages are worked on at one time; who comes on
// top is told to come again.
func inFlight(limit int, next http.Handler) http.Handler {
	if limit <= 0 {
		return next
	}
	places := make(chan struct{}, limit)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "1")
			http.Error(w, string(lis.TargetIsBusy)+": limits.in_flight messages are being worked on; send again later", http.StatusServiceUnavailable)
		}
	})
}

// httpServer makes the server with its deadlines.
func (g *Gateway) httpServer(c *config.Config) (*http.Server, error) {
	s := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.handler.Load().ServeHTTP(w, r) }),
		ReadHeaderTimeout: c.Limits.HeaderTimeout,
		ReadTimeout:       c.Limits.ReadTimeout,
		IdleTimeout:       c.Limits.IdleTimeout,
		MaxHeaderBytes:    int(c.Limits.HeaderBytes),
		ErrorLog:          quiet(g.log),
	}
	if c.TLS.Cert == "" {
		return s, nil
	}
	var err error
	s.TLSConfig, err = g.tlsConfig(c)
	return s, err
}
