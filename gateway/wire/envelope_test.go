package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// envelope puts a header and a body into an envelope of SOAP 1.1; {12} makes
// it one of SOAP 1.2.
func envelope(header, body string) string {
	version := string(wire.SOAP11)
	if h, ok := strings.CutPrefix(header, "{12}"); ok {
		header, version = h, string(wire.SOAP12)
	}
	return `<e:Envelope xmlns:e="` + version + `">` + header + `<e:Body>` + body + `</e:Body></e:Envelope>`
}

// openEnvelope reads a whole message, its header blocks named known too.
func openEnvelope(document string) (wire.SOAPVersion, string, error) {
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	body := ""
	version, ok := d.OpenEnvelope(func() bool {
		if d.Local() != "known" {
			return false
		}
		d.Skip()
		return true
	})
	if ok {
		body = d.Local()
		d.Skip()
		d.CloseEnvelope()
	}
	return version, body, d.Err()
}

func TestEnvelope(t *testing.T) {
	for name, c := range map[string]struct {
		document string
		version  wire.SOAPVersion
	}{
		"without header":         {envelope("", "<a/>"), wire.SOAP11},
		"empty header":           {envelope("<e:Header/>", "<a/>"), wire.SOAP11},
		"blocks":                 {envelope("<e:Header><known><x/></known><other/></e:Header>", "<a><b/></a>"), wire.SOAP11},
		"SOAP 1.2":               {envelope("{12}<e:Header><known e:mustUnderstand='true'/></e:Header>", "<a/>"), wire.SOAP12},
		"need not be understood": {envelope("<e:Header><other e:mustUnderstand='0'/></e:Header>", "<a/>"), wire.SOAP11},
		"for somebody else":      {envelope("<e:Header><other e:mustUnderstand='1' e:actor='urn:x'/></e:Header>", "<a/>"), wire.SOAP11},
		"for somebody else, 1.2": {envelope("{12}<e:Header><other e:role='urn:x' e:mustUnderstand='1'/></e:Header>", "<a/>"), wire.SOAP12},
		"must of no namespace":   {envelope("<e:Header><other mustUnderstand='1'/></e:Header>", "<a/>"), wire.SOAP11},
		"space and comments":     {"\n<!-- -->" + envelope(" <e:Header> </e:Header> <!-- -->", " <a/> <!-- --> ") + "\n", wire.SOAP11},
	} {
		version, body, err := openEnvelope(c.document)
		if err != nil || version != c.version || body != "a" {
			t.Errorf("%s: %s, body %s, error %v", name, version, body, err)
		}
	}
	if wire.SOAP11.ContentType() != "text/xml; charset=utf-8" || wire.SOAP12.ContentType() != "application/soap+xml; charset=utf-8" {
		t.Error("a content type is wrong")
	}
}

