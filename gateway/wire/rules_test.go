package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lisgate/gateway/wire"
	"lisgate/generated/mms"
	"lisgate/generated/oms"
	"lisgate/generated/pms"
)

var siblings = []string{pms.Namespace, mms.Namespace, oms.Namespace}

// read reads the children of a message of a service, with xsi declared and
// the prefixes mms and f for another service and a foreign namespace.
func read(space, element, inner string, m wire.Message, rules wire.Rule) (*wire.Decoder, error) {
	d := wire.NewDecoder(fmt.Sprintf(`<%[1]s xmlns="%[2]s" xmlns:mms="%[3]s" xmlns:f="urn:f" xmlns:xsi="%[4]s">%[5]s</%[1]s>`,
		element, space, mms.Namespace, wire.XSI, inner), wire.Limits{}, rules)
	d.Expect(space, siblings)
	if d.Root() {
		m.DecodeXML(d)
		d.End()
	}
	return d, d.Err()
}

const (
	guid   = `<sourcedGUID><refAgentInstanceID>r</refAgentInstanceID><sourcedId>p</sourcedId></sourcedGUID>`
	label  = `<label><language>en</language><textString>t</textString></label>`
	inList = `<orderValue><ordinal>1</ordinal></orderValue>`
)

// person puts something into the request that replaces a person.
func inPerson(inner string) string {
	return `<sourcedId>p</sourcedId><personRecord>` + guid + `<person>` + inner + `</person></personRecord>`
}

func inResult(inner string) string {
	return `<sourcedId>p</sourcedId><resultRecord>` + guid + `<result><lineItemSourcedId>l</lineItemSourcedId>` + inner + `</result></resultRecord>`
}

func inRole(inner string) string {
	return `<sourcedId>p</sourcedId><membershipRecord>` + guid + `<membership><collectionSourcedId>c</collectionSourcedId>` +
		`<membershipIdType>group</membershipIdType><member><personSourcedId>p</personSourcedId><role>` + inner + `</role></member></membership></membershipRecord>`
}

// Each case is one deviation: what it is, what is written down of it, and
// where it is refused.
var deviations = []struct {
	name    string
	service string
	inner   string
	rule    wire.Rule
	noted   string
	path    string
}{
	{"no namespace", "pms", `<sourcedId xmlns="">p</sourcedId>`, wire.NoNamespace, "no namespace", "replacePersonRequest/sourcedId"},
	{"another service", "pms", `<mms:sourcedId>p</mms:sourcedId>`, wire.MixedNamespace, "namespace of another service", "replacePersonRequest/sourcedId"},
	{"a foreign namespace", "pms", `<f:sourcedId>p</f:sourcedId>`, wire.ForeignNamespace, "foreign namespace", "replacePersonRequest/sourcedId"},
	{"space round an id", "pms", "<sourcedId>\n p</sourcedId>", wire.Space, "white space round a value: sourcedId", "replacePersonRequest/sourcedId"},
	{"space round a value", "mms", inRole("<roleType>x</roleType><status> Active</status>"), wire.Space, "white space round a value: status",
		"replaceMembershipRequest/membershipRecord/membership/member/role/status"},
	{"out of order", "pms", `<personRecord>` + guid + `<person/></personRecord><sourcedId>p</sourcedId>`, wire.Order, "out of order: sourcedId", "replacePersonRequest/sourcedId"},
	{"twice", "pms", `<sourcedId>q</sourcedId>` + inPerson(""), wire.Repeated, "repeated: sourcedId", "replacePersonRequest/sourcedId"},
	{"both branches of a choice", "oms", inResult(`<resultValueSourcedId>v</resultValueSourcedId><resultValue><valueList>` + inList + `</valueList></resultValue>`),
		wire.Repeated, "repeated: resultValue", "replaceResultRequest/resultRecord/result"},
	{"another spelling", "oms", inResult(`<recordInfo><metadataNameVocabulary/><metadataTypeVocabulary/><metadataField><fieldName/><fieldType/><fieldValue/></metadataField></recordInfo>`),
		wire.Misspelt, "misspelt: metadataTypeVocabulary", "replaceResultRequest/resultRecord/result/recordInfo/metadataTypeVocabulary"},
	{"date without colon", "oms", inResult(`<date>2026-09-01T08:00:00+0700</date>`), wire.LooseDate, "loose date: date", "replaceResultRequest/resultRecord/result/date"},
	{"empty number", "oms", inResult(`<resultValue><valueList><orderValue><ordinal/></orderValue></valueList></resultValue>`),
		wire.LooseNumber, "loose number: ordinal", "replaceResultRequest/resultRecord/result/resultValue/valueList/orderValue/ordinal"},
	{"plain text", "oms", inResult(`<resultScore>3</resultScore>`), wire.PlainText, "plain text: resultScore", "replaceResultRequest/resultRecord/result/resultScore"},
	{"wrapped text", "oms", inResult(`<dataSource><language>en</language><textString>s</textString></dataSource>`), wire.PlainText,
		"plain text: dataSource", "replaceResultRequest/resultRecord/result/dataSource"},
	{"unknown element", "pms", inPerson(`<hat><size>9</size></hat>`), wire.UnknownChild, "unknown element: hat", "replacePersonRequest/personRecord/person/hat"},
	{"nothing mandatory", "pms", `<personRecord><person/></personRecord>`, wire.Absent, "missing element: sourcedGUID missing element: sourcedId",
		"replacePersonRequest/personRecord"},
	{"no branch of a choice", "oms", inResult(`<resultValue>` + label + `</resultValue>`), wire.Absent, "missing element: valueList",
		"replaceResultRequest/resultRecord/result/resultValue"},
	{"unknown value", "mms", inRole("<roleType>x</roleType><status>Dormant</status>"), wire.UnknownValue, "unknown value: status",
		"replaceMembershipRequest/membershipRecord/membership/member/role/status"},
}

