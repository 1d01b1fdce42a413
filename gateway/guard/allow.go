package guard

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/time/rate"

	"lisgate/gateway/lis"
)

// rights are what a caller may, and how fast.
type rights struct {
	services   []lis.Service
	operations *regexp.Regexp // nil for all
	limiter    *rate.Limiter  // nil for no limit
}

func newRights(services []lis.Service, patterns []string, perSecond float64) (*rights, error) {
	if perSecond < 0 || math.IsNaN(perSecond) {
		return nil, errors.New("rate is below zero")
	}
	r := &rights{services: slices.Clone(services)}
	if len(patterns) > 0 {
		re, err := compile(patterns)
		if err != nil {
			return nil, err
		}
		r.operations = re
	}
	if perSecond > 0 {
		// A burst of one second: clients send what they have and then pause.
		r.limiter = rate.NewLimiter(rate.Limit(perSecond), max(1, int(math.Ceil(perSecond))))
	}
	return r, nil
}

// compile makes one expression of patterns in which * stands for any letters
// and ? for one.
func compile(patterns []string) (*regexp.Regexp, error) {
	parts := make([]string, len(patterns))
	for i, p := range patterns {
		p = strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, `.*`)
		parts[i] = strings.ReplaceAll(p, `\?`, `.`)
	}
	return regexp.Compile(`^(?:` + strings.Join(parts, "|") + `)$`)
}

// Allow says whether a caller may use an operation, and takes one of the
// requests that it may make in this second. The operation is the name of the
// body's element; a SOAPAction is only a claim.
func (g *Guard) Allow(c Caller, service lis.Service, operation string) error {
	r := c.rights
	switch {
	case r == nil:
		return forbidden("the caller has not been identified")
	case len(r.services) > 0 && !slices.Contains(r.services, service):
		return forbidden("the caller may not use this service")
	case r.operations != nil && !r.operations.MatchString(operation):
		return forbidden("the caller may not use this operation")
	}
	return g.pace(r.limiter)
}

// AllowAdmin says whether a caller may administer the gateway.
func (g *Guard) AllowAdmin(c Caller) error {
	if c.rights == nil || !c.Admin {
		return forbidden(strings.TrimSpace("the caller "+c.Name) + " may not administer the gateway; give it admin: true in the config")
	}
	return g.pace(c.rights.limiter)
}

func (g *Guard) pace(l *rate.Limiter) error {
	if l == nil {
		return nil
	}
	now := g.now()
	turn := l.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	turn.CancelAt(now)
	return &Error{Status: http.StatusTooManyRequests, Message: "the caller sends faster than its limit of requests per second", Retry: wait}
}
