package httpjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/httpjson"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A site is a small imitation of a home-grown system.
type site struct {
	remembers bool // keeps LIS-Sequence, of what is gone too
	parents   bool // wants the person of a membership to be there

	mu       sync.Mutex
	things   map[string][]byte
	sequence map[string]int64
	writes   int
	last     http.Header
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = r.Header
	body, err := io.ReadAll(r.Body)
	place := r.URL.EscapedPath()
	switch thing, there := s.things[place]; {
	case err != nil:
		return // the caller went away
	case r.Header.Get("X-Api-Key") != "key-1":
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodGet && there:
		_, _ = w.Write(thing)
	case r.Method == http.MethodPut:
		s.put(w, r, place, body)
	case r.Method == http.MethodDelete && there && s.newer(w, r, place):
		delete(s.things, place)
		s.writes++
	case r.Method == http.MethodGet || !there:
		http.NotFound(w, r)
	}
}

func (s *site) put(w http.ResponseWriter, r *http.Request, place string, body []byte) {
	var sent struct {
		ID     string `json:"id"`
		Record struct {
			Object struct {
				Member struct {
					Person string `json:"personSourcedId"`
				} `json:"member"`
			} `json:"object"`
		} `json:"record"`
	}
	if err := json.Unmarshal(body, &sent); err != nil || !strings.HasSuffix(place, "/"+url.PathEscape(sent.ID)) {
		http.Error(w, "not what was agreed", http.StatusUnprocessableEntity)
		return
	}
	if p := sent.Record.Object.Member.Person; s.parents && p != "" && s.things["/api/people/"+url.PathEscape(p)] == nil {
		w.WriteHeader(http.StatusFailedDependency)
		fmt.Fprintf(w, `{"parent":%q}`, p)
		return
	}
	if s.newer(w, r, place) && string(s.things[place]) != string(body) {
		s.things[place] = body
		s.writes++
	}
	_, _ = w.Write([]byte(`{"no":"17"}`))
}

func (s *site) newer(w http.ResponseWriter, r *http.Request, place string) bool {
	n, _ := strconv.ParseInt(r.Header.Get("LIS-Sequence"), 10, 64)
	if s.remembers && n < s.sequence[place] {
		w.WriteHeader(http.StatusPreconditionFailed)
		return false
	}
	s.sequence[place] = n
	return true
}

func serve(t *testing.T, h http.Handler) string {
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

func open(t *testing.T, url string) *httpjson.Adapter {
	t.Helper()
	a, err := httpjson.New(httpjson.Options{
		URL: url + "/api/", Paths: map[lis.Kind]string{lis.KindPerson: "people", lis.KindMembership: "roles", lis.KindResult: "grades"},
		Headers: map[string]httpjson.Secret{"X-Api-Key": "key-1"},
		Body:    `{"id":{id},"type":{kind},"record":{record}}`, Record: "record", TargetID: "no",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

var kinds = []lis.Kind{lis.KindPerson, lis.KindMembership, lis.KindResult}

func TestSuite(t *testing.T) {
	for name, remembers := range map[string]bool{"a system that forgets": false, "a system that remembers": true} {
		t.Run(name, func(t *testing.T) {
			sites := map[adapters.Adapter]*site{}
			adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
				s := &site{remembers: remembers, things: map[string][]byte{}, sequence: map[string]int64{}}
				a := open(t, serve(t, s))
				sites[a] = s
				return a
			}, adaptertest.Features{
				Kinds: kinds, NoRekey: true, Forgetful: !remembers,
				Effects: func(a adapters.Adapter) int { return sites[a].writes },
				Hang: func(t *testing.T) adapters.Adapter {
					return open(t, serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
						_, _ = io.Copy(io.Discard, r.Body)
						<-r.Context().Done()
					})))
				},
			})
		})
	}
}

func put(r *lis.Record) lis.Change {
	return lis.Change{ID: "c-1", Seq: 5, Kind: r.Object.Kind(), Key: r.ID, Act: lis.Put, Record: r}
}

func answering(t *testing.T, status int, header, value, body string) *httpjson.Adapter {
	return open(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(header, value)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})))
}