func TestNoEnvelope(t *testing.T) {
	const soap11 = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">`
	for name, c := range map[string][3]string{
		"another root":             {`<a/>`, "Client", "not a SOAP Envelope"},
		"another SOAP":             {`<Envelope xmlns="urn:soap"/>`, "VersionMismatch", "neither SOAP 1.1 nor 1.2"},
		"no namespace":             {`<Envelope/>`, "VersionMismatch", "neither"},
		"empty":                    {soap11 + `</e:Envelope>`, "Client", "Envelope is empty"},
		"header alone":             {soap11 + `<e:Header/></e:Envelope>`, "Client", "no Body"},
		"two headers":              {soap11 + `<e:Header/><e:Header/><e:Body><a/></e:Body></e:Envelope>`, "Client", "has Header where its Body is due"},
		"header after the body":    {soap11 + `<e:Body><a/></e:Body><e:Header/></e:Envelope>`, "Client", "has Header after its Body"},
		"body of no namespace":     {soap11 + `<Body><a/></Body></e:Envelope>`, "Client", "has Body where its Body is due"},
		"empty body":               {envelope("", ""), "Client", "Body is empty"},
		"two children":             {envelope("", "<a/><b/>"), "Client", "second child, b"},
		"must be understood":       {envelope("<e:Header><other e:mustUnderstand='1'/></e:Header>", "<a/>"), "MustUnderstand", "other must be understood"},
		"must, for the next":       {envelope("<e:Header><other e:mustUnderstand='1' e:actor='http://schemas.xmlsoap.org/soap/actor/next'/></e:Header>", "<a/>"), "MustUnderstand", "other"},
		"must, for the last of us": {envelope("{12}<e:Header><other e:mustUnderstand='true' e:role='http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver'/></e:Header>", "<a/>"), "MustUnderstand", "other"},
	} {
		_, _, err := openEnvelope(c[0])
		var no *wire.EnvelopeError
		if !errors.As(err, &no) || no.Code != c[1] || !strings.Contains(no.Text, c[2]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, document := range map[string]string{
		"text in the body":     envelope("", "x<a/>"),
		"text in the envelope": envelope("x", "<a/>"),
		"text after the child": envelope("", "<a/>x"),
	} {
		var data *wire.DataError
		if _, _, err := openEnvelope(document); !errors.As(err, &data) || !strings.HasPrefix(err.Error(), "text among elements: x") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, document := range map[string]string{
		"two envelopes":     envelope("", "<a/>") + envelope("", "<a/>"),
		"broken header":     envelope("<e:Header><known></e:Header>", "<a/>"),
		"broken block":      envelope("<e:Header><other></e:Header>", "<a/>"),
		"ends in the body":  soap11 + "<e:Body>",
		"ends in the child": soap11 + "<e:Body><a>",
	} {
		var syntax *wire.SyntaxError
		if _, _, err := openEnvelope(document); !errors.As(err, &syntax) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func readHeader(inner string, rules wire.Rule) (wire.RequestHeader, *wire.Decoder) {
	var h wire.RequestHeader
	d := wire.NewDecoder(`<imsx_syncRequestHeaderInfo xmlns="`+pms.Namespace+`">`+inner+`</imsx_syncRequestHeaderInfo>`, wire.Limits{}, rules)
	d.Expect(pms.Namespace, siblings)
	if d.Root() {
		h.ReadXML(d)
		d.End()
	}
	return h, d
}

func TestRequestHeader(t *testing.T) {
	const version, id = "<imsx_version>V1.0</imsx_version>", "<imsx_messageIdentifier> m-1 </imsx_messageIdentifier>"
	for name, c := range map[string]struct {
		inner string
		want  wire.RequestHeader
		rule  wire.Rule // under which it is taken; 0 for always
		noted string
	}{
		"as it should be":      {version + id, wire.RequestHeader{Version: "V1.0", MessageID: "m-1"}, 0, ""},
		"default version":      {id, wire.RequestHeader{MessageID: "m-1"}, 0, ""},
		"V2.0":                 {"<imsx_version>V2.0</imsx_version>" + id, wire.RequestHeader{Version: "V2.0", MessageID: "m-1"}, wire.Version, "imsx_version: V2.0"},
		"no identifier":        {version, wire.RequestHeader{Version: "V1.0"}, wire.NoMessageID, "no message identifier"},
		"empty identifier":     {version + "<imsx_messageIdentifier/>", wire.RequestHeader{Version: "V1.0"}, wire.NoMessageID, "no message identifier"},
		"?":                    {version + "<imsx_messageIdentifier>?</imsx_messageIdentifier>", wire.RequestHeader{Version: "V1.0", MessageID: "?"}, wire.NoMessageID, "no message identifier: ?"},
		"another child":        {version + id + "<imsx_sendingAgentIdentifier>x</imsx_sendingAgentIdentifier>", wire.RequestHeader{Version: "V1.0", MessageID: "m-1"}, wire.UnknownChild, "unknown element: imsx_sendingAgentIdentifier"},
		"out of order":         {id + version, wire.RequestHeader{Version: "V1.0", MessageID: "m-1"}, wire.Order, "out of order: imsx_version"},
		"children of no space": {version + `<imsx_messageIdentifier xmlns="">m-1</imsx_messageIdentifier>`, wire.RequestHeader{Version: "V1.0", MessageID: "m-1"}, wire.NoNamespace, "no namespace"},
	} {
		h, d := readHeader(c.inner, c.rule)
		noted := ""
		for _, v := range d.Deviations() {
			noted += v.String()
		}
		if d.Err() != nil || h != c.want || noted != c.noted {
			t.Errorf("%s: %+v, noted %q, error %v", name, h, noted, d.Err())
		}
		if _, d := readHeader(c.inner, wire.Everything&^c.rule); c.rule != 0 && d.Err() == nil {
			t.Errorf("%s is taken against the rules", name)
		}
	}
	if _, d := readHeader(version+id+"text", wire.Everything); d.Err() == nil {
		t.Error("text in the header block is taken")
	}
}

// A request header comes back as it was written, and strict takes it.
func TestRequestHeaderComesBack(t *testing.T) {
	var w wire.Writer
	h := wire.RequestHeader{MessageID: "m<1>"}
	h.WriteXML(&w, pms.Namespace)
	d := wire.NewDecoder(string(w.Buf), wire.Limits{}, 0)
	d.Expect(pms.Namespace, nil)
	var got wire.RequestHeader
	if d.Root() && d.Local() == wire.RequestHeaderElement {
		got.ReadXML(d)
	}
	if !d.End() || got != (wire.RequestHeader{Version: "V1.0", MessageID: "m<1>"}) {
		t.Errorf("%+v, error %v", got, d.Err())
	}
}

// A response comes back as it was written, in both versions of SOAP.
func TestResponseHeader(t *testing.T) {
	want := wire.ResponseHeader{MessageID: "r-1", RefID: "m-1", Status: lis.Status{
		CodeMajor: "failure", Severity: "error", CodeMinor: lis.UnknownVocabulary, Description: "no <such> role",
		OperationRefs: []string{"o-1", "o-2"},
	}}
	for _, version := range []wire.SOAPVersion{wire.SOAP11, wire.SOAP12} {
		var w wire.Writer
		w.OpenEnvelope(version, func() { want.WriteXML(&w, pms.Namespace) })
		w.OpenIn("readPersonResponse", pms.Namespace)
		w.Close("readPersonResponse")
		w.CloseEnvelope()
		// A draft's spelling is read as that of LIS 2.0.
		document := strings.Replace(string(w.Buf), "unknownvocabulary", "unknownvocab", 1)
		d := wire.NewDecoder(document, wire.Limits{}, 0)
		var got wire.ResponseHeader
		v, ok := d.OpenEnvelope(func() bool {
			got.ReadXML(d)
			return true
		})
		if !ok || v != version || d.Local() != "readPersonResponse" || d.Space() != pms.Namespace {
			t.Fatalf("%s: %v", v, d.Err())
		}
		d.Skip()
		if !d.CloseEnvelope() || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, error %v", got, d.Err())
		}
	}
}

// Peers leave things out of their status, and put others in.
func TestLenientStatus(t *testing.T) {
	d := open(t, `<imsx_syncResponseHeaderInfo xmlns="urn:x"><imsx_version>V9</imsx_version><hat/><imsx_statusInfo><hat/>
		<imsx_codeMajor> success </imsx_codeMajor><imsx_codeMinor><imsx_codeMinorField><hat/><imsx_codeMinorFieldValue>fullsuccess</imsx_codeMinorFieldValue>
		<imsx_codeMinorFieldValue>other</imsx_codeMinorFieldValue></imsx_codeMinorField></imsx_codeMinor></imsx_statusInfo></imsx_syncResponseHeaderInfo>`)
	var h wire.ResponseHeader
	h.ReadXML(d)
	if !d.End() || h.Status.CodeMajor != "success" || h.Status.CodeMinor != "fullsuccess" || h.MessageID != "" {
		t.Errorf("%+v, error %v", h, d.Err())
	}
}
