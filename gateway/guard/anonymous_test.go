package guard

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func local(target string, header ...string) *http.Request {
	r := httptest.NewRequest("POST", target, nil)
	r.RemoteAddr = "127.0.0.1:4711"
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func open(o *Options) {
	o.Callers = nil
	o.Anonymous = &AnonymousOptions{Profile: "tolerant", Admin: true}
}

func TestAnonymousOnThisMachine(t *testing.T) {
	h := newHouse(t, open)
	for _, r := range []*http.Request{
		local("http://127.0.0.1:8080/lis/pms"), local("http://localhost/lis/pms"), local("http://[::1]:8080/"), local("http://LOCALHOST:1/"),
		local("http://127.0.0.1/", "Authorization", "Basic eDp5"), // nobody asked for credentials
		local("http://localhost:8080/", "Origin", "http://localhost:8080"),
		local("http://localhost:8080/", "Sec-Fetch-Site", "same-origin"),
	} {
		c, err := h.enter(r, "", &UsernameToken{User: "x"})
		wantCaller(t, c, err, "anonymous")
		if !c.Anonymous || !c.Admin || c.Profile != "tolerant" {
			t.Errorf("got %+v", c)
		}
	}
	v6 := local("http://[::1]/")
	v6.RemoteAddr = "[::ffff:127.0.0.1]:1"
	c, err := h.enter(v6, "", nil)
	wantCaller(t, c, err, "anonymous")
}

func TestNotAnonymousFromElsewhere(t *testing.T) {
	h := newHouse(t, open)
	elsewhere := local("http://127.0.0.1/")
	elsewhere.RemoteAddr = "192.0.2.7:1"
	socket := local("http://127.0.0.1/")
	socket.RemoteAddr = "@"
	for name, r := range map[string]*http.Request{
		"other machine":     elsewhere,
		"no address":        socket,
		"rebound name":      local("http://evil.example.com/lis/pms"),
		"name like it":      local("http://localhost.example.com/"),
		"proxy":             local("http://127.0.0.1/", "X-Forwarded-For", "192.0.2.7"),
		"standard proxy":    local("http://127.0.0.1/", "Forwarded", "for=192.0.2.7"),
		"proxy naming self": local("http://127.0.0.1/", "Via", "1.1 x"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.Identify(r)
			wantStatus(t, err, 403, "credentials are needed")
		})
	}
	for name, r := range map[string]*http.Request{
		"page of another site": local("http://127.0.0.1:8080/", "Origin", "http://evil.example.com"),
		"page of no site":      local("http://127.0.0.1:8080/", "Origin", "null"),
		"told by the browser":  local("http://127.0.0.1:8080/", "Sec-Fetch-Site", "cross-site"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.Identify(r)
			wantStatus(t, err, 403, "page of another site")
		})
	}
}

func TestAnonymousWithCallersOnlyWhenGiven(t *testing.T) {
	h := newHouse(t, nil)
	_, err := h.enter(local("http://localhost/"), "", nil)
	wantStatus(t, err, 401, "credentials are needed")

	h = newHouse(t, func(o *Options) { o.Anonymous = &AnonymousOptions{} })
	c, err := h.enter(local("http://localhost/"), "", nil)
	wantCaller(t, c, err, "anonymous")
	if c.Admin {
		t.Error("anonymous is admin unasked")
	}
	// Whoever tries credentials must have right ones.
	_, err = h.enter(local("http://localhost/", "Authorization", "Bearer x"), "", nil)
	wantStatus(t, err, 401, "of this kind")
	_, err = h.enter(local("http://localhost/"), "", &UsernameToken{User: "cirrus", Password: "wrong"})
	wantStatus(t, err, 401, "not accepted")
	_, err = h.enter(post(), "", nil)
	wantStatus(t, err, 401, "except from this machine")
}

func TestAnonymousAnywhereIsNeverAdmin(t *testing.T) {
	h := newHouse(t, func(o *Options) { open(o); o.AnonymousAnywhere = true })
	c, err := h.enter(post(), "", nil)
	wantCaller(t, c, err, "anonymous")
	if c.Admin {
		t.Error("somebody from another machine is admin")
	}
	c, err = h.enter(local("http://localhost/"), "", nil)
	wantCaller(t, c, err, "anonymous")
	if !c.Admin {
		t.Error("somebody from this machine is not")
	}
}

func TestPagesOfThePublicAddressAreOurs(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.PublicURL = "https://public.example.edu/base/" })
	r := withBasic("banner", "pässword")
	r.Header.Set("Origin", "https://public.example.edu")
	c, err := h.enter(r, "", nil)
	wantCaller(t, c, err, "banner")
}

func TestNeighbourhood(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::/64", "[::ffff:192.0.2.7]:9": "192.0.2.7",
		"[fe80::1%eth0]:1": "fe80::/64", "@": "@", "": "",
	} {
		if got := neighbourhood(&http.Request{RemoteAddr: address}); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
}
