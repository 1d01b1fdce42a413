package chaos

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/generated/cms"
	"lisgate/generated/gms"
	"lisgate/generated/mms"
	"lisgate/generated/pms"
)

// An object is the name of a record.
type object struct {
	kind lis.Kind
	id   lis.SourcedID
}

// An effect is a change that the LMS carried out.
type effect struct {
	change  string // its ID
	touched []object
}

// An lms is the system behind the gateway: a strict LIS endpoint that keeps
// records, knows a change by its ID when it comes again, and writes down what
// it did in which order.
type lms struct {
	t     *testing.T
	nasty nastiness

	mu      sync.Mutex
	records map[object]*lis.Record
	seen    map[string]int // how often each change came
	effects []effect
	odd     []string // what a well-behaved gateway would not send
}

func newLMS(t *testing.T, n nastiness) (*lms, string) {
	t.Helper()
	l := &lms{t: t, nasty: n, records: map[object]*lis.Record{}, seen: map[string]int{}}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	return l, server.URL + "/"
}

// operations are those of the wire, by the element of the request.
var operations = func() map[string]wire.Operation {
	table := map[string]wire.Operation{}
	for _, op := range slices.Concat(pms.Operations, gms.Operations, mms.Operations, cms.Operations) {
		table[op.Request] = op
	}
	return table
}()

var namespaces = map[lis.Service]string{lis.PMS: pms.Namespace, lis.GMS: gms.Namespace, lis.MMS: mms.Namespace, lis.CMS: cms.Namespace}

// ServeHTTP answers one request, or misbehaves.
func (l *lms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil || l.nasty.before(w, r) {
		return
	}
	id, op, call := l.decode(string(text))
	if call == nil {
		http.Error(w, "not understood", http.StatusInternalServerError)
		return
	}
	situation := l.apply(id, call)
	if l.nasty.cutsAfter() {
		panic(http.ErrAbortHandler) // the answer is lost
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write(answer(op, id, situation))
}

// decode reads a request and takes no deviation.
func (l *lms) decode(text string) (string, wire.Operation, *lis.Call) {
	var header wire.RequestHeader
	d := wire.NewDecoder(text, wire.Limits{}, 0)
	_, ok := d.OpenEnvelope(func() bool { header.ReadXML(d); return true })
	op, known := operations[d.Local()]
	call := &lis.Call{Operation: op.Name}
	if ok && known {
		d.Expect(space(op.Name), nil)
		op.ReadCall(d, call)
		d.CloseEnvelope()
	}
	if err := d.Err(); err != nil || !known {
		l.note("cannot read a request: " + text)
		return "", op, nil
	}
	return header.MessageID, op, call
}

func space(operation string) string {
	meaning, _ := lis.OperationNamed(operation)
	return namespaces[meaning.Service]
}

// apply carries out a change, once.
func (l *lms) apply(change string, c *lis.Call) lis.Situation {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen[change]++; l.seen[change] > 1 {
		return lis.Done
	}
	op, _ := lis.OperationNamed(c.Operation)
	key := object{op.Kind, c.ID}
	touched := []object{key}
	was := l.records[key]
	if was == nil && op.Verb != lis.Replace {
		l.odd = append(l.odd, c.Operation+" of "+string(c.ID)+", which is not there")
		return lis.NotThere
	}
	switch op.Verb {
	case lis.Replace:
		l.records[key] = c.Record
	case lis.Delete:
		delete(l.records, key)
	case lis.ChangeIdentifier:
		to := object{op.Kind, c.NewID}
		if l.records[to] != nil {
			l.odd = append(l.odd, c.Operation+" to "+string(c.NewID)+", which is there")
		}
		touched = append(touched, to)
		delete(l.records, key)
		l.records[to] = &lis.Record{ID: c.NewID, Agent: was.Agent, Object: was.Object}
	default:
		l.odd = append(l.odd, "an operation that nobody needs: "+c.Operation)
	}
	l.effects = append(l.effects, effect{change, touched})
	return lis.Done
}

func (l *lms) note(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.odd = append(l.odd, text)
}

// again counts the changes that came more than once.
func (l *lms) again() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, times := range l.seen {
		n += times - 1
	}
	return n
}

func answer(op wire.Operation, to string, s lis.Situation) []byte {
	meaning, _ := lis.OperationNamed(op.Name)
	a := &lis.Answer{Status: lis.StatusOf(s, meaning.Service, "")}
	w := &wire.Writer{Complete: true}
	w.OpenEnvelope(wire.SOAP11, func() {
		(&wire.ResponseHeader{MessageID: "lms", RefID: to, Status: a.Status}).WriteXML(w, space(op.Name))
	})
	w.OpenIn(op.Response, space(op.Name))
	if err := op.WriteAnswer(w, a, func() error { return nil }); err != nil {
		panic(err)
	}
	w.Close(op.Response)
	w.CloseEnvelope()
	return w.Buf
}
