package lissoap

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

const (
	head11 = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>`
	head12 = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>`
	mid    = `</s:Header><s:Body>`
	tail   = `</s:Body></s:Envelope>`
	pmsNS  = `xmlns="http://www.imsglobal.org/services/lis/pms2p0/wsdl11/sync/imspms_v2p0"`
	good   = head11 + `<imsx_syncResponseHeaderInfo ` + pmsNS + `><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>r</imsx_messageIdentifier>` +
		`<imsx_statusInfo><imsx_codeMajor>success</imsx_codeMajor><imsx_severity>status</imsx_severity><imsx_messageRefIdentifier>c-1</imsx_messageRefIdentifier>` +
		`</imsx_statusInfo></imsx_syncResponseHeaderInfo>` + mid + `<replacePersonResponse ` + pmsNS + `/>` + tail
)

// statusOf is a header with a status and nothing else, as Cirrus writes one.
func statusOf(major, minor, description string) string {
	return `<imsx_syncResponseHeaderInfo><imsx_version>V1.0</imsx_version><imsx_statusInfo><imsx_codeMajor> ` + major + `
		</imsx_codeMajor><imsx_severity>status</imsx_severity><imsx_description>` + description + `</imsx_description><imsx_codeMinor><imsx_codeMinorField>` +
		`<imsx_codeMinorFieldName>TargetEndSystem</imsx_codeMinorFieldName><imsx_codeMinorFieldValue>` + minor + `</imsx_codeMinorFieldValue>` +
		`</imsx_codeMinorField></imsx_codeMinor></imsx_statusInfo></imsx_syncResponseHeaderInfo>`
}

func fault11(code string) string {
	return head11 + mid + `<s:Fault><faultcode>s:` + code + `</faultcode><faultstring>what went wrong</faultstring><detail><a>b</a></detail></s:Fault>` + tail
}

func fault12(code string) string {
	return head12 + mid + `<s:Fault><s:Code><s:Value>s:` + code + `</s:Value><s:Subcode><s:Value xmlns:w="urn:w">w:FailedCheck</s:Value></s:Subcode></s:Code>` +
		`<s:Reason><s:Text xml:lang="en">what went wrong</s:Text><s:Text xml:lang="de">etwas</s:Text></s:Reason></s:Fault>` + tail
}

