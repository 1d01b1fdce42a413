package soap

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func TestGzip(t *testing.T) {
	h := newHouse(t)
	message := soap11(person("p-1", "Ada"))
	h.post("/lis/pms", zipped(message), "Content-Encoding", "gzip").want(t, "success fullsuccess")
	h.post("/lis/pms", zipped(message), "Content-Encoding", "X-GZIP").want(t, "success fullsuccess")
	h.post("/lis/pms", message, "Content-Encoding", "identity").want(t, "success fullsuccess")
	h.post("/lis/pms", message, "Content-Encoding", "gzip").wantFault(t, 400, "Client", "not gzip")
	h.post("/lis/pms", zipped(message)[:100], "Content-Encoding", "gzip").wantFault(t, 400, "Client", "to its end")
	h.post("/lis/pms", zipped(message)+"more", "Content-Encoding", "gzip").wantFault(t, 400, "Client", "to its end")
	h.post("/lis/pms", message, "Content-Encoding", "br").wantFault(t, 415, "Client", "br")
}

// What a gzip unpacks to is held against the limit, and a bomb is known
// before that.
func TestGzipLimits(t *testing.T) {
	h := newHouse(t, func(p *plan) { p.door.MessageBytes = 300_000 })
	h.post("/lis/pms", zipped(strings.Repeat("<a>", 1<<18)), "Content-Encoding", "gzip").wantFault(t, 413, "Client", "200 times")
	noise := make([]byte, 300_001)
	for i := range noise {
		noise[i] = "abcdefghij<>/="[i*i*7%13]
	}
	h.post("/lis/pms", zipped(string(noise)), "Content-Encoding", "gzip").wantFault(t, 413, "Client")
}

// A long honest roster is no bomb.
func TestGzipOfRoster(t *testing.T) {
	h := newHouse(t)
	ids := make([]lis.SourcedID, 20_000)
	for i := range ids {
		ids[i] = lis.SourcedID("person-" + strconv.Itoa(i))
	}
	message := soap11(&lis.Call{Operation: "readPersons", IDs: ids})
	h.post("/lis/pms", zipped(message), "Content-Encoding", "gzip").want(t, "success nosourcedids")
	h.post("/lis/pms", message).want(t, "success nosourcedids")
	h.do(h.request(http.MethodPost, "/lis/pms", io.MultiReader(strings.NewReader(message)))).want(t, "success nosourcedids") // chunked
}

func TestMessageBytes(t *testing.T) {
	message := soap11(readPerson("p"))
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"announced": func(r io.Reader) io.Reader { return r },
		"chunked":   func(r io.Reader) io.Reader { return io.MultiReader(r) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{len(message), 50_000} {
				padded := strings.Replace(message, "<soapenv:Body>", "<soapenv:Body>"+strings.Repeat(" ", size-len(message)), 1)
				h := newHouse(t, func(p *plan) { p.door.MessageBytes = int64(size) })
				h.do(h.request(http.MethodPost, "/lis/pms", wrap(strings.NewReader(padded)))).want(t, "failure unknownobject")
				h.do(h.request(http.MethodPost, "/lis/pms", wrap(strings.NewReader(padded+" ")))).
					wantFault(t, 413, "Client", "Client: more than "+strconv.Itoa(size)+" bytes", "limits.message_bytes")
				if got := h.seen.list(&h.seen.limits); len(got) != 1 || got[0] != "message_bytes" {
					t.Errorf("limits observed: %q", got)
				}
			}
		})
	}
}

// Each limit is named in its refusal, and is kept to the unit.
func TestLimits(t *testing.T) {
	inner := func(s string) string {
		return envelope(wire.SOAP11, replaced(call(readPerson("p")), "<sourcedId>", s+"<sourcedId>"))
	}
	limits := wire.Limits{Depth: 6, Elements: 20, Attributes: 3, NameBytes: 30, TextBytes: 200, Namespaces: 5}
	for name, c := range map[string]struct{ good, bad string }{
		"depth":      {inner("<a><b><c/></b></a>"), inner("<a><b><c><d/></c></b></a>")},
		"elements":   {inner(strings.Repeat("<a/>", 12)), inner(strings.Repeat("<a/>", 13))},
		"attributes": {inner(`<a x="" y="" z=""/>`), inner(`<a x="" y="" z="" w=""/>`)},
		"name_bytes": {inner("<" + strings.Repeat("a", 30) + "/>"), inner("<" + strings.Repeat("a", 31) + "/>")},
		"text_bytes": {inner("<a>" + strings.Repeat("a", 200) + "</a>"), inner("<a>" + strings.Repeat("a", 201) + "</a>")},
		"namespaces": {inner(`<a xmlns:a="a" xmlns:b="b" xmlns:c="c"/>`), inner(`<a xmlns:a="a" xmlns:b="b" xmlns:c="c" xmlns:d="d"/>`)},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(p *plan) { p.door.Limits = limits })
			h.post("/lis/pms", c.good).want(t, "failure unknownobject")
			h.post("/lis/pms", c.bad).wantFault(t, 500, "Client", "limits."+name)
			if got := h.seen.list(&h.seen.limits); len(got) != 1 || got[0] != name {
				t.Errorf("limits observed: %q", got)
			}
		})
	}
}

