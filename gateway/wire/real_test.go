package wire_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// realDir holds messages of real systems. They are read from beside the
// repository and never copied into it, for their licences are not ours.
const realDir = "../../../shared/samples"

func realMessage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(realDir, name))
	if err != nil {
		t.Skipf("SKIPPED: no real messages here: %v", err)
	}
	return string(text)
}

// serviceOf finds the operation of a request element.
func serviceOf(element string) (service, wire.Operation, bool) {
	for _, s := range services {
		for _, op := range s.operations {
			if op.Request == element {
				return s, op, true
			}
		}
	}
	return service{}, wire.Operation{}, false
}

// readReal reads a request as the door does.
func readReal(document string, rules wire.Rule) (*lis.Call, *wire.Decoder) {
	d := wire.NewDecoder(document, wire.Limits{}, rules)
	var h wire.RequestHeader
	_, ok := d.OpenEnvelope(func() bool {
		if d.Local() == wire.RequestHeaderElement {
			h.ReadXML(d)
			return true
		}
		return false
	})
	s, op, known := serviceOf(d.Local())
	if !ok || !known {
		return nil, d
	}
	c := &lis.Call{Operation: op.Name}
	d.Expect(s.space, allSpaces())
	if d.CheckNamespace() {
		op.ReadCall(d, c)
		d.CloseEnvelope()
	}
	return c, d
}

func allSpaces() []string {
	var spaces []string
	for _, s := range services {
		spaces = append(spaces, s.space)
	}
	return spaces
}

// Each real message becomes words, with just these deviations; in strict it
// is refused for the first of them.
func TestRealMessages(t *testing.T) {
	const blackboard = "imsx_version: V2.0, no message identifier, no namespace (%d)"
	const section = "out of order: parentOfferingId, out of order: defaultCredits, out of order: maxNumberofStudents, " +
		"out of order: location, out of order: notes, out of order: meeting, out of order: org"
	for _, c := range []struct{ name, strict, noted string }{
		{"ilp/data-member_replace_teacher.xml", "", ""},
		{"ilp/parse-member_replace_teacher.xml", "", ""},
		{"ilp/data-person_member_delete.xml", "", ""},
		{"ilp/parse-person_member_delete.xml", "", ""},
		{"ilp/todo-deleteCourseSectionRequest.xml", "", ""},
		{"ilp/data-term_replace.xml", "", ""},
		{"ilp/parse-term_replace.xml", "", ""},
		{"ilp/data-person_replace.xml", "person/roles/enterpriserolesType: the element instanceName is missing",
			"missing element: instanceName, missing element: userIdValue, misspelt: extensionTypeVocabulary"},
		{"ilp/parse-person_replace.xml", "person/name/partName: the element instanceValue is missing",
			"missing element: instanceValue (3), missing element: instanceIdentifier, missing element: instanceVocabulary, " +
				"missing element: contactinfoValue, missing element: instanceName, missing element: primaryroletype (3), missing element: userIdValue, " +
				"misspelt: extensionTypeVocabulary, missing element: fieldType, missing element: fieldName, missing element: fieldValue"},
		{"ilp/data-section_replace.xml", "courseSection/parentOfferingId: the element is out of order", section},
		{"ilp/parse-section_replace.xml", "courseSection/parentOfferingId: the element is out of order", section},
		{"ilp/data-section_assoc_replace.xml", "sectionAssociationRecord/type: unknown element", "unknown element: type"},
		{"ilp/parse-section_assoc_replace.xml", "sectionAssociationRecord/type: unknown element", "unknown element: type"},
		{"blackboard/SampleReplacePersonRequest.xml", "not V1.0", fmt.Sprintf(blackboard, 338)},
		{"blackboard/SampleReplaceCourseSectionRequest.xml", "not V1.0",
			fmt.Sprintf(blackboard, 53) + ", white space round a value: parentOfferingId, misspelt: extensionTypeVocabulary"},
		{"blackboard/SampleReplaceGroupRequest_Term.xml", "not V1.0", fmt.Sprintf(blackboard, 49) + ", loose date: begin, loose date: end"},
		{"blackboard/SampleReplaceMembershipRequest.xml", "not V1.0", fmt.Sprintf(blackboard, 30) +
			", white space round a value: sourcedId (2), white space round a value: collectionSourcedId, white space round a value: membershipIdType"},
	} {
		document := realMessage(t, c.name)
		call, d := readReal(document, wire.Everything)
		var noted []string
		for _, v := range d.Deviations() {
			noted = append(noted, v.String())
		}
		if got := strings.Join(noted, ", "); d.Err() != nil || got != c.noted {
			t.Errorf("%s: %v\nnoted %q,\nwant  %q", c.name, d.Err(), got, c.noted)
			continue
		}
		checkWords(t, c.name, document, call)
		switch _, d := readReal(document, 0); {
		case c.strict == "" && d.Err() != nil, c.strict != "" && (d.Err() == nil || !strings.HasSuffix(d.Err().Error(), c.strict)):
			t.Errorf("%s in strict: %v, want %q", c.name, d.Err(), c.strict)
		}
	}
}

