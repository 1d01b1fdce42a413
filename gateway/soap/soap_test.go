package soap

import (
	"net/http"
	"strings"
	"testing"

	"lisgate/gateway/wire"
)

const type12 = "application/soap+xml; charset=utf-8"

func TestBothVersions(t *testing.T) {
	h := newHouse(t)
	for version, contentType := range map[wire.SOAPVersion]string{
		wire.SOAP11: "text/xml; charset=utf-8", wire.SOAP12: type12,
	} {
		a := h.post("/lis/pms", envelope(version, call(person("p-1", "Ada"))), "Content-Type", contentType)
		a.want(t, "success fullsuccess")
		if a.SOAP != version || a.head.Get("Content-Type") != contentType {
			t.Errorf("%s was answered as %s, %s", version, a.SOAP, a.head.Get("Content-Type"))
		}
		a = h.post("/lis/pms", envelope(version, call(readPerson("p-1"))), "Content-Type", contentType)
		a.want(t, "success fullsuccess")
		if !strings.Contains(a.text, "Ada") || !strings.Contains(a.text, ">m-1</imsx_messageRefIdentifier>") {
			t.Errorf("the answer lacks the person or the reference:\n%s", a.text)
		}
	}
}

// The envelope says the version; peers send the other's Content-Type.
func TestEnvelopeDecides(t *testing.T) {
	h := newHouse(t)
	a := h.post("/lis/pms", envelope(wire.SOAP12, call(readPerson("p"))))
	a.want(t, "failure unknownobject")
	if a.SOAP != wire.SOAP12 || a.head.Get("Content-Type") != type12 {
		t.Errorf("answered as %s %s", a.SOAP, a.head.Get("Content-Type"))
	}
}

func TestContentTypes(t *testing.T) {
	h := newHouse(t)
	message := soap11(readPerson("p"))
	for _, taken := range []string{"text/xml", "TEXT/XML;charset=UTF-8", `text/xml; charset="utf-8"`, "application/xml", "text/xml; charset=us-ascii", "text/xml; charset="} {
		h.post("/lis/pms", message, "Content-Type", taken).want(t, "failure unknownobject")
	}
	for _, refused := range []string{"", "application/json", "text/plain", "multipart/related; type=\"text/xml\"", "text/xml; charset=utf-8; charset=utf-16", ";;"} {
		h.post("/lis/pms", message, "Content-Type", refused).wantFault(t, http.StatusUnsupportedMediaType, "Client", "Content-Type")
	}
	h.post("/lis/pms", message, "Content-Type", "text/xml; charset=utf-7").wantFault(t, 415, "Client", "utf-7", "send UTF-8")
}

// Two headers of one kind may be read differently by who stands between.
func TestRepeatedHeaders(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"Content-Type", "SOAPAction", "Content-Encoding"} {
		r := h.request(http.MethodPost, "/lis/pms", strings.NewReader(soap11(readPerson("p"))))
		r.Header[name] = []string{"text/xml", "text/xml"}
		h.do(r).wantFault(t, http.StatusBadRequest, "Client", name)
	}
}

func TestFaultForms(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		message, contentType string
		status               int
		code, form           string
	}{
		"1.1 sender":   {"<a/>", "text/xml", 500, "Client", "<faultcode>soapenv:Client</faultcode><faultstring>"},
		"1.2 sender":   {"<a/>", type12, 400, "Sender", `<soapenv:Code><soapenv:Value>soapenv:Sender</soapenv:Value></soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">`},
		"1.1 unknown":  {envelope(wire.SOAP11, `<shutdown xmlns="urn:x"/>`), "text/xml", 500, "Client", "no operation of LIS"},
		"1.2 unknown":  {envelope(wire.SOAP12, `<shutdown xmlns="urn:x"/>`), type12, 400, "Sender", "no operation of LIS"},
		"1.1 must":     {envelope(wire.SOAP11, call(readPerson("p")), must11), "text/xml", 500, "MustUnderstand", "tx must be understood"},
		"1.2 must":     {envelope(wire.SOAP12, call(readPerson("p")), must12), type12, 500, "MustUnderstand", "tx must be understood"},
		"other":        {envelope("urn:soap-2", call(readPerson("p"))), "text/xml", 500, "VersionMismatch", "urn:soap-2"},
		"other as 1.2": {envelope("urn:soap-2", call(readPerson("p"))), type12, 500, "VersionMismatch", "<faultcode>"},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.post("/lis/pms", c.message, "Content-Type", c.contentType).wantFault(t, c.status, c.code)
			if !strings.Contains(a.text, c.form) {
				t.Errorf("the fault lacks %s:\n%s", c.form, a.text)
			}
			want := "text/xml; charset=utf-8"
			if a.SOAP == wire.SOAP12 {
				want = type12
			}
			if got := a.head.Get("Content-Type"); got != want {
				t.Errorf("Content-Type %s for %s", got, a.SOAP)
			}
		})
	}
}

