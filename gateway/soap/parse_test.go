package soap

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

func TestParse(t *testing.T) {
	request := soap11(person("p-1", "Ada"))
	_, bare, _ := strings.Cut(request, "<soapenv:Body>")
	bare, _, _ = strings.Cut(bare, "</soapenv:Body>")
	fault12 := `<e:Envelope xmlns:e="` + string(wire.SOAP12) + `"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`
	for name, c := range map[string]struct{ text, kind, operation string }{
		"envelope": {request, "envelope", "replacePerson"},
		"body":     {bare, "body", "replacePerson"},
		"declared": {`<?xml version="1.0"?>` + bare + "\n", "body", "replacePerson"},
		"fault":    {fault12, "fault", ""},
		"bulk":     {file(t, person("p", "Ada")), "bulk", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(c.text), wire.Limits{})
			if err != nil || p.Kind != c.kind || p.Operation != c.operation {
				t.Fatalf("%+v %v", p, err)
			}
			if c.kind == "fault" && p.Fault != "e:Sender: no" {
				t.Errorf("fault %q", p.Fault)
			}
		})
	}
	for name, text := range map[string]string{
		"nothing": "", "other": "<html/>", "more after": bare + "<a/>", "no operation": "<expelPersonRequest/>", "odd": "\xff\xfe<",
	} {
		if p, err := Parse([]byte(text), wire.Limits{}); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, before := range []string{"", "\ufeff", `<?xml version="1.0" encoding="UTF-8"?>` + "\n"} {
		text := Wrap(lis.PMS, []byte(before+call(readPerson("p"))), "m-9")
		p, err := Parse(text, wire.Limits{})
		if err != nil || p.Header.MessageID != "m-9" || p.Call.ID != "p" {
			t.Errorf("%q: %+v %v", before, p, err)
		}
	}
}