func message(service string) (space, element string, m wire.Message) {
	switch service {
	case "mms":
		return mms.Namespace, "replaceMembershipRequest", new(mms.ReplaceMembershipRequest)
	case "oms":
		return oms.Namespace, "replaceResultRequest", new(oms.ReplaceResultRequest)
	}
	return pms.Namespace, "replacePersonRequest", new(pms.ReplacePersonRequest)
}

// Each deviation is taken and written down under its rule, and refused where
// it is under all the others.
func TestRules(t *testing.T) {
	for _, c := range deviations {
		space, element, m := message(c.service)
		if strings.Contains(c.path, "/sourcedId") && c.rule != wire.Order && c.rule != wire.Repeated {
			c.inner += `<personRecord>` + guid + `<person/></personRecord>`
		}
		d, err := read(space, element, c.inner, m, c.rule)
		var noted []string
		for _, v := range d.Deviations() {
			noted = append(noted, v.String())
		}
		if got := strings.Join(noted, " "); err != nil || got != c.noted {
			t.Errorf("%s: noted %q, error %v; want %q", c.name, got, err, c.noted)
		}
		_, err = read(space, element, c.inner, m, wire.Everything&^c.rule)
		var data *wire.DataError
		if !errors.As(err, &data) || data.Path != c.path || data.Absent != (c.rule == wire.Absent) {
			t.Errorf("%s, refused: %v; want it at %s", c.name, err, c.path)
		}
	}
}

// Every rule that the codec itself takes has a case above; the others belong
// to the header block and the door.
func TestEveryRuleHasACase(t *testing.T) {
	elsewhere := wire.Version | wire.NoMessageID | wire.NoHeader | wire.Action | wire.OldOperation
	for _, c := range deviations {
		elsewhere |= c.rule
	}
	if elsewhere != wire.Everything {
		t.Errorf("rules without a case: %b", wire.Everything&^elsewhere)
	}
	if n := len(wire.RuleNames()); wire.Everything != 1<<n-1 {
		t.Errorf("%d names for rules %b", n, wire.Everything)
	}
	if wire.LooseDate.String() != "loose date" || (wire.Space|wire.Order).String() != "several" {
		t.Error("a rule goes by a wrong name")
	}
}

