package soap

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/wire"
)

func block(name, content string) string {
	return `<w:` + name + ` xmlns:w="` + wsa + `" soapenv:mustUnderstand="1">` + content + `</w:` + name + `>`
}

func replyTo(name, address string) string {
	return block(name, `<w:Address>`+address+`</w:Address><w:ReferenceParameters><x/></w:ReferenceParameters>`)
}

func TestAddressing(t *testing.T) {
	h := newHouse(t)
	a := h.post("/lis/pms", envelope(wire.SOAP11, call(readPerson("p")),
		block("MessageID", "urn:uuid:1 &amp; 2"), block("To", "http://gateway.example/"), block("From", `<w:Address>urn:me</w:Address>`),
		block("Action", namespaces["pms"]+"/PersonManagerSyncPortType/readPersonRequest"),
		replyTo("ReplyTo", wsaAnonymous), replyTo("FaultTo", wsa+"/none"))).want(t, "failure unknownobject")
	for _, want := range []string{
		`<RelatesTo xmlns="` + wsa + `">urn:uuid:1 &amp; 2</RelatesTo>`,
		`<Action xmlns="` + wsa + `">` + namespaces["pms"] + `/readPersonResponse</Action>`,
		`<MessageID xmlns="` + wsa + `">urn:lisgate:r-`,
	} {
		if !strings.Contains(a.text, want) {
			t.Errorf("the answer lacks %s:\n%s", want, a.text)
		}
	}
	if plain := h.post("/lis/pms", soap11(readPerson("p"))); strings.Contains(plain.text, wsa) {
		t.Error("WS-Addressing is answered to who does not use it")
	}
}

// An address that is not the anonymous one is never dialled.
func TestOtherReplyToRefused(t *testing.T) {
	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer trap.Close()
	caught := make(chan net.Conn, 1)
	go func() {
		if c, err := trap.Accept(); err == nil {
			caught <- c
		}
	}()
	h := newHouse(t)
	for _, address := range []string{"http://" + trap.Addr().String() + "/", "http://169.254.169.254/latest", "file:///etc/passwd", "", "mailto:a@b"} {
		for _, name := range []string{"ReplyTo", "FaultTo"} {
			a := h.post("/lis/pms", envelope(wire.SOAP11, call(person("p-1", "Ada")), block("MessageID", "urn:1"), replyTo(name, address)))
			a.wantFault(t, 500, "Client", name, "anonymous")
			if !strings.Contains(a.text, ">urn:1</RelatesTo>") {
				t.Errorf("the fault relates to nothing:\n%s", a.text)
			}
		}
	}
	if h.stored("person", "p-1") {
		t.Error("the request was carried out")
	}
	select {
	case <-caught:
		t.Error("the address was dialled")
	case <-time.After(50 * time.Millisecond):
	}
}

func TestActionOfAddressing(t *testing.T) {
	h := newHouse(t)
	a := h.post("/lis/pms", envelope(wire.SOAP12, call(readPerson("p")), block("Action", "urn:x/deletePerson")), "Content-Type", type12)
	a.wantFault(t, http.StatusBadRequest, "Sender", "Action of WS-Addressing", "deletePerson")
}
