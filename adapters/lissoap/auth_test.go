package lissoap

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// The example of OAuth Request Body Hash 1.0 draft 4, appendix A. Its printed
// signature is known to be wrong, so that the hash and the base string are
// compared; another implementation signs the same base string.
func TestBodyHash(t *testing.T) {
	if got := base64SHA1([]byte("Hello World!")); got != "Lve95gjOVATpfV8EL5X4nxwjKHE=" {
		t.Errorf("hash %s", got)
	}
	u, _ := url.Parse("http://www.example.com/resource")
	got := baseString("PUT", u, [][2]string{
		{"oauth_consumer_key", "consumer"}, {"oauth_token", "token"}, {"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "1236874236"},
		{"oauth_nonce", "10369470270925"}, {"oauth_version", "1.0"}, {"oauth_body_hash", "Lve95gjOVATpfV8EL5X4nxwjKHE="},
	})
	want := "PUT&http%3A%2F%2Fwww.example.com%2Fresource&oauth_body_hash%3DLve95gjOVATpfV8EL5X4nxwjKHE%253D%26oauth_consumer_key%3Dconsumer" +
		"%26oauth_nonce%3D10369470270925%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1236874236%26oauth_token%3Dtoken%26oauth_version%3D1.0"
	if got != want {
		t.Errorf("base string\n%s, want\n%s", got, want)
	}
}

// Rules of RFC 5849 sections 3.4.1.2 and 3.4.1.3.2: usual ports go, names are
// sorted, a plus in a query is a space.
func TestBaseString(t *testing.T) {
	u, _ := url.Parse("HTTP://EXAMPLE.com:80/r%20v/X?id=123&b5=%3D%253D&a3=a&a3=2+q&c%40=")
	want := "POST&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26id%3D123"
	if got := baseString("POST", u, nil); got != want {
		t.Errorf("base string\n%s, want\n%s", got, want)
	}
}

func TestOAuthHeader(t *testing.T) {
	k := &OAuth1{Key: "a b", Secret: "s&"}
	req := httptest.NewRequest(http.MethodPost, "https://peer.example/lis?lang=en", nil)
	got := k.sign(req, []byte("<x/>"), "n", 7)
	for _, part := range []string{`OAuth oauth_consumer_key="a%20b"`, `oauth_timestamp="7"`, `oauth_body_hash="`, `oauth_signature="`} {
		if !strings.Contains(got, part) {
			t.Errorf("header %s has no %s", got, part)
		}
	}
	if k.sign(req, []byte("<y/>"), "n", 7) == got || strings.Contains(k.sign(req, nil, "n", 7), "body_hash") {
		t.Error("the body is not signed, or none is")
	}
}

// sent makes a call and returns the request that it was.
func sent(t *testing.T, o Options) (*http.Request, string) {
	t.Helper()
	var req *http.Request
	var body []byte
	o.NewID = func() string { return "nonce" }
	c := against(t, o, func(w http.ResponseWriter, r *http.Request) {
		req = r
		body, _ = io.ReadAll(r.Body)
		io.WriteString(w, good)
	})
	if _, err := putPerson(t, c); err != nil {
		t.Fatal(err)
	}
	return req, string(body)
}

func TestRequest(t *testing.T) {
	req, body := sent(t, Options{Basic: &Basic{"u", "p"}})
	if user, password, _ := req.BasicAuth(); user != "u" || password != "p" {
		t.Errorf("user %s, password %s", user, password)
	}
	if req.Header.Get("Content-Type") != "text/xml; charset=utf-8" || req.Header.Get("Soapaction") != `"http://www.imsglobal.org/soap/lis/pms2p0/replacePerson"` ||
		req.Header.Get("Accept-Encoding") != "gzip" || req.URL.Path != "/pms" || !strings.Contains(body, "<imsx_messageIdentifier>c-1<") {
		t.Errorf("request %s %v\n%s", req.URL, req.Header, body)
	}
	req, body = sent(t, Options{SOAP: wire.SOAP12})
	if req.Header.Get("Content-Type") != `application/soap+xml; charset=utf-8; action="http://www.imsglobal.org/soap/lis/pms2p0/replacePerson"` ||
		req.Header.Get("Soapaction") != "" || !strings.Contains(body, string(wire.SOAP12)) {
		t.Errorf("SOAP 1.2 request %v", req.Header)
	}
}

func TestWSSE(t *testing.T) {
	nonce := base64.StdEncoding.EncodeToString([]byte("nonce"))
	for kind, password := range map[string]string{
		"PasswordText":   "p&amp;w",
		"PasswordDigest": base64SHA1([]byte("nonce2026-09-01T08:00:00Zp&w")),
	} {
		_, body := sent(t, Options{WSSE: &WSSE{"u", "p&w", kind == "PasswordDigest"}})
		for _, part := range []string{`soapenv:mustUnderstand="1"`, `<wsse:Username>u</wsse:Username>`, kind + `">` + password + `<`,
			`#Base64Binary">` + nonce + `<`, `<wsu:Created>2026-09-01T08:00:00Z</wsu:Created>`} {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %s in %s", kind, part, body)
			}
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	o := Options{Basic: &Basic{"u", "geheim"}, WSSE: &WSSE{User: "u", Password: "geheim"}, OAuth1: &OAuth1{"k", "geheim"}}
	text, err := json.Marshal([]any{o.Basic, o.WSSE, o.OAuth1})
	all := string(text) + fmt.Sprintf("%v %+v %#v %v %+v", *o.Basic, *o.WSSE, *o.OAuth1, o.Basic, o)
	if err != nil || strings.Contains(all, "geheim") {
		t.Errorf("%v: %s", err, all)
	}
}

func TestOptions(t *testing.T) {
	for says, o := range map[string]Options{
		"no address":      {},
		"no profile":      {URL: "http://peer.example", Profile: "moodle"},
		"exclude":         {URL: "http://peer.example", Basic: &Basic{}, OAuth1: &OAuth1{}},
		"holds a user":    {URL: "http://u:geheim@peer.example"},
		"not of the form": {URL: "ftp://peer.example"},
		"is no URL":       {URL: "http://peer example:geheim"},
		"no LIS service":  {URLs: map[lis.Service]string{"xms": "http://peer.example"}},
	} {
		_, err := NewClient(o)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, test := range []struct {
		o               Options
		operation, want string
	}{
		{Options{URL: "http://p.example/lis/?lang=en"}, "replaceResult", "http://p.example/lis/oms?lang=en"},
		{Options{URL: "http://p.example", Profile: "ilp"}, "replacePerson", "http://p.example"},
		{Options{URL: "http://p.example/services", Profile: "blackboard"}, "replaceCourseSection", "http://p.example/services/CourseSectionManagerSyncService"},
		{Options{URL: "http://p.example/services", Profile: "blackboard"}, "replacePerson", "http://p.example/services/PersonManagementServiceSyncService"},
		{Options{URLs: map[lis.Service]string{"gms": "http://p.example/g"}}, "replaceGroup", "http://p.example/g"},
		{Options{URLs: map[lis.Service]string{"gms": "http://p.example/g"}}, "replacePerson", ""},
	} {
		c, err := NewClient(test.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.addresses[test.operation]; got != test.want {
			t.Errorf("%s of %+v goes to %q, want %q", test.operation, test.o, got, test.want)
		}
		c.Close()
	}
}
