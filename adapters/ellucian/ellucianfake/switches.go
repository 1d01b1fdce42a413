// Package ellucianfake pretends to be Ellucian's ILP and Ethos: small
// http.Handlers with the nastiness that the facts tell of (back-end facts,
// sections B1, B2 and F). Tests and `lisgate mock` serve them.
package ellucianfake

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
)

// Switches let a system misbehave. They may be set while it serves.
type Switches struct {
	Down        atomic.Bool // answers 503 and does nothing
	Hang        atomic.Bool // takes a request and never answers
	LoseAnswers atomic.Bool // does what is asked and cuts the connection
}

// serve serves a request through the switches.
func (s *Switches) serve(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	switch {
	case s.Down.Load():
		http.Error(w, "<html><body>Service Unavailable</body></html>", http.StatusServiceUnavailable)
	case s.Hang.Load():
		io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, mostBody)) // only then is the end of the caller seen
		<-r.Context().Done()
	case s.LoseAnswers.Load():
		answer(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		answer(w, r)
	}
}

// mostBody bounds what is read of a request.
const mostBody = 8 << 20
