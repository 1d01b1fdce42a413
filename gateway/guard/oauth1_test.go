package guard

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// RFC 5849 1.2: the first request of the example, with headers and all.
func TestRFC5849Request(t *testing.T) {
	h := newHouse(t, nil)
	h.clock.t = time.Unix(137131200, 0)
	r := httptest.NewRequest("POST", "https://photos.example.net/initiate", nil)
	r.Header.Set("Authorization", `OAuth realm="Photos, and more", oauth_consumer_key="dpf43f3p2l4k3l03", `+
		`oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131200", oauth_nonce="wIjqoS", `+
		`oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready", oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"`)
	r.RequestURI = "/initiate"
	c, err := h.enter(r, "", nil)
	wantCaller(t, c, err, "turnitin")
	_, err = h.enter(r, "", nil)
	wantStatus(t, err, 401, "nonce was used before")
	h.clock.pass(keepNonce)
	_, err = h.enter(r, "", nil)
	wantStatus(t, err, 401, "oauth_timestamp")
}

// RFC 5849 3.4.1.1 and 3.4.1.3: the base string. The signature is that of
// erratum 2550.
func TestRFC5849BaseString(t *testing.T) {
	r := httptest.NewRequest("POST", "http://EXAMPLE.COM:80/request", nil)
	r.RequestURI = "/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
	s, problem := parseSignature(`realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",
		oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`)
	if problem != "" {
		t.Fatal(problem)
	}
	v := &Visitor{g: newHouse(t, nil).Guard, r: r, oauth1: s}
	bases, problem := v.bases(true, []byte("c2&a3=2+q"))
	want := "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D" +
		"%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1" +
		"%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if problem != "" || len(bases) != 2 || bases[1] != want {
		t.Fatalf("got %q, %s, want %s", bases, problem, want)
	}
	mac := hmac.New(sha1.New, []byte("j49sk3j29djd&dh893hdasih9"))
	mac.Write([]byte(bases[1]))
	if got := base64.StdEncoding.EncodeToString(mac.Sum(nil)); got != "r6/TJjbCOr97/+UU0NsvSne7s5g=" {
		t.Errorf("signature is %s", got)
	}
}

func TestEscape(t *testing.T) {
	if got := escape("aZ09-._~ +/*!'()%&=\u00fc\u2603"); got != "aZ09-._~%20%2B%2F%2A%21%27%28%29%25%26%3D%C3%BC%E2%98%83" {
		t.Errorf("got %s", got)
	}
}

// A client signs as the PHP and Perl clients do, by rules written down again
// here rather than taken from the code under test.
type client struct {
	h                  *house
	method, url, body  string
	secret, hash, kind string // hash: oauth_body_hash; "-" for none, "" for the right one
	change             func(params map[string]string)
	nonce              string
}

func (c client) request() *http.Request {
	r := httptest.NewRequest("POST", c.url, nil)
	r.RequestURI = strings.TrimPrefix(c.url[strings.Index(c.url, "//")+2:], r.Host)
	r.Header.Set("Content-Type", c.kind)
	params := map[string]string{
		"oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_signature_method": c.method, "oauth_nonce": c.nonce, "oauth_version": "1.0",
		"oauth_timestamp": fmt.Sprint(c.h.clock.now().Unix()),
	}
	if c.hash == "" {
		sum := sha1.Sum([]byte(c.body))
		params["oauth_body_hash"] = base64.StdEncoding.EncodeToString(sum[:])
	} else if c.hash != "-" {
		params["oauth_body_hash"] = c.hash
	}
	if c.change != nil {
		c.change(params)
	}
	params["oauth_signature"] = c.sign(params)
	var parts []string
	for name, value := range params {
		parts = append(parts, fmt.Sprintf("%s=%q", name, url.PathEscape(strings.ReplaceAll(value, "+", "%2B"))))
		parts[len(parts)-1] = strings.ReplaceAll(parts[len(parts)-1], "%252B", "%2B")
	}
	r.Header.Set("Authorization", "OAuth "+strings.Join(parts, ", "))
	return r
}

