package soap

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/wire"
)

const wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

// aToken is a UsernameToken as peers write one, with mustUnderstand.
type aToken struct {
	user, password, kind, nonce string
	created                     time.Time
}

func (k aToken) String() string {
	return fmt.Sprintf(`<s:UsernameToken xmlns:s="%s"><s:Username>%s</s:Username><s:Password Type="urn:x#Password%s">%s</s:Password>`+
		`<s:Nonce>%s</s:Nonce><u:Created xmlns:u="%s">%s</u:Created></s:UsernameToken>`,
		wsse, k.user, k.kind, k.password, k.nonce, wsu, k.created.UTC().Format(time.RFC3339))
}

func security(tokens ...fmt.Stringer) string {
	var all strings.Builder
	for _, k := range tokens {
		all.WriteString(k.String())
	}
	return `<s:Security xmlns:s="` + wsse + `" soapenv:mustUnderstand="1"><u:Timestamp xmlns:u="` + wsu +
		`"><u:Created>2026-09-01T12:00:00Z</u:Created></u:Timestamp>` + all.String() + `</s:Security>`
}

func plain(nonce string) aToken {
	return aToken{"banner", "s3cret", "Text", base64.StdEncoding.EncodeToString([]byte(nonce)), noon}
}

func digest(nonce string) aToken {
	k := plain(nonce)
	sum := sha1.Sum([]byte(nonce + k.created.Format(time.RFC3339) + k.password))
	k.kind, k.password = "Digest", base64.StdEncoding.EncodeToString(sum[:])
	return k
}

func banner(p *plan) {
	p.guard.Anonymous = nil
	p.guard.Callers = []guard.CallerOptions{{Name: "banner", Profile: "cirrus", WSSE: &guard.Login{User: "banner", Secret: guard.Hide("s3cret")}}}
}

func TestUsernameToken(t *testing.T) {
	h := newHouse(t, banner)
	send := func(blocks ...string) *reply {
		return h.post("/lis/pms", envelope(wire.SOAP11, call(readPerson("p")), blocks...))
	}
	send(security(plain("1"))).want(t, "failure unknownobject")
	send(security(digest("2"))).want(t, "failure unknownobject")
	stale, future, wrong := digest("3"), plain("4"), plain("5")
	stale.created, future.created, wrong.password = noon.Add(-6*time.Minute), noon.Add(6*time.Minute), "guess"
	for name, blocks := range map[string][]string{
		"none":       nil,
		"empty":      {security()},
		"replayed":   {security(plain("1"))},
		"replayed 2": {security(digest("2"))},
		"stale":      {security(stale)},
		"future":     {security(future)},
		"wrong":      {security(wrong)},
		"another's":  {replaced(security(plain("6")), "soapenv:mustUnderstand", `soapenv:actor="urn:other" soapenv:mustUnderstand`)},
	} {
		t.Run(name, func(t *testing.T) {
			a := send(blocks...).wantFault(t, http.StatusUnauthorized, "Client")
			if !strings.Contains(a.head.Get("WWW-Authenticate"), "WSSE") || strings.Contains(a.text, "s3cret") || strings.Contains(a.text, "refuse caller") {
				t.Errorf("headers %v\n%s", a.head, a.text)
			}
		})
	}
	for name, blocks := range map[string][]string{
		"two tokens":    {security(plain("7"), plain("8"))},
		"two blocks":    {security(plain("9")), security()},
		"two passwords": {replaced(security(plain("10")), "</s:Password>", "</s:Password><s:Password>x</s:Password>")},
		"two users":     {replaced(security(plain("11")), "</s:Username>", "</s:Username><s:Username>root</s:Username>")},
	} {
		t.Run(name, func(t *testing.T) { send(blocks...).wantFault(t, 500, "Client", "more than one") })
	}
}

// The right of a caller is asked for with the profile that it has.
func TestProfileOfCaller(t *testing.T) {
	h := newHouse(t, banner)
	message := envelope(wire.SOAP11, replaced(call(readPerson("p")), ` xmlns="`+namespaces["pms"]+`"`, ""), security(plain("1")))
	h.post("/lis/pms", message).want(t, "failure invaliddata") // no namespace is not what Cirrus sends
}

func TestBasicRefusedBeforeTheBody(t *testing.T) {
	h := newHouse(t, func(p *plan) {
		p.guard.Anonymous = nil
		p.guard.Callers = []guard.CallerOptions{{Name: "sis", Basic: &guard.Login{User: "sis", Secret: guard.Hide("pw")}}}
	})
	body := strings.NewReader("<not")
	r := h.request(http.MethodPost, "/lis/pms", body, "Content-Type", type12)
	h.do(r).wantFault(t, http.StatusUnauthorized, "Sender")
	r = h.request(http.MethodPost, "/lis/pms", strings.NewReader(soap11(readPerson("p"))))
	r.SetBasicAuth("sis", "pw")
	h.do(r).want(t, "failure unknownobject")
}

func TestTooFast(t *testing.T) {
	h := newHouse(t, func(p *plan) { p.guard.Anonymous = &guard.AnonymousOptions{Rate: 1} })
	h.post("/lis/pms", soap11(readPerson("p"))).want(t, "failure unknownobject")
	a := h.post("/lis/pms", soap11(readPerson("p"))).wantFault(t, http.StatusTooManyRequests, "Client")
	if a.head.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	unknown := envelope(wire.SOAP11, `<expelPersonRequest xmlns="`+namespaces["pms"]+`"/>`)
	h.post("/lis/pms", unknown).wantFault(t, http.StatusTooManyRequests, "Client")
}
