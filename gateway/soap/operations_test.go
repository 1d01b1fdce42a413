package soap

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/wsdl"
)

// calls makes the call of each verb.
var calls = map[lis.Verb]func(r *lis.Record) *lis.Call{
	lis.Create:         func(r *lis.Record) *lis.Call { return &lis.Call{ID: "new-1", Record: as("new-1", r)} },
	lis.CreateByProxy:  func(r *lis.Record) *lis.Call { return &lis.Call{Record: as("", r)} },
	lis.Delete:         func(r *lis.Record) *lis.Call { return &lis.Call{ID: r.ID} },
	lis.Read:           func(r *lis.Record) *lis.Call { return &lis.Call{ID: r.ID} },
	lis.ReadCore:       func(r *lis.Record) *lis.Call { return &lis.Call{ID: r.ID} },
	lis.ReadAllIDs:     func(r *lis.Record) *lis.Call { return &lis.Call{} },
	lis.ReadIDsFrom:    func(r *lis.Record) *lis.Call { return &lis.Call{SavePoint: "2026-09-01T00:00:00Z"} },
	lis.ReadPluralFrom: func(r *lis.Record) *lis.Call { return &lis.Call{SavePoint: "2026-09-01T00:00:00Z"} },
	lis.ReadPlural:     func(r *lis.Record) *lis.Call { return &lis.Call{IDs: []lis.SourcedID{r.ID, "nobody"}} },
	lis.Update:         func(r *lis.Record) *lis.Call { return &lis.Call{ID: r.ID, Record: r} },
	lis.Replace:        func(r *lis.Record) *lis.Call { return &lis.Call{ID: "new-1", Record: as("new-1", r)} },
	lis.Discover:       func(r *lis.Record) *lis.Call { return &lis.Call{Query: `{"sourcedId": "` + string(r.ID) + `"}`} },
	lis.ChangeIdentifier: func(r *lis.Record) *lis.Call {
		return &lis.Call{ID: r.ID, NewID: "new-1"}
	},
	lis.UpdateStatus: func(r *lis.Record) *lis.Call { return &lis.Call{ID: r.ID, Status: "Inactive"} },
	lis.CreateFrom: func(r *lis.Record) *lis.Call {
		return &lis.Call{ID: r.ID, NewID: "new-1", AcademicSession: text("2027A")}
	},
}

func as(id lis.SourcedID, r *lis.Record) *lis.Record {
	return &lis.Record{ID: id, Agent: r.Agent, Object: r.Object}
}

// special are the calls that a verb alone does not tell.
var special = map[string]*lis.Call{
	"addGroupRelationship":                             {ID: "g-1", Relationship: &lis.Relationship{RelationID: "rel-2", Relation: "Parent", SourcedID: "g-2", Label: text("too")}},
	"removeGroupRelationship":                          {ID: "g-1", RelationID: "rel-1"},
	"readGroupIdsForPerson":                            {Of: "p-1"},
	"readMembershipIdsForPerson":                       {Of: "p-1"},
	"readMembershipIdsForPersonWithRole":               {Of: "p-1", Role: &lis.Role{RoleType: "Learner"}, IDs: []lis.SourcedID{"m-1", "m-9"}},
	"readMembershipIdsForCollection":                   {Of: "s-1", Collection: "courseSection"},
	"readCourseOfferingIdsForCourseTemplate":           {ID: "t-1"},
	"readAllActiveCourseOfferingIdsForAcademicSession": {AcademicSession: text("2026A")},
	"readCourseSectionIdsForCourseOffering":            {ID: "o-1"},
	"addCourseSectionId":                               {ID: "a-1", Of: "s-2"},
	"removeCourseSectionId":                            {ID: "a-1", Of: "s-1"},
	"readLineItemIdsForPerson":                         {Of: "p-1"},
	"readLineItemIdsForCourseOffering":                 {Of: "o-1"},
	"readLineItemIdsForCourseSection":                  {Of: "s-1"},
	"readLineItemIdsForCourseSectionWithLineItemType":  {Of: "s-1", LineItemType: final()},
	"readLineItemIdsWithLineItemType":                  {LineItemType: final()},
	"readResultIdsForPerson":                           {Of: "p-1"},
	"readResultIdsForLineItem":                         {Of: "l-1"},
	"readResultIdsForCourseOffering":                   {Of: "o-1"},
	"readResultIdsForCourseSection":                    {Of: "s-1"},
	"readResultIdsForCourseSectionWithStatus":          {Of: "s-1", ResultStatus: complete()},
	"readResultIdsForLineItemWithLineItemType":         {Of: "s-1", LineItemType: final(), ResultStatus: complete()},
	"replaceResultsForLineItem":                        {Of: "l-1", Records: []*lis.Record{{ID: "r-1", Object: result("p-1")}, {ID: "r-2", Object: result("p-2")}}},
	"readResultValueIdForLineItem":                     {Of: "l-1"},
	"readResultValueIdForResult":                       {Of: "r-1"},
	"announceBulkDataExchange":                         {TransactionID: "x-3", Manifest: manifest()},
	"announceFailureBulkDataExchange":                  {TransactionID: "x-1", Failure: &lis.BulkFailure{Reason: "exportfailed", Description: text("no disk")}},
	"cancelBulkDataExchange":                           {TransactionID: "x-1"},
	"ignoreBulkDataExchange":                           {TransactionID: "x-1"},
	"reportBulkDataExchange":                           {TransactionID: "x-2", Report: &lis.BulkReport{Read: new(int64(2)), Applied: new(int64(1)), Failed: new(int64(1)), Failure: []lis.BulkFailed{{TransactionOpIdentifier: "2", FailStatus: "invaliddata", Description: text("no name")}}}},
	"requestBulkDataExchange":                          {TransactionID: "x-4", Filter: &lis.BulkFilter{Rule: []lis.BulkFilterRule{{FilterType: "CourseSection", ValueObject: "status", Value: "Active"}}, SavePoint: "2026-09-01T00:00:00Z"}},
}

