package canvas

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

func classed(class adapters.Class, hint, format string, args ...any) *adapters.Error {
	return &adapters.Error{Class: class, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func unavailable(format string, args ...any) error {
	return classed(adapters.Unavailable, "", format, args...)
}

func unsupported(format string, args ...any) error {
	return classed(adapters.Unsupported, "", format, args...)
}

func refused(hint, format string, args ...any) error {
	return classed(adapters.Refused, hint, format, args...)
}

func busy(after time.Duration, format string, args ...any) error {
	e := classed(adapters.Busy, "", format, args...)
	e.After = after
	return e
}

// What a throttled caller waits for. The bucket fills by about ten a second
// [K], so what is lacking up to enough is waited for.
const (
	throttledFor = 30 * time.Second
	enoughQuota  = 200.0
	quotaASecond = 10.0
	longestWait  = 5 * time.Minute
)

// httpError says what an HTTP status means. 404 is errAbsent.
func httpError(r *peer.Reply) error {
	answer := peer.Clip(string(r.Body))
	e := &adapters.Error{Class: adapters.Unavailable, Answer: answer, Err: fmt.Errorf("Canvas answers HTTP %d", r.Status)}
	switch status := r.Status; {
	case status == http.StatusNotFound:
		return errAbsent
	case r.Busy() || status == http.StatusForbidden && strings.Contains(strings.ToLower(answer), "rate limit exceeded"):
		e.Class, e.After = adapters.Busy, wait(r)
	case status == http.StatusUnauthorized:
		e.Narrow, e.Hint = true, "Canvas does not take the token, or its user may not do this; mend token of the target, or the user's role in Canvas. Nothing is lost meanwhile"
	case status == http.StatusForbidden:
		e.Narrow, e.Hint = true, "the user of the token needs the right to manage SIS data, and SIS imports must be enabled for the root account. Nothing is lost meanwhile"
	case status == http.StatusBadRequest && strings.Contains(answer, "root account"):
		e.Narrow, e.Hint = true, "SIS imports go to the root account; mend account of the target"
	case status/100 == 3:
		e.Hint = "redirects are not followed; mend url of the target to the address that is meant"
	case status/100 == 4 && status != http.StatusRequestTimeout && status != http.StatusTooEarly:
		e.Class, e.Whole, e.Hint = adapters.Refused, true, "Canvas did not take the request as a whole; its answer says why"
	}
	return e
}

// wait is how long Canvas wants to be left alone.
func wait(r *peer.Reply) time.Duration {
	if asked := r.RetryAfter(0); asked > 0 {
		return min(asked, longestWait)
	}
	if left, err := strconv.ParseFloat(r.Header.Get("X-Rate-Limit-Remaining"), 64); err == nil && left < enoughQuota {
		seconds := (enoughQuota - left) / quotaASecond
		return min(time.Duration(seconds*float64(time.Second)), longestWait)
	}
	return throttledFor
}

// asClassed gives an error that has no class the one of what is not known.
func asClassed(err error) error {
	var e *adapters.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return unavailable("%w", err)
}
