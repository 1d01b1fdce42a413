// Package console is what an operator works with: the admin API under
// /admin/v1/.
//
//	GET  /admin/v1/who/{sourcedId}   record, history, messages, deliveries of an object, and its id at each target
//	GET  /admin/v1/balance           sent = applied + refused + waiting, per target and kind
//	GET  /admin/v1/dead[?target=]    deliveries that a person must look at
//	GET  /admin/v1/parked[?target=]  deliveries that wait for a parent
//	GET  /admin/v1/messages/{number} a message as it came, and how it was answered
//	GET  /admin/v1/targets           queue, rate, drain and health of each target
//	GET  /admin/v1/feeds             sources and callers: what was expected of them and when they came
//	POST /admin/v1/feeds/{name}/pull asks a source now
//	GET  /admin/v1/holds             what waits for a decision, in groups
//	POST /admin/v1/holds             decides: {target, kind, hold, sourcedIds or all, approve}, or {job, approve}
//	GET  /admin/v1/replays           replays and how far they are
//	POST /admin/v1/replays[?preview=true]               begins one, or says what it would send
//	POST /admin/v1/replays/{id}/{pause|resume|cancel}
//	GET  /admin/v1/diff/{target}     differences, one JSON document a line, then the summary
//	POST /admin/v1/diff/{target}     the same, and heals them
//	GET  /admin/v1/grades[?section=] where each result is on its way to the SIS
//	GET  /admin/v1/grades/refused    the refused ones, as CSV
//	GET  /admin/v1/grades/receipts   what became of each submission
//	POST /admin/v1/grades/pull       {feed, courseSectionSourcedIds}
//	GET  /admin/v1/plans             how each plan stands as a whole
//	GET  /admin/v1/plans/sections[?plan=&state=]  where sections stand, one a line; state=held for what waits for a decision
//	GET  /admin/v1/plans/sections/{sourcedId}     of one, with both versions, findings and history
//	POST /admin/v1/plans/decide      {sections, approve, reason}: approves or refuses what is held of sections
//	POST /admin/v1/plans/publish     {plan, sections}: publishes them, all that are confirmed when none is named
//	GET  /admin/v1/plans/answers     what a SIS said when nobody waited for it any more, one a line
//	POST /admin/v1/plans/import?plan=&format=&as=&mode=&begin=  takes a file in; how far it is, one a line, then what came of it
//	GET  /admin/v1/plans/export?format=[&what=&term=&room=&person=&section=]  ITC 2019, UniTime or iCalendar
//	GET  /admin/v1/plans/draw?{room|person|section}=[&week=2026-09-07]        a week, as SVG
//	POST /admin/v1/merge             {from, into}: two persons are one
//	GET  /admin/v1/crosswalk/{target}/{kind}/{sourcedId}   the target's id of an object, with its history
//	PUT  /admin/v1/crosswalk/{target}/{kind}/{sourcedId}   {targetId, why}: links the two by hand
//	DELETE /admin/v1/crosswalk/{target}/{kind}/{sourcedId}[?why=]  unlinks them by hand
//
// It writes nothing itself: what it is told goes to the rooms that do.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"lisgate/gateway/grades"
	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
	"lisgate/gateway/replay"
)

// Rooms are what the console speaks to. Without a room what it serves is not
// found.
type Rooms struct {
	Store  journal.Store
	Guard  *guard.Guard
	Wake   func(targets []string)                 // there is something in their queues
	Status func(ctx context.Context) (any, error) // of the targets
	Feeds  Feeds
	Replay *replay.Desk
	Grades *grades.Desk
	Plans  Plans
	// Diff says how a target is compared and healed; an error that it cannot be.
	Diff func(target string) (reconcile.Options, reconcile.Remover, error)
	// Merge makes one person of two.
	Merge func(ctx context.Context, caller string, from, into lis.SourcedID) *lis.Answer
	Now   func() time.Time
}

// A Console serves the admin API.
type Console struct {
	Rooms
	mux *http.ServeMux
}

// New returns a console that speaks to rooms.
func New(rooms Rooms) *Console {
	if rooms.Now == nil {
		rooms.Now = time.Now
	}
	if rooms.Wake == nil {
		rooms.Wake = func([]string) {}
	}
	c := &Console{Rooms: rooms, mux: http.NewServeMux()}
	c.look("GET /admin/v1/who/{id...}", c.who)
	c.look("GET /admin/v1/balance", c.balance)
	c.look("GET /admin/v1/dead", c.dead)
	c.look("GET /admin/v1/parked", c.parked)
	c.look("GET /admin/v1/messages/{seq}", c.message)
	c.crosswalkRoutes()
	c.holdRoutes()
	c.targetRoutes()
	c.replayRoutes()
	c.diffRoutes()
	c.gradeRoutes()
	c.planRoutes()
	return c
}

// A whoKey is under which a request's context has the name of the operator.
type whoKey struct{}

// ServeHTTP answers one request of an operator.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, err := c.admit(r)
	if err != nil {
		refuse(w, err)
		return
	}
	c.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, name)))
}

// admit lets administrators in and returns who it is.
func (c *Console) admit(r *http.Request) (string, error) {
	visitor, err := c.Guard.Identify(r)
	if err != nil {
		return "", err
	}
	caller, err := visitor.Admit(r.Context(), nil, nil)
	if err != nil {
		return "", err
	}
	return caller.Name, c.Guard.AllowAdmin(caller)
}

// operator returns who asks.
func operator(r *http.Request) string {
	name, _ := r.Context().Value(whoKey{}).(string)
	return name
}

// A question is answered from a snapshot.
type question func(snap journal.Snapshot, r *http.Request) (any, error)

func (c *Console) look(pattern string, ask question) {
	c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		snap, err := c.Store.Snapshot(r.Context())
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

// An order has something done, and answers what came of it.
type order func(r *http.Request) (any, error)

func (c *Console) do(pattern string, carryOut order) {
	c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		answer, err := carryOut(r)
		if err != nil {
			refuse(w, err)
			return
		}
		write(w, http.StatusOK, answer)
	})
}

// mostBody is the most that an order may say.
const mostBody = 1 << 20

// decode reads what an order says. What it does not know it refuses.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, mostBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badRequest("the body is no JSON document of the expected form: " + err.Error())
	}
	return nil
}

// badRequest is the error that what was asked for makes no sense.
type badRequest string

func (e badRequest) Error() string { return string(e) }

// notFound is the error that there is nothing.
type notFound string

func (e notFound) Error() string { return string(e) }

// refuse answers with an error as JSON.
func refuse(w http.ResponseWriter, err error) {
	status, text := http.StatusInternalServerError, err.Error()
	var denied *guard.Error
	var nothing notFound
	var senseless badRequest
	switch {
	case errors.As(err, &senseless):
		status = http.StatusBadRequest
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
