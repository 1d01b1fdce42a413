package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSettingsOfAnAdapter(t *testing.T) {
	c := mustLoad(t, `
targets:
  - {name: m, adapter: moodle, url: "https://x/", settings: {max_input_vars: 5000, role_ids: "student=5, teacher=3"}}
  - {name: c, adapter: canvas, url: "https://x/", settings: {override_sis_stickiness: true}}
sources: [{name: s, adapter: sqldb}]
routes: [{name: r, from: [s], to: [m, c]}]
`, nil)
	m, canvas, s := &c.Targets[0], &c.Targets[1], &c.Sources[0]
	if m.Int("max_input_vars") != 5000 || m.Text("auth") != "manual" || m.Text("category") != "" ||
		!slices.Equal(m.List("role_ids"), []string{"student=5", "teacher=3"}) {
		t.Errorf("moodle has %v", m.Settings.shown())
	}
	if canvas.Duration("poll") != 2*time.Second || !canvas.Bool("override_sis_stickiness") || canvas.Text("account") != "self" {
		t.Errorf("canvas has %v", canvas.Settings.shown())
	}
	if s.Text("x")+string(s.Secret("x"))+string(m.Secret("x")) != "" || s.Int("x") != 0 || s.Bool("x") || s.Duration("x") != 0 || s.List("x") != nil {
		t.Error("what is not there has a value")
	}
}

// A list may be written as YAML writes lists, before or after the adapter.
func TestAListSettingTakesAList(t *testing.T) {
	c := mustLoad(t, `
targets:
  - {name: i, adapter: ilp, url: "https://x/", settings: {failing: [F, Fail, "010"], incomplete: []}}
  - {name: m, settings: {role_ids: [student=5]}, adapter: moodle, url: "https://x/"}
routes: [{name: r, to: [m, i]}]
`, nil)
	if i, m := &c.Targets[0], &c.Targets[1]; !slices.Equal(i.List("failing"), []string{"F", "Fail", "010"}) || len(i.List("incomplete")) != 0 ||
		!slices.Equal(m.List("role_ids"), []string{"student=5"}) {
		t.Errorf("got %v and %v", i.Settings.shown(), m.Settings.shown())
	}
	if again := mustLoad(t, c.String(), nil); again.String() != c.String() {
		t.Errorf("loaded again it is\n%s, not\n%s", again, c)
	}
}

func TestASourceIsAskedEveryFiveMinutesOrAtTimesOfDay(t *testing.T) {
	c := mustLoad(t, "sources: [{name: a, adapter: sqldb}, {name: b, adapter: sqldb, at: [\"02:30\"]}, {name: c, adapter: sqldb, at: [\"02:30\"], every: 1h}]", nil)
	if a, b, both := c.Sources[0], c.Sources[1], c.Sources[2]; a.Every != 5*time.Minute || b.Every != 0 || both.Every != time.Hour || a.Removals != (Vanished{10, 5, 1000, false}) {
		t.Errorf("got %s", c)
	}
}

// Of each adapter that there is the settings are known, and each default is one.
func TestTheTableOfSettings(t *testing.T) {
	for _, name := range Adapters {
		if _, ok := AdapterSettings[name]; !ok {
			t.Errorf("%s is not in it", name)
		}
	}
	for adapter, all := range AdapterSettings {
		for _, s := range all {
			if _, err := s.parse(s.Default); s.Default != "" && err != nil || s.Doc == "" ||
				!slices.Contains([]string{KindText, KindInt, KindDuration, KindBool, KindSecret, KindList}, s.Kind) {
				t.Errorf("%s: %+v, %v", adapter, s, err)
			}
		}
	}
}

func TestSettingsNeverTellWhatMayBeASecret(t *testing.T) {
	AdapterSettings["trial"] = []Setting{{"dsn", KindSecret, "", "x"}, {"folder", KindText, "", "x"}}
	defer delete(AdapterSettings, "trial")
	s := Settings{"dsn": planted, "folder": "/seen", "strange": planted}
	j, _ := json.Marshal(s)
	c := &Config{Targets: []Target{{Name: "a", Adapter: "trial", Settings: s}}}
	cj, err := json.Marshal(c)
	all := fmt.Sprintf("%v %+v %#v %s %q", s, c, *c, s, s) + string(j) + string(cj) + c.String()
	if strings.Contains(all, planted) || err != nil {
		t.Errorf("told in %s, %v", all, err)
	}
	if !strings.Contains(c.String(), "folder: /seen") || !strings.Contains(string(cj), `"dsn":"\u003csecret\u003e"`) {
		t.Errorf("got %s\n%s", c, cj)
	}
}

func TestNamesOfOthersKeepTheirCase(t *testing.T) {
	c := mustLoad(t, `
targets:
  - name: m
    adapter: moodle
    url: https://x/
    coalesce: false
    map:
      roles: {Learner: Student, "Instructor/TeachingAssistant": teacher, "*": "*"}
      set:
        - when: |
            email() == ""
            and kind == "person"
          set: {"name[0].partName[instanceName.textString=Given].instanceValue": 'upper(name("Given"))'}
      tests: [{name: A b, kind: person, given: '{"dataSource": "X"}', want: "{}"}]
routes: [{name: r, term: [2026FA], when: 'ext("A.B") == "C"', to: [m]}]
grades: [{name: g, from: m, create_line_items: false}]
`, nil)
	m := c.Targets[0].Map
	if want := map[string]string{"Learner": "Student", "Instructor/TeachingAssistant": "teacher", "*": "*"}; !reflect.DeepEqual(m.Roles, want) {
		t.Errorf("roles are %v", m.Roles)
	}
	if m.Set[0].Set["name[0].partName[instanceName.textString=Given].instanceValue"] != `upper(name("Given"))` || !strings.Contains(string(m.Set[0].When), "\nand") {
		t.Errorf("sets are %v", m.Set)
	}
	if m.Tests[0].Given != `{"dataSource": "X"}` || c.Routes[0].When != `ext("A.B") == "C"` || c.Routes[0].Term[0] != "2026FA" {
		t.Errorf("got %s", c)
	}
	if *c.Targets[0].Coalesce || *c.Grades[0].CreateLineItems || c.Grades[0].Source != "m" || c.Grades[0].LineItem != "Final" {
		t.Errorf("got %s", c)
	}
	if again := mustLoad(t, c.String(), nil); again.String() != c.String() {
		t.Errorf("loaded again it is\n%s, not\n%s", again, c)
	}
}

func TestAMapNeedsNoRestart(t *testing.T) {
	text := "targets: [{name: t, adapter: moodle, url: \"https://x/\", workers: 4, map: {roles: {Learner: a}}}]\n"
	old := mustLoad(t, text, nil)
	if got := mustLoad(t, strings.Replace(text, "Learner: a", "Learner: b", 1), nil).NeedsRestart(old); got != nil {
		t.Errorf("a map needs %v", got)
	}
	if got := mustLoad(t, strings.Replace(text, "workers: 4", "workers: 5", 1), nil).NeedsRestart(old); !slices.Equal(got, []string{"targets"}) {
		t.Errorf("workers need %v", got)
	}
	if old.Targets[0].Map.Roles["Learner"] != "a" {
		t.Error("to compare has altered the config")
	}
	if got := mustLoad(t, text+"sources: [{name: s, adapter: sqldb}]\ngrades: [{name: g, from: t}]\nalarms: {fresh_within: 2h}\n", nil).NeedsRestart(old); !slices.Equal(got, []string{"sources", "grades"}) {
		t.Errorf("got %v", got)
	}
}
