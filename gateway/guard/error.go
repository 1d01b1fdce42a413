package guard

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// An Error is a refusal. Neither its texts nor what it wraps hold a secret,
// or anything else that a caller wrote.
type Error struct {
	Status     int           // of HTTP: 400, 401, 403, 429, 503
	Message    string        // for the caller
	Reason     string        // for the log: what would help somebody who guesses
	Retry      time.Duration // 429 and 503: how long to wait
	Challenges []string      // 401: for WWW-Authenticate
	Err        error         // 503: why
}

// Error says what was refused, for the log. Tell callers Message instead.
func (e *Error) Error() string {
	text := "refuse caller: " + e.Message
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	if e.Err != nil {
		text += fmt.Sprintf(": %v", e.Err)
	}
	return text
}

// Unwrap returns why, when the guard itself is in trouble.
func (e *Error) Unwrap() error { return e.Err }

// SetHeaders sets the headers that go with the status.
func (e *Error) SetHeaders(h http.Header) {
	for _, c := range e.Challenges {
		h.Add("WWW-Authenticate", c)
	}
	if e.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
	}
}

// unauthorized asks for credentials by the methods that the callers have.
// Certificates have no challenge in HTTP.
func (g *Guard) unauthorized(message, reason string) *Error {
	e := &Error{Status: http.StatusUnauthorized, Message: message, Reason: reason}
	if len(g.basic) > 0 {
		e.Challenges = append(e.Challenges, fmt.Sprintf(`Basic realm=%q, charset="UTF-8"`, g.realm))
	}
	if len(g.oauth1) > 0 {
		e.Challenges = append(e.Challenges, fmt.Sprintf(`OAuth realm=%q`, g.realm))
	}
	if len(g.wsse) > 0 {
		e.Challenges = append(e.Challenges, fmt.Sprintf(`WSSE realm=%q, profile="UsernameToken"`, g.realm))
	}
	if len(e.Challenges) == 0 {
		e.Status = http.StatusForbidden
	}
	return e
}

func forbidden(message string) *Error {
	return &Error{Status: http.StatusForbidden, Message: message}
}

func troubled(act string, err error) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Message: act + " is not possible now", Retry: time.Second, Err: err}
}
