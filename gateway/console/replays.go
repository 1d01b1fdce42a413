package console

import (
	"net/http"
	"strings"

	"lisgate/gateway/replay"
)

func (c *Console) replayRoutes() {
	c.do("GET /admin/v1/replays", c.withReplay(func(r *http.Request) (any, error) { return c.Replay.Jobs(r.Context()) }))
	c.do("POST /admin/v1/replays", c.withReplay(c.startReplay))
	c.do("POST /admin/v1/replays/{id...}", c.withReplay(c.moveReplay))
}

func (c *Console) withReplay(o order) order {
	return func(r *http.Request) (any, error) {
		if c.Replay == nil {
			return nil, notFound("replays are not served here")
		}
		return o(r)
	}
}

// A ReplayOrder asks for a replay.
type ReplayOrder struct {
	replay.Selection
	Rate float64 `json:"rate,omitempty"`
}

func (c *Console) startReplay(r *http.Request) (any, error) {
	var o ReplayOrder
	if err := decode(r, &o); err != nil {
		return nil, err
	}
	if err := c.named(o.Target); err != nil {
		return nil, err
	}
	if r.URL.Query().Get("preview") != "" {
		return c.Replay.Preview(r.Context(), o.Selection)
	}
	j, err := c.Replay.Start(r.Context(), o.Selection, o.Rate, operator(r))
	if err != nil {
		return nil, badRequest(err.Error())
	}
	return j, nil
}

// moves are what can be done with a replay.
var moves = map[string]string{"pause": replay.Paused, "resume": replay.Running, "cancel": replay.Cancelled}

func (c *Console) moveReplay(r *http.Request) (any, error) {
	id, verb := r.PathValue("id"), ""
	if at := strings.LastIndexByte(id, '/'); at > 0 {
		id, verb = id[:at], id[at+1:]
	}
	state, known := moves[verb]
	if !known {
		return nil, badRequest("a replay can be told pause, resume or cancel")
	}
	j, err := c.Replay.Move(r.Context(), id, state)
	if err != nil {
		return nil, badRequest(err.Error())
	}
	return j, nil
}
