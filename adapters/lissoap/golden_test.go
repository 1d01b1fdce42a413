package lissoap

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/wsdl"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds what is sent against testdata/<profile>/<case>.xml. The
// name of a file is its case: an operation and what it is about, the number
// of a sample or a name in specials. To add a case, make an empty file and
// run with -update.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		profile := filepath.Base(filepath.Dir(file))
		t.Run(profile+"/"+filepath.Base(file), func(t *testing.T) {
			got := canonical(t, written(t, profile, goldenCall(t, strings.TrimSuffix(filepath.Base(file), ".xml"))))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s\ngot %s", file, got)
			}
			if profile == "strict" {
				validate(t, map[string]string{filepath.Base(file): got})
			}
		})
	}
}

// specials are records for golden cases beside the samples.
var specials = map[string]*lis.Record{
	"term": {ID: "201740", Agent: "sis.example.edu", Object: &lis.Group{
		GroupType:   &lis.GroupType{TypeValue: []lis.TypeValue{{Type: lis.NewText("en", "TERM"), Level: lis.NewText("en", "1")}}},
		TimeFrame:   &lis.TimeFrame{Begin: "2026-09-01T00:00:00Z", End: "2026-12-18T23:59:59Z", Restrict: new(true)},
		Description: &lis.Description{ShortDescription: lis.NewText("en", "Fall 2026"), LongDescription: lis.NewText("en", "Fall term of 2026")},
	}},
	"session": {ID: "10001.201740", Object: &lis.CourseSection{
		Title: lis.NewText("en", "Contemporary Fiction"), AcademicSession: lis.NewText("en", "201740"), ParentOfferingID: "ENG.3705", Status: "Active",
		TimeFrame: []lis.TimeFrame{{Begin: "2026-09-01T00:00:00"}}, DataSource: "Banner", Org: &lis.Org{ID: lis.NewText("en", "ENG")},
		Notes: lis.NewText("en", "bring the book"),
	}},
	"bare": {ID: "p-1", Object: &lis.Person{}},
	"german": {ID: "m-1", Agent: "sis.example.edu", Object: &lis.Membership{CollectionSourcedID: "s-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: "p-1", Role: []lis.Role{{RoleType: "Learner", Status: "Active",
			TimeFrame: &lis.TimeFrame{AdminPeriod: lis.NewText("de-CH", "Herbst")}}}}}},
}

func goldenCall(t *testing.T, name string) *lis.Call {
	operation, about, _ := strings.Cut(name, "-")
	op, ok := lis.OperationNamed(operation)
	if !ok {
		t.Fatalf("no operation %s", operation)
	}
	r := specials[about]
	if n, err := strconv.Atoi(about); err == nil {
		r = adaptertest.Sample(op.Kind, n)
	}
	if r == nil {
		t.Fatalf("no record %s", about)
	}
	id := r.ID
	if op.Verb == lis.CreateByProxy {
		r = &lis.Record{Agent: r.Agent, Object: r.Object} // as the adapter sends it
	}
	return &lis.Call{Operation: operation, ID: id, NewID: id + ":new", Record: r, IDs: []lis.SourcedID{id, "another"}, Of: "of-1"}
}

