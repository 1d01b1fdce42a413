// Package httpjson reaches systems that take JSON over HTTP on paths of their
// own: home-grown ones, and products such as SITS StuTalk where each site says
// what its messages look like. A Put is PUT {URL}/{path}/{id}, a Drop DELETE. No
// Rekey: a new object and the end of the old one would lose what hangs on it.
package httpjson

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// A Secret is printed as <secret>.
type Secret = peer.Secret

// Options say where the system is and how it wants things.
type Options struct {
	URL      string
	Paths    map[lis.Kind]string // where it takes which kind
	Headers  map[string]Secret   // sent with each request, such as Authorization
	Body     string              // of a PUT, where {id}, {kind} and {record} are JSON; "" for {record}
	Record   string              // the member of an answer to GET that is the record; "" for all of it
	TargetID string              // the member of an answer to PUT that is the system's own id; "" for none
}

// An Adapter reaches one system.
type Adapter struct {
	Options
	client *peer.Client
}

// New makes an adapter.
func New(o Options) (*Adapter, error) {
	if u, err := url.Parse(o.URL); err != nil || u.Host == "" || len(o.Paths) == 0 {
		return nil, errors.New("httpjson needs url, with http or https, and paths, with one for each kind that it is to take")
	}
	return &Adapter{o, peer.New(peer.Connection{}.Or(time.Minute, 1<<20))}, nil
}

// Apply puts or deletes. A system that has newer than LIS-Sequence answers 412.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	method, body := http.MethodDelete, ""
	switch {
	case c.Act == lis.Put && c.Record != nil && c.Record.Object != nil:
		id, _ := json.Marshal(c.Key)
		record, _ := lis.MarshalRecord(c.Record) // words can be written
		fill := strings.NewReplacer("{id}", string(id), "{kind}", strconv.Quote(string(c.Kind)), "{record}", string(record))
		method, body = http.MethodPut, fill.Replace(cmp.Or(a.Body, "{record}"))
	case c.Act != lis.Drop:
		return lis.Outcome{}, failed(adapters.Unsupported, "no way to %q a %s with this content", c.Act, c.Kind)
	}
	status, answer, err := a.ask(ctx, method, c.Kind, c.Key, body, c)
	if err != nil {
		return lis.Outcome{}, err
	} else if status == http.StatusPreconditionFailed || status == http.StatusNotFound {
		return lis.Outcome{Effect: lis.Unchanged, Detail: "HTTP " + strconv.Itoa(status)}, nil
	}
	return lis.Outcome{Effect: lis.Applied, TargetID: member(answer, a.TargetID)}, nil
}

// Read gets one object back.
func (a *Adapter) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	status, answer, err := a.ask(ctx, http.MethodGet, kind, id, "", lis.Change{})
	if err != nil || status == http.StatusNotFound {
		return nil, err
	} else if a.Record != "" {
		answer = member(answer, a.Record)
	}
	r, err := lis.UnmarshalRecord(kind, id, []byte(answer))
	if err != nil || r.Object == nil {
		return nil, failed(adapters.Unavailable, "there is no record in the answer: %v", err)
	}
	return r, nil
}

// Check asks each path for what is nowhere.
func (a *Adapter) Check(ctx context.Context) (err error) {
	for kind := range a.Paths {
		_, e := a.Read(ctx, kind, "lisgate-check")
		err = errors.Join(err, e)
	}
	return err
}

// Close lets go of the connections.
func (a *Adapter) Close() error { return a.client.Close() }

// ask makes one request, for a change if there is one.
func (a *Adapter) ask(ctx context.Context, method string, kind lis.Kind, id lis.SourcedID, body string, c lis.Change) (int, string, error) {
	address := strings.TrimRight(a.URL, "/") + "/" + a.Paths[kind] + "/" + url.PathEscape(string(id))
	if a.Paths[kind] == "" || strings.Trim(string(id), ".") == "" {
		return 0, "", failed(adapters.Unsupported, "no place for a %s of this name", kind)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {c.ID}, "Lis-Sequence": {strconv.FormatInt(c.Seq, 10)}}
	for name, value := range a.Headers {
		header.Set(name, string(value))
	}
	r, err := a.client.Do(ctx, method, address, strings.NewReader(body), header)
	if err != nil {
		return 0, "", failed(adapters.Unavailable, "reach it: %w", err)
	}
	return r.Status, string(r.Body), verdict(method, r)
}

const mend = "if it lasts, see url, paths and the rights of the account"

// statuses are those that mean something else here than they usually do.
var statuses = peer.Table{
	3: {Hint: mend}, 401: {Hint: mend}, 403: {Hint: mend}, 408: {Hint: mend}, 5: {Hint: mend},
	404: {Class: adapters.Unavailable, Narrow: true, Hint: mend}, 405: {Class: adapters.Unavailable, Narrow: true, Hint: mend},
	424: {Class: adapters.Unavailable, Hint: mend}, 501: {Class: adapters.Refused},
}

func verdict(method string, r *peer.Reply) error {
	parent := member(string(r.Body), "parent")
	switch s := r.Status; {
	case s == 412, s == 404 && method != http.MethodPut:
		return nil // newer is there, or nothing
	case s == 424 && parent != "":
		return &adapters.Error{Class: adapters.Missing, Parent: lis.SourcedID(parent), Answer: peer.Clip(string(r.Body)), Err: errors.New("HTTP 424")}
	}
	return r.Failure(method, statuses, 0) // 0: the engine has a delay of its own
}

func failed(class adapters.Class, format string, args ...any) error {
	return &adapters.Error{Class: class, Err: fmt.Errorf(format, args...)}
}

// member is a member of a JSON object, "" when there is none.
func member(answer, name string) string {
	var all map[string]json.RawMessage
	_ = json.Unmarshal([]byte(answer), &all)
	return strings.Trim(string(all[name]), `"`)
}
