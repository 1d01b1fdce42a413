package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lisgate/cmd/lisgate/campus"
	"lisgate/cmd/lisgate/planner"
	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// A campusHouse is a house whose planner plans, and whose doors are counted.
type campusHouse struct {
	*house
	*campus.Campus
	planning                *planner.Planner
	toSIS, toLMS, toPlanner *meter
	fullest                 lis.SourcedID // room, which is closed in the end
}

// openCampus builds the four. The SIS has its campus already: it is what it
// sends.
func openCampus(t *testing.T, c *campus.Campus) *campusHouse {
	t.Helper()
	h := &campusHouse{house: &house{T: t, dir: t.TempDir()}, Campus: c}
	h.sis, h.lms = h.run("sis", config.Default()), h.run("lms", config.Default())
	h.toSIS, h.toLMS, h.toPlanner = newMeter(t), newMeter(t), newMeter(t)
	h.toSIS.leadTo(h.sis.Addr())
	h.toLMS.leadTo(h.lms.Addr())
	h.gate = h.run("gateway", h.campusConfig())
	h.planning = h.plannerAt("http://" + h.gate.Addr())
	h.toPlanner.leadTo(h.planning.Addr())
	h.post("http://"+h.sis.Addr()+"/lis/bdems/file", "", "text/xml; charset=utf-8", h.seedFile())
	return h
}

func (h *campusHouse) campusConfig() *config.Config {
	c := config.Default()
	for _, name := range []string{"sis", "planner"} {
		c.Callers = append(c.Callers, config.Caller{Name: name, Profile: "strict", Admin: name == "sis", Basic: &config.Basic{User: name, Password: "secret"}})
	}
	for _, to := range []struct {
		name string
		m    *meter
	}{{"sis", h.toSIS}, {"lms", h.toLMS}, {"planner", h.toPlanner}} {
		one := target(to.name, to.m.URL)
		one.Workers, one.Timeout = 32, 30*time.Second
		c.Targets = append(c.Targets, one)
	}
	c.Plans = []config.Plan{{Name: "term", Planner: "planner", SIS: "sis", Publish: []string{"lms"}, TimeZone: campus.Zone, AnswerWithin: time.Minute}}
	// What students want is the planner's to know, and it fetches that.
	c.Routes = []config.Route{
		{Name: "roster", From: []string{"sis"}, To: []string{"lms"}, Kinds: []string{"person", "group", "courseTemplate", "courseOffering", "courseSection", "sectionAssociation"}},
		{Name: "members", From: []string{"sis"}, To: []string{"lms"}, Kinds: []string{"membership"}, When: `membership.membershipIdType == "courseSection"`},
	}
	if err := c.Check(); err != nil {
		h.Fatal(err)
	}
	return c
}

func (h *campusHouse) plannerAt(url string) *planner.Planner {
	h.Helper()
	p, err := planner.New(context.Background(), planner.Options{
		URL: url, User: "planner", Password: "secret", Dir: filepath.Join(h.dir, "planner"), TimeZone: campus.Zone,
	})
	if err != nil {
		h.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	h.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			h.Errorf("planner: %v", err)
		}
	})
	return p
}

func (h *campusHouse) seedFile() io.Reader {
	var file bytes.Buffer
	if err := h.WriteBulk(&file); err != nil {
		h.Fatal(err)
	}
	return &file
}

// sendSeed has the SIS send all as one bulk file.
func (h *campusHouse) sendSeed() {
	answer := h.post("http://"+h.gate.Addr()+"/lis/bdems/file", "sis", "text/xml; charset=utf-8", h.seedFile())
	parsed, err := soap.Parse(answer, wire.Limits{})
	if err != nil || parsed.Call == nil || parsed.Call.Report == nil || *parsed.Call.Report.Failed > 0 {
		h.Fatalf("the seed: %v: %.500s", err, answer)
	}
	h.Logf("%d objects as one bulk file", *parsed.Call.Report.Applied)
	h.idle()
}

// order gives the gateway an order of its operator.
func (h *campusHouse) order(path, body string) (done struct{ Published int }) {
	answer := h.post("http://"+h.gate.Addr()+path, "sis", "application/json", strings.NewReader(body))
	if err := json.Unmarshal(answer, &done); err != nil {
		h.Fatalf("%s: %v: %s", path, err, answer)
	}
	return done
}

