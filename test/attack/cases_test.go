package attack

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A door that asks another system anything fails the tests.
func TestMain(m *testing.M) {
	http.DefaultTransport = roundTripper(func(r *http.Request) (*http.Response, error) {
		panic("somebody calls " + r.URL.String())
	})
	os.Exit(m.Run())
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestMessages(t *testing.T) {
	open, closed := newHouse(t), newHouse(t, banner)
	w := httptest.NewRecorder()
	first := bytes.Replace(good(), []byte("<soapenv:Header>"), []byte("<soapenv:Header>"+used()), 1)
	if closed.door.ServeHTTP(w, post(bytes.NewReader(first))); w.Code != http.StatusOK {
		t.Fatalf("the good message is refused: %s", w.Body)
	}
	files, _ := filepath.Glob("cases/*.xml")
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			h := open
			if strings.HasPrefix(name, "wsse-") {
				h = closed
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = h.fill(text)
			h.try(t, name, func() *http.Request { return post(bytes.NewReader(text)) })
		})
	}
	t.Log(len(files), "messages;", &worst)
}

// serve puts the door behind a server as strict as lisgate's own.
func (h *house) serve() {
	s := httptest.NewUnstartedServer(h.door)
	s.Config.ReadHeaderTimeout, s.Config.ReadTimeout, s.Config.IdleTimeout = 400*time.Millisecond, 400*time.Millisecond, 200*time.Millisecond
	s.Config.MaxHeaderBytes = 64 << 10
	s.Config.ErrorLog = quiet(h.t)
	s.Start()
	h.t.Cleanup(s.Close)
	h.addr = s.Listener.Addr().String()
}

func TestRequests(t *testing.T) {
	h := newHouse(t)
	h.serve()
	files, _ := filepath.Glob("cases/*.http")
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			h.ledger.open()
			answers := h.speak(t, h.fill(text))
			if len(answers) == 0 && !strings.HasPrefix(name, "line-") {
				t.Error("there was no answer")
			}
			for _, a := range answers {
				if err := verdict(a.status, a.contentType, a.text); err != nil {
					t.Errorf("%v\n%.2000s", err, a.text)
				}
			}
			if err := h.ledger.check(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Log(len(files), "requests over the wire")
}

type answer struct {
	status      int
	contentType string
	text        []byte
}

// speak sends bytes and reads the answers until the server has no more.
func (h *house) speak(t *testing.T, text []byte) (answers []answer) {
	t.Helper()
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	go func() {
		// The server may hang up before it has heard all.
		_, _ = c.Write(text)
	}()
	r := bufio.NewReader(c)
	for {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			if isTimeout(err) {
				t.Errorf("the server does not answer: %v", err)
			}
			return answers
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil && !errors.Is(err, syscall.ECONNRESET) { // it has hung up on what is no HTTP
			t.Errorf("half an answer: %v", err)
		}
		answers = append(answers, answer{resp.StatusCode, resp.Header.Get("Content-Type"), body})
	}
}

func isTimeout(err error) bool {
	n, ok := err.(net.Error)
	return ok && n.Timeout()
}

// Sure that a message like those of the cases is taken, so that what is wrong
// with each of them is what it is refused for.
func TestTheGoodOneIsTaken(t *testing.T) {
	h := newHouse(t)
	h.ledger.open()
	w := httptest.NewRecorder()
	h.door.ServeHTTP(w, post(bytes.NewReader(good())))
	if err := verdict(w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err == nil {
		t.Errorf("it was refused:\n%s", w.Body)
	}
	if err := h.ledger.check(); err == nil {
		t.Error("nothing was stored")
	}
}

// The cases are many, and no two are the same.
func TestCasesDiffer(t *testing.T) {
	files, _ := filepath.Glob("cases/*")
	names := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if other := names[string(text)]; other != "" {
			t.Errorf("%s is %s", file, other)
		}
		names[string(text)] = file
	}
	if len(files) < 700 {
		t.Errorf("there are %d cases", len(files))
	}
}