func (c client) sign(params map[string]string) string {
	u, _ := url.Parse(c.url)
	all := u.Query()
	for name, value := range params {
		all.Add(name, value)
	}
	if strings.HasPrefix(c.kind, "application/x-www-form-urlencoded") {
		form, _ := url.ParseQuery(c.body)
		for name, values := range form {
			all[name] = append(all[name], values...)
		}
	}
	// Encode sorts by name; the names here are single and plain.
	normal := strings.ReplaceAll(all.Encode(), "+", "%20")
	base := "POST&" + url.QueryEscape(u.Scheme+"://"+u.Host+u.EscapedPath()) + "&" + url.QueryEscape(normal)
	mac := hmac.New(sha1.New, []byte(url.QueryEscape(c.secret)+"&"))
	if c.method == "HMAC-SHA256" {
		mac = hmac.New(sha256.New, []byte(url.QueryEscape(c.secret)+"&"))
	}
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

var nonceCount int

func newClient(h *house) client {
	nonceCount++
	return client{h: h, method: "HMAC-SHA1", url: "http://lis.example.edu/lis/pms?lang=en&wsdl=a%20b", body: "<Envelope/>",
		secret: "kd94hf93k423kf44", kind: "text/xml; charset=utf-8", nonce: fmt.Sprint("nonce", nonceCount)}
}

func TestSignedRequests(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.PublicURL = "https://Public.example.edu:443/base/" })
	sha := sha256.Sum256([]byte("<Envelope/>"))
	for name, change := range map[string]func(*client){
		"as the PHP client":       func(*client) {},
		"HMAC-SHA256":             func(c *client) { c.method = "HMAC-SHA256" },
		"body hash SHA-256":       func(c *client) { c.hash = base64.StdEncoding.EncodeToString(sha[:]) },
		"empty body without hash": func(c *client) { c.body, c.hash = "", "-" },
		"empty body with hash":    func(c *client) { c.body = "" },
		"form":                    func(c *client) { c.kind, c.body, c.hash = "application/x-www-form-urlencoded", "a=b&c=d+e", "-" },
		"https":                   func(c *client) { c.url = "https://lis.example.edu/lis/pms" },
		"escaped path":            func(c *client) { c.url = "http://lis.example.edu/lis/p%2Fms" },
		"no version":              func(c *client) { c.change = func(p map[string]string) { delete(p, "oauth_version") } },
		"empty token":             func(c *client) { c.change = func(p map[string]string) { p["oauth_token"] = "" } },
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(h)
			change(&c)
			got, err := h.enter(c.request(), c.body, nil)
			wantCaller(t, got, err, "turnitin")
		})
	}
	for _, address := range []string{"https://public.example.edu/lis/pms", "https://public.example.edu/base/lis/pms"} {
		c := newClient(h)
		c.url = address
		r := c.request()
		r.Host, r.RequestURI, r.TLS = "inner:8080", "/lis/pms", nil // the proxy
		got, err := h.enter(r, c.body, nil)
		wantCaller(t, got, err, "turnitin")
	}
}

