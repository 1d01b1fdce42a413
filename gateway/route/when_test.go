package route

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

func samplePerson() *lis.Person {
	word := func(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: lis.NewText("en", s)} }
	return &lis.Person{
		FormName: []lis.FormName{{FormattedName: lis.NewText("en", "Ada Byron")}},
		Name: []lis.Name{{PartName: []lis.BaseValue{
			{InstanceName: lis.NewText("en", "First"), InstanceValue: lis.NewText("en", "Ada")},
			{InstanceName: lis.NewText("en", "Family"), InstanceValue: lis.NewText("en", "Byron")}}}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: word("Telephone"), ContactInfoValue: lis.NewText("en", "123")},
			{ContactInfoType: word("Email"), ContactInfoValue: lis.NewText("en", "ada@example.edu")}},
		Roles: []lis.EnterpriseRoles{{InstitutionRole: []lis.InstitutionRole{{InstitutionRoleType: word("Student")}},
			UserID: []lis.UserID{{UserIDValue: lis.NewText("en", "ada"), UserIDType: lis.NewText("en", "Logon ID")},
				{UserIDValue: lis.NewText("en", "A1"), UserIDType: lis.NewText("en", "SISID")}}}},
		DataSource: "banner",
		Extension:  &lis.Extension{Field: []lis.ExtensionField{{FieldName: "campus", FieldValue: "North"}}},
	}
}

func putOf(o lis.Object) *lis.Change {
	return &lis.Change{Kind: o.Kind(), Key: "x", Act: lis.Put, Operation: "replace", Source: "banner", Record: &lis.Record{ID: "x", Agent: "SIS", Object: o}}
}

func answerOf(t *testing.T, source string, o lis.Object) (any, error) {
	t.Helper()
	e, err := compile(source, value)
	if err != nil {
		t.Fatal(err)
	}
	c := putOf(o)
	return e.run(newSubject(c, c.Record))
}

func TestExpressions(t *testing.T) {
	many := int64(30)
	section := &lis.CourseSection{Title: lis.NewText("en", "Algebra"), MaxNumberOfStudents: &many, Org: &lis.Org{ID: lis.NewText("", "MATH")},
		TimeFrame: []lis.TimeFrame{{AdminPeriod: lis.NewText("", "2026FA")}}, Status: "Active"}
	member := &lis.Membership{CollectionSourcedID: "s", Member: &lis.Member{PersonSourcedID: "p", Role: []lis.Role{
		{RoleType: "Learner", Status: "Active", Extension: &lis.Extension{Field: []lis.ExtensionField{{FieldName: "audit", FieldValue: "Y"}}}}, {RoleType: "Mentor"}}}}
	cases := []struct {
		source string
		object lis.Object
		want   any
	}{
		{`kind == "person" and act == "put" and operation == "replace" and source == "banner" and id == "x" and agent == "SIS" and not created`, samplePerson(), true},
		{`name("Given") + " " + name("Family")`, samplePerson(), "Ada Byron"},
		{`name()`, samplePerson(), "Ada Byron"},
		{`email()`, samplePerson(), "ada@example.edu"},
		{`userId()`, samplePerson(), "ada"},
		{`userId("SISID")`, samplePerson(), "A1"},
		{`ext("campus") in ["North", "South"]`, samplePerson(), true},
		{`role()`, samplePerson(), "Student"},
		{`person.name[0].partName[1].instanceValue.textString`, samplePerson(), "Byron"},
		{`firstOf(person.name[7].partName[1].instanceValue.textString, "none")`, samplePerson(), "none"},
		{`person.name[7].partName[1].instanceValue.textString == "x"`, samplePerson(), false},
		{`any(person.contactinfo, #.contactinfoValue.textString endsWith "@example.edu")`, samplePerson(), true},
		{`any(person.contactinfo, .contactinfoType.instanceValue.textString == "Fax")`, samplePerson(), false},
		{`find(person.contactinfo, .contactinfoType.instanceValue.textString == "Fax").contactinfoValue.textString`, samplePerson(), ""},
		{`courseSection.numberofStudents == 3`, section, false},
		{`join(map(person.contactinfo, .contactinfoValue.textString), ";")`, samplePerson(), "123;ada@example.edu"},
		{`upper(split(email(), "@")[0])`, samplePerson(), "ADA"},
		{`replace(email(), "example.edu", "x.org")`, samplePerson(), "ada@x.org"},
		{`lower(name("Family")) matches "^by.*n$"`, samplePerson(), true},
		{`courseSection.org.id.textString == ""`, samplePerson(), true},
		{`courseSection.org.id.textString`, section, "MATH"},
		{`courseSection.maxNumberofStudents + 1`, section, 31},
		{`courseSection.numberofStudents ?? 0`, section, 0},
		{`string(courseSection.maxNumberofStudents) + "/" + status()`, section, "30/Active"},
		{`courseSection.enrollControl.enrollAccept == true`, section, false},
		{`courseSection.timeFrame[0].adminPeriod.textString startsWith "2026"`, section, true},
		{`role() == "Learner" and "Mentor" in roles() and len(roles()) == 2`, member, true},
		{`membership.member.role[0].status + ext("audit")`, member, "ActiveY"},
		{`membership.member.personSourcedId`, member, "p"},
		{`let t = courseSection.title.textString; len(t) > 3 ? t[0:3] : t`, section, "Alg"},
		{`nil`, section, nil},
	}
	for _, c := range cases {
		if got, err := answerOf(t, c.source, c.object); got != c.want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", c.source, got, err, c.want)
		}
	}
}

