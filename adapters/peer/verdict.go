package peer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lisgate/adapters"
)

// A Verdict is what is done about an HTTP status.
type Verdict struct {
	Class  adapters.Class // as usual, and Narrow too, when ""
	Narrow bool
	Hint   string
}

// A Table holds verdicts by status, and by its first digit for the statuses
// that no table names.
type Table map[int]Verdict

// usual is what a status means unless a system's own table says otherwise.
// Whatever a person mends in a configuration is Unavailable: nothing is lost
// meanwhile.
var usual = Table{
	3:                           {Class: adapters.Unavailable},
	http.StatusUnauthorized:     {Class: adapters.Unavailable},
	http.StatusForbidden:        {Class: adapters.Unavailable, Narrow: true},
	http.StatusNotFound:         {Class: adapters.Unavailable},
	http.StatusMethodNotAllowed: {Class: adapters.Unavailable},
	http.StatusRequestTimeout:   {Class: adapters.Unavailable},
	http.StatusTooManyRequests:  {Class: adapters.Busy},
	4:                           {Class: adapters.Refused},
	5:                           {Class: adapters.Unavailable}, // 503 with Retry-After: Busy
}

func (t Table) verdict(status int) Verdict {
	known, special := usual[status]
	own, named := t[status]
	if !special {
		known = usual[status/100]
		if !named {
			own = t[status/100]
		}
	}
	if own.Class == "" {
		own.Class, own.Narrow = cmp.Or(known.Class, adapters.Unavailable), known.Narrow
	}
	return own
}

// Failure returns the error that the status alone says, nil under 2xx: what is
// what was asked for, own the system's own words, pause how long it is left
// alone when it is busy and does not say.
func (r *Reply) Failure(what string, own Table, pause time.Duration) error {
	if r.Status/100 == 2 {
		return nil
	}
	e := &adapters.Error{Answer: Clip(string(r.Body)), Err: fmt.Errorf("%s: HTTP %d %s", what, r.Status, http.StatusText(r.Status))}
	if r.Busy() {
		e.Class, e.After = adapters.Busy, r.RetryAfter(pause)
		return e
	}
	v := own.verdict(r.Status)
	e.Class, e.Narrow, e.Hint = v.Class, v.Narrow, v.Hint
	return e
}

// Busy reports whether the system asks for time.
func (r *Reply) Busy() bool {
	return r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != ""
}

// RetryAfter is RetryAfter of its header.
func (r *Reply) RetryAfter(otherwise time.Duration) time.Duration {
	return RetryAfter(r.Header, r.at, otherwise)
}

// What a system can ask for has bounds; "now" is a little later.
const (
	soonestAgain = time.Second
	longestWait  = 24 * time.Hour
)

// RetryAfter returns how long a system asks to be left alone, in seconds or
// until a date (RFC 9110, section 10.2.3), and otherwise when it does not say.
func RetryAfter(h http.Header, now time.Time, otherwise time.Duration) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	} else {
		return otherwise
	}
	return min(max(wait, soonestAgain), longestWait)
}

// Pause waits, or until ctx ends.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const clipAt = 500

// Clip cuts what a system said to what people will read.
func Clip(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD")
	if len(s) <= clipAt {
		return s
	}
	at := clipAt
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "…"
}

// CheckAddress quotes no address that could hold a password.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("url is no URL; give it as https://host")
	case u.User != nil:
		return fmt.Errorf("url %s holds a user; give the credentials apart from it", u.Redacted())
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("url %q is not of the form https://host", u.Redacted())
	}
	return nil
}
