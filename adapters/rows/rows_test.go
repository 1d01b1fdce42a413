package rows

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"

	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mapping(t *testing.T, text string) *Mapping {
	t.Helper()
	m, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func parse(text string) (*Mapping, error) {
	var s Spec
	if err := yaml.Unmarshal([]byte(text), &s); err != nil {
		return nil, err
	}
	return NewMapping(s)
}

func TestShortNames(t *testing.T) {
	for _, c := range []struct{ spec, want string }{
		{`{kind: person, id: nr, set: {given: a, family: b, email: e, userId: u, role: '"Student"'}}`,
			`{"object":{"name":[{"partName":[{"instanceName":{"textString":"First"},"instanceValue":{"textString":"A"}},{"instanceName":{"textString":"Last"},"instanceValue":{"textString":"B"}}]}],"contactinfo":[{"contactinfoType":{"instanceValue":{"textString":"EmailPrimary"}},"contactinfoValue":{"textString":"a@example.edu"}}],"roles":[{"institutionRole":[{"institutionroletype":{"instanceValue":{"textString":"Student"}},"primaryroletype":true}],"userId":[{"userIdValue":{"textString":"u1"},"userIdType":{"textString":"Logon ID"}}]}]}}`},
		{`{kind: person, id: nr, set: {given: none, family: b}}`, // no hole before the second part
			`{"object":{"name":[{"partName":[{"instanceName":{"textString":"Last"},"instanceValue":{"textString":"B"}}]}]}}`},
		{`{kind: courseSection, id: nr, set: {label: a, title: b, seats: n, begin: d, session: '"T1"', "extension.field[0].fieldName": '"x"'}}`, ""},
		{`{kind: membership, id: nr, set: {section: a, person: b, role: '"Learner"', begin: d}}`,
			`{"object":{"collectionSourcedId":"A","membershipIdType":"courseSection","member":{"personSourcedId":"B","role":[{"roleType":"Learner","timeFrame":{"begin":"2026-09-01T00:00:00"}}]}}}`},
		{`{kind: sectionAssociation, id: nr, set: {sections: '["s1", "s2"]'}}`, `{"object":{"courseSectionIdList":{"courseSectionId":["s1","s2"]}}}`},
		{`{kind: courseSection, id: nr, set: {label: a, seats: n, begin: d, "timeFrame[0].restrict": yes}}`,
			`{"object":{"label":{"textString":"A"},"maxNumberofStudents":30,"timeFrame":[{"begin":"2026-09-01T00:00:00","restrict":true}]}}`},
	} {
		m, err := parse(c.spec)
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), `there is no element "field"`) {
				t.Errorf("%v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		it, _ := m.Item(map[string]any{"nr": int64(1), "a": "A", "b": "B", "e": "a@example.edu", "u": "u1", "n": int64(30), "d": "2026-09-01", "none": nil, "yes": "TRUE"}, "row 1")
		if it.Err != nil {
			t.Fatal(it.Err)
		}
		body, err := lis.MarshalRecord(it.Record)
		if err != nil || string(body) != c.want || it.Key != "1" {
			t.Errorf("%s\n%s %v", c.spec, body, err)
		}
	}
}

func TestEveryShortNameIsAPlace(t *testing.T) {
	for kind, names := range aliases {
		for name := range names {
			if _, err := NewMapping(Spec{Kind: kind, ID: Expr{Text: "x"}, Set: map[string]Expr{name: {Text: "x"}}}); err != nil {
				t.Errorf("%s %s: %v", kind, name, err)
			}
		}
	}
}

func TestMistakesAreToldByLineAllAtOnce(t *testing.T) {
	_, err := parse("kind: person\nid: foo(x)\nset:\n  given: 'a +'\n  emial: e\n  name[0].partName[99].instanceValue: x\n  roles: x\n  family: now()\n")
	for _, want := range []string{`line 2: expression: there is no function "foo"`, "line 4: expression", `line 5: set: path "emial": there is no element "emial"`, "line 6", "an index is [0] to [15]", "line 7", "ends before a value", "line 8"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestBudget(t *testing.T) {
	for name, text := range map[string]string{
		"nested loops":  `let a = 1..1000; all(a, all(a, all(a, true)))`,
		"range":         `len(1..100000000)`,
		"doubling":      `let a = x + x + x + x + x + x + x; let b = a + a + a + a + a + a + a; let c = b + b + b + b + b + b; c + c`,
		"replace":       `replace(x, "x", x)`,
		"join":          `join(split(x, ""), x)`,
		"repeat":        `repeat("x", 900000) + repeat("x", 900000)`,
		"sort in loops": `let a = 1..1000; map(a, sort(map(a, -#)))`,
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Compile(Expr{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if _, err = p.Run(map[string]any{"x": strings.Repeat("x", 9000)}); err == nil {
				t.Error("no error")
			}
			if d := time.Since(begun); d > 2*time.Second {
				t.Errorf("%v: %v", d, err)
			}
		})
	}
	for name, text := range map[string]string{
		"nodes": strings.Repeat("1+", 600) + "1", "length": strings.Repeat(" ", 5000) + "1", "backreference": `x matches "(a)\\1"`, "empty": "",
		"reduce": `reduce(1..9, #acc + #, 0)`, "lets": `let a=1; let b=a; let c=b; let d=c; let e=d; e`,
	} {
		if _, err := Compile(Expr{Text: text}); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
}

func TestShortLoopsAreNeverStopped(t *testing.T) {
	p, err := Compile(Expr{Text: `join(map(split(x, ","), trim(#)), "-")`})
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if v, err := p.Run(map[string]any{"x": "a, b , c"}); err != nil || v != "a-b-c" {
			t.Fatal(v, err)
		}
	}
}

func TestColumns(t *testing.T) {
	m := mapping(t, `{kind: person, id: 'let k = $env["Student No"]; key("s", k, year)', when: ok, set: {given: 'first ?? none'}}`)
	if got := strings.Join(m.Columns(), ","); got != "Student No,year,ok,first,none" {
		t.Error(got)
	}
}

func TestRowsThatCannotBeUsed(t *testing.T) {
	m := mapping(t, `{kind: membership, id: 'key("m", nr)', when: 'use != 0', set: {section: s, person: p, role: 'choose(r, {"T": "Instructor"})'}}`)
	good := map[string]any{"nr": "1", "use": 1, "s": "S", "p": "P", "r": "T"}
	for _, c := range []struct {
		column string
		value  any
		key    lis.SourcedID
		says   string
	}{
		{"nr", "1", "m-1", ""},
		{"nr", " ", "", "part 2 of the key is empty"},
		{"nr", nil, "", "part 2 of the key is empty"},
		{"s", "", "m-1", "there is no collectionSourcedId"},
		{"p", nil, "m-1", "there is no personSourcedId"},
		{"r", "X", "m-1", `no word for "X"`},
		{"r", nil, "m-1", `no word for ""`},
	} {
		row := map[string]any{}
		for k, v := range good {
			row[k] = v
		}
		row[c.column] = c.value
		it, counts := m.Item(row, "here")
		if !counts || it.Key != c.key || it.Kind != lis.KindMembership || (it.Err == nil) != (c.says == "") {
			t.Errorf("%v: %+v", c, it)
		}
		if it.Err != nil && (!strings.Contains(it.Err.Error(), c.says) || it.Act != "" || it.Record != nil) {
			t.Errorf("%v: %+v", c, it)
		}
	}
	good["use"] = 0
	if _, counts := m.Item(good, "here"); counts {
		t.Error("a row with when false counts")
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	for want, v := range map[string]any{"1234567890123456789": int64(1234567890123456789), "12345678": 12345678.0, "0.1": 0.1, "": nil, "true": true} {
		if got, err := Text(v); got != want || err != nil {
			t.Errorf("%v: %q %v", v, got, err)
		}
	}
}

func TestParams(t *testing.T) {
	r := adaptertest.Sample(lis.KindResult, 1)
	p, err := NewParams(lis.KindResult, map[string]Expr{
		"who": {Text: "person"}, "points": {Text: "float(score) + 1"}, "raw": {Text: "record.personSourcedId"}, "none": {Text: "scale"},
	})
	if err != nil {
		t.Fatal(err)
	}
	env, err := p.Env(lis.Change{ID: "c1", Seq: 7, Kind: lis.KindResult, Act: lis.Put, Key: r.ID, Record: r})
	if err != nil {
		t.Fatal(err)
	}
	values, err := p.Values(env)
	o := r.Object.(*lis.Result)
	if err != nil || values["who"] != string(o.PersonSourcedID) || values["raw"] != values["who"] || values["changeId"] != "c1" || values["seq"] != int64(7) {
		t.Errorf("%v %v", values, err)
	}
	if _, err := NewParams(lis.KindResult, map[string]Expr{"x": {Text: "perzon", Line: 3}}); err == nil || !strings.Contains(err.Error(), `line 3: there is no "perzon"; did you mean "person"?`) {
		t.Error(err)
	}
}

func TestParamsOfADropWithoutARecord(t *testing.T) {
	p, err := NewParams(lis.KindPerson, map[string]Expr{"g": {Text: "given"}})
	if err != nil {
		t.Fatal(err)
	}
	env, _ := p.Env(lis.Change{Kind: lis.KindPerson, Act: lis.Drop, Key: "x"})
	if v, err := p.Values(env); err != nil || v["g"] != nil || v["id"] != "x" {
		t.Errorf("%v %v", v, err)
	}
}

func TestWhatIsInTheRowIsNotInTheError(t *testing.T) {
	for _, text := range []string{`int(x)`, `float(x)`, `date(x)`, `x.y.z`, `x * 2`, `int(split(x, " ")[0])`, `x + 1`, `fromJSON(x)`, `[1][x]`, `duration(x)`} {
		p, err := Compile(Expr{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(map[string]any{"x": "Siobhan Doe"}); err == nil || strings.Contains(err.Error(), "Siobhan") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSuggest(t *testing.T) {
	for name, want := range map[string]string{"Frist Name": "First Name", "studentid": "Student_ID", "zzzz": ""} {
		got := Suggest(name, []string{"First Name", "Student_ID", "mail"})
		if want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
