package soap

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// A house is a door with all that is behind it, on loopback.
type house struct {
	t     *testing.T
	door  *Door
	store journal.Store
	seen  *notes
	url   string
}

// An option changes what a house is made of, before it is built.
type option func(*plan)

type plan struct {
	door  Options
	guard guard.Options
	books registrar.Options
}

// noon is when the clock of a house stands still.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, options ...option) *house {
	t.Helper()
	h := &house{t: t, seen: &notes{}}
	p := &plan{
		guard: guard.Options{Anonymous: &guard.AnonymousOptions{}, AnonymousAnywhere: true, Now: func() time.Time { return noon }},
		books: registrar.Options{NewID: func() string { return "allotted-1" }, Now: func() time.Time { return noon }},
		door:  Options{Observer: h.seen, Log: zap.NewNop(), Now: func() time.Time { return noon }},
	}
	for _, o := range options {
		o(p)
	}
	if p.books.Store == nil {
		p.books.Store = journaltest.NewMemory(func() time.Time { return noon })
	}
	h.store = p.books.Store
	t.Cleanup(func() { h.store.Close() })
	p.guard.Nonces = h.store
	g, err := guard.New(p.guard)
	if err != nil {
		t.Fatal(err)
	}
	p.door.Guard = g
	if p.door.Registrar == nil {
		p.door.Registrar = registrar.New(p.books)
	}
	h.door = New(p.door)
	h.door.idPrefix = "r-"
	srv := httptest.NewServer(h.door)
	t.Cleanup(srv.Close)
	h.url = srv.URL
	return h
}

// profile makes the callers of a house peers of a profile.
func profile(name string) option {
	return func(p *plan) { p.guard.Anonymous = &guard.AnonymousOptions{Profile: name} }
}

// notes is an Observer that remembers.
type notes struct {
	mu         sync.Mutex
	answered   []string
	faults     []string
	limits     []string
	deviations []string
}

func (n *notes) add(to *[]string, s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	*to = append(*to, s)
}

func (n *notes) Answered(s lis.Service, op string, st lis.Status, _ time.Duration) {
	n.add(&n.answered, string(s)+" "+op+" "+string(st.CodeMinor))
}
func (n *notes) Faulted(code string)    { n.add(&n.faults, code) }
func (n *notes) OverLimit(limit string) { n.add(&n.limits, limit) }
func (n *notes) Deviated(caller, rule string, times int) {
	n.add(&n.deviations, caller+" "+rule)
}

func (n *notes) list(of *[]string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(*of)
}

// A reply is what the door answered.
type reply struct {
	*Parsed
	code int
	head http.Header
	text string
}

// post sends text to a path; headers come in pairs, and "" takes one away.
func (h *house) post(path, text string, headers ...string) *reply {
	h.t.Helper()
	return h.do(h.request(http.MethodPost, path, strings.NewReader(text), headers...))
}

func (h *house) request(method, path string, body io.Reader, headers ...string) *http.Request {
	h.t.Helper()
	r, err := http.NewRequest(method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	}
	for i := 0; i < len(headers); i += 2 {
		switch headers[i+1] {
		case "":
			r.Header.Del(headers[i])
		default:
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return r
}

func (h *house) do(r *http.Request) *reply {
	h.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	a := &reply{Parsed: &Parsed{}, code: resp.StatusCode, head: resp.Header, text: string(text)}
	if p, err := Parse(text, wire.Limits{}); err == nil {
		a.Parsed = p
	}
	return a
}

// want holds the status of a response against "major minor".
func (a *reply) want(t *testing.T, status string) *reply {
	t.Helper()
	got := "no status"
	if a.Status != nil {
		got = string(a.Status.CodeMajor) + " " + string(a.Status.CodeMinor)
	}
	if got != status || a.code != http.StatusOK || a.Kind != "response" {
		t.Errorf("got %s with HTTP %d, want %s\n%s", got, a.code, status, a.text)
	}
	return a
}

// wantFault holds a fault against its HTTP status, its code, and words of its text.
func (a *reply) wantFault(t *testing.T, code int, fault string, words ...string) *reply {
	t.Helper()
	if a.Kind != "fault" || a.code != code || !strings.Contains(a.text, ":"+fault+"<") {
		t.Errorf("got HTTP %d %s, want %d and a fault %s\n%s", a.code, a.Kind, code, fault, a.text)
	}
	for _, w := range words {
		if !strings.Contains(a.Fault, w) {
			t.Errorf("the fault does not say %q: %s", w, a.Fault)
		}
	}
	return a
}

// call makes the body element of a call, as a peer would send it.
func call(c *lis.Call) string {
	op := operations[c.Operation+"Request"]
	x := &wire.Writer{Complete: true}
	x.OpenIn(op.Request, namespaces[op.meaning.Service])
	op.WriteCall(x, c)
	x.Close(op.Request)
	return string(x.Buf)
}

// envelope wraps a body element, with header blocks before that of LIS.
func envelope(version wire.SOAPVersion, body string, blocks ...string) string {
	space := ""
	if _, rest, ok := strings.Cut(body, `xmlns="`); ok {
		space, _, _ = strings.Cut(rest, `"`)
	}
	head := wire.RequestHeader{MessageID: "m-1"}
	var x wire.Writer
	x.OpenEnvelope(version, func() {
		x.Raw(strings.Join(blocks, ""))
		head.WriteXML(&x, space)
	})
	x.Raw(body)
	x.CloseEnvelope()
	return string(x.Buf)
}

// message is an envelope of SOAP 1.1 round a call.
func soap11(c *lis.Call) string { return envelope(wire.SOAP11, call(c)) }

func text(s string) *lis.Text { return lis.NewText("en", s) }

// person is a call that replaces a person.
func person(id lis.SourcedID, name string) *lis.Call {
	return &lis.Call{Operation: "replacePerson", ID: id, Record: &lis.Record{ID: id, Object: &lis.Person{
		FormName: []lis.FormName{{FormNameType: token("Full"), FormattedName: text(name)}}}}}
}

func token(value string) *lis.BaseValue {
	return &lis.BaseValue{InstanceIdentifier: text("1"), InstanceVocabulary: "http://vocabulary.example/" + value, InstanceValue: text(value)}
}

func readPerson(id lis.SourcedID) *lis.Call { return &lis.Call{Operation: "readPerson", ID: id} }

// messages returns what the journal keeps about an object.
func (h *house) messages(id lis.SourcedID) []*journal.Message {
	h.t.Helper()
	snap, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	kept, err := lis.Collect(snap.Messages(id))
	if err != nil {
		h.t.Fatal(err)
	}
	return kept
}

// stored reports whether an object is there.
func (h *house) stored(k lis.Kind, id lis.SourcedID) bool {
	h.t.Helper()
	snap, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	e, err := snap.Get(k, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return e != nil && !e.Deleted
}

func replaced(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}
