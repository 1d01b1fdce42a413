// Package plan plays what planners and SIS do with each other: real gateways
// over loopback, spoken to over SOAP.
package plan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/adapters/lissoap"
	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A house is a gateway between a SIS, a planner and an LMS. The three are
// lisgates of their own without routes: real LIS endpoints.
type house struct {
	*testing.T
	dir       string
	gate      *gateway.Gateway
	sis       *gateway.Gateway
	lms       *gateway.Gateway
	planner   *gateway.Gateway
	stop      func() // the gateway
	settings  *config.Config
	front     *front
	planFront *front
	planDown  atomic.Bool
	asSIS     *lissoap.Client
	asPlan    *lissoap.Client
	n         int
}

// open builds the four; change may alter the plan.
func open(t *testing.T, change func(*config.Plan)) *house {
	t.Helper()
	h := &house{T: t, dir: t.TempDir()}
	h.build(func(c *config.Config) {
		if change != nil {
			change(&c.Plans[0])
		}
	})
	return h
}

// build builds the four; change may alter the config of the gateway.
func (h *house) build(change func(*config.Config)) {
	h.Helper()
	h.sis, h.lms, h.planner = h.run("sis", config.Default()), h.run("lms", config.Default()), h.run("planner", config.Default())
	h.front, h.planFront = newFront(h.T, h.sis.Addr()), newFront(h.T, h.planner.Addr())
	h.planFront.answer(func(string) (int, string) {
		if h.planDown.Load() {
			return 503, ""
		}
		return 0, ""
	})
	h.settings = h.config(change)
	h.restart()
}

// restart starts the gateway, on what it knew before.
func (h *house) restart() {
	h.Helper()
	if h.stop != nil {
		h.stop()
	}
	h.gate, h.stop = h.start("gateway", h.settings)
	h.asSIS, h.asPlan = h.client("sis"), h.client("planner")
}

func (h *house) config(change func(*config.Config)) *config.Config {
	c := config.Default()
	for _, name := range []string{"sis", "planner"} {
		c.Callers = append(c.Callers, config.Caller{Name: name, Profile: "tolerant", Admin: name == "sis", Basic: &config.Basic{User: name, Password: "secret"}})
	}
	c.Targets = []config.Target{target("sis", h.front.URL), target("lms", "http://"+h.lms.Addr()), target("planner", h.planFront.URL)}
	c.Targets[0].Settings = config.Settings{"create_by_proxy": "true"}
	c.Routes = []config.Route{{Name: "roster", From: []string{"sis"}, To: []string{"lms", "planner"}}}
	c.Plans = []config.Plan{{Name: "term", Planner: "planner", SIS: "sis", Publish: []string{"lms"}, AnswerWithin: 5 * time.Second}}
	change(c)
	if err := c.Check(); err != nil {
		h.Fatal(err)
	}
	return c
}

func target(name, url string) config.Target {
	return config.Target{Name: name, Adapter: "lissoap", URL: url + "/lis/", Workers: 8, Timeout: 5 * time.Second,
		FirstDelay: 20 * time.Millisecond, MaxDelay: 200 * time.Millisecond}
}

// run runs a gateway until the test ends.
func (h *house) run(name string, c *config.Config) *gateway.Gateway {
	h.Helper()
	g, _ := h.start(name, c)
	return g
}

// start runs a gateway until it is stopped, or the test ends.
func (h *house) start(name string, c *config.Config) (*gateway.Gateway, func()) {
	h.Helper()
	c.Listen, c.Data = "127.0.0.1:0", filepath.Join(h.dir, name)
	g, err := gateway.New(context.Background(), c, zap.NewNop())
	if err != nil {
		h.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			h.Errorf("%s: %v", name, err)
		}
	})
	h.Cleanup(stop)
	return g, stop
}

func (h *house) client(user string) *lissoap.Client {
	c, err := lissoap.NewClient(lissoap.Options{URL: "http://" + h.gate.Addr() + "/lis/", Basic: &lissoap.Basic{User: user, Password: "secret"}})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { c.Close() })
	return c
}

// say makes a call and returns how it was answered, whatever that is.
func (h *house) say(as *lissoap.Client, call *lis.Call) *lis.Answer {
	h.Helper()
	h.n++
	answer, err := as.Call(context.Background(), h.Name()+strings.Repeat("i", h.n), call)
	var status *lissoap.StatusError
	switch {
	case errors.As(err, &status):
		return &lis.Answer{Status: status.Status}
	case err != nil:
		h.Fatal(err)
	}
	return answer
}

// must makes a call that is to succeed.
func (h *house) must(as *lissoap.Client, call *lis.Call) *lis.Answer {
	h.Helper()
	a := h.say(as, call)
	if a.Status.CodeMajor != lis.Success {
		h.Fatalf("%s: %+v", call.Operation, a.Status)
	}
	return a
}

