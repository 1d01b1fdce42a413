package lis

import (
	"encoding/json"
	"testing"
)

// merged merges JSON into JSON, as objects of a kind.
func merged(t *testing.T, k Kind, dst, src string) string {
	t.Helper()
	objects := make([]Object, 2)
	for i, data := range []string{dst, src} {
		objects[i] = InfoOf(k).New()
		if err := json.Unmarshal([]byte(data), objects[i]); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := json.Marshal(objects[1])
	Merge(objects[0], objects[1])
	if after, _ := json.Marshal(objects[1]); string(after) != string(before) {
		t.Errorf("the source was changed to %s", after)
	}
	data, _ := json.Marshal(objects[0])
	return string(data)
}

func TestMerge(t *testing.T) {
	cases := []struct {
		name            string
		kind            Kind
		dst, src, merge string
	}{
		{"what is not said stays", KindCourseSection,
			`{"title":{"textString":"A"},"location":{"textString":"R1"}}`, `{"title":{"textString":"B"}}`,
			`{"title":{"textString":"B"},"location":{"textString":"R1"}}`},
		{"a text keeps its language", KindCourseSection,
			`{"title":{"language":"en","textString":"A"}}`, `{"title":{"textString":"B"}}`, `{"title":{"language":"en","textString":"B"}}`},
		{"false and zero that are said", KindCourseSection,
			`{"maxNumberofStudents":9,"enrollControl":{"enrollAccept":true,"enrollAllowed":true}}`, `{"maxNumberofStudents":0,"enrollControl":{"enrollAccept":false}}`,
			`{"maxNumberofStudents":0,"enrollControl":{"enrollAccept":false,"enrollAllowed":true}}`},
		{"structures that are new", KindCourseSection, `{}`, `{"org":{"id":{"textString":"D"}}}`, `{"org":{"id":{"textString":"D"}}}`},
		{"contacts by type", KindPerson,
			`{"contactinfo":[{"contactinfoType":{"instanceValue":{"textString":"Tel"}},"contactinfoValue":{"textString":"1"}},{"contactinfoType":{"instanceValue":{"textString":"Email"}},"contactinfoValue":{"textString":"a@b"}}]}`,
			`{"contactinfo":[{"contactinfoType":{"instanceValue":{"textString":"Email"}},"contactinfoValue":{"textString":"c@d"}}]}`,
			`{"contactinfo":[{"contactinfoType":{"instanceValue":{"textString":"Tel"}},"contactinfoValue":{"textString":"1"}},{"contactinfoType":{"instanceValue":{"textString":"Email"}},"contactinfoValue":{"textString":"c@d"}}]}`},
		{"two of one type stay two", KindPerson,
			`{"contactinfo":[{"contactinfoValue":{"textString":"1"}},{"contactinfoValue":{"textString":"2"}}]}`,
			`{"contactinfo":[{"contactinfoValue":{"textString":"2"}},{"contactinfoValue":{"textString":"3"}},{"contactinfoValue":{"textString":"4"}}]}`,
			`{"contactinfo":[{"contactinfoValue":{"textString":"3"}},{"contactinfoValue":{"textString":"2"}},{"contactinfoValue":{"textString":"4"}}]}`},
		{"name parts by name", KindPerson,
			`{"name":[{"partName":[{"instanceName":{"textString":"First"},"instanceValue":{"textString":"Ann"}},{"instanceName":{"textString":"Last"},"instanceValue":{"textString":"Lee"}}]}]}`,
			`{"name":[{"partName":[{"instanceName":{"textString":"Last"},"instanceValue":{"textString":"Ray"}},{"instanceName":{"textString":"Middle"},"instanceValue":{"textString":"B"}}]}]}`,
			`{"name":[{"partName":[{"instanceName":{"textString":"First"},"instanceValue":{"textString":"Ann"}},{"instanceName":{"textString":"Last"},"instanceValue":{"textString":"Ray"}},{"instanceName":{"textString":"Middle"},"instanceValue":{"textString":"B"}}]}]}`},
		{"user ids by type within roles by type", KindPerson,
			`{"roles":[{"userId":[{"userIdValue":{"textString":"a"},"userIdType":{"textString":"Logon ID"}}]}]}`,
			`{"roles":[{"userId":[{"userIdValue":{"textString":"b"},"userIdType":{"textString":"Logon ID"}},{"userIdValue":{"textString":"7"},"userIdType":{"textString":"SCTID"}}]}]}`,
			`{"roles":[{"userId":[{"userIdValue":{"textString":"b"},"userIdType":{"textString":"Logon ID"}},{"userIdValue":{"textString":"7"},"userIdType":{"textString":"SCTID"}}]}]}`},
		{"roles by type and sub role", KindMembership,
			`{"member":{"role":[{"roleType":"Learner","status":"Active"},{"roleType":"Learner","subRole":"GuestLearner","status":"Active"}]}}`,
			`{"member":{"role":[{"roleType":"Learner","subRole":"GuestLearner","status":"Inactive"},{"roleType":"Mentor"}]}}`,
			`{"member":{"role":[{"roleType":"Learner","status":"Active"},{"roleType":"Learner","subRole":"GuestLearner","status":"Inactive"},{"roleType":"Mentor"}]}}`},
		{"relationships by relationId", KindGroup,
			`{"relationship":[{"relationId":"1","sourcedId":"a"}]}`, `{"relationship":[{"relationId":"1","sourcedId":"b"},{"sourcedId":"c"},{"sourcedId":"c"}]}`,
			`{"relationship":[{"relationId":"1","sourcedId":"b"},{"sourcedId":"c"},{"sourcedId":"c"}]}`},
		{"fields by name", KindGroup,
			`{"extension":{"extensionField":[{"fieldName":"x","fieldType":"Integer","fieldValue":"1"}]}}`, `{"extension":{"extensionField":[{"fieldName":"x","fieldValue":"2"},{"fieldName":"y","fieldValue":"3"}]}}`,
			`{"extension":{"extensionField":[{"fieldName":"x","fieldType":"Integer","fieldValue":"2"},{"fieldName":"y","fieldValue":"3"}]}}`},
		{"sections once each", KindSectionAssociation,
			`{"courseSectionIdList":{"courseSectionId":["a","b"]}}`, `{"courseSectionIdList":{"courseSectionId":["b","c"]}}`,
			`{"courseSectionIdList":{"courseSectionId":["a","b","c"]}}`},
		{"the one time frame", KindCourseSection,
			`{"timeFrame":[{"begin":"2026-01-01","end":"2026-02-01"}]}`, `{"timeFrame":[{"end":"2026-03-01"}]}`, `{"timeFrame":[{"begin":"2026-01-01","end":"2026-03-01"}]}`},
		{"texts by content", KindCourseTemplate,
			`{"listofTopics":{"topic":[{"textString":"a"}]}}`, `{"listofTopics":{"topic":[{"textString":"a"},{"textString":"b"}]}}`,
			`{"listofTopics":{"topic":[{"textString":"a"},{"textString":"b"}]}}`},
		{"a scale of its own ends the one referred to", KindResult,
			`{"lineItemSourcedId":"l","resultValueSourcedId":"v"}`, `{"resultValue":{"valueRange":{"max":"10"}}}`,
			`{"lineItemSourcedId":"l","resultValue":{"valueRange":{"max":"10"}}}`},
		{"a list ends the range", KindResultValue,
			`{"label":{"textString":"A"},"valueRange":{"max":"10"}}`, `{"valueList":{"orderValue":[{"ordinal":1,"grade":{"textString":"x"}}]}}`,
			`{"label":{"textString":"A"},"valueList":{"orderValue":[{"ordinal":1,"grade":{"textString":"x"}}]}}`},
		{"steps by ordinal", KindResultValue,
			`{"valueList":{"orderValue":[{"ordinal":1,"grade":{"textString":"x"}}]}}`, `{"valueList":{"orderValue":[{"ordinal":1,"grade":{"textString":"y"}},{"ordinal":2,"grade":{"textString":"z"}}]}}`,
			`{"valueList":{"orderValue":[{"ordinal":1,"grade":{"textString":"y"}},{"ordinal":2,"grade":{"textString":"z"}}]}}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := merged(t, c.kind, c.dst, c.src)
			if want := merged(t, c.kind, c.merge, `{}`); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if again := merged(t, c.kind, got, c.src); c.name != "two of one type stay two" && again != got {
				t.Errorf("merged again:\n got %s\nwant %s", again, got)
			}
		})
	}
}

// What was merged must not change with the message it came from.
func TestMergeSharesNothing(t *testing.T) {
	accept := true
	src := &CourseSection{Title: &Text{TextString: "A"}, EnrollControl: &EnrollControl{EnrollAccept: &accept},
		TimeFrame: []TimeFrame{{AdminPeriod: &Text{TextString: "T"}}}}
	dst := new(CourseSection)
	Merge(dst, src)
	src.Title.TextString, accept, src.TimeFrame[0].AdminPeriod.TextString = "B", false, "U"
	if dst.Title.TextString != "A" || !*dst.EnrollControl.EnrollAccept || dst.TimeFrame[0].AdminPeriod.TextString != "T" {
		t.Errorf("it changed to %+v", dst)
	}
}
