package soap

import (
	"io"
	"iter"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// The world of the golden operations: one object of each kind, two of some,
// bound to each other.
func objects() []*lis.Record {
	return []*lis.Record{
		{ID: "p-1", Agent: "SIS", Object: ada()},
		{ID: "p-2", Agent: "SIS", Object: &lis.Person{FormName: []lis.FormName{{FormNameType: token("Full"), FormattedName: text("Bea Núñez")}}}},
		{ID: "g-2", Object: &lis.Group{GroupType: groupType("DEPARTMENT"), Org: org()}},
		{ID: "g-1", Object: term()},
		{ID: "t-1", Object: template()},
		{ID: "o-1", Object: offering()},
		{ID: "s-1", Object: section("MATH-1-A")},
		{ID: "s-2", Object: section("MATH-1-B")},
		{ID: "a-1", Object: &lis.SectionAssociation{Label: text("MATH-1"), Title: text("both sections"), Status: "Active",
			CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"s-1"}}}},
		{ID: "m-1", Object: member("s-1", "courseSection")},
		{ID: "m-2", Object: member("g-1", "group")},
		{ID: "v-1", Object: scale()},
		{ID: "l-1", Object: lineItem()},
		{ID: "r-1", Object: result("p-1")},
	}
}

func ada() *lis.Person {
	return &lis.Person{
		FormName: []lis.FormName{{FormNameType: token("Full"), FormattedName: text("Ada & \"Bob\" <Lovelace>")}},
		Name: []lis.Name{{NameType: token("Contact"), PartName: []lis.BaseValue{
			*value("First", "Ada"), *value("Last", "Lovelace")}}},
		Address:     []lis.Address{{AddressType: token("Home"), AddressPart: []lis.BaseValue{*value("City", "Zürich")}}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: token("EmailPrimary"), ContactInfoValue: text("ada@uni.example")}},
		Demographics: []lis.Demographics{{DemographicsType: token("Primary"), Gender: "female",
			EventDate: []lis.BaseValue{*value("Birth", "1815-12-10")}}},
		Agent: []lis.Agent{{AgentType: token("Advisor"), AgentID: text("p-2"), AgentDomain: text("uni.example")}},
		Roles: []lis.EnterpriseRoles{{EnterpriseRolesType: value("Other", "Other"), SystemRole: token("User"),
			InstitutionRole: []lis.InstitutionRole{{InstitutionRoleType: token("Student"), PrimaryRoleType: new(true)},
				{InstitutionRoleType: token("Staff"), PrimaryRoleType: new(false)}},
			UserID: []lis.UserID{{UserIDValue: text("ada"), UserIDType: text("Logon ID")}}}},
		Extension: extension(),
	}
}

func value(name, v string) *lis.BaseValue {
	b := token(v)
	b.InstanceName = text(name)
	return b
}

func extension() *lis.Extension {
	return &lis.Extension{NameVocabulary: "http://vocabulary.example/n", TypeVocabulary: "http://vocabulary.example/t",
		Field: []lis.ExtensionField{{FieldName: "shoe size", FieldType: "Integer", FieldValue: "38"}}}
}

func org() *lis.Org {
	return &lis.Org{OrgName: text("Mathematics"), OrgUnit: text("Faculty of Science"), Type: text("department"), ID: text("MATH")}
}

func groupType(name string) *lis.GroupType {
	return &lis.GroupType{Scheme: text("LIS2.0"), TypeValue: []lis.TypeValue{{ID: text(name), Type: text(name), Level: text("1")}}}
}

func term() *lis.Group {
	return &lis.Group{GroupType: groupType("TERM"), Email: "term@uni.example", URL: "http://uni.example/2026A", TimeFrame: frame(),
		Relationship: []lis.Relationship{{RelationID: "rel-1", Relation: "Parent", SourcedID: "g-2", Label: text("of")}},
		Description:  &lis.Description{ShortDescription: text("2026A"), LongDescription: text("Autumn 2026")}, EnrollControl: control()}
}

func frame() *lis.TimeFrame {
	return &lis.TimeFrame{Begin: "2026-09-01T00:00:00Z", End: "2026-12-18T23:59:59+01:00", Restrict: new(true), AdminPeriod: text("2026A")}
}

func control() *lis.EnrollControl {
	return &lis.EnrollControl{EnrollAccept: new(true), EnrollAllowed: new(false)}
}

