package soap

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func (h *house) get(path string, headers ...string) *reply {
	h.t.Helper()
	r := h.request(http.MethodGet, path, nil, headers...)
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	return h.do(r)
}

func TestContract(t *testing.T) {
	h := newHouse(t)
	for service := range namespaces {
		for _, query := range []string{"?wsdl", "?WSDL", "?Wsdl=1", "?singleWsdl", "/?wsdl"} {
			a := h.get("/lis/"+string(service)+query, "Host", "gateway.example:8443")
			want := "http://gateway.example:8443/lis/" + string(service)
			if a.code != 200 || a.head.Get("Content-Type") != "text/xml; charset=utf-8" || !strings.Contains(a.text, `location="`+want) {
				t.Errorf("%s%s: %d, not at %s", service, query, a.code, want)
			}
		}
		a := h.get("/lis/" + string(service) + "?xsd=" + string(service))
		if a.code != 200 || !strings.Contains(a.text, namespaces[service]) {
			t.Errorf("%s schema: %d", service, a.code)
		}
	}
	for query, words := range map[string]string{
		"/lis/pms?xsd":              "imspms_v2p0",
		"/lis/pms?xsd=gms.xsd":      "imsgms_v2p0",
		"/lis/bdems?xsd=bulkfile":   "bulkDataRecord",
		"/lis/pms?XSD=mms&x=y":      "imsmms_v2p0",
		"/lis/pms?xsd=bulkfile.xsd": "bulkDataRecord",
	} {
		if a := h.get(query); a.code != 200 || !strings.Contains(a.text, words) {
			t.Errorf("%s: %d without %s", query, a.code, words)
		}
	}
	for path, status := range map[string]int{
		"/lis/pms": 400, "/lis/pms?xsd=../../secret": 404, "/lis/pms?xsd=/etc/passwd": 404, "/lis/pms/x?wsdl": 404,
		"/lis/xyz?wsdl": 404, "/lis/?wsdl": 404, "/lis/bdems/files/1": 404, "/lis/pms?x=1": 400,
	} {
		if a := h.get(path); a.code != status || strings.Contains(a.text, "root:") {
			t.Errorf("%s: %d, want %d", path, a.code, status)
		}
	}
}

func TestHead(t *testing.T) {
	h := newHouse(t)
	whole := h.get("/lis/pms?wsdl")
	a := h.do(h.request(http.MethodHead, "/lis/pms?wsdl", nil))
	if a.code != 200 || a.text != "" || a.head.Get("Content-Length") != whole.head.Get("Content-Length") {
		t.Errorf("HEAD: %d %v", a.code, a.head)
	}
}

func TestAddress(t *testing.T) {
	d := New(Options{})
	r := httptest.NewRequest("GET", "/lis/pms?wsdl", nil)
	for _, c := range []struct {
		set  func()
		want string
	}{
		{func() {}, "http://example.com/lis/pms"},
		{func() { r.Header.Set("X-Forwarded-Proto", "gopher") }, "http://example.com/lis/pms"},
		{func() { r.Header.Set("X-Forwarded-Proto", "https") }, "https://example.com/lis/pms"},
		{func() { r.Header.Del("X-Forwarded-Proto"); r.TLS = &tls.ConnectionState{} }, "https://example.com/lis/pms"},
		{func() { d.PublicURL = "https://lis.uni.example/gw/" }, "https://lis.uni.example/gw/lis/pms"},
	} {
		c.set()
		if got := d.address(r); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// What a client says of its host cannot become markup.
func TestHostIsEscaped(t *testing.T) {
	d := New(Options{})
	r := httptest.NewRequest("GET", "/lis/pms?wsdl", nil)
	r.Host = `a"/><evil/>`
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), "<evil/>") {
		t.Error("the host was written as markup")
	}
}

func TestContractOfAlias(t *testing.T) {
	h := newHouse(t, func(p *plan) { p.door.Paths = map[string]string{"/old/Groups": string(lis.GMS)} })
	if a := h.get("/old/Groups?wsdl"); !strings.Contains(a.text, h.url+"/old/Groups") {
		t.Errorf("%d, not at the path of the client", a.code)
	}
}
