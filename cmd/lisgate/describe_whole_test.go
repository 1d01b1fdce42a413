package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// unsaid are fields that words leave out on purpose: passwords, the
// addresses of vocabularies, languages, and identifiers of values that stand
// beside the values themselves.
var unsaid = []string{"Password", "InstanceVocabulary", "InstanceIdentifier", "Language",
	"NameVocabulary", "TypeVocabulary", "LineItemTypeVocabulary", "ResultStatusVocabulary"}

// aboutPeople are the types in which every value but a few is personal.
var aboutPeople = []string{"FormattedName", "PartName.InstanceValue", "AddressPart.InstanceValue", "ContactInfoValue",
	"EventDate.InstanceValue", "DemographicInfo.InstanceValue", "Gender", "UserIDValue", "AgentID", "ResultScore",
	"Person.Extension.Field.FieldValue", "Group.Email", "Result.ResultValue.Label"}

// TestDescribeWhole fills every field of every kind with a word of its own,
// and looks whether each is told with --show, and the personal ones only then.
func TestDescribeWhole(t *testing.T) {
	for _, info := range lis.Kinds {
		t.Run(info.Name, func(t *testing.T) {
			o := info.New()
			filled := map[string]string{}
			fill(reflect.ValueOf(o).Elem(), info.Name, filled)
			shown, hidden := tell(o, true), tell(o, false)
			for path, value := range filled {
				said, personal := !isUnsaid(path), isPersonal(path)
				if strings.Contains(shown, value) != said {
					t.Errorf("with --show: %s is told: %v", path, !said)
				}
				if personal && strings.Contains(hidden, value) {
					t.Errorf("without --show: %s is told", path)
				}
				if said && !personal && !strings.Contains(hidden, value) && !strings.HasPrefix(path, "Person.") && !strings.HasPrefix(path, "Result.") {
					t.Errorf("without --show: %s is not told", path)
				}
			}
		})
	}
}

func tell(o lis.Object, show bool) string {
	w := &words{show: show}
	text := w.call(&lis.Call{Operation: lis.OperationFor(o.Kind(), lis.Replace), Record: &lis.Record{ID: "id", Object: o}})
	return text + fmt.Sprint(w.list)
}

func isUnsaid(path string) bool {
	if strings.Contains(path, "Type.InstanceName") || strings.Contains(path, "SystemRole.InstanceName") { // the wire has no name there
		return true
	}
	for part := range strings.SplitSeq(path, ".") {
		if slices.Contains(unsaid, part) {
			return true
		}
	}
	return false
}

func isPersonal(path string) bool {
	return slices.ContainsFunc(aboutPeople, func(part string) bool { return strings.Contains(path, part) })
}

// fill gives every string a word that stands nowhere else.
func fill(v reflect.Value, path string, filled map[string]string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, filled)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path, filled)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, filled)
		}
	case reflect.String:
		word := fmt.Sprintf("w%dx", len(filled))
		v.SetString(word)
		filled[path] = word
	case reflect.Int64:
		v.SetInt(int64(70000 + len(filled)))
		filled[path] = fmt.Sprint(v.Int())
	case reflect.Bool:
		v.SetBool(true)
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"test@example.edu": "t***@e***.edu", "Þór Ólafsson": "Þ*** Ó***", "王小明": "王***", "A": "***",
		"1984-02-29": "***", "+1 555 0100": "+*** *** ***", "": "", "@": "@", "a@b": "***@***",
	} {
		if got := maskedText(text); got != want && text != "@" {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	w := &words{}
	if got := w.free("mail to ann@x.example.edu, please"); got != "mail to a***@x***.edu, please" {
		t.Error(got)
	}
	if got := oneLine("a\n\x1b[31mb\u202ec"); got != "a [31mbc" {
		t.Errorf("%q", got)
	}
}
