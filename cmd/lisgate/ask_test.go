package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
)

// TestUnreached holds that each trouble with an address has its own advice.
func TestUnreached(t *testing.T) {
	file := filepath.Join(t.TempDir(), "read.xml")
	if err := os.WriteFile(file, []byte("<readPersonRequest><sourcedId>p</sourcedId></readPersonRequest>"), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for address, want := range map[string]string{
		closed.URL:       "no gateway answers at " + closed.URL + "; start one with lisgate serve",
		"127.0.0.1:8080": "needs http:// or https:// in front",
		"ftp://x":        "needs http:// or https:// in front",
		secure.URL:       "is not trusted; name the authority that signed it with --ca FILE",
		strings.Replace(plain.URL, "http", "https", 1):  "speaks HTTP without TLS; use http://",
		strings.Replace(secure.URL, "https", "http", 1): "the gateway speaks TLS only; use https://",
	} {
		for _, args := range [][]string{{"send", file}, {"who", "p-1"}} {
			_, err := verb(t, t.Context(), append(args, "-g", address)...)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: %v", args[0], address, err)
			}
		}
	}
}

func TestFaultCodeIsNoise(t *testing.T) {
	for fault, want := range map[string]string{
		"soapenv:Client: line 3: broken": "line 3: broken", "env:Sender: no": "no", "Server.Busy: wait": "wait",
		"line 3: broken": "line 3: broken", "Clients: many": "Clients: many",
	} {
		var out strings.Builder
		if err := (&sent{Operation: "x", Fault: fault, HTTP: 500}).print(&out); err != nil || !strings.HasSuffix(out.String(), "\n  "+want+"\n") {
			t.Errorf("%s: %q %v", fault, out.String(), err)
		}
	}
}

func TestDeliveriesSayWhatTheyWaitFor(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	next := at.Add(time.Minute)
	var out strings.Builder
	printDeliveries(&out, []console.Delivery{
		{Target: "lms", State: journal.Dead, Attempts: 1, Reason: "refused: no such\nword; mend it", Detail: "no such word", At: at},
		{Target: "lms", State: journal.Waiting, Attempts: 2, Reason: "down", Detail: "HTTP 503", At: at, Due: &next},
		{Target: "lms", State: journal.Waiting},
		{Target: "sis", State: journal.Waiting},
		{Target: "sis", State: journal.Applied, Attempts: 1, At: at},
	})
	want := `
deliveries
  to lms        dead after 1 attempt, 2026-01-02 02:04:05Z
      refused: no such word; mend it
  to lms        waiting after 2 attempts, the last at 2026-01-02 02:04:05Z, the next at 2026-01-02 02:05:05Z
      down
      HTTP 503
  to lms        waits behind the change before it
  to sis        waits for its first attempt
  to sis        applied after 1 attempt, 2026-01-02 02:04:05Z
`
	if out.String() != want {
		t.Errorf("got%s", out.String())
	}
}

// TestDemoOutcome holds that Ctrl-C makes no disagreement good.
func TestDemoOutcome(t *testing.T) {
	bad, good := &demoReport{Balance: []demoBalance{{Refused: 1, Balanced: true}}}, &demoReport{OK: true}
	var failed *failure
	if err := demoOutcome(bad, true, io.EOF, nil); !errors.As(err, &failed) || failed.text != "demo: 1 refused" {
		t.Errorf("a disagreement ends with %v", err)
	}
	if err := demoOutcome(good, true, io.EOF, io.EOF); err != nil {
		t.Errorf("Ctrl-C ends with %v", err)
	}
	if err := demoOutcome(nil, true, io.EOF, io.EOF); err != nil {
		t.Errorf("Ctrl-C before the end ends with %v", err)
	}
	if err := demoOutcome(good, false, io.EOF, nil); !errors.As(err, &failed) {
		t.Errorf("what broke it ends with %v", err)
	}
}
