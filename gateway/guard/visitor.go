package guard

import (
	"context"
	"net/http"
	"strings"
)

// A Visitor is somebody who has not shown all of their credentials yet.
type Visitor struct {
	g       *Guard
	r       *http.Request
	found   *Caller
	oauth1  *signature // to be checked when the body is there
	unknown bool       // showed credentials of a kind that no caller has
}

// Identify looks at what can be seen before the body is read.
func (g *Guard) Identify(r *http.Request) (*Visitor, error) {
	v := &Visitor{g: g, r: r}
	for name := range r.Header {
		// Some proxies take X_Real_IP for X-Real-IP: what they strip comes in so.
		if strings.Contains(name, "_") {
			return nil, &Error{Status: http.StatusBadRequest, Message: "header names with an underscore are not accepted"}
		}
	}
	// Browsers add credentials to what any page makes them send.
	if g.browser.Check(r) != nil {
		return nil, forbidden("the request comes from a page of another site")
	}
	if err := v.headers(); err != nil {
		return nil, err
	}
	return v, nil
}

// headers finds the caller, or anonymous when nothing more can come.
func (v *Visitor) headers() error {
	if !v.g.closed {
		return v.anonymous()
	}
	if err := v.certificate(); err != nil {
		return err
	}
	if err := v.authorization(); err != nil {
		return err
	}
	if v.found == nil && v.oauth1 == nil && len(v.g.wsse) == 0 {
		return v.anonymous()
	}
	return nil
}

// Admit names the caller. It takes the body as it came, and the
// UsernameToken of its WS-Security header, nil when there is none. All
// credentials that were shown must be right and belong to one caller.
func (v *Visitor) Admit(ctx context.Context, body []byte, token *UsernameToken) (Caller, error) {
	if v.g.closed && v.oauth1 != nil {
		if err := v.signed(ctx, body); err != nil {
			return Caller{}, err
		}
	}
	if v.g.closed && token != nil {
		if err := v.token(ctx, token); err != nil {
			return Caller{}, err
		}
	}
	if v.found == nil {
		if err := v.anonymous(); err != nil {
			return Caller{}, err
		}
	}
	return *v.found, nil
}

// authorization reads the Authorization header.
func (v *Visitor) authorization() error {
	headers := v.r.Header.Values("Authorization")
	if len(headers) == 0 {
		return nil
	}
	if len(headers) > 1 {
		return &Error{Status: http.StatusBadRequest, Message: "there is more than one Authorization header"}
	}
	scheme, rest, _ := strings.Cut(headers[0], " ")
	switch {
	case strings.EqualFold(scheme, "Basic") && len(v.g.basic) > 0:
		return v.basic()
	case strings.EqualFold(scheme, "OAuth") && len(v.g.oauth1) > 0:
		return v.sign(rest)
	}
	v.unknown = true
	return nil
}

// is notes that credentials belong to a caller.
func (v *Visitor) is(c *Caller) error {
	if v.found != nil && v.found != c {
		return v.g.unauthorized("the credentials belong to different callers", v.found.Name+" and "+c.Name)
	}
	v.found = c
	return nil
}

// anonymous lets in whoever has shown no credentials, where that is allowed.
func (v *Visitor) anonymous() error {
	g := v.g
	if v.unknown {
		return g.unauthorized("credentials of this kind are not accepted", "")
	}
	if g.anonymous == nil {
		return g.unauthorized("credentials are needed", "")
	}
	here := fromHere(v.r)
	if !here && !g.anywhere {
		return g.unauthorized("credentials are needed, except from this machine by the name localhost", "")
	}
	c := *g.anonymous
	c.Admin = c.Admin && here
	v.found = &c
	return nil
}