// Deviations are counted, and their number is bounded whatever comes.
func TestDeviationsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "<hat%d/><hat%d/>", i, i)
	}
	b.WriteString("<" + strings.Repeat("h", 200) + "/>")
	d, err := read(pms.Namespace, "replacePersonRequest", inPerson(b.String()), new(pms.ReplacePersonRequest), wire.Everything)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, v := range d.Deviations() {
		total += v.Count
	}
	if n := len(d.Deviations()); n > 33 || total != 2001 {
		t.Errorf("%d deviations, counted %d times", n, total)
	}
	if got := d.Deviations()[0].String(); got != "unknown element: hat0 (2)" {
		t.Errorf("the first is %q", got)
	}
}

// SetRules holds what was taken before against the rules of the peer.
func TestSetRules(t *testing.T) {
	d, err := read(pms.Namespace, "replacePersonRequest", inPerson("<hat/>"), new(pms.ReplacePersonRequest), wire.Everything)
	if err != nil || !d.SetRules(wire.UnknownChild) {
		t.Error(err, d.Err())
	}
	if d.SetRules(wire.Order) || !strings.Contains(d.Err().Error(), "hat: unknown element") {
		t.Error(d.Err())
	}
}

// An element with xsi:nil is one that is not there.
func TestNil(t *testing.T) {
	for _, value := range []string{"true", "1"} {
		var m pms.ReplacePersonRequest
		inner := inPerson(`<formname xsi:nil="` + value + `"/><dataSource xsi:nil="true"></dataSource><extension xsi:nil="1"/>`)
		if _, err := read(pms.Namespace, "replacePersonRequest", inner, &m, 0); err != nil {
			t.Fatal(err)
		}
		if p := m.PersonRecord.Person; p.Formname != nil || p.DataSource != "" || p.Extension != nil {
			t.Errorf("nil=%s: %+v", value, p)
		}
	}
	_, err := read(pms.Namespace, "replacePersonRequest", `<sourcedId xsi:nil="true"/><personRecord>`+guid+`<person/></personRecord>`, new(pms.ReplacePersonRequest), 0)
	var data *wire.DataError
	if !errors.As(err, &data) || !data.Absent {
		t.Errorf("a mandatory element with xsi:nil: %v", err)
	}
	var m pms.ReplacePersonRequest
	if _, err := read(pms.Namespace, "replacePersonRequest", inPerson(`<dataSource xsi:nil="false">x</dataSource>`), &m, 0); err != nil || m.PersonRecord.Person.DataSource != "x" {
		t.Errorf("xsi:nil=false: %v", err)
	}
}

// Plain and wrapped texts, and other names, end where they belong.
func TestLenientValues(t *testing.T) {
	var r oms.ReplaceResultRequest
	inner := inResult(`<resultScore>
		3 &amp; <!-- or -->4
	</resultScore><dataSource> <language>en</language><textString>s</textString><colour/></dataSource>` +
		`<extension><extensionNameVocabulary/><extensionTypeVocabulary>v</extensionTypeVocabulary></extension>`)
	d, err := read(oms.Namespace, "replaceResultRequest", inner, &r, wire.Everything)
	if err != nil {
		t.Fatal(err, d.Deviations())
	}
	result := r.ResultRecord.Result
	if result.ResultScore.TextString != "3 & 4" || result.DataSource != "s" || result.Extension.ExtensionValueVocabulary != "v" {
		t.Errorf("%+v %+v %+v", result.ResultScore, result.DataSource, result.Extension)
	}
	if _, err := read(oms.Namespace, "replaceResultRequest", inResult(`<resultValue>hello</resultValue>`), &r, wire.Everything); err == nil ||
		!strings.Contains(err.Error(), "resultValue: text among elements: hello") {
		t.Errorf("text among elements: %v", err)
	}
}