func TestExpressionsThatAreRefused(t *testing.T) {
	for source, want := range map[string]string{
		`persn.name`:                    `there is no persn; did you mean "person"?`,
		`person.nam`:                    `character 8: there is no element nam there`,
		`person.name[0].partNam`:        `there is no element partNam there`,
		`role() + 1`:                    `mismatched types`,
		`kind ==`:                       `character 7`,
		`now()`:                         `there is no now`,
		`repeat("x", 9)`:                `there is no repeat`,
		`email() matches userId()`:      `must be a text in quotes`,
		`email() matches "(a{30}){30}"`: `more than 500 states`,
		`email() matches "(?=x)"`:       `not a pattern of RE2`,
		`email() matches "` + strings.Repeat("a", 201) + `"`: `at most 200 characters`,
		strings.Repeat("1+", 300) + "1":                      `nodes`,
		strings.Repeat(" ", 5000):                            `at most 4096 characters`,
		``:                                                   `expression`,
	} {
		_, err := compile(source, value)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60s: got %v, want %s", source, err, want)
		}
	}
	if _, err := compile(`"text"`, yesOrNo); err == nil {
		t.Error("a filter may be text")
	}
}

// B18: endless loops, texts of a gigabyte, patterns that explode.
func TestExpressionsAreBounded(t *testing.T) {
	big := samplePerson()
	big.DataSource = strings.Repeat("ab", 1<<20)
	doubling := `let a0 = person.extension.extensionField[0].fieldValue; `
	for i := range 30 {
		doubling += fmt.Sprintf("let a%d = a%d + a%d; ", i+1, i, i)
	}
	loop := `let r = 1..300; any(r, any(r, any(r, any(r, any(r, false)))))`
	for source, want := range map[string]string{
		doubling + "a30":                       "longer than 65536 bytes",
		loop:                                   "stopped after 10ms",
		`len(map(1..60000, map(1..60000, #)))`: "more than 65536 elements",
		`1..1000000000 == []`:                  "more than 65536 elements",
		`let a = replace("` + strings.Repeat("x", 300) + `", "", "` + strings.Repeat("y", 300) + `"); let b = replace(a, "", a); let c = replace(b, "", b); c`: "longer than 65536 bytes",
		`let a = join(1..10000, "` + strings.Repeat("x", 50) + `"); a`:                                                                                         "longer than 65536 bytes",
		`person.dataSource`:                  "longer than 65536 bytes",
		`person.dataSource matches "(a*)*b"`: "longer than 2048 bytes",
		`person.name`:                        "a list or in elements",
		`int(email())`:                       "cannot be answered",
		`person.name[0]`:                     "a list or in elements",
	} {
		began := time.Now()
		got, err := answerOf(t, source, big)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %.40v, %v, want %s", source, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "example.edu") {
			t.Errorf("%s tells of the record", err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%.60s took %s", source, took)
		}
	}
}
