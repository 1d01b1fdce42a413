package term

import "lisgate/gateway/lis"

// agent is the instance of the student information system.
const agent = "sis.example.edu"

const vdex = "http://www.imsglobal.org/vdex/lis/"

// vocabulary is the address of a vocabulary of a service, such as "nametype".
func vocabulary(service, name string) string {
	return vdex + service + "/" + name + "vocabularyv1p0.xml"
}

func en(s string) *lis.Text { return lis.NewText("en", s) }

// token is a value under a vocabulary of PMS.
func token(name, value string) *lis.BaseValue {
	return &lis.BaseValue{InstanceIdentifier: en(value), InstanceVocabulary: vocabulary("pmsv2p0", name), InstanceValue: en(value)}
}

// named is a value with a name under a vocabulary of PMS.
func named(vocab, name, language, value string) lis.BaseValue {
	return lis.BaseValue{
		InstanceIdentifier: en(name), InstanceVocabulary: vocabulary("pmsv2p0", vocab),
		InstanceName: en(name), InstanceValue: lis.NewText(language, value),
	}
}

func record(id lis.SourcedID, o lis.Object) *lis.Record {
	return &lis.Record{ID: id, Agent: agent, Object: o}
}

// is makes the pointer that optional elements need.
func is[T any](v T) *T { return &v }

// timeFrame is the time of the term.
func timeFrame(period *lis.Text) *lis.TimeFrame {
	return &lis.TimeFrame{Begin: "2026-09-07T08:00:00Z", End: "2026-12-18T18:00:00Z", Restrict: is(false), AdminPeriod: period}
}