// is checks a status.
func (h *house) is(got lis.Status, major lis.CodeMajor, severity lis.Severity, minor lis.CodeMinor, words ...string) {
	h.Helper()
	if got.CodeMajor != major || got.Severity != severity || got.CodeMinor != minor {
		h.Errorf("answered %s/%s/%s %q, want %s/%s/%s", got.CodeMajor, got.Severity, got.CodeMinor, got.Description, major, severity, minor)
	}
	for _, w := range words {
		if !strings.Contains(got.Description, w) {
			h.Errorf("the description %q does not say %q", got.Description, w)
		}
	}
}

// within waits until f is true.
func (h *house) within(what string, f func() bool) {
	h.Helper()
	for until := time.Now().Add(15 * time.Second); !f(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			h.Fatalf("%s: not within 15 seconds", what)
		}
	}
}

// held returns what a system has of an object, nil for nothing.
func (h *house) held(g *gateway.Gateway, kind lis.Kind, id lis.SourcedID) *lis.Record {
	h.Helper()
	snap, err := g.Store().Snapshot(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	e, err := snap.Get(kind, id)
	if err != nil {
		h.Fatal(err)
	}
	if e == nil || e.Deleted {
		return nil
	}
	r, err := lis.UnmarshalRecord(kind, id, e.Body)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// meeting returns the meeting text that a system has of a section.
func (h *house) meeting(g *gateway.Gateway, id lis.SourcedID) string {
	r := h.held(g, lis.KindCourseSection, id)
	if r == nil {
		return "none"
	}
	return r.Object.(*lis.CourseSection).Meeting.String()
}

// changes counts what has ever changed at a system.
func (h *house) changes(g *gateway.Gateway) int {
	h.Helper()
	snap, err := g.Store().Snapshot(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	n := 0
	for i := range lis.Kinds {
		for e, err := range snap.Scan(lis.Kinds[i].Kind, journal.Filter{Deleted: true}) {
			if err != nil {
				h.Fatal(err)
			}
			n += int(e.Version)
		}
	}
	return n
}

// idle waits until the gateway has delivered what is due.
func (h *house) idle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.gate.Idle(ctx); err != nil {
		h.Fatal(err)
	}
}

// A front stands before the SIS, and can answer in its place.
type front struct {
	*httptest.Server
	mu      sync.Mutex
	instead func(body string) (status int, answer string)
	calls   int
}

func newFront(t *testing.T, address string) *front {
	f := &front{}
	u, _ := url.Parse("http://" + address)
	// Without X-Forwarded-For: the SIS takes who comes from this machine.
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		instead := f.instead
		f.calls++
		f.mu.Unlock()
		if instead != nil {
			if status, answer := instead(string(body)); status != 0 {
				w.Header().Set("Content-Type", "text/xml; charset=utf-8")
				w.WriteHeader(status)
				io.WriteString(w, answer)
				return
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		f.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return f
}

// answer has the front answer in place of the SIS; nil ends that.
func (f *front) answer(instead func(body string) (int, string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instead = instead
}

func (f *front) heard() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// saying answers section writes with a status, as a SIS does that has its own
// mind.
func saying(major lis.CodeMajor, minor lis.CodeMinor, text string) func(string) (int, string) {
	return func(body string) (int, string) {
		for _, op := range []string{"replaceCourseSection", "createByProxyCourseSection"} {
			if strings.Contains(body, op+"Request") {
				return 200, envelope(op, major, minor, text)
			}
		}
		return 0, ""
	}
}

func envelope(op string, major lis.CodeMajor, minor lis.CodeMinor, text string) string {
	severity := "status"
	if major == lis.Failure {
		severity = "error"
	}
	const space = "http://www.imsglobal.org/services/lis/cmsv1p0/wsdl11/sync/imscms_v1p0"
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><h:imsx_syncResponseHeaderInfo xmlns:h="` + space + `">` +
		`<h:imsx_version>V1.0</h:imsx_version><h:imsx_messageIdentifier>a</h:imsx_messageIdentifier><h:imsx_statusInfo>` +
		`<h:imsx_codeMajor>` + string(major) + `</h:imsx_codeMajor><h:imsx_severity>` + severity + `</h:imsx_severity>` +
		`<h:imsx_messageRefIdentifier>b</h:imsx_messageRefIdentifier><h:imsx_description>` + text + `</h:imsx_description>` +
		`<h:imsx_codeMinor><h:imsx_codeMinorField><h:imsx_codeMinorFieldName>sis</h:imsx_codeMinorFieldName><h:imsx_codeMinorFieldValue>` +
		string(minor) + `</h:imsx_codeMinorFieldValue></h:imsx_codeMinorField></h:imsx_codeMinor></h:imsx_statusInfo></h:imsx_syncResponseHeaderInfo></s:Header>` +
		`<s:Body><` + op + `Response xmlns="` + space + `"/></s:Body></s:Envelope>`
}
