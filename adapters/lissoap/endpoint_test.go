package lissoap

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An endpoint is a small LIS system: strict about what it reads, with a map
// for a memory. What is replaced by the same again is no effect.
type endpoint struct {
	t *testing.T
	// takes says which operations it knows; nil for all.
	takes func(lis.Operation) bool
	// parents makes it refuse what refers to something that is not there.
	parents bool

	mu      sync.Mutex
	point   string            // the newest savepoint
	changed map[object]string // when, where it is known: a savepoint
	records map[object]*lis.Record
	allots  map[string]lis.SourcedID // identifiers that it allots, by message; nil when it does not
	effects int
	seen    []string // operations, in order
}

type object struct {
	kind lis.Kind
	id   lis.SourcedID
}

func serve(t *testing.T, e *endpoint) string {
	t.Helper()
	e.t, e.records = t, map[object]*lis.Record{}
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	return s.URL
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		io.WriteString(w, `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>`)
		return
	}
	document, _ := io.ReadAll(r.Body)
	header, call, op := e.decode(string(document))
	if op == nil {
		http.Error(w, "not understood", http.StatusInternalServerError)
		return
	}
	if got, want := strings.Trim(r.Header.Get("SOAPAction"), `"`), op.Action; got != want {
		e.t.Errorf("SOAPAction %q, want %q", got, want)
	}
	answer := e.carryOut(op, call)
	if op.meaning.Verb == lis.CreateByProxy && answer.Status.OK() {
		answer.ID = e.allot(header.MessageID, op.meaning.Kind, call)
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Write(answerOf(op, header.MessageID, answer))
}

// decode reads a request with no deviation taken.
func (e *endpoint) decode(document string) (header wire.RequestHeader, call *lis.Call, op *operation) {
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	_, ok := d.OpenEnvelope(func() bool { header.ReadXML(d); return true })
	if op = requests[d.Local()]; !ok || op == nil {
		e.t.Errorf("request: %v: %s", d.Err(), document)
		return header, nil, nil
	}
	call = &lis.Call{Operation: op.Name}
	d.Expect(op.space, nil)
	op.ReadCall(d, call)
	d.CloseEnvelope()
	if err := d.Err(); err != nil {
		e.t.Errorf("request: %v: %s", err, document)
		return header, nil, nil
	}
	return header, call, op
}

func answerOf(op *operation, ref string, a *lis.Answer) []byte {
	w := &wire.Writer{Complete: true}
	w.OpenEnvelope(wire.SOAP11, func() {
		(&wire.ResponseHeader{MessageID: "r-1", RefID: ref, Status: a.Status}).WriteXML(w, op.space)
	})
	w.OpenIn(op.Response, op.space)
	if err := op.WriteAnswer(w, a, func() error { return nil }); err != nil {
		panic(err)
	}
	w.Close(op.Response)
	w.CloseEnvelope()
	return w.Buf
}

func (e *endpoint) carryOut(op *operation, c *lis.Call) *lis.Answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, op.Name)
	a := &lis.Answer{Status: lis.StatusOf(lis.Done, op.meaning.Service, "")}
	if e.takes != nil && !e.takes(op.meaning) {
		a.Status = lis.StatusOf(lis.NotOffered, op.meaning.Service, "")
		return a
	}
	if op.meaning.Verb.Writes() {
		a.Status = lis.StatusOf(e.write(op, c), op.meaning.Service, e.missing(c))
		return a
	}
	e.read(op, c, a)
	return a
}

// allot creates what was created by proxy; it remembers messages.
func (e *endpoint) allot(message string, kind lis.Kind, c *lis.Call) lis.SourcedID {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.Record.ID != "" {
		e.t.Errorf("a sourcedId %q came, and nobody looks at it", c.Record.ID)
	}
	id, again := e.allots[message]
	if e.allots == nil || again {
		return id
	}
	id = lis.SourcedID(fmt.Sprint("T-", len(e.allots)+1))
	e.allots[message] = id
	e.records[object{kind, id}] = &lis.Record{ID: id, Object: c.Record.Object}
	e.effects++
	return id
}

func (e *endpoint) write(op *operation, c *lis.Call) lis.Situation {
	key := object{op.meaning.Kind, c.ID}
	was := e.records[key]
	switch op.meaning.Verb {
	case lis.CreateByProxy:
		return lis.Done // see allot
	case lis.Create:
		if was != nil {
			return lis.NewIDInUse
		}
		e.records[key] = c.Record
	case lis.Replace:
		if e.missing(c) != "" {
			return lis.NotThere
		}
		if reflect.DeepEqual(was, c.Record) {
			return lis.Done
		}
		e.records[key] = c.Record
	case lis.Delete, lis.ChangeIdentifier:
		if was == nil {
			return lis.NotThere
		}
		delete(e.records, key)
		if c.NewID != "" {
			e.records[object{op.meaning.Kind, c.NewID}] = &lis.Record{ID: c.NewID, Agent: was.Agent, Object: was.Object}
		}
	}
	e.effects++
	return lis.Done
}

// missing names a person, section or line item that a record refers to in vain.
func (e *endpoint) missing(c *lis.Call) string {
	if !e.parents || c.Record == nil {
		return ""
	}
	for _, link := range c.Record.Object.Links() {
		kinds := map[string]lis.Kind{lis.LinkPerson: lis.KindPerson, lis.LinkCollection: lis.KindCourseSection, lis.LinkLineItem: lis.KindLineItem,
			lis.LinkTemplate: lis.KindCourseTemplate, lis.LinkOffering: lis.KindCourseOffering}
		if kind, ok := kinds[link.Name]; ok && e.records[object{kind, lis.SourcedID(link.Value)}] == nil {
			return "no " + string(kind) + " " + link.Value
		}
	}
	return ""
}

func (e *endpoint) read(op *operation, c *lis.Call, a *lis.Answer) {
	kind := op.meaning.Kind
	switch op.meaning.Verb {
	case lis.Read:
		if a.Record = e.records[object{kind, c.ID}]; a.Record == nil {
			a.Status = lis.StatusOf(lis.NotThere, op.meaning.Service, "")
		}
	case lis.ReadAllIDs, lis.ReadIDsFor:
		var ids []lis.SourcedID
		for key, r := range e.records {
			links := r.Object.Links()
			if key.kind == kind && (c.Of == "" || slices.Contains(links, lis.Link{Name: lis.LinkLineItem, Value: string(c.Of)}) ||
				slices.Contains(links, lis.Link{Name: lis.LinkContext, Value: string(c.Of)})) {
				ids = append(ids, key.id)
			}
		}
		slices.Sort(ids)
		a.IDs = lis.Seq(ids)
	case lis.ReadIDsFrom:
		a.IDs, a.SavePoint = lis.Seq(e.since(kind, c.SavePoint)), e.point
	case lis.ReadPlural:
		var records []*lis.Record
		for _, id := range c.IDs {
			if r := e.records[object{kind, id}]; r != nil {
				records = append(records, r)
			}
		}
		a.Records = lis.Seq(records)
	}
}

// since returns the ids of what changed after a savepoint, of what is gone too.
func (e *endpoint) since(kind lis.Kind, point string) []lis.SourcedID {
	var ids []lis.SourcedID
	for key, at := range e.changed {
		if key.kind == kind && at > point {
			ids = append(ids, key.id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (e *endpoint) operations() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.seen)
}

func (e *endpoint) keys() []object {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Collect(maps.Keys(e.records))
}