// plainly finds, as a reader without any knowledge of XML would, the text in
// the last of a path of tags, each looked for after the one before.
func plainly(document string, path ...string) string {
	for _, tag := range path {
		_, document, _ = strings.Cut(document, "<"+tag+">")
	}
	text, _, _ := strings.Cut(document, "<")
	return strings.TrimSpace(text)
}

// checkWords compares what is seen in a message with the words that it became.
func checkWords(t *testing.T, name, document string, c *lis.Call) {
	t.Helper()
	body := document[strings.Index(document, ":Body>"):]
	want := func(got string, path ...string) {
		t.Helper()
		if expected := plainly(body, path...); got != expected || got == "" {
			t.Errorf("%s: %v is %q, want %q", name, path, got, expected)
		}
	}
	want(string(c.ID), "sourcedId")
	if c.Record == nil {
		return
	}
	want(string(c.Record.ID), "sourcedGUID", "sourcedId")
	switch o := c.Record.Object.(type) {
	case *lis.Person:
		want(o.FormName[0].FormattedName.String(), "formattedName", "textString")
		want(o.Name[0].PartName[0].Value(), "partName", "instanceValue", "textString")
		if n := strings.Count(body, "<userId>"); len(o.Roles[0].UserID) != n {
			t.Errorf("%s: %d user ids, want %d", name, len(o.Roles[0].UserID), n)
		}
		want(o.Roles[0].UserID[0].UserIDValue.String(), "roles", "userId", "userIdValue", "textString")
	case *lis.Membership:
		want(string(o.CollectionSourcedID), "collectionSourcedId")
		want(o.MembershipIDType, "membershipIdType")
		want(string(o.Member.PersonSourcedID), "personSourcedId")
		want(o.Member.Role[0].RoleType, "roleType")
		want(o.Member.Role[0].Status, "role", "status")
	case *lis.Group:
		want(o.GroupType.Scheme.String(), "scheme", "textString")
		want(o.Description.ShortDescription.String(), "shortDescription")
		if begin := plainly(body, "begin"); !strings.HasPrefix(o.TimeFrame.Begin, begin) || begin == "" {
			t.Errorf("%s: begin is %s, want %s", name, o.TimeFrame.Begin, begin)
		}
	case *lis.CourseSection:
		want(o.Label.String(), "label", "textString")
		want(string(o.ParentOfferingID), "parentOfferingId")
		want(o.TimeFrame[0].End, "end")
		want(fmt.Sprint(*o.MaxNumberOfStudents), "maxNumberofStudents")
	case *lis.SectionAssociation:
		want(string(o.Sections()[0]), "courseSectionId")
		want(string(o.Sections()[1]), "courseSectionId", "courseSectionId")
	default:
		t.Errorf("%s: a %T", name, o)
	}
}

// The one real bulk file is cut and read in full, though it keeps all
// records in the namespace of the file.
func TestRealBulkFile(t *testing.T) {
	document := realMessage(t, "blackboard/SampleBulkRequest_PersonCourseMemberTerm.xml")
	s := wire.NewSplitter(iotest.HalfReader(strings.NewReader(document)), 64<<10)
	if !s.Open(wire.Limits{}) {
		t.Fatal(s.Err())
	}
	children, records := 0, map[lis.Kind]int{}
	for child, ok := s.Next(); ok; child, ok = s.Next() {
		children++
		d := wire.NewDecoder(child, wire.Limits{}, wire.Everything)
		d.Bind(s.Bindings)
		d.Expect(s.Space, allSpaces())
		d.Root()
		recordsIn(d, func(r *lis.Record) {
			if r.ID == "" || r.Object == nil {
				t.Errorf("an empty record: %+v", r)
			}
			records[r.Object.Kind()]++
		})
		if !d.End() {
			t.Error(d.Err(), d.Deviations())
		}
	}
	if want := strings.Count(document, "<transactionRecord>"); s.Err() != nil || children != want || s.Root != "bulkDataRecord" {
		t.Errorf("%d transactions of %d in %s: %v", children, want, s.Root, s.Err())
	}
	want := map[lis.Kind]int{lis.KindPerson: 1, lis.KindCourseSection: 1, lis.KindMembership: 1, lis.KindGroup: 1}
	if !maps.Equal(records, want) {
		t.Errorf("records %v, want %v", records, want)
	}
}

// recordsIn reads the records anywhere in the current element.
func recordsIn(d *wire.Decoder, f func(*lis.Record)) {
	d.TextOrChild(func() {
		for _, s := range services {
			for _, c := range s.records {
				if c.Element == d.Local() {
					f(c.Read(d))
					return
				}
			}
		}
		recordsIn(d, f)
	})
}