func TestBadSignatures(t *testing.T) {
	set := func(name, value string) func(*client) {
		return func(c *client) { c.change = func(p map[string]string) { p[name] = value } }
	}
	drop := func(name string) func(*client) {
		return func(c *client) { c.change = func(p map[string]string) { delete(p, name) } }
	}
	at := func(d time.Duration) func(*client) {
		return func(c *client) { set("oauth_timestamp", fmt.Sprint(c.h.clock.now().Add(d).Unix()))(c) }
	}
	form := func(c *client) { c.kind = "application/x-www-form-urlencoded" }
	h := newHouse(t, nil)
	for name, c := range map[string]struct {
		change  func(*client)
		message string
	}{
		"wrong secret":       {func(c *client) { c.secret = "wrong" }, "not accepted"},
		"empty secret":       {func(c *client) { c.secret = "" }, "not accepted"},
		"unknown consumer":   {set("oauth_consumer_key", "nobody"), "not accepted"},
		"body not signed":    {func(c *client) { c.hash = "-" }, "is not signed"},
		"hash of other body": {func(c *client) { sum := sha1.Sum(nil); c.hash = base64.StdEncoding.EncodeToString(sum[:]) }, "does not fit the body"},
		"hash of no length":  {func(c *client) { c.hash = "AAAA" }, "does not fit the body"},
		"hash not Base64":    {func(c *client) { c.hash = "?" }, "does not fit the body"},
		"hash with form":     {form, "must not come with a form"},
		"stale":              {at(-window - time.Second), "oauth_timestamp"},
		"future":             {at(window + time.Second), "oauth_timestamp"},
		"timestamp in words": {set("oauth_timestamp", "now"), "oauth_timestamp"},
		"huge timestamp":     {set("oauth_timestamp", "99999999999999999999"), "oauth_timestamp"},
		"no timestamp":       {drop("oauth_timestamp"), "oauth_timestamp is missing"},
		"no nonce":           {drop("oauth_nonce"), "oauth_nonce is missing"},
		"no consumer":        {drop("oauth_consumer_key"), "oauth_consumer_key is missing"},
		"plain text":         {func(c *client) { c.method = "PLAINTEXT" }, "signature method"},
		"none":               {func(c *client) { c.method = "none" }, "signature method"},
		"a user's token":     {set("oauth_token", "t"), "oauth_token"},
		"version 2":          {set("oauth_version", "2.0"), "oauth_version"},
	} {
		t.Run(name, func(t *testing.T) {
			signer := newClient(h)
			c.change(&signer)
			_, err := h.enter(signer.request(), signer.body, nil)
			wantStatus(t, err, 401, c.message)
		})
	}
}

func TestChangedAfterSigning(t *testing.T) {
	h := newHouse(t, nil)
	for name, c := range map[string]struct {
		change  func(*http.Request)
		message string
	}{
		"method":            {func(r *http.Request) { r.Method = "PUT" }, "not accepted"},
		"path":              {func(r *http.Request) { r.RequestURI = "/lis/gms?lang=en&wsdl=a%20b" }, "not accepted"},
		"query":             {func(r *http.Request) { r.RequestURI += "&x=y" }, "not accepted"},
		"bad query":         {func(r *http.Request) { r.RequestURI += "&x=%zz" }, "parameters are malformed"},
		"host":              {func(r *http.Request) { r.Host = "other.example.edu" }, "not accepted"},
		"signature":         {func(r *http.Request) { edit(r, `oauth_signature="`, `oauth_signature="AAAA`) }, "not accepted"},
		"no Base64":         {func(r *http.Request) { edit(r, `oauth_signature="`, `oauth_signature="!`) }, "not Base64"},
		"method of signing": {func(r *http.Request) { edit(r, "HMAC-SHA1", "HMAC-SHA256") }, "not accepted"},
		"twice":             {func(r *http.Request) { edit(r, "OAuth ", `OAuth oauth_nonce="x", `) }, "parameter twice"},
		"broken":            {func(r *http.Request) { edit(r, "OAuth ", `OAuth x, `) }, "header is malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			signer := newClient(h)
			r := signer.request()
			c.change(r)
			_, err := h.enter(r, signer.body, nil)
			wantStatus(t, err, 401, c.message)
			// What was refused has not used up the caller's nonce.
			got, err := h.enter(signer.request(), signer.body, nil)
			wantCaller(t, got, err, "turnitin")
		})
	}
	c := newClient(h)
	_, err := h.enter(c.request(), c.body+" ", nil)
	wantStatus(t, err, 401, "does not fit the body")
}

func edit(r *http.Request, from, to string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
}

// A door that streams the body shows none of it; then a signature cannot
// cover it, whatever it says.
func TestBodyThatIsNotShown(t *testing.T) {
	h := newHouse(t, nil)
	for _, hash := range []string{"", "-"} {
		for _, length := range []int64{10, -1} {
			c := newClient(h)
			c.body, c.hash = "", hash
			r := c.request()
			r.ContentLength = length
			_, err := h.enter(r, "", nil)
			wantStatus(t, err, 401, "body of this kind")
		}
	}
}

func TestStoreInTrouble(t *testing.T) {
	h := newHouse(t, nil)
	h.nonces.err = errors.New("disk gone")
	c := newClient(h)
	_, err := h.enter(c.request(), c.body, nil)
	if e := wantStatus(t, err, 503, "not possible now"); e.Retry == 0 || !errors.Is(err, h.nonces.err) {
		t.Errorf("got %+v", e)
	}
}
