package route

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// What is not there must not remove what stands at the target: only who wrote
// nil has asked for that.
func TestOnlyALiteralNilRemoves(t *testing.T) {
	for value, want := range map[string]string{
		`split(email(),"@")[5]`:                                             "!past the end",
		`upper(split(email(),"@")[5])`:                                      "!past the end",
		`string(split(email(),"@")[5])`:                                     "!past the end",
		`split(email(),"@")[-9]`:                                            "!past the end",
		`person.contactinfo[7].contactinfoValue`:                            "!not there",
		`person.contactinfo[7]`:                                             "!past the end",
		`person.contactinfo[7].contactinfoValue.textString`:                 "",
		`find(split(email(),"@"), # == "nobody")`:                           "!past the end",
		`first(filter(split(email(),"@"), # == "nobody"))`:                  "!past the end",
		`{"a": 1}["b"]`:                                                     "!not there",
		`email() == "x" ? nil : split(email(),"@")[5]`:                      "!past the end",
		`split(email(),"@")[0]`:                                             "ada",
		`split(email(),"@")[-1]`:                                            "example.edu",
		`split(email(),"@")[5] ?? "none@example.edu"`:                       "none@example.edu",
		`person.contactinfo[7].contactinfoValue.textString ?? "x"`:          "",
		`split(email(),"@")[5] == nil ? "short" : "long"`:                   "short",
		`find(split(email(),"@"), # == "nobody") ?? split(email(),"@")[0]`:  "ada",
		`find(split(email(),"@"), # == "nobody") ?? split(email(),"@")[1]`:  "example.edu",
		`find(split(email(),"@"), # == "nobody") ?? split(email(),"@")[12]`: "!past the end",
		`first(split(email(),"@"))`:                                         "ada",
		`nil`:                                                               "",
		`split(email(),"@")[0] == "ada" ? nil : email()`:                    "",
		`split(email(),"@")[5] ?? nil`:                                      "",
	} {
		s, err := NewShaper(Mapping{Sets: []Set{{Kinds: []lis.Kind{lis.KindPerson}, Set: map[string]string{"dataSource": value}}}})
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		got, err := s.Shape(*putOf(samplePerson()))
		says, refused := strings.CutPrefix(want, "!")
		switch {
		case refused && (err == nil || !strings.Contains(err.Error(), says)):
			t.Errorf("%s: got %v, want %q", value, err, says)
		case !refused && err != nil:
			t.Errorf("%s: %v", value, err)
		case !refused && got.Record.Object.(*lis.Person).DataSource != want:
			t.Errorf("%s: got %q, want %q", value, got.Record.Object.(*lis.Person).DataSource, want)
		}
	}
}

// In a filter what is not there is nil, as ever: a filter must not fail on
// every record that says less.
func TestFiltersForgiveWhatIsNotThere(t *testing.T) {
	table, _ := New([]Rule{{When: `split(email(),"@")[5] == "x" or person.contactinfo[7].contactinfoValue.textString == ""`, To: []string{"lms"}}})
	if err := table.Refusal(nil, "lms", putOf(samplePerson())); err != nil {
		t.Error(err)
	}
}