// raw speaks HTTP by hand.
func (h *house) raw(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, bufio.NewReader(c)
}

func answerOf(t *testing.T, r *bufio.Reader) (*http.Response, string) {
	t.Helper()
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestExpectContinue(t *testing.T) {
	h := newHouse(t)
	c, r := h.raw(t)
	message := soap11(readPerson("p"))
	head := "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: %s\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
	fmt.Fprintf(c, head, "text/xml", len(message))
	if resp, _ := answerOf(t, r); resp.StatusCode != http.StatusContinue {
		t.Fatalf("got %s", resp.Status)
	}
	io.WriteString(c, message)
	if resp, text := answerOf(t, r); resp.StatusCode != 200 || !strings.Contains(text, "unknownobject") {
		t.Fatalf("got %s %s", resp.Status, text)
	}
	// What will be refused anyhow is not asked for.
	fmt.Fprintf(c, head, "text/plain", len(message))
	if resp, _ := answerOf(t, r); resp.StatusCode != http.StatusUnsupportedMediaType {
		t.Fatalf("got %s", resp.Status)
	}
}

// One connection serves many requests, refused ones among them.
func TestKeepAlive(t *testing.T) {
	h := newHouse(t)
	c, r := h.raw(t)
	good, bad := soap11(readPerson("p")), "<a"
	for _, message := range []string{good, bad, good, "", good} {
		fmt.Fprintf(c, "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(message), message)
		resp, _ := answerOf(t, r)
		if want := map[bool]int{true: 200, false: 500}[message == good]; resp.StatusCode != want || resp.Close {
			t.Errorf("%q: %s, close %t", message, resp.Status, resp.Close)
		}
	}
	// Chunks of one byte, with a trailer.
	io.WriteString(c, "POST /lis/pms HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n")
	for _, b := range []byte(good) {
		fmt.Fprintf(c, "1;x=y\r\n%c\r\n", b)
	}
	io.WriteString(c, "0\r\nX-Trailer: 1\r\n\r\n")
	if resp, text := answerOf(t, r); resp.StatusCode != 200 || !strings.Contains(text, "unknownobject") {
		t.Errorf("chunked: %s", resp.Status)
	}
}

func TestHTTP10(t *testing.T) {
	h := newHouse(t)
	c, r := h.raw(t)
	message := soap11(readPerson("p"))
	fmt.Fprintf(c, "POST /lis/pms HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(message), message)
	if resp, text := answerOf(t, r); resp.StatusCode != 200 || !strings.Contains(text, "unknownobject") {
		t.Errorf("%s %s", resp.Status, text)
	}
}

// An announced length sets nothing aside.
func TestAnnouncedLengthIsNoMemory(t *testing.T) {
	c := &content{Reader: strings.NewReader("x")}
	g := gatherer{door: &Door{Options: Options{MessageBytes: 1 << 40}}, from: c}
	if body, err := g.read(); err != nil || string(body) != "x" || cap(body) > 64 {
		t.Errorf("%q %v, %d set aside", body, err, cap(body))
	}
	if len(g.held) != 1 {
		t.Errorf("%d pieces are held", len(g.held))
	}
	g.release()
}

func TestReadAnnounced(t *testing.T) {
	if _, err := readAnnounced(io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), 3); err == nil {
		t.Error("a body that was cut is taken")
	}
	if _, err := readAnnounced(strings.NewReader("abcd"), 3); err == nil {
		t.Error("more than was announced is taken")
	}
	if b, err := readAnnounced(strings.NewReader("abc"), 3); err != nil || string(b) != "abc" {
		t.Errorf("%q %v", b, err)
	}
}
