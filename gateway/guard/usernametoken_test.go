package guard

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"testing"
	"time"
)

const (
	profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
	text    = profile + "#PasswordText"
	digests = profile + "#PasswordDigest"
)

// vector is the example of the ONVIF Application Programmer's Guide.
var vector = UsernameToken{User: "cirrus", PasswordType: digests, Password: "tuOSpGlFlIXsozq4HFNeeGeFLEI=",
	Nonce: "LKqI6G/AikKCQrN0zqZFlg==", Created: "2010-09-16T07:50:45Z"}

func at(h *house, text string) { h.clock.t, _ = time.Parse(time.RFC3339, text) }

func TestDigestVector(t *testing.T) {
	h := newHouse(t, nil)
	at(h, "2010-09-16T07:55:45Z") // the last second of the window
	c, err := h.enter(post(), "", &vector)
	wantCaller(t, c, err, "cirrus")

	again := vector
	again.Nonce = " LKqI6G/AikKCQrN0zqZFlh==\n" // the same bytes, written otherwise
	_, err = h.enter(post(), "", &again)
	wantStatus(t, err, 401, "nonce was used before")
	h.clock.pass(time.Second)
	_, err = h.enter(post(), "", &vector)
	wantStatus(t, err, 401, "wsu:Created")
}

// digestOf makes a token as its profile says.
func digestOf(user, password, nonce, created string) *UsernameToken {
	sum := sha1.Sum([]byte(nonce + created + password))
	return &UsernameToken{User: user, PasswordType: digests, Password: base64.StdEncoding.EncodeToString(sum[:]),
		Nonce: base64.StdEncoding.EncodeToString([]byte(nonce)), Created: created}
}

func TestCreatedWindow(t *testing.T) {
	h := newHouse(t, nil)
	at(h, "2026-11-24T12:00:00Z")
	for created, ok := range map[string]bool{
		"2026-11-24T12:00:00Z": true, "2026-11-24T11:55:00Z": true, "2026-11-24T12:05:00Z": true,
		"2026-11-24T12:00:00.123456Z": true, "2026-11-24T14:00:00+02:00": true, "2026-11-24T19:00:00+0700": true, "2026-11-24T12:00:00": true,
		"2026-11-24T11:54:59Z": false, "2026-11-24T12:05:01Z": false, "2025-11-24T12:00:00Z": false, "2026-11-24": false, "now": false,
		"2026-11-24T12:00:00+02:00": false,
	} {
		_, err := h.enter(post(), "", digestOf("cirrus", "userpassword", "n"+created, created))
		if ok && err != nil {
			t.Errorf("%s: %v", created, err)
		}
		if !ok {
			wantStatus(t, err, 401, "wsu:Created")
		}
	}
}

// A nonce stays used for as long as a token with it could be believed.
func TestNonceIsKeptTenMinutes(t *testing.T) {
	h := newHouse(t, nil)
	at(h, "2026-11-24T12:00:00Z")
	early := digestOf("cirrus", "userpassword", "n", "2026-11-24T12:05:00Z")
	c, err := h.enter(post(), "", early)
	wantCaller(t, c, err, "cirrus")
	for range 5 {
		h.clock.pass(2*time.Minute - time.Nanosecond)
		fresh := digestOf("cirrus", "userpassword", "n", h.clock.now().Format(time.RFC3339))
		_, err := h.enter(post(), "", fresh)
		wantStatus(t, err, 401, "nonce was used before")
	}
	// The nonce of one user is not that of another.
	c, err = h.enter(post(), "", digestOf("strict", "userpassword", "n", h.clock.now().Format(time.RFC3339)))
	wantCaller(t, c, err, "strict")
	h.clock.pass(time.Second)
	c, err = h.enter(post(), "", digestOf("cirrus", "userpassword", "n", h.clock.now().Format(time.RFC3339)))
	wantCaller(t, c, err, "cirrus")
}

func TestPasswordText(t *testing.T) {
	h := newHouse(t, nil)
	at(h, "2026-11-24T12:00:00Z")
	for _, kind := range []string{"", text, "#PasswordText"} {
		c, err := h.enter(post(), "", &UsernameToken{User: "cirrus", Password: "userpassword", PasswordType: kind})
		wantCaller(t, c, err, "cirrus")
	}
	full := UsernameToken{User: "cirrus", Password: "userpassword", PasswordType: text, Nonce: "not base 64", Created: "2026-11-24T12:00:00.000"}
	c, err := h.enter(post(), "", &full)
	wantCaller(t, c, err, "cirrus")
	_, err = h.enter(post(), "", &full)
	wantStatus(t, err, 401, "nonce was used before")
	full.Nonce, full.Created = "x", "2026-11-24T11:00:00Z"
	_, err = h.enter(post(), "", &full)
	wantStatus(t, err, 401, "wsu:Created")
}

func TestBadTokens(t *testing.T) {
	h := newHouse(t, nil)
	at(h, "2026-11-24T12:00:00Z")
	now := "2026-11-24T12:00:00Z"
	good := digestOf("cirrus", "userpassword", "n", now)
	change := func(f func(*UsernameToken)) *UsernameToken { c := *good; f(&c); return &c }
	for name, c := range map[string]struct {
		token   *UsernameToken
		message string
	}{
		"empty":                 {&UsernameToken{}, "not accepted"},
		"wrong text":            {&UsernameToken{User: "cirrus", Password: "Userpassword"}, "not accepted"},
		"no password":           {&UsernameToken{User: "cirrus"}, "not accepted"},
		"text against the rule": {&UsernameToken{User: "strict", Password: "userpassword"}, "not accepted"},
		"digest as text":        {change(func(t *UsernameToken) { t.PasswordType = text }), "not accepted"},
		"wrong digest":          {digestOf("cirrus", "wrong", "n", now), "not accepted"},
		"empty digest":          {change(func(t *UsernameToken) { t.Password = "" }), "not accepted"},
		"unknown user":          {digestOf("nobody", "userpassword", "n", now), "not accepted"},
		"other nonce":           {change(func(t *UsernameToken) { t.Nonce = "AAAA" }), "not accepted"},
		"other created":         {change(func(t *UsernameToken) { t.Created = "2026-11-24T12:00:01Z" }), "not accepted"},
		"no nonce":              {change(func(t *UsernameToken) { t.Nonce = "" }), "needs wsse:Nonce"},
		"no created":            {change(func(t *UsernameToken) { t.Created = "" }), "needs wsse:Nonce"},
		"nonce not Base64":      {change(func(t *UsernameToken) { t.Nonce = "!" }), "needs wsse:Nonce"},
		"unknown type":          {change(func(t *UsernameToken) { t.PasswordType = "#Kerberos" }), "PasswordText or PasswordDigest"},
	} {
		t.Run(name, func(t *testing.T) {
			r := post()
			r.RemoteAddr = fmt.Sprintf("198.51.100.%d:1", len(name)) // guessing is counted elsewhere
			_, err := h.enter(r, "", c.token)
			wantStatus(t, err, 401, c.message)
		})
	}
	c, err := h.enter(post(), "", good)
	wantCaller(t, c, err, "cirrus") // none of them has used up its nonce
}

func TestTokenWhereNobodyHasOne(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Callers = o.Callers[:1] })
	c, err := h.enter(withBasic("banner", "pässword"), "", &vector)
	wantCaller(t, c, err, "banner")
	_, err = h.enter(post(), "", &vector)
	wantStatus(t, err, 401, "")
}
