package guard

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A clock stands still until it is told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// nonces does what a journal.Store does.
type nonces struct {
	mu    sync.Mutex
	until map[string]time.Time
	err   error
}

func (n *nonces) Seen(_ context.Context, token string, now, until time.Time) (bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.err != nil {
		return false, n.err
	}
	if t, ok := n.until[token]; ok && now.Before(t) {
		return true, nil
	}
	n.until[token] = until
	return false, nil
}

// A house is a guard with its surroundings.
type house struct {
	*Guard
	clock  *clock
	nonces *nonces
}

func newHouse(t testing.TB, change func(*Options)) *house {
	t.Helper()
	h := &house{clock: &clock{t: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}, nonces: &nonces{until: map[string]time.Time{}}}
	o := Options{Now: h.clock.now, Nonces: h.nonces, Callers: []CallerOptions{
		{Name: "banner", Profile: "ilp", Basic: &Login{User: "banner", Secret: Hide("pässword")}},
		{Name: "cirrus", Profile: "cirrus", WSSE: &Login{User: "cirrus", Secret: Hide("userpassword")}},
		{Name: "strict", WSSE: &Login{User: "strict", Secret: Hide("userpassword"), Digest: true}},
		{Name: "turnitin", OAuth1: &Login{User: "dpf43f3p2l4k3l03", Secret: Hide("kd94hf93k423kf44")}},
	}}
	if change != nil {
		change(&o)
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.Guard = g
	return h
}

// post is a request from another machine.
func post(header ...string) *http.Request {
	r := httptest.NewRequest("POST", "http://lis.example.edu/lis/pms", nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func withBasic(user, password string) *http.Request {
	r := post()
	r.SetBasicAuth(user, password)
	return r
}

// enter goes through the first two steps.
func (h *house) enter(r *http.Request, body string, token *UsernameToken) (Caller, error) {
	v, err := h.Identify(r)
	if err != nil {
		return Caller{}, err
	}
	return v.Admit(context.Background(), []byte(body), token)
}

// wantStatus checks a refusal, and that what is said is neither empty nor more than it should be.
func wantStatus(t *testing.T, err error, status int, message string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Status != status || !strings.Contains(e.Message, message) {
		t.Fatalf("got %v, want %d with %q", err, status, message)
	}
	return e
}

func wantCaller(t *testing.T, c Caller, err error, name string) {
	t.Helper()
	if err != nil || c.Name != name {
		t.Fatalf("got %+v, %v, want %s", c, err, name)
	}
}

func TestBasic(t *testing.T) {
	h := newHouse(t, nil)
	c, err := h.enter(withBasic("banner", "pässword"), "body", nil)
	wantCaller(t, c, err, "banner")
	if c.Profile != "ilp" || c.Admin || c.Anonymous {
		t.Errorf("got %+v", c)
	}
	for _, r := range []*http.Request{
		withBasic("banner", "password"), withBasic("banner", ""), withBasic("", ""), withBasic("nobody", "pässword"), withBasic("cirrus", "userpassword"),
	} {
		_, err := h.Identify(r)
		e := wantStatus(t, err, 401, "not accepted")
		if len(e.Challenges) != 3 || e.Challenges[0] != `Basic realm="lisgate", charset="UTF-8"` {
			t.Errorf("challenges are %q", e.Challenges)
		}
	}
	_, err = h.Identify(post("Authorization", "Basic !!!"))
	wantStatus(t, err, 401, "malformed")
	_, err = h.Identify(post("Authorization", "Basic a", "Authorization", "Basic b"))
	wantStatus(t, err, 400, "more than one")
	_, err = h.Identify(post("X_Forwarded_For", "192.0.2.1"))
	wantStatus(t, err, 400, "underscore")
}

func TestChallengesFitTheMethods(t *testing.T) {
	only := func(keep CallerOptions) *house {
		return newHouse(t, func(o *Options) { o.Callers = []CallerOptions{keep}; o.Realm = `a"b` })
	}
	l := &Login{User: "u", Secret: Hide("s")}
	for want, o := range map[string]CallerOptions{
		`Basic realm="a\"b", charset="UTF-8"`:        {Basic: l},
		`OAuth realm="a\"b"`:                         {OAuth1: l},
		`WSSE realm="a\"b", profile="UsernameToken"`: {WSSE: l},
	} {
		_, err := only(o).enter(post(), "", nil)
		e := wantStatus(t, err, 401, "credentials are needed")
		header := http.Header{}
		e.SetHeaders(header)
		if got := header.Values("WWW-Authenticate"); len(got) != 1 || got[0] != want {
			t.Errorf("got %q, want %s", got, want)
		}
	}
	_, err := only(CallerOptions{Subject: "CN=a"}).enter(post(), "", nil)
	wantStatus(t, err, 403, "credentials are needed")
}

func TestCredentialsOfOneCallerOnly(t *testing.T) {
	h := newHouse(t, nil)
	token := func() *UsernameToken { return &UsernameToken{User: "cirrus", Password: "userpassword"} }
	_, err := h.enter(withBasic("banner", "pässword"), "", token())
	wantStatus(t, err, 401, "different callers")
	_, err = h.enter(withBasic("banner", "pässword"), "", &UsernameToken{User: "banner", Password: "x"})
	wantStatus(t, err, 401, "not accepted")
	_, err = h.enter(post("Authorization", "Bearer x"), "", nil)
	wantStatus(t, err, 401, "of this kind")
	c, err := h.enter(post("Authorization", "Bearer x"), "", token())
	wantCaller(t, c, err, "cirrus")

	both := newHouse(t, func(o *Options) {
		o.Callers[0].WSSE = &Login{User: "b2", Secret: Hide("p2")}
		o.Callers = o.Callers[:1]
	})
	c, err = both.enter(withBasic("banner", "pässword"), "", &UsernameToken{User: "b2", Password: "p2"})
	wantCaller(t, c, err, "banner")
}

func TestNewRefuses(t *testing.T) {
	l := func(user, secret string) *Login { return &Login{User: user, Secret: Hide(secret)} }
	for want, o := range map[string]Options{
		"empty user or secret":   {Callers: []CallerOptions{{Name: "a", Basic: l("a", "")}}},
		"user of a":              {Callers: []CallerOptions{{Name: "a", Basic: l("a", "p")}, {Name: "b", Basic: l("a", "q")}}},
		"subject of a":           {Callers: []CallerOptions{{Name: "a", Subject: "CN=x, O=y"}, {Name: "b", Subject: "O=y,CN=x"}}},
		"64 hexadecimal digits":  {Callers: []CallerOptions{{Name: "a", SHA256: "12"}}},
		"need a store of nonces": {Callers: []CallerOptions{{Name: "a", WSSE: l("a", "p")}}},
		"rate is below zero":     {Anonymous: &AnonymousOptions{Rate: -1}},
		"it has no host":         {PublicURL: "lis"},
		"fingerprint of a": {Callers: []CallerOptions{
			{Name: "a", SHA256: strings.Repeat("ab", 32)}, {Name: "b", SHA256: strings.Repeat("AB:", 31) + "AB"}}},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