func template() *lis.CourseTemplate {
	return &lis.CourseTemplate{Label: text("MATH-1"), Title: text("Algebra"), CourseNumber: text("101"), Status: "Active", DefaultCredits: text("3"),
		CatalogDescription: &lis.Description{ShortDescription: text("groups and rings")}, Org: org(),
		ListOfTopics: &lis.ListOfTopics{Topic: []lis.Text{*text("groups"), *text("rings")}}, Extension: extension()}
}

func offering() *lis.CourseOffering {
	return &lis.CourseOffering{Label: text("MATH-1"), Title: text("Algebra"), ParentTemplateID: "t-1", Status: "Active",
		AcademicSession: text("2026A"), TimeFrame: []lis.TimeFrame{*frame()}, EnrollControl: control()}
}

func section(label string) *lis.CourseSection {
	return &lis.CourseSection{Label: text(label), Title: text("Algebra"), ParentOfferingID: "o-1", Status: "Active", Category: text("lecture"),
		MaxNumberOfStudents: new(int64(30)), NumberOfStudents: new(int64(0)), Org: org(), Location: text("room 1"), Meeting: text("Mo 10:00")}
}

func member(collection lis.SourcedID, kind string) *lis.Membership {
	return &lis.Membership{CollectionSourcedID: collection, MembershipIDType: kind, Member: &lis.Member{PersonSourcedID: "p-1",
		Role: []lis.Role{{RoleType: "Learner", SubRole: "Learner", TimeFrame: frame(), Status: "Active", DateTime: "2026-09-01T08:00:00Z", CreditHours: new(int64(3))}}}}
}

func scale() *lis.ResultValue {
	return &lis.ResultValue{Label: text("letters"), ValueList: &lis.ValueList{OrderValue: []lis.OrderedValue{
		{Ordinal: new(int64(1)), Grade: text("A")}, {Ordinal: new(int64(2)), Grade: text("B"), ValueRange: &lis.ValueRange{Min: "0.00", Max: "49.50"}}}}}
}

func lineItem() *lis.LineItem {
	return &lis.LineItem{Context: &lis.Context{ContextIdentifier: "s-1", ContextType: "courseSection"}, LineItemType: final(),
		Label: text("final grade"), ResultValueSourcedID: "v-1"}
}

func final() *lis.LineItemType {
	return &lis.LineItemType{LineItemTypeVocabulary: "http://vocabulary.example/t", LineItemTypeValue: text("Final")}
}

func complete() *lis.ResultStatus {
	return &lis.ResultStatus{ResultStatusVocabulary: "http://vocabulary.example/s", ResultStatusValue: text("Complete")}
}

func result(person lis.SourcedID) *lis.Result {
	return &lis.Result{StatusOfResult: complete(), LineItemSourcedID: "l-1", PersonSourcedID: person, Date: "2026-12-18T12:00:00Z",
		ResultValueSourcedID: "v-1", ResultScore: text("A")}
}

// first returns the first object of a kind.
func first(k lis.Kind) *lis.Record {
	for _, r := range objects() {
		if r.Object.Kind() == k {
			return r
		}
	}
	return nil
}

// newWorld is a house with the objects in it, and bulk exchanges under way.
func newWorld(t *testing.T, options ...option) *house {
	t.Helper()
	h := newHouse(t, append(options, func(p *plan) {
		p.books.Bulk = registrar.BulkOptions{
			Open: registrar.OpenURL([]string{"sis.example"}, "", nil),
			Read: func(io.Reader) iter.Seq2[*registrar.BulkItem, error] { return nil },
		}
	})...)
	books := h.door.Registrar.(*registrar.Registrar)
	do := func(c *lis.Call) {
		if a := books.Do(t.Context(), &registrar.Request{Call: c, Caller: "anonymous"}); !a.Status.OK() {
			t.Fatalf("%s: %+v", c.Operation, a.Status)
		}
	}
	for _, r := range objects() {
		do(&lis.Call{Operation: lis.OperationFor(r.Object.Kind(), lis.Replace), ID: r.ID, Record: r})
	}
	do(&lis.Call{Operation: "announceBulkDataExchange", TransactionID: "x-1", Manifest: manifest()})
	if err := books.AnnounceSent(t.Context(), "anonymous", "x-2", manifest()); err != nil {
		t.Fatal(err)
	}
	return h
}

func manifest() *lis.BulkManifest {
	return &lis.BulkManifest{ExpiryDate: "2027-01-01T00:00:00Z", DataFile: []lis.BulkDataFile{
		{URL: "https://sis.example/extract.xml?a=1&b=2", TotalSize: new(int64(1000)), CheckSum: "d41d8cd98f00b204e9800998ecf8427e"}}}
}