// TestClasses holds the table of statuses.
func TestClasses(t *testing.T) {
	for _, c := range []struct {
		status        int
		header, value string
		want          adapters.Class
		after         time.Duration
		narrow        bool
	}{
		{301, "Location", "http://elsewhere.example/", adapters.Unavailable, 0, false},
		{400, "", "", adapters.Refused, 0, false},
		{401, "", "", adapters.Unavailable, 0, false},
		{403, "", "", adapters.Unavailable, 0, true},
		{404, "", "", adapters.Unavailable, 0, true},
		{405, "", "", adapters.Unavailable, 0, true},
		{408, "", "", adapters.Unavailable, 0, false},
		{409, "", "", adapters.Refused, 0, false},
		{424, "", "", adapters.Unavailable, 0, false},
		{429, "", "", adapters.Busy, 0, false},
		{429, "Retry-After", "7", adapters.Busy, 7 * time.Second, false},
		{500, "", "", adapters.Unavailable, 0, false},
		{501, "", "", adapters.Refused, 0, false},
		{503, "", "", adapters.Unavailable, 0, false},
		{503, "Retry-After", "Thu, 31 Dec 2099 23:59:59 GMT", adapters.Busy, 24 * time.Hour, false},
	} {
		_, err := answering(t, c.status, c.header, c.value, "their words").Apply(t.Context(), put(adaptertest.Sample(lis.KindPerson, 1)))
		var e *adapters.Error
		if !errors.As(err, &e) || e.Class != c.want || e.After != c.after || e.Narrow != c.narrow || e.Answer != "their words" {
			t.Errorf("HTTP %d %s: %+v", c.status, c.value, err)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	s := &site{things: map[string][]byte{}, sequence: map[string]int64{}}
	a := open(t, serve(t, s))
	r := adaptertest.Sample(lis.KindPerson, 3)
	r.ID = `a/b "c" {record}`
	o, err := a.Apply(t.Context(), put(r))
	if err != nil || o.TargetID != "17" || s.last.Get("Idempotency-Key") != "c-1" || s.last.Get("LIS-Sequence") != "5" {
		t.Errorf("%+v %v %v", o, err, s.last)
	}
	if s.things["/api/people/a%2Fb%20%22c%22%20%7Brecord%7D"] == nil {
		t.Errorf("it is not where it belongs: %v", len(s.things))
	}
	for _, id := range []lis.SourcedID{"", ".", ".."} {
		c := put(r)
		c.Key = id
		if _, err := a.Apply(t.Context(), c); adapters.ClassOf(err) != adapters.Unsupported {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestAParentThatIsNotThere(t *testing.T) {
	s := &site{parents: true, things: map[string][]byte{}, sequence: map[string]int64{}}
	m := adaptertest.Sample(lis.KindMembership, 1)
	_, err := open(t, serve(t, s)).Apply(t.Context(), put(m))
	var e *adapters.Error
	if !errors.As(err, &e) || e.Class != adapters.Missing || e.Parent != m.Object.(*lis.Membership).Person() {
		t.Errorf("%+v", err)
	}
}

// What is no record is neither one nor an absence, and no error quotes names.
func TestAnswersThatAreNone(t *testing.T) {
	for _, body := range []string{"<html>", "{}", `{"record":{}}`, `{"record":` + strings.Repeat(" ", 2<<20)} {
		r, err := answering(t, 200, "", "", body).Read(t.Context(), lis.KindPerson, "p1")
		if r != nil || adapters.ClassOf(err) != adapters.Unavailable || err == nil {
			t.Errorf("%.20s: %+v %v", body, r, err)
		}
	}
	a := open(t, "http://127.0.0.1:1")
	if _, err := a.Apply(t.Context(), put(adaptertest.Sample(lis.KindPerson, 1))); err == nil || strings.Contains(err.Error(), "u1000037") {
		t.Error(err)
	}
	if text := fmt.Sprintf("%v %+v %#v", a.Options, a.Options, a.Options); strings.Contains(text, "key-1") {
		t.Error(text)
	}
}

func TestOptionsThatAreNone(t *testing.T) {
	for _, o := range []httpjson.Options{{}, {URL: "people", Paths: map[lis.Kind]string{"person": "p"}}, {URL: "http://x"}} {
		if _, err := httpjson.New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