// answers is what peers can do to us, with the class that it has; "" is success.
var answers = []struct {
	name   string
	status int
	header string // one, as "Name: value"
	body   string
	want   adapters.Class
	says   string // part of the error
}{
	{"good", 200, "", good, "", ""},
	{"no message ids, statusInfo after version", 200, "", head11 + statusOf("success", "fullsuccess", "") + mid + `<replacePersonResponse/>` + tail, "", ""},
	{"processing", 200, "", head11 + statusOf("processing", "fullsuccess", "") + mid + `<replacePersonResponse/>` + tail, "", ""},
	{"security that must be understood", 200, "", head11 + `<o:Security s:mustUnderstand="1" xmlns:o="` + wsseNamespace + `"><t/></o:Security>` +
		`<a:Action s:mustUnderstand="1" xmlns:a="http://www.w3.org/2005/08/addressing">x</a:Action>` + statusOf("success", "fullsuccess", "") + mid + `<replacePersonResponse/>` + tail, "", ""},

	{"html", 200, "Content-Type: text/html", `<html><body>Please log in</body></html>`, adapters.Unavailable, "text/html"},
	{"empty", 200, "", "", adapters.Unavailable, "empty"},
	{"Temp", 200, "", "Temp", adapters.Unavailable, "not one of LIS"},
	{"another response", 200, "", strings.ReplaceAll(good, "replacePersonResponse", "replaceGroupResponse"), adapters.Unavailable, "replaceGroupResponse"},
	{"the request", 200, "", strings.ReplaceAll(good, "replacePersonResponse", "replacePersonRequest"), adapters.Unavailable, "replacePersonRequest"},
	{"no header", 200, "", head11 + mid + `<replacePersonResponse/>` + tail, adapters.Unavailable, "imsx_syncResponseHeaderInfo"},
	{"no status", 200, "", head11 + `<imsx_syncResponseHeaderInfo><imsx_version>V1.0</imsx_version></imsx_syncResponseHeaderInfo>` + mid + `<replacePersonResponse/>` + tail, adapters.Unavailable, "codeMajor"},
	{"cut envelope", 200, "", good[:len(good)-20], adapters.Unavailable, "not one of LIS"},
	{"something after it", 200, "", good + "x", adapters.Unavailable, "not one of LIS"},
	{"success under 500", 500, "", good, adapters.Unavailable, "500"},

	{"failure under 200", 200, "", head11 + statusOf("failure", "invaliddata", "no such gender") + mid + `<replacePersonResponse/>` + tail, adapters.Refused, "no such gender"},
	{"failure with an empty body", 200, "", head11 + statusOf("failure", "invaliddata", "no") + mid + tail, adapters.Refused, "invaliddata"},
	{"failure under 500", 500, "", head11 + statusOf("failure", "linkfailure", "no") + mid + `<replacePersonResponse/>` + tail, adapters.Unavailable, "linkfailure"},
	{"unauthorizedrequest", 200, "", head11 + statusOf("failure", "unauthorizedrequest", "not you") + mid + `<replacePersonResponse/>` + tail, adapters.Unavailable, "not you: the target does not let us do this; mend our rights"},
	{"failure in a strange word", 200, "", head11 + statusOf("failure", "oops", "") + mid + `<replacePersonResponse/>` + tail, adapters.Refused, "oops"},
	{"unsupported in a strange word", 200, "", head11 + statusOf("unsupported", "oops", "") + mid + `<replacePersonResponse/>` + tail, adapters.Unsupported, "oops"},

	{"client fault", 500, "", fault11("Client"), adapters.Refused, "what went wrong"},
	{"client fault under 200", 200, "", fault11("Client"), adapters.Refused, "what went wrong"},
	{"client fault in detail", 500, "", fault11("Client.Data"), adapters.Refused, "Client.Data"},
	{"authentication fault", 500, "", fault11("Client.Authentication"), adapters.Unavailable, "Authentication"},
	{"wsse fault", 500, "", fault11("FailedAuthentication"), adapters.Unavailable, "FailedAuthentication"},
	{"server fault", 500, "", fault11("Server"), adapters.Unavailable, "what went wrong"},
	{"strange fault", 500, "", fault11("Oops"), adapters.Unavailable, "Oops"},
	{"1.2 sender fault", 400, "", strings.ReplaceAll(fault12("Sender"), "FailedCheck", "BadArguments"), adapters.Refused, "Sender/BadArguments"},
	{"1.2 security fault", 400, "", fault12("Sender"), adapters.Unavailable, "FailedCheck"},
	{"1.2 receiver fault", 500, "", strings.ReplaceAll(fault12("Receiver"), "FailedCheck", "x"), adapters.Unavailable, "what went wrong"},

	{"bad request", 400, "", "no", adapters.Refused, "400"},
	{"unauthorized", 401, "", fault11("Client"), adapters.Unavailable, "credentials"},
	{"forbidden", 403, "", "no", adapters.Unavailable, "credentials"},
	{"not found", 404, "", "no", adapters.Unavailable, "address"},
	{"too large", 413, "", "no", adapters.Refused, "413"},
	{"another SOAP", 415, "", "no", adapters.Unavailable, "version of SOAP"},
	{"redirect", 302, "Location: https://login.example/saml?token=geheim", "", adapters.Unavailable, "https://login.example/saml"},
	{"timeout", 408, "", "", adapters.Busy, "5s"},
	{"too early", 425, "", "", adapters.Busy, "5s"},
	{"too many", 429, "Retry-After: 17", "", adapters.Busy, "17s"},
	{"busy until", 503, "Retry-After: Tue, 01 Sep 2026 08:00:30 GMT", fault11("Client"), adapters.Busy, "30s"},
	{"busy no more", 503, "Retry-After: 0", "", adapters.Busy, " 1s"},
	{"busy until a time that is over", 503, "Retry-After: Tue, 01 Sep 2026 07:00:00 GMT", "", adapters.Busy, " 1s"},
	{"busy for nobody knows how long", 503, "Retry-After: soon", "", adapters.Busy, " 5s"},
	{"busy for ever", 503, "Retry-After: 99999999", "", adapters.Busy, "1h0m0s"},
	{"bad gateway", 502, "", "<html>", adapters.Unavailable, "502"},
}

var testNow = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

// against makes a client of an endpoint that does as it is told.
func against(t *testing.T, o Options, answer http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(answer)
	o.URL, o.Now = s.URL, func() time.Time { return testNow }
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(); s.CloseClientConnections(); s.Close() })
	return c
}

func putPerson(t *testing.T, c *Client) (lis.Outcome, error) {
	return (&Adapter{c}).Apply(t.Context(), change(lis.Put, adaptertest.Sample(lis.KindPerson, 1)))
}

