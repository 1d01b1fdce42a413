// Package peerfake is how a pretend system goes down, hangs or loses its
// answers (back-end facts, section F).
package peerfake

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

// mostBody bounds what is read of a request that hangs.
const mostBody = 64 << 20

// Serve serves a request through the switches.
func (s *Switches) Serve(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
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
