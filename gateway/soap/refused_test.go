package soap

import (
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// What is refused is kept with its deviations, and known by its object.
func TestRefusedAreKept(t *testing.T) {
	h := newHouse(t)
	good := soap11(person("p-7", "Ada"))
	bad := replaced(good, "<formattedName>", "<formattedName>stray")
	h.post("/lis/pms", bad, "SOAPAction", "replacePerson").want(t, "failure invaliddata")
	kept := h.messages("p-7")
	if len(kept) != 1 {
		t.Fatalf("%d messages are kept", len(kept))
	}
	m := kept[0]
	if m.Operation != "replacePerson" || m.MessageID != "m-1" || m.Status.CodeMinor != lis.InvalidData || len(m.Hash) != 0 ||
		!slices.Contains(m.Deviations, "SOAPAction: replacePerson") {
		t.Errorf("kept %+v", m)
	}
	if whole := h.read(m.Seq); string(whole.Body) != bad {
		t.Errorf("kept another body:\n%s", whole.Body)
	}
	if h.stored(lis.KindPerson, "p-7") {
		t.Error("the person is there")
	}
	h.post("/lis/pms", good).want(t, "success fullsuccess")
	if kept = h.messages("p-7"); len(kept) != 2 {
		t.Errorf("%d messages are kept", len(kept))
	}
}

func (h *house) read(seq int64) *journal.Message {
	h.t.Helper()
	snap, err := h.store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	m, err := snap.ReadMessage(seq)
	if err != nil || m == nil {
		h.t.Fatal(m, err)
	}
	return m
}

// A message whose reading stopped early is still held against XML to its end:
// what is no LIS request is a fault, and is not kept.
func TestRefusedButBroken(t *testing.T) {
	for name, rest := range map[string]string{
		"truncated":    "</broken",
		"second child": "</replacePersonRequest><more/></soapenv:Body></soapenv:Envelope>",
		"after it":     "</replacePersonRequest></soapenv:Body></soapenv:Envelope><more/>",
		"reference":    "&nbsp;</replacePersonRequest></soapenv:Body></soapenv:Envelope>",
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, profile("strict"))
			good := soap11(person("p-7", "Ada"))
			bad := replaced(good, "<formname>", "<unknown/><formname>", "</replacePersonRequest></soapenv:Body></soapenv:Envelope>", rest)
			h.post("/lis/pms", bad).wantFault(t, 500, "Client")
			if kept := h.messages("p-7"); len(kept) != 0 {
				t.Errorf("kept %+v", kept)
			}
		})
	}
}

// Who may not do something is told so by LIS, and the attempt is kept.
func TestForbiddenIsKept(t *testing.T) {
	h := newHouse(t, func(p *plan) { p.guard.Anonymous = &guard.AnonymousOptions{Services: []lis.Service{lis.GMS}} })
	h.post("/lis/pms", soap11(person("p-7", "Ada"))).want(t, "failure unauthorizedrequest")
	kept := h.messages("p-7")
	if len(kept) != 1 || kept[0].Status.CodeMinor != lis.UnauthorizedRequest || h.stored(lis.KindPerson, "p-7") {
		t.Errorf("kept %+v", kept)
	}
	h.post("/lis/pms", strings.Replace(soap11(person("p-8", "Ada")), "</replacePersonRequest>", "", 1)).wantFault(t, 500, "Client")
	if kept := h.messages("p-8"); len(kept) != 0 {
		t.Errorf("kept %+v", kept)
	}
}

func TestIncomplete(t *testing.T) {
	h := newHouse(t, profile("strict"))
	body := `<deletePersonRequest xmlns="` + namespaces[lis.PMS] + `"/>`
	h.post("/lis/pms", envelope(wire.SOAP11, body)).want(t, "failure incompletedata")
	newHouse(t).post("/lis/pms", envelope(wire.SOAP11, body)).want(t, "failure incompletedata")
}

// The same message again has no second effect; another header makes no other
// message, another body does.
func TestRepeats(t *testing.T) {
	h := newHouse(t)
	create := soap11(&lis.Call{Operation: "createByProxyPerson", Record: person("", "Ada").Record})
	a := h.post("/lis/pms", create).want(t, "success fullsuccess")
	b := h.post("/lis/pms", replaced(create, ">m-1<", ">m-2<")).want(t, "success fullsuccess")
	if a.Answer.ID != "allotted-1" || b.Answer.ID != a.Answer.ID || !strings.Contains(b.Status.Description, "before") {
		t.Errorf("%v, then %v: %s", a.Answer.ID, b.Answer.ID, b.Status.Description)
	}
	h.post("/lis/pms", replaced(create, ">Ada<", ">Bea<")).want(t, "failure idallocfail") // the only id of this house is taken
}
