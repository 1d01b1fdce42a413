package peer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

// ask serves one answer and asks for it.
func ask(t *testing.T, h http.HandlerFunc) (*peer.Reply, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	c := peer.New(peer.Connection{Now: func() time.Time { return now }}.Or(5*time.Second, 10))
	defer c.Close()
	return c.Do(t.Context(), http.MethodGet, server.URL+"/people/jane.roe", nil, nil)
}

func answer(t *testing.T, status int, retryAfter string) *peer.Reply {
	t.Helper()
	r, err := ask(t, func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("said"))
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestClasses holds the table of statuses, and that a system's own goes before
// it: a status before a hundred, and whatever is named before what is not.
func TestClasses(t *testing.T) {
	own := peer.Table{
		4: {Hint: "rest"}, http.StatusUnauthorized: {Hint: "key"}, http.StatusForbidden: {Hint: "right"},
		http.StatusNotAcceptable: {Class: adapters.Unavailable, Narrow: true}, http.StatusNotImplemented: {Class: adapters.Refused},
	}
	for _, c := range []struct {
		status     int
		retryAfter string
		want       adapters.Class
		narrow     bool
		hint       string
		after      time.Duration
	}{
		{303, "", adapters.Unavailable, false, "", 0},
		{400, "", adapters.Refused, false, "rest", 0},
		{401, "", adapters.Unavailable, false, "key", 0},
		{403, "", adapters.Unavailable, true, "right", 0},
		{404, "", adapters.Unavailable, false, "", 0},
		{406, "", adapters.Unavailable, true, "", 0},
		{408, "", adapters.Unavailable, false, "", 0},
		{422, "9", adapters.Refused, false, "rest", 0},
		{429, "", adapters.Busy, false, "", time.Minute},
		{500, "", adapters.Unavailable, false, "", 0},
		{501, "", adapters.Refused, false, "", 0},
		{503, "", adapters.Unavailable, false, "", 0},
		{503, "9", adapters.Busy, false, "", 9 * time.Second},
	} {
		err := answer(t, c.status, c.retryAfter).Failure("ask", own, time.Minute)
		var e *adapters.Error
		if !errors.As(err, &e) || e.Class != c.want || e.Narrow != c.narrow || e.Hint != c.hint || e.After != c.after || e.Answer != "said" {
			t.Errorf("HTTP %d %s: %+v", c.status, c.retryAfter, e)
		}
	}
	if err := answer(t, 201, "").Failure("ask", nil, 0); err != nil {
		t.Error(err)
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": time.Minute, "soon": time.Minute, "-5": time.Minute, "7": 7 * time.Second, "0": time.Second, "9999999": 24 * time.Hour,
		"Tue, 01 Sep 2026 08:02:00 GMT": 2 * time.Minute, "Tue, 01 Sep 2026 07:00:00 GMT": time.Second, "Wed, 01 Sep 2027 08:00:00 GMT": 24 * time.Hour,
	} {
		if got := answer(t, 503, value).RetryAfter(time.Minute); got != want {
			t.Errorf("Retry-After %q: %s, want %s", value, got, want)
		}
	}
}

func TestAnAnswerThatIsTooLong(t *testing.T) {
	_, err := ask(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("eleven byte")) })
	var long *peer.TooLong
	if !errors.As(err, &long) || long.Status != http.StatusOK || long.Most != 10 {
		t.Error(err)
	}
}

// No error of the connection quotes what stands in an address.
func TestErrorsQuoteNoAddress(t *testing.T) {
	_, err := ask(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if err == nil || strings.Contains(err.Error(), "jane") {
		t.Error(err)
	}
	c := peer.New(peer.Connection{}.Or(time.Second, 10))
	if _, err := c.Do(t.Context(), http.MethodGet, "http://jane\x00", nil, nil); err == nil || strings.Contains(err.Error(), "jane") {
		t.Error(err)
	}
	_ = c.Close()
	if _, err := c.Do(t.Context(), http.MethodGet, "http://127.0.0.1:1", nil, nil); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
}

func TestASecretIsNeverPrinted(t *testing.T) {
	o := struct{ Key peer.Secret }{"hush"}
	text, err := json.Marshal(o)
	if all := fmt.Sprintf("%v %+v %#v %s", o, o, o, text); err != nil || strings.Contains(all, "hush") {
		t.Error(all, err)
	}
}

func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://learn.example.edu/": true, "http://127.0.0.1:80": true,
		"learn.example.edu": false, "ftp://x": false, "https://": false, "https://me:hush@x": false, "http://hush\x00": false,
	} {
		if err := peer.CheckAddress(address); (err == nil) != ok || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
