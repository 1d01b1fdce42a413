// Package console is what an operator looks into: the admin API under
// /admin/v1/. It reads; nothing here writes a record.
//
//	GET /admin/v1/who/{sourcedId}   record, history, messages and deliveries of an object
//	GET /admin/v1/balance           sent = applied + refused + waiting, per target and kind
//	GET /admin/v1/dead[?target=]    deliveries that a person must look at
//	GET /admin/v1/messages/{number} a message as it came, and how it was answered
package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A Snapshotter gives consistent views of a journal.
type Snapshotter interface {
	Snapshot(ctx context.Context) (journal.Snapshot, error)
}

// A Console serves the admin API.
type Console struct {
	store Snapshotter
	guard *guard.Guard
	mux   *http.ServeMux
}

// New returns a console over a journal.
func New(store Snapshotter, g *guard.Guard) *Console {
	c := &Console{store: store, guard: g, mux: http.NewServeMux()}
	c.handle("GET /admin/v1/who/{id...}", c.who)
	c.handle("GET /admin/v1/balance", c.balance)
	c.handle("GET /admin/v1/dead", c.dead)
	c.handle("GET /admin/v1/messages/{seq}", c.message)
	return c
}

// ServeHTTP answers one request of an operator.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := c.admit(r); err != nil {
		refuse(w, err)
		return
	}
	c.mux.ServeHTTP(w, r)
}

// admit lets administrators in.
func (c *Console) admit(r *http.Request) error {
	visitor, err := c.guard.Identify(r)
	if err != nil {
		return err
	}
	caller, err := visitor.Admit(r.Context(), nil, nil)
	if err != nil {
		return err
	}
	return c.guard.AllowAdmin(caller)
}

// A question is answered from a snapshot.
type question func(snap journal.Snapshot, r *http.Request) (any, error)

func (c *Console) handle(pattern string, ask question) {
	c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		snap, err := c.store.Snapshot(r.Context())
		if err != nil {
			refuse(w, err)
			return
		}
		defer snap.Close()
		answer, err := ask(snap, r)
		if err != nil {
			refuse(w, err)
			return
		}
		write(w, http.StatusOK, answer)
	})
}

func (c *Console) who(snap journal.Snapshot, r *http.Request) (any, error) {
	return Look(snap, lis.SourcedID(r.PathValue("id")))
}

func (c *Console) balance(snap journal.Snapshot, _ *http.Request) (any, error) {
	rows, err := snap.Balance()
	if rows == nil {
		rows = []journal.Balance{}
	}
	return rows, err
}

func (c *Console) dead(snap journal.Snapshot, r *http.Request) (any, error) {
	rows := []Delivery{}
	for s, err := range snap.Dead(r.URL.Query().Get("target")) {
		if err != nil {
			return nil, err
		}
		if rows = append(rows, deliveryOf(s)); len(rows) == shown {
			break
		}
	}
	return rows, nil
}

func (c *Console) message(snap journal.Snapshot, r *http.Request) (any, error) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil {
		return nil, notFound("a message has a number; " + r.PathValue("seq") + " is none")
	}
	m, err := snap.ReadMessage(seq)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, notFound("there is no message " + r.PathValue("seq"))
	}
	shown := messageOf(m)
	shown.Body = string(m.Body)
	return shown, nil
}

// notFound is the error that there is nothing.
type notFound string

func (e notFound) Error() string { return string(e) }

// refuse answers with an error as JSON.
func refuse(w http.ResponseWriter, err error) {
	status, text := http.StatusInternalServerError, err.Error()
	var denied *guard.Error
	var nothing notFound
	switch {
	case errors.As(err, &denied):
		status, text = denied.Status, denied.Message
		denied.SetHeaders(w.Header())
	case errors.As(err, &nothing):
		status = http.StatusNotFound
	}
	write(w, status, map[string]string{"error": text})
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(answer) // the client may have gone
}