func (h *campusHouse) post(url, user, contentType string, body io.Reader) []byte {
	h.Helper()
	r, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		h.Fatal(err)
	}
	if user != "" {
		r.SetBasicAuth(user, "secret")
	}
	r.Header.Set("Content-Type", contentType)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		h.Fatalf("%s: %s: %v: %.500s", url, answer.Status, err, text)
	}
	return text
}

// idle waits until all is delivered: a whole campus takes its time.
func (h *campusHouse) idle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := h.gate.Idle(ctx); err != nil {
		h.Fatal(err)
	}
}

// A meter stands before a system and notes what comes to it.
type meter struct {
	*httptest.Server
	mu    sync.Mutex
	to    *url.URL
	calls int
	heard map[lis.Kind][]lis.SourcedID
}

func newMeter(t *testing.T) *meter {
	m := &meter{heard: map[lis.Kind][]lis.SourcedID{}}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	proxy := &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(m.to) }}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		m.note(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		m.Close()
		transport.CloseIdleConnections()
	})
	return m
}

// leadTo is called before anything comes.
func (m *meter) leadTo(address string) { m.to = &url.URL{Scheme: "http", Host: address} }

// note takes down which object a message is about.
func (m *meter) note(body []byte) {
	p, err := soap.Parse(body, wire.Limits{})
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if err != nil || p.Call == nil {
		return
	}
	id := p.Call.ID
	if p.Call.Record != nil && p.Call.Record.ID != "" {
		id = p.Call.Record.ID
	}
	if op, ok := lis.OperationNamed(p.Call.Operation); ok {
		m.heard[op.Kind] = append(m.heard[op.Kind], id)
	}
}

func (m *meter) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = 0
	clear(m.heard)
}

func (m *meter) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

func (m *meter) of(kind lis.Kind) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.heard[kind])
}

// ids are the objects of a kind that came, each once for each time.
func (m *meter) ids(kind lis.Kind) []lis.SourcedID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(slices.Values(m.heard[kind]))
}

func (m *meter) kinds() map[lis.Kind]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := map[lis.Kind]int{}
	for kind, ids := range m.heard {
		n[kind] = len(ids)
	}
	return n
}

// all goes through what a system has of a kind.
func all(t *testing.T, g *gateway.Gateway, kind lis.Kind, do func(*lis.Record)) {
	t.Helper()
	snap, err := g.Store().Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for e, err := range snap.Scan(kind, journal.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		r, err := lis.UnmarshalRecord(kind, e.ID, e.Body)
		if err != nil {
			t.Fatal(err)
		}
		do(r)
	}
}

func sectionsAt(t *testing.T, g *gateway.Gateway) map[lis.SourcedID]*lis.CourseSection {
	t.Helper()
	found := map[lis.SourcedID]*lis.CourseSection{}
	all(t, g, lis.KindCourseSection, func(r *lis.Record) { found[r.ID] = r.Object.(*lis.CourseSection) })
	return found
}

// members are those of a section.
type members []*lis.Membership

// seatsAt returns the members of each section, not those of offerings.
func seatsAt(t *testing.T, g *gateway.Gateway) map[lis.SourcedID]members {
	t.Helper()
	found := map[lis.SourcedID]members{}
	all(t, g, lis.KindMembership, func(r *lis.Record) {
		if m := r.Object.(*lis.Membership); m.MembershipIDType == string(lis.KindCourseSection) {
			found[m.CollectionSourcedID] = append(found[m.CollectionSourcedID], m)
		}
	})
	return found
}

func (all members) learners() []lis.SourcedID    { return all.as("Learner") }
func (all members) instructors() []lis.SourcedID { return all.as("Instructor") }

func (all members) as(role string) (people []lis.SourcedID) {
	for _, m := range all {
		if m.Member.Role[0].RoleType == role && m.Member.Role[0].Status == lis.StatusActive {
			people = append(people, m.Person())
		}
	}
	slices.Sort(people)
	return people
}

func teachersOf(meetings []lis.Meeting) (people []lis.SourcedID) {
	for i := range meetings {
		for _, in := range meetings[i].Instructors {
			people = append(people, in.Person)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}
