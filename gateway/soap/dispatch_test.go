package soap

import (
	"net/http"
	"strings"
	"testing"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

func TestSOAPAction(t *testing.T) {
	message := soap11(readPerson("p"))
	taken := map[string]string{ // and the deviation that it is
		"":   "",
		`""`: "",
		"http://www.imsglobal.org/soap/lis/pms2p0/readPerson":                                                          "",
		`"http://www.imsglobal.org/soap/lis/pms2p0/readPerson"`:                                                        "",
		`"http://www.imsglobal.org/soap/lis/cmsv1p0/readPerson"`:                                                       "Cengage: the base of another service",
		`"http://www.imsglobal.org/services/lis/pms2p0/wsdl11/sync/imspms_v2p0/IPersonManagerSyncPortType/readPerson"`: "Cirrus",
		"readPerson":            "bare",
		"urn:readPersonRequest": "as WCF names inputs",
		"urn:x#readPerson":      "fragment",
	}
	for action, deviation := range taken {
		t.Run(action, func(t *testing.T) {
			h := newHouse(t)
			h.post("/lis/pms", message, "SOAPAction", action).want(t, "failure unknownobject")
			if got := h.seen.list(&h.seen.deviations); (len(got) == 1) != (deviation != "") {
				t.Errorf("deviations %q", got)
			}
			strict := newHouse(t, profile("strict"))
			want := "failure unknownobject"
			if deviation != "" {
				want = "failure invaliddata"
			}
			strict.post("/lis/pms", message, "SOAPAction", action).want(t, want)
		})
	}
	h := newHouse(t)
	for _, action := range []string{"deletePerson", "http://www.imsglobal.org/soap/lis/pms2p0/deletePerson", `"urn:readPersons"`, "readPerson2", "*"} {
		h.post("/lis/pms", message, "SOAPAction", action).wantFault(t, 500, "Client", "SOAPAction", strings.Trim(action, `"`))
	}
}

func TestActionOf12(t *testing.T) {
	h := newHouse(t)
	message := envelope(wire.SOAP12, call(readPerson("p")))
	h.post("/lis/pms", message, "Content-Type", type12+`; action="http://www.imsglobal.org/soap/lis/pms2p0/readPerson"`).want(t, "failure unknownobject")
	h.post("/lis/pms", message, "Content-Type", type12+`; action="urn:deletePerson"`).wantFault(t, 400, "Sender", "action")
	h.post("/lis/pms", message, "Content-Type", type12+`; action="urn:readPerson"`, "SOAPAction", "urn:deletePerson").wantFault(t, 400, "Sender", "SOAPAction")
}

// The body's element decides what is done and asked of the guard.
func TestBodyDecides(t *testing.T) {
	h := newHouse(t, func(p *plan) {
		p.guard.Anonymous = &guard.AnonymousOptions{Operations: []string{"read*", "replace*"}}
	})
	h.post("/lis/pms", soap11(person("p-1", "Ada"))).want(t, "success fullsuccess")
	remove := soap11(&lis.Call{Operation: "deletePerson", ID: "p-1"})
	h.post("/lis/pms", remove, "SOAPAction", "urn:readPerson").wantFault(t, 500, "Client")
	h.post("/lis/pms", remove).want(t, "failure unauthorizedrequest")
	if !h.stored(lis.KindPerson, "p-1") {
		t.Error("the person was deleted")
	}
}

func TestUnknownOperation(t *testing.T) {
	h := newHouse(t)
	message := envelope(wire.SOAP11, `<expelPersonRequest xmlns="`+namespaces[lis.PMS]+`"><sourcedId>p-9</sourcedId></expelPersonRequest>`)
	a := h.post("/lis/pms", message).want(t, "unsupported unsupportedLISoperation")
	if a.Status.Severity != "status" || !strings.Contains(a.text, "<expelPersonResponse xmlns=") || !strings.Contains(a.Status.Description, "expelPerson") {
		t.Errorf("answer:\n%s", a.text)
	}
	if kept := h.messages("p-9"); len(kept) != 1 || kept[0].Operation != "expelPerson" {
		t.Errorf("the refused message was not kept: %+v", kept)
	}
	if got := h.seen.list(&h.seen.answered); got[0] != "pms other unsupportedLISoperation" {
		t.Errorf("observed %q", got)
	}
	h.post("/lis/pms", strings.Replace(message, "</expel", "<open></expel", 1)).wantFault(t, 500, "Client")
	h.post("/lis/pms", replaced(message, namespaces[lis.PMS], "urn:other")).wantFault(t, 500, "Client")
	h.post("/lis/pms", replaced(message, "expelPersonRequest", "expelPersonResponse")).wantFault(t, 500, "Client")
}

func TestServicePaths(t *testing.T) {
	h := newHouse(t, func(p *plan) {
		p.door.Paths = map[string]string{"/webapps/PersonManagementServiceSyncService": "pms", "/enrol/lmb/ws_endpoint.php": anyService}
	})
	message := soap11(readPerson("p"))
	for _, path := range []string{"/lis/pms", "/lis/pms/", "/lis/pms?lang=en", "/webapps/PersonManagementServiceSyncService", "/enrol/lmb/ws_endpoint.php", "/lis/"} {
		h.post(path, message).want(t, "failure unknownobject")
	}
	for _, path := range []string{"/lis/gms", "/lis/bdems"} {
		a := h.post(path, message).want(t, "unsupported unsupportedLISoperation")
		if !strings.Contains(a.Status.Description, "/lis/pms") || !strings.Contains(a.text, "<readPersonResponse") {
			t.Errorf("the answer does not help:\n%s", a.text)
		}
	}
	for _, path := range []string{"/lis/xyz", "/lis", "/lis/pms/more", "/lis/bdems/file", "/other", "/lis/PMS"} {
		if a := h.post(path, message); a.code != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.code, a.text)
		}
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH"} {
		a := h.do(h.request(method, "/lis/pms", nil))
		if a.code != http.StatusMethodNotAllowed || a.head.Get("Allow") == "" {
			t.Errorf("%s: %d", method, a.code)
		}
	}
}

// Drafts of OMS name an operation otherwise.
func TestOldName(t *testing.T) {
	h := newHouse(t)
	body := `<readResultIdsForLineItemsWithLineItemTypeRequest xmlns="` + namespaces[lis.OMS] + `"><contextSourcedId>c</contextSourcedId></readResultIdsForLineItemsWithLineItemTypeRequest>`
	a := h.post("/lis/oms", envelope(wire.SOAP11, body), "SOAPAction", "urn:readResultIdsForLineItemsWithLineItemType")
	if a.Kind != "response" || !strings.Contains(a.text, "readResultIdsForLineItemWithLineItemTypeResponse") {
		t.Errorf("answer:\n%s", a.text)
	}
	if got := strings.Join(h.seen.list(&h.seen.deviations), ","); !strings.Contains(got, "name of an earlier draft") {
		t.Errorf("deviations %s", got)
	}
}
