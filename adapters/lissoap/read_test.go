package lissoap

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

// saying makes an endpoint that has one answer for each operation.
func saying(t *testing.T, texts map[string]string) reading {
	return reading{grading{&Adapter{against(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		action := strings.Trim(r.Header.Get("SOAPAction"), `"`)
		operation := action[strings.LastIndexByte(action, '/')+1:]
		header, body, _ := strings.Cut(texts[operation], "|")
		io.WriteString(w, head11+header+mid+"<"+operation+"Response>"+body+"</"+operation+"Response>"+tail)
	})}}}
}

// An answer that looks like success and holds less than it should must never
// be taken for "there is no more".
func TestIncompleteReads(t *testing.T) {
	ok, none := statusOf("success", "fullsuccess", ""), statusOf("success", "nosourcedids", "")
	fails := statusOf("failure", "unknownobject", "")
	ids := ok + "|<sourcedIdSet><sourcedId>p-1</sourcedId><sourcedId>p-2</sourcedId></sourcedIdSet>"
	person := func(id string) string {
		return "<personRecord><sourcedGUID><sourcedId>" + id + "</sourcedId></sourcedGUID></personRecord>"
	}
	for name, test := range map[string]struct {
		texts map[string]string
		want  string // ids, and ! for an error
	}{
		"no set":            {map[string]string{"readAllPersonIds": ok}, "!"},
		"nothing":           {map[string]string{"readAllPersonIds": none}, ""},
		"an empty set":      {map[string]string{"readAllPersonIds": ok + "|<sourcedIdSet/>"}, ""},
		"one left out":      {map[string]string{"readAllPersonIds": ids, "readPersons": ok + "|<personRecordSet>" + person("p-1") + "</personRecordSet>", "readPerson": ok + "|" + person("p-2")}, "p-1 p-2"},
		"one gone":          {map[string]string{"readAllPersonIds": ids, "readPersons": ok + "|<personRecordSet>" + person("p-1") + "</personRecordSet>", "readPerson": fails}, "p-1"},
		"one unreadable":    {map[string]string{"readAllPersonIds": ids, "readPersons": ok + "|<personRecordSet>" + person("p-1") + "</personRecordSet>", "readPerson": ok}, "p-1 !"},
		"all refused":       {map[string]string{"readAllPersonIds": ids, "readPersons": fails, "readPerson": ok + "|" + person("p-2")}, "p-2 p-2"},
		"one twice":         {map[string]string{"readAllPersonIds": ids, "readPersons": ok + "|<personRecordSet>" + person("p-1") + person("p-1") + "</personRecordSet>"}, "!"},
		"one nobody wanted": {map[string]string{"readAllPersonIds": ids, "readPersons": ok + "|<personRecordSet>" + person("p-9") + "</personRecordSet>"}, "!"},
	} {
		var got []string
		for r, err := range saying(t, test.texts).List(t.Context(), lis.KindPerson) {
			if err != nil {
				got = append(got, "!")
				if adapters.ClassOf(err) != adapters.Unavailable {
					t.Errorf("%s: %v", name, err)
				}
			} else {
				got = append(got, string(r.ID))
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	wsdl := `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>`
	for name, test := range map[string]struct {
		o         Options
		get, post string
		status    int
		want      adapters.Class // "" is success
	}{
		"contract":                      {Options{}, wsdl, "", 500, ""},
		"contract, credentials refused": {Options{Basic: &Basic{"u", "geheim"}}, wsdl, "", 401, adapters.Unavailable},
		"contract, cannot read":         {Options{Basic: &Basic{"u", "geheim"}}, wsdl, fault11("Server"), 500, ""},
		"contract, not allowed":         {Options{Basic: &Basic{"u", "geheim"}}, wsdl, head11 + statusOf("failure", "unauthorizedrequest", "") + mid + tail, 200, adapters.Unavailable},
		"nobody there":                  {Options{}, "", head11 + statusOf("failure", "unknownobject", "") + mid + tail, 200, ""},
		"cannot read":                   {Options{}, "", head11 + statusOf("unsupported", "unsupportedLISoperation", "") + mid + tail, 200, ""},
		"html":                          {Options{}, "<html/>", "<html/>", 200, adapters.Unavailable},
		"busy":                          {Options{}, "", "", 503, adapters.Busy},
		"lmbnxt":                        {Options{Profile: "ilp"}, "<html/>", "Temp", 200, ""},
	} {
		c := against(t, test.o, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				if r.URL.RawQuery != "wsdl" {
					t.Errorf("GET %s", r.URL)
				}
				io.WriteString(w, test.get)
				return
			}
			w.WriteHeader(test.status)
			io.WriteString(w, test.post)
		})
		err := (&Adapter{c}).Check(t.Context())
		if (err == nil) != (test.want == "") || err != nil && adapters.ClassOf(err) != test.want || strings.Contains(fmt.Sprint(err), "geheim") {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// What is sent as it is comes back as it came, with its meaning.
func TestPost(t *testing.T) {
	e := new(endpoint)
	c, err := NewClient(Options{URL: serve(t, e)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := adaptertest.Sample(lis.KindPerson, 1)
	envelope, err := c.envelope("m-1", operations["replacePerson"], &lis.Call{Operation: "replacePerson", ID: r.ID, Record: r})
	if err != nil {
		t.Fatal(err)
	}
	bare := string(envelope)
	bare = bare[strings.Index(bare, "<replacePersonRequest"):strings.Index(bare, "</soapenv:Body>")]
	for _, document := range []string{string(envelope), bare, "<?xml version='1.0'?>\n<!-- a file -->" + bare + "\n"} {
		m, err := c.BareEnvelope([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		reply, err := c.Post(t.Context(), m.Service, m.Envelope, m.Action)
		if err != nil || reply.Err() != nil || reply.Operation != "replacePerson" || reply.Status().CodeMinor != lis.FullSuccess {
			t.Errorf("%v, %v, reply %+v", err, reply.Err(), reply)
		}
	}
	for _, document := range []string{"", "<a/>", bare + bare, bare + "x", "<replacePersonRequest>"} {
		if m, err := c.BareEnvelope([]byte(document)); err == nil {
			t.Errorf("%q made %+v", document, m)
		}
	}
	m, err := c.BareEnvelope([]byte(`<deleteGroupRequest><sourcedId>g</sourcedId></deleteGroupRequest>`))
	if err != nil || m.Service != lis.GMS || m.Operation != "deleteGroup" {
		t.Errorf("no namespace: %+v, %v", m, err)
	}
}