func TestAnswers(t *testing.T) {
	for _, a := range answers {
		t.Run(a.name, func(t *testing.T) {
			c := against(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
				if name, value, ok := strings.Cut(a.header, ": "); ok {
					w.Header().Set(name, value)
				}
				w.WriteHeader(a.status)
				io.WriteString(w, a.body)
			})
			_, err := putPerson(t, c)
			if a.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *adapters.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want class %s", err, a.want)
			}
			if text := fmt.Sprint(e, " ", e.After); e.Class != a.want || !strings.Contains(text, a.says) || strings.Contains(text, "geheim") {
				t.Errorf("%s (class %s), want %s saying %q", text, e.Class, a.want, a.says)
			}
		})
	}
}

func TestStatusClasses(t *testing.T) {
	for minor, want := range codeClasses {
		major := "failure"
		if want == adapters.Unsupported {
			major = "unsupported"
		}
		c := against(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, head11+statusOf(major, string(minor), "no person u1000037 here")+mid+`<replacePersonResponse/>`+tail)
		})
		_, err := putPerson(t, c)
		var e *adapters.Error
		if !errors.As(err, &e) || e.Class != want || !strings.Contains(e.Answer, "u1000037") {
			t.Errorf("%s: %v, want class %s", minor, err, want)
		}
		if busy := e.Class == adapters.Busy; busy != (e.After == busyFor) {
			t.Errorf("%s: wait %s", minor, e.After)
		}
	}
}

// Drafts spell some codes otherwise.
func TestDraftSpelling(t *testing.T) {
	c := against(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, head11+statusOf("failure", "unsupportedLISIOperation", "")+mid+`<replacePersonResponse/>`+tail)
	})
	if _, err := putPerson(t, c); adapters.ClassOf(err) != adapters.Unsupported {
		t.Error(err)
	}
}

func TestTempOfILP(t *testing.T) {
	c := against(t, Options{Profile: "ilp"}, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Temp") })
	if _, err := putPerson(t, c); adapters.ClassOf(err) != adapters.Unsupported {
		t.Error(err)
	}
}

func TestMissingParent(t *testing.T) {
	m := adaptertest.Sample(lis.KindMembership, 1)
	person := m.Object.(*lis.Membership).Person()
	for _, test := range []struct {
		minor, description string
		want               lis.SourcedID
	}{
		{"unknownperson", "", person},
		{"unknownobject", "there is no " + string(person), person},
		{"unknownobject", "something is missing", ""},
		{"unknowncontext", "", m.Object.(*lis.Membership).CollectionSourcedID},
	} {
		c := against(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, head11+statusOf("failure", test.minor, test.description)+mid+`<replaceMembershipResponse/>`+tail)
		})
		_, err := (&Adapter{c}).Apply(t.Context(), change(lis.Put, m))
		var e *adapters.Error
		if !errors.As(err, &e) || e.Class != adapters.Missing || e.Parent != test.want {
			t.Errorf("%s %q: %v, want parent %q", test.minor, test.description, err, test.want)
		}
	}
}

func TestTransport(t *testing.T) {
	huge := strings.Repeat("x", 2000)
	for name, test := range map[string]struct {
		o      Options
		answer http.HandlerFunc
		says   string // "" is success
	}{
		"cut connection": {Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(good)))
			io.WriteString(w, good[:len(good)/2])
		}, "unexpected EOF"},
		"no answer": {Options{}, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"slow": {Options{Timeout: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, good[:10])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "deadline"},
		"huge":        {Options{MaxAnswer: 1000}, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, good+huge) }, "1000 bytes"},
		"huge zipped": {Options{MaxAnswer: 1000}, func(w http.ResponseWriter, _ *http.Request) { zipped(w, good+huge) }, "1000 bytes"},
		"gzip":        {Options{}, func(w http.ResponseWriter, _ *http.Request) { zipped(w, good) }, ""},
		"gzip unasked": {Options{HTTP: &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}},
			func(w http.ResponseWriter, _ *http.Request) { zipped(w, good) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := putPerson(t, against(t, test.o, test.answer))
			if test.says == "" {
				if err != nil {
					t.Error(err)
				}
			} else if adapters.ClassOf(err) != adapters.Unavailable || !strings.Contains(fmt.Sprint(err), test.says) {
				t.Errorf("%v, want unavailable saying %q", err, test.says)
			}
		})
	}
}

func zipped(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	io.WriteString(z, text)
	z.Close()
}

// Connections are kept: many calls, one after the other, take one.
func TestKeepAlive(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, good) }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	c, err := NewClient(Options{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 20 {
		if _, err := putPerson(t, c); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for 20 calls", n)
	}
}
