package blackboard

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func FuzzParseStatus(f *testing.F) {
	f.Add([]byte(`<dataSetStatus><completedCount>3</completedCount><errorCount>1</errorCount><queuedCount> 2 </queuedCount><warningCount>0</warningCount></dataSetStatus>`))
	f.Add([]byte(`<queuedCount>-1</queuedCount><errorCount>x</errorCount>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		st, err := parseStatus(body)
		if err == nil && (st.Queued < 0 || st.Errors < 0 || st.Completed < 0 || st.Warnings < 0) {
			t.Errorf("counts %+v", st)
		}
	})
}

func FuzzReferenceCode(f *testing.F) {
	f.Add("Success: Feed File Uploaded. Use the reference code afc3d6e84df84f51944a06cccee8f59a to track these records in the logs.")
	f.Add("reference code: ../../x")
	f.Fuzz(func(t *testing.T, sentence string) {
		if code, ok := referenceCode(sentence); ok && (len(code) < 4 || len(code) > 64 || strings.ContainsAny(code, "/?#%. ")) {
			t.Errorf("code %q would change the address", code)
		}
	})
}

// The course id never changes, so it has to be the same each time, one for
// each section, and made of what Learn takes.
func TestCourseID(t *testing.T) {
	seen := map[string]lis.SourcedID{}
	for _, key := range []lis.SourcedID{"CS-101.2026", "a/b", "a:b", "a_b", "日本", "日木", lis.SourcedID(strings.Repeat("x", 64)), lis.SourcedID(strings.Repeat("é", 64))} {
		id := courseID(key)
		if other, taken := seen[id]; taken || id != courseID(key) || len(id) > 100 {
			t.Errorf("%q and %q have the course id %q", key, other, id)
		}
		seen[id] = key
	}
	if courseID("CS-101.2026") != "CS-101.2026" {
		t.Error("a plain identifier was altered")
	}
}

func TestPairIDComesBack(t *testing.T) {
	for _, p := range [][2]string{{"a", "b"}, {"a/b", "c d"}, {"ü%2F", "/"}} {
		course, person, ok := splitPair(pairID(p[0], p[1]))
		if !ok || course != p[0] || person != p[1] {
			t.Errorf("%v came back as %q, %q", p, course, person)
		}
	}
	for _, s := range []string{"", "a", "a/", "/b", "%zz/b"} {
		if _, _, ok := splitPair(s); ok {
			t.Errorf("%q was taken for a membership", s)
		}
	}
}
