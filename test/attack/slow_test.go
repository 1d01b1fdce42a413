package attack

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// slowly is a server with the deadlines of lisgate, a hundred times shorter.
func slowly(t *testing.T) *house {
	h := newHouse(t)
	s := httptest.NewUnstartedServer(h.door)
	s.Config.ReadHeaderTimeout, s.Config.ReadTimeout, s.Config.IdleTimeout = 300*time.Millisecond, 600*time.Millisecond, 600*time.Millisecond
	s.Config.ErrorLog = quiet(t)
	s.Start()
	t.Cleanup(s.Close)
	h.addr = s.Listener.Addr().String()
	return h
}

// Who sends a byte now and then, in the headers or in the body, is cut off;
// who is honest is served meanwhile.
func TestSlowloris(t *testing.T) {
	h := slowly(t)
	headers := []byte("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
	body := append([]byte("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n"), good()...)
	var all sync.WaitGroup
	for i := range 200 {
		text, whole := headers, 1
		if i%2 == 0 {
			text, whole = body, bytes.Index(body, []byte("\r\n\r\n"))+4
		}
		all.Go(func() {
			if took := h.drip(text, whole); took > 4*time.Second*slower {
				t.Errorf("a dripping connection was borne for %s", took)
			}
		})
	}
	var honest time.Duration
	for range 20 {
		begin := time.Now()
		if got := h.speak(t, request(good(), "close")); len(got) != 1 || got[0].status != 200 {
			t.Errorf("an honest client got %+v", got)
		}
		honest = max(honest, time.Since(begin))
	}
	all.Wait()
	t.Log("the honest client waited at most", honest)
	if err := h.ledger.check(); err == nil {
		t.Error("the honest client was not heard")
	}
}

// drip sends what is whole at once and the rest byte by byte, until the
// server hangs up.
func (h *house) drip(text []byte, whole int) time.Duration {
	begin := time.Now()
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		return 0
	}
	defer c.Close()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		// What the server says before it hangs up does not matter.
		_, _ = io.Copy(io.Discard, c)
	}()
	// A server that has hung up takes no more.
	_, _ = c.Write(text[:whole])
	for i := whole; i < len(text); i++ {
		select {
		case <-gone:
			return time.Since(begin)
		case <-time.After(50 * time.Millisecond):
		}
		if _, err := c.Write(text[i : i+1]); err != nil {
			return time.Since(begin)
		}
	}
	<-gone
	return time.Since(begin)
}

func request(body []byte, connection string) []byte {
	return fmt.Appendf(nil, "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s", connection, len(body), body)
}

// Connections that say nothing, and those that are kept alive for nothing.
func TestIdle(t *testing.T) {
	h := slowly(t)
	for name, first := range map[string][]byte{"silent": nil, "kept alive": request([]byte("<a/>"), "keep-alive")} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", h.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(5 * time.Second))
			r := bufio.NewReader(c)
			if first != nil {
				if _, err := c.Write(first); err != nil {
					t.Fatal(err)
				}
				resp, err := http.ReadResponse(r, nil)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
			}
			if _, err := r.ReadByte(); err == nil || isTimeout(err) {
				t.Errorf("the connection is still there: %v", err)
			}
		})
	}
}

// A client that hangs up in the middle leaves nothing behind.
func TestHangUp(t *testing.T) {
	h := slowly(t)
	h.ledger.open()
	whole := request(good(), "close")
	for at := 10; at < len(whole); at += len(whole) / 40 {
		c, err := net.Dial("tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write(whole[:at]); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	time.Sleep(100 * time.Millisecond)
	if err := h.ledger.check(); err != nil {
		t.Error(err)
	}
	if got := h.speak(t, whole); len(got) != 1 || got[0].status != 200 {
		t.Errorf("the server is not well: %+v", got)
	}
}

// Bytes that are sent behind a refused message are no request.
func TestDesync(t *testing.T) {
	h := newHouse(t)
	h.serve()
	inner := request(good(), "close")
	for name, text := range map[string]string{
		"too long":         fmt.Sprintf("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n<a/>%s", len(inner)+4, inner),
		"lengths differ":   fmt.Sprintf("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nContent-Length: 4\r\nContent-Length: %d\r\n\r\n<a/>%s", len(inner)+4, inner),
		"bad chunk":        "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + string(inner),
		"cut chunk":        fmt.Sprintf("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n<a/>%s", len(inner)+4, inner),
		"unknown coding":   "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nTransfer-Encoding: gzip\r\n\r\n" + string(inner),
		"GET with a body":  fmt.Sprintf("GET /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"refused by media": fmt.Sprintf("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"no continue":      fmt.Sprintf("POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
	} {
		t.Run(name, func(t *testing.T) {
			h.ledger.open()
			for _, a := range h.speak(t, []byte(text)) {
				if err := verdict(a.status, a.contentType, a.text); err != nil {
					t.Errorf("%v\n%.500s", err, a.text)
				}
			}
			if err := h.ledger.check(); err != nil {
				t.Error(err)
			}
		})
	}
}
