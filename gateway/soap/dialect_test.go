package soap

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lisgate/gateway/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A case of a dialect is a file testdata/dialect/PROFILE/NAME.xml. Its first
// line is a comment with what is to come of it:
//
//	<!-- service: pms; want: success fullsuccess; notes: no namespace (3) -->
//
// and perhaps an action. To add a case, add a file, with want: ? and -update.
var firstLine = regexp.MustCompile(`^<!-- (.*) -->\n`)

func TestDialects(t *testing.T) {
	tried := map[string]bool{}
	files, _ := filepath.Glob("testdata/dialect/*/*.xml")
	for _, file := range files {
		dialect, name := filepath.Base(filepath.Dir(file)), filepath.Base(file)
		tried[dialect] = true
		t.Run(dialect+"/"+name, func(t *testing.T) { tryCase(t, file, dialect) })
	}
	for name := range profiles {
		if !tried[name] {
			t.Errorf("the profile %s has no case", name)
		}
	}
	if len(tried) != len(profiles) {
		t.Errorf("cases for %v, profiles %v", tried, profiles)
	}
}

func tryCase(t *testing.T, file, dialect string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := firstLine.FindSubmatch(text)
	if line == nil {
		t.Fatal("the first line does not say what is wanted")
	}
	told := map[string]string{}
	for _, one := range strings.Split(string(line[1]), "; ") {
		key, value, _ := strings.Cut(one, ": ")
		told[key] = value
	}
	h := newHouse(t, profile(dialect))
	a := h.post("/lis/"+told["service"], string(text), "SOAPAction", told["action"])
	if *update {
		write(t, file, rewritten(told, a)+string(text[len(line[0]):]))
		return
	}
	if got := rewritten(told, a); got != string(line[0]) {
		t.Errorf("got  %swant %s\n%s", got, line[0], a.text)
	}
}

// rewritten is the first line as it turned out.
func rewritten(told map[string]string, a *reply) string {
	outcome := "fault"
	if a.Status != nil {
		outcome = string(a.Status.CodeMajor) + " " + string(a.Status.CodeMinor)
	}
	line := "service: " + told["service"]
	if told["action"] != "" {
		line += "; action: " + told["action"]
	}
	line += "; want: " + outcome
	if a.Status == nil || !a.Status.OK() {
		why := a.Fault
		if a.Status != nil {
			why = a.Status.Description
		}
		line += "; why: " + strings.NewReplacer("; ", ", ", "--", "-").Replace(why)
	}
	return "<!-- " + line + " -->\n"
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Each deviation that a profile takes is counted and kept, under its name.
func TestDeviationsAreTold(t *testing.T) {
	files, _ := filepath.Glob("testdata/dialect/tolerant/*.xml")
	told := map[string]bool{}
	for _, file := range files {
		text, _ := os.ReadFile(file)
		h := newHouse(t)
		service, _, _ := strings.Cut(strings.TrimPrefix(string(text), "<!-- service: "), ";")
		action := ""
		if _, rest, ok := strings.Cut(string(text), "; action: "); ok {
			action, _, _ = strings.Cut(rest, ";")
		}
		h.post("/lis/"+service, string(text), "SOAPAction", action)
		for _, d := range h.seen.list(&h.seen.deviations) {
			told[strings.TrimPrefix(d, "anonymous ")] = true
		}
	}
	for _, name := range wire.RuleNames() {
		if !told[name] {
			t.Errorf("no case of the tolerant profile shows %q", name)
		}
	}
}
