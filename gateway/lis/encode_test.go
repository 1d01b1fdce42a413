package lis

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"
	"testing/quick"
)

// TestRecordsAreJSON holds the fast way against encoding/json: both write the
// same, and each reads what the other wrote.
func TestRecordsAreJSON(t *testing.T) {
	for _, info := range Kinds {
		object := reflect.TypeOf(info.New()).Elem()
		check := func(seed int64) bool {
			v, ok := quick.Value(object, rand.New(rand.NewSource(seed)))
			if !ok {
				t.Fatalf("no value of %s", object)
			}
			target := reflect.New(object)
			target.Elem().Set(v)
			return sameAsStandard(t, info, target.Interface().(Object))
		}
		if err := quick.Check(check, &quick.Config{MaxCount: 60}); err != nil {
			t.Errorf("%s: %v", info.Kind, err)
		}
	}
}

func sameAsStandard(t *testing.T, info KindInfo, o Object) bool {
	ours, err := MarshalRecord(&Record{ID: "x", Agent: "A\"\\", Object: o})
	if err != nil {
		t.Error(err)
		return false
	}
	var theirs struct {
		Agent  string          `json:"refAgentInstanceID"`
		Object json.RawMessage `json:"object"`
	}
	if err := json.Unmarshal(ours, &theirs); err != nil {
		t.Errorf("not JSON: %v\n%s", err, ours)
		return false
	}
	read := info.New()
	if err := json.Unmarshal(theirs.Object, read); err != nil {
		t.Error(err)
		return false
	}
	back, err := UnmarshalRecord(info.Kind, "x", ours)
	if err != nil {
		t.Errorf("%v\n%s", err, ours)
		return false
	}
	if back.Agent != theirs.Agent || !reflect.DeepEqual(back.Object, read) {
		t.Errorf("read otherwise than encoding/json:\n%s", ours)
		return false
	}
	standard, _ := json.Marshal(read)
	again, _ := MarshalRecord(&Record{Object: read})
	var a, b any
	json.Unmarshal(standard, &a)
	json.Unmarshal(again[len(`{"object":`):len(again)-1], &b)
	return reflect.DeepEqual(a, b)
}

func TestUnmarshalRecord(t *testing.T) {
	for text, good := range map[string]bool{
		`{"object":{}}`:   true,
		`{"object":null}`: true,
		` { "object" : { "status" : "Active" , "unknown" : [ 1 , {"a":"\u0041\""} , null, true ] } } `: true,
		`{"object":{"status":"a\u00e9\n"}}`:      true,
		``:                                       false,
		`{`:                                      false,
		`{"object":`:                             false,
		`{"object":{"status":}}`:                 false,
		`{"object":{"status":"x}}`:               false,
		`{"object":{"status":"x\"}}`:             false,
		`{"object":{}} x`:                        false,
		`{"object":{"timeFrame":[}}`:             false,
		`{"object":{"maxNumberofStudents":"x"}}`: false,
		`[]`:                                     false,
	} {
		_, err := UnmarshalRecord(KindCourseSection, "x", []byte(text))
		if (err == nil) != good {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

func FuzzUnmarshalRecord(f *testing.F) {
	f.Add([]byte(`{"refAgentInstanceID":"ILP","object":{"name":[{"partName":[{"instanceValue":{"textString":"x"}}]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := UnmarshalRecord(KindPerson, "x", data)
		if err != nil || r.Object == nil {
			return
		}
		once, _ := MarshalRecord(r)
		again, err := UnmarshalRecord(KindPerson, "x", once)
		if err != nil {
			t.Fatalf("own writing cannot be read: %v\n%s", err, once)
		}
		if twice, _ := MarshalRecord(again); string(twice) != string(once) {
			t.Fatalf("not stable:\n%s\n%s", once, twice)
		}
	})
}
