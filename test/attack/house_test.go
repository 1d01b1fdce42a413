// Package attack holds hostile and malformed input against the front door:
// one file a case in cases/, and generators for what is too large for a file.
//
// A case is a message (.xml), posted as text/xml to /lis/pms, or a request as
// it goes over the wire (.http). {{CANARY}} stands for the path of a file that
// nobody may read, {{TRAP}} for an address that nobody may dial, {{HOST}} for
// the door. Messages named wsse- go to a door that asks for a UsernameToken.
package attack

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// A house is a door under attack.
type house struct {
	t      testing.TB
	door   *soap.Door
	ledger *ledger
	canary string       // path of a file that nobody may read
	trap   net.Listener // that nobody may dial
	addr   string       // of the server, when there is one
}

const secret = "the canary sang"

func newHouse(t testing.TB, options ...func(*soap.Options, *guard.Options)) *house {
	t.Helper()
	h := &house{t: t, ledger: &ledger{Store: journaltest.NewMemory(func() time.Time { return noon })}}
	t.Cleanup(func() { h.ledger.Close() })
	h.canary = filepath.Join(t.TempDir(), "canary.txt")
	if err := os.WriteFile(h.canary, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	h.setTrap()
	g := guard.Options{Anonymous: &guard.AnonymousOptions{}, AnonymousAnywhere: true, Nonces: h.ledger, Now: func() time.Time { return noon }}
	books := registrar.New(registrar.Options{Store: h.ledger, Now: func() time.Time { return noon }})
	o := soap.Options{Registrar: books, Observer: blind{}, Now: func() time.Time { return noon }, Stalled: time.Minute,
		Bulk: &soap.Bulk{Import: books.Import, Extract: noExtract, Bytes: 64 << 20, Workers: 2}}
	for _, set := range options {
		set(&o, &g)
	}
	var err error
	if o.Guard, err = guard.New(g); err != nil {
		t.Fatal(err)
	}
	h.door = soap.New(o)
	h.add("victim")
	return h
}

// banner makes the door ask for a UsernameToken.
func banner(_ *soap.Options, g *guard.Options) {
	g.Anonymous = nil
	g.Callers = []guard.CallerOptions{{Name: "banner", WSSE: &guard.Login{User: "banner", Secret: guard.Hide("s3cret")}}}
}

// setTrap listens where nobody may call.
func (h *house) setTrap() {
	var err error
	if h.trap, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.trap.Close() })
	go func() {
		for {
			c, err := h.trap.Accept()
			if err != nil {
				return
			}
			h.t.Errorf("somebody dialled the trap")
			c.Close()
		}
	}()
}

// add has a person in the journal, by the ledger's leave.
func (h *house) add(id lis.SourcedID) {
	h.t.Helper()
	c := &lis.Call{Operation: "replacePerson", ID: id, Record: &lis.Record{ID: id, Object: &lis.Person{}}}
	if a := h.door.Registrar.Do(h.t.Context(), &registrar.Request{Call: c}); !a.Status.OK() {
		h.t.Fatalf("%+v", a.Status)
	}
	h.ledger.open()
}

// fill puts the addresses of this house into a case.
func (h *house) fill(text []byte) []byte {
	if !bytes.Contains(text, []byte("{{")) {
		return text
	}
	_, port, _ := net.SplitHostPort(h.trap.Addr().String())
	return []byte(strings.NewReplacer("{{CANARY}}", h.canary, "{{TRAP}}", h.trap.Addr().String(), "{{TRAPPORT}}", port, "{{HOST}}", h.addr).Replace(string(text)))
}

// A ledger is a journal that says what was done to it.
type ledger struct {
	journal.Store
	mu       sync.Mutex
	appended int
	kept     []*journal.Message
}

func (l *ledger) Write(ctx context.Context, f func(journal.Tx) error) error {
	return l.Store.Write(ctx, func(tx journal.Tx) error { return f(entry{tx, l}) })
}

// open begins a new page.
func (l *ledger) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.appended, l.kept = 0, nil
}

type entry struct {
	journal.Tx
	l *ledger
}

func (e entry) Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	// A delete of what was never there is refused and leaves an empty tombstone:
	// nothing of the message is in it but the identifier.
	if c.Act != lis.Drop || body != nil || len(links) > 0 {
		e.l.appended++
	}
	return e.Tx.Append(c, body, links, hash, message, targets)
}

func (e entry) PutExchange(x *journal.Exchange) error {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	e.l.appended++
	return e.Tx.PutExchange(x)
}

func (e entry) Message(m *journal.Message) (int64, error) {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	e.l.kept = append(e.l.kept, m)
	return e.Tx.Message(m)
}

// check says what is wrong with what the ledger has seen: nothing may be
// stored, and a message is kept only when it is well-formed and of LIS.
func (l *ledger) check() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.appended > 0 {
		return fmt.Errorf("%d changes were stored", l.appended)
	}
	for _, m := range l.kept {
		if m.Status.OK() {
			return fmt.Errorf("a message was kept with success: %s", m.Operation)
		}
		if malformed(m.Body) || m.Operation == "" {
			return fmt.Errorf("a message was kept that is none: %q %v", m.Operation, wellFormed(m.Body))
		}
	}
	return nil
}

// malformed reports whether another parser refuses a text too. What that one
// does not read at all, other encodings and versions after 1.0, it has no say in.
func malformed(text []byte) bool {
	head := text[:min(len(text), 200)]
	declared := bytes.Contains(head, []byte("<?xml")) && !bytes.Contains(head, []byte(`<?xml version="1.0" encoding="UTF-8"?>`))
	return !declared && wellFormed(text) != nil
}

// wellFormed is what another parser thinks of a text.
func wellFormed(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	d = xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// verdict says what is wrong with an answer: each must refuse, in a form that
// a client understands, and tell no secret.
func verdict(status int, contentType string, text []byte) error {
	if bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte("root:x:")) {
		return errors.New("the answer tells a secret")
	}
	if status >= 400 && status < 600 && !strings.Contains(contentType, "xml") {
		return nil
	}
	p, err := soap.Parse(text, wire.Limits{})
	switch {
	case err != nil:
		return fmt.Errorf("HTTP %d with what cannot be read: %w", status, err)
	case p.Kind == "fault" && status >= 400:
		return nil
	case p.Kind == "response" && status == http.StatusOK && !p.Status.OK():
		return nil
	}
	return fmt.Errorf("HTTP %d %s %+v", status, p.Kind, p.Status)
}

// post makes the request of a message.
func post(text io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/lis/pms", text)
	r.Header.Set("Content-Type", "text/xml")
	return r
}

// good is a message that is taken.
func good() []byte {
	text, err := os.ReadFile(filepath.Join("..", "..", "gateway", "soap", "testdata", "operations", "replacePerson.request.xml"))
	if err != nil {
		panic(err)
	}
	return text
}

// token is a wsse:Security block that was used before.
func used() string {
	const wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	return `<Security xmlns="` + wsse + `"><UsernameToken><Username>banner</Username><Password>s3cret</Password><Nonce>` +
		base64.StdEncoding.EncodeToString([]byte("used")) + `</Nonce></UsernameToken></Security>`
}

type blind struct{}

func (blind) Answered(lis.Service, string, lis.Status, time.Duration) {}
func (blind) Faulted(string)                                          {}
func (blind) OverLimit(string)                                        {}
func (blind) Deviated(string, string, int)                            {}

func noExtract(context.Context, string, string) (iter.Seq2[*registrar.BulkItem, error], func(), error) {
	return nil, nil, errors.New("you have asked for no such extract")
}