func written(t *testing.T, profile string, call *lis.Call) string {
	t.Helper()
	c, err := NewClient(Options{URL: "http://peer.example", Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	envelope, err := c.envelope("m-1", operations[call.Operation], call)
	if err != nil {
		t.Fatal(err)
	}
	return string(envelope)
}

// canonical lays a document out for people: the same for every spelling of it.
func canonical(t *testing.T, document string) string {
	t.Helper()
	d := etree.NewDocument()
	d.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true, CanonicalEndTags: true}
	if err := d.ReadFromString(document); err != nil {
		t.Fatal(err)
	}
	d.Indent(2)
	text, err := d.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every operation that is sent strictly is valid, with everything in it and
// with nothing in it.
func TestAllOperationsAreValid(t *testing.T) {
	documents := map[string]string{}
	for name, op := range operations {
		call := fullCall(op)
		documents[name] = written(t, "strict", call)
		if record := call.Record; record != nil {
			call.Record = &lis.Record{ID: record.ID, Object: lis.InfoOf(record.Object.Kind()).New()}
			switch o := call.Record.Object.(type) {
			case *lis.Membership: // there is no empty one
				*o = lis.Membership{CollectionSourcedID: "c", MembershipIDType: "group", Member: &lis.Member{PersonSourcedID: "p", Role: []lis.Role{{RoleType: "Member"}}}}
			case *lis.ResultValue:
				o.ValueRange = new(lis.ValueRange)
			}
			documents[name+"-bare"] = written(t, "strict", call)
		}
	}
	if len(operations) != 156 {
		t.Errorf("%d operations, want 156", len(operations))
	}
	validate(t, documents)
}

// fullCall sets every field of a call; an operation writes those it has.
func fullCall(op *operation) *lis.Call {
	c := &lis.Call{
		Operation: op.Name, ID: "id-1", NewID: "id-2", Of: "of-1", IDs: []lis.SourcedID{"a", "b"},
		SavePoint: "2026-09-01T08:00:00Z", Query: "a@example.edu", AcademicSession: lis.NewText("en", "2026-FALL"), Status: "Active",
		Relationship: &lis.Relationship{RelationID: "r", Relation: "Parent", SourcedID: "g", Label: lis.NewText("en", "of")}, RelationID: "r",
		Role: &lis.Role{RoleType: "Learner", Status: "Active"}, Collection: "courseSection",
		LineItemType:  &lis.LineItemType{LineItemTypeVocabulary: "urn:v", LineItemTypeValue: lis.NewText("en", "Final")},
		ResultStatus:  &lis.ResultStatus{ResultStatusVocabulary: "urn:v", ResultStatusValue: lis.NewText("en", "Complete")},
		TransactionID: "t-1", Manifest: &lis.BulkManifest{DataFile: []lis.BulkDataFile{{URL: "http://sis.example/f.xml"}}},
		Failure: &lis.BulkFailure{Reason: "expired"}, Filter: &lis.BulkFilter{SavePoint: "2026-09-01T08:00:00Z"}, Report: &lis.BulkReport{Read: new(int64(1))},
	}
	if op.meaning.Kind != "" {
		c.Record = adaptertest.Sample(op.meaning.Kind, 1)
		c.Records = []*lis.Record{adaptertest.Sample(lis.KindResult, 1), adaptertest.Sample(lis.KindResult, 2)}
	}
	return c
}

var block = regexp.MustCompile(`(?s)<` + wire.RequestHeaderElement + `.*</` + wire.RequestHeaderElement + `>`)
var content = regexp.MustCompile(`(?s)<soapenv:Body>(.*)</soapenv:Body>`)

// validate holds headers and bodies against our published schemas, where
// there is an xmllint.
func validate(t *testing.T, documents map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("no xmllint")
	}
	dir, files := t.TempDir(), map[lis.Service][]string{}
	for name, document := range documents {
		operation, _, _ := strings.Cut(name, "-")
		service := operations[operation].meaning.Service
		for part, text := range map[string]string{"head": block.FindString(document), "body": content.FindStringSubmatch(document)[1]} {
			file := filepath.Join(dir, fmt.Sprintf("%s.%s.xml", name, part))
			if err := os.WriteFile(file, []byte(strings.TrimSpace(text)), 0o600); err != nil {
				t.Fatal(err)
			}
			files[service] = append(files[service], file)
		}
	}
	for service, names := range files {
		schema, err := wsdl.Schema(string(service))
		if err != nil {
			t.Fatal(err)
		}
		xsd := filepath.Join(dir, string(service)+".xsd")
		if err := os.WriteFile(xsd, schema, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("xmllint", append([]string{"--noout", "--nonet", "--schema", xsd}, names...)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", service, err, regexp.MustCompile(`(?m)^.* validates\n`).ReplaceAll(out, nil))
		}
	}
}

// A record that the schema has no words for is refused before it is sent.
func TestStrictRefusesWhatIsInvalid(t *testing.T) {
	r := adaptertest.Sample(lis.KindMembership, 1)
	r.Object.(*lis.Membership).Member.Role[0].Status = "Sleeping"
	c, _ := NewClient(Options{URL: "http://peer.example"})
	defer c.Close()
	_, err := c.Call(t.Context(), "m-1", &lis.Call{Operation: "replaceMembership", ID: r.ID, Record: r})
	if err == nil || !strings.Contains(err.Error(), "refused: ") || !strings.Contains(err.Error(), "role/status") {
		t.Error(err)
	}
}

// Blackboard insists on a dataSource.
func TestBlackboardWantsADataSource(t *testing.T) {
	c, _ := NewClient(Options{URL: "http://peer.example", Profile: "blackboard"})
	defer c.Close()
	_, err := c.Call(t.Context(), "m-1", &lis.Call{Operation: "replacePerson", ID: "p-1", Record: specials["bare"]})
	if err == nil || !strings.Contains(err.Error(), "dataSource") {
		t.Error(err)
	}
}

// The records that were given are left as they are.
func TestShapingCopies(t *testing.T) {
	for profile := range dialects {
		for _, info := range lis.Kinds {
			r := adaptertest.Sample(info.Kind, 1)
			call := &lis.Call{Operation: lis.OperationFor(info.Kind, lis.Replace), ID: r.ID, Record: r}
			if _, err := dialects[profile].shaped(call); err == nil && differ(adaptertest.Sample(info.Kind, 1), r) != "" {
				t.Errorf("%s altered a %s", profile, info.Kind)
			}
		}
	}
}