const (
	must11 = `<tx xmlns="urn:tx" soapenv:mustUnderstand="1"/>`
	must12 = `<tx xmlns="urn:tx" soapenv:mustUnderstand="true"/>`
)

func TestHeaderBlocks(t *testing.T) {
	h := newHouse(t)
	for name, block := range map[string]string{
		"unknown":         `<tx xmlns="urn:tx"><deep><er>x</er></deep></tx>`,
		"must not":        `<tx xmlns="urn:tx" soapenv:mustUnderstand="0"/>`,
		"for another":     `<tx xmlns="urn:tx" soapenv:mustUnderstand="1" soapenv:actor="urn:other"/>`,
		"LIS for another": `<imsx_syncRequestHeaderInfo xmlns="urn:x" soapenv:actor="urn:other"><wrong/></imsx_syncRequestHeaderInfo>`,
	} {
		t.Run(name, func(t *testing.T) {
			a := h.post("/lis/pms", envelope(wire.SOAP11, call(readPerson("p")), block)).want(t, "failure unknownobject")
			if !strings.Contains(a.text, ">m-1</imsx_messageRefIdentifier>") {
				t.Errorf("the block of LIS was not read:\n%s", a.text)
			}
		})
	}
	for _, role := range []string{"next", "ultimateReceiver"} {
		block := `<tx xmlns="urn:tx" soapenv:mustUnderstand="true" soapenv:role="http://www.w3.org/2003/05/soap-envelope/role/` + role + `"/>`
		h.post("/lis/pms", envelope(wire.SOAP12, call(readPerson("p")), block), "Content-Type", type12).wantFault(t, 500, "MustUnderstand")
	}
}

func TestNotSOAP(t *testing.T) {
	h := newHouse(t)
	good := soap11(readPerson("p"))
	_, element, _ := strings.Cut(good, "<soapenv:Body>")
	element, _, _ = strings.Cut(element, "</soapenv:Body>")
	for name, message := range map[string]string{
		"empty":          "",
		"space":          "  \n ",
		"text":           "hello",
		"html":           "<html><body>hello</body></html>",
		"two bodies":     strings.Replace(good, element, element+element, 1),
		"two roots":      good + good[strings.Index(good, "<soapenv"):],
		"no body":        replaced(good, "soapenv:Body", "soapenv:Boddy"),
		"empty body":     strings.Replace(good, element, "", 1),
		"header last":    replaced(good, "soapenv:Body", "soapenv:X", "soapenv:Header", "soapenv:Body") + "",
		"after the body": replaced(good, "</soapenv:Body>", "</soapenv:Body><more/>"),
		"truncated":      good[:len(good)-20],
		"DOCTYPE":        strings.Replace(good, "<soapenv:Env", "<!DOCTYPE a><soapenv:Env", 1),
		"text in body":   strings.Replace(good, element, "text"+element, 1),
	} {
		t.Run(name, func(t *testing.T) {
			h.post("/lis/pms", message).wantFault(t, 500, "Client")
		})
	}
	if got := h.seen.list(&h.seen.faults); len(got) != 13 {
		t.Errorf("%d faults were observed", len(got))
	}
}