func callFor(op *operation) *lis.Call {
	c := special[op.Name]
	if c == nil {
		c = calls[op.meaning.Verb](first(op.meaning.Kind))
	}
	copied := *c
	copied.Operation = op.Name
	return &copied
}

// Every operation is sent through the door once, by a peer who is held to the
// contract. The messages are kept in testdata/operations.
func TestOperations(t *testing.T) {
	names := slices.Sorted(maps.Keys(byName()))
	if len(names) != 156 {
		t.Fatalf("%d operations", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) { tryOperation(t, byName()[name]) })
	}
}

func byName() map[string]*operation {
	all := map[string]*operation{}
	for _, op := range operations {
		all[op.Name] = op
	}
	return all
}

func tryOperation(t *testing.T, op *operation) {
	h := newWorld(t, profile("strict"))
	c := callFor(op)
	request := soap11(c)
	a := h.post("/lis/"+string(op.meaning.Service), request, "SOAPAction", `"`+op.Action+`"`)
	if a.Status == nil || !a.Status.OK() || a.Status.CodeMinor == lis.NoSourcedIDs {
		t.Fatalf("answer:\n%s", a.text)
	}
	if got := h.seen.list(&h.seen.deviations); len(got) != 0 {
		t.Errorf("our own message deviates: %q", got)
	}
	if !op.meaning.Verb.Writes() && hollow(t, a) {
		t.Errorf("nothing was read:\n%s", a.text)
	}
	golden(t, op.Name+".request.xml", request)
	golden(t, op.Name+".response.xml", a.text)
	p, err := Parse([]byte(request), wire.Limits{})
	if err != nil || call(p.Call) != call(c) {
		t.Errorf("read back otherwise: %v\n%s", err, request)
	}
}

// hollow reports whether an answer says nothing.
func hollow(t *testing.T, a *reply) bool {
	ids, err := lis.Collect(a.Answer.IDs)
	if err != nil {
		t.Fatal(err)
	}
	records, err := lis.Collect(a.Answer.Records)
	if err != nil {
		t.Fatal(err)
	}
	return len(ids)+len(records)+len(a.Status.OperationRefs) == 0 && a.Answer.Record == nil && a.Answer.Core == nil && a.Answer.ID == ""
}

// between is where two tags meet, other than in an element that is empty.
var between = regexp.MustCompile(`(<[^/][^<>]*>|</[^<>]*>)(<[^/])|(</[^<>]*>)(</)`)

// pretty breaks a message into lines, for people and for diff.
func pretty(text string) string {
	for before := ""; before != text; { // matches overlap
		before, text = text, between.ReplaceAllString(text, "$1$3\n$2$4")
	}
	return text + "\n"
}

func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", "operations", name)
	if *update {
		write(t, file, pretty(text))
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != pretty(text) {
		t.Errorf("%s differs (%v); look, and run with -update\n%s", name, err, pretty(text))
	}
}

// All golden messages are valid by the schemas that we publish.
func TestGoldenAreValid(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	for _, s := range wsdl.Services() {
		t.Run(s.Name, func(t *testing.T) {
			dir := t.TempDir()
			schema, err := wsdl.Schema(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "schema.xsd"), string(schema))
			args := []string{"--noout", "--nonet", "--schema", filepath.Join(dir, "schema.xsd")}
			out, err := exec.Command(xmllint, append(args, parts(t, dir, s)...)...).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, strings.Join(slices.DeleteFunc(strings.Split(string(out), "\n"), func(l string) bool { return strings.HasSuffix(l, " validates") }), "\n"))
			}
		})
	}
}

// parts cuts the golden messages of a service into their header blocks and
// body elements, each in a file.
func parts(t *testing.T, dir string, s wsdl.Service) (files []string) {
	for _, op := range tables[lis.Service(s.Name)] {
		for _, way := range []string{"request", "response"} {
			text, err := os.ReadFile(filepath.Join("testdata", "operations", op.Name+"."+way+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"Header", "Body"} {
				_, inner, _ := strings.Cut(string(text), "<soapenv:"+part+">")
				inner, _, _ = strings.Cut(inner, "</soapenv:"+part+">")
				file := filepath.Join(dir, op.Name+"."+way+"."+part+".xml")
				write(t, file, strings.TrimSpace(inner))
				files = append(files, file)
			}
		}
	}
	return files
}
