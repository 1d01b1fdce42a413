package ilp_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"lisgate/adapters/ellucian/ilp"
)

// What was read can be written and read again, and is the same.
func FuzzDecodeGrades(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"ModifiedBy":"T","StudentGrades":[{"CourseId":"C","StudentId":"S","finalgrade":"A"}]}`))
	f.Add([]byte(`{"ModifiedBy":null,"StudentGrades":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := ilp.DecodeGrades(bytes.NewReader(body), 1<<16)
		if err != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		second, err := ilp.DecodeGrades(bytes.NewReader(again), 1<<20)
		if err != nil || !reflect.DeepEqual(s, second) {
			t.Errorf("%+v came back as %+v, %v", s, second, err)
		}
	})
}
