package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lisgate.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustLoad(t *testing.T, text string, overrides map[string]any) *Config {
	t.Helper()
	c, err := Load(write(t, text), overrides)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNothingGivenIsTheDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "callers:\nlog:\n", "{}", "---\n"} {
		got, want := mustLoad(t, text, nil), Default()
		if got.String() != want.String() {
			t.Errorf("%q gives\n%s", text, got)
		}
	}
	c, err := Load("", nil)
	if err != nil || c.Anonymous == nil || !c.Anonymous.Admin || c.Listen != "127.0.0.1:8080" {
		t.Errorf("no file gives %s, %v", c, err)
	}
}

func TestEnvironmentIsStrongerThanFileAndFlagsStrongest(t *testing.T) {
	t.Setenv("LISGATE_LOG_LEVEL", "warn")
	t.Setenv("LISGATE_DATA", "/env")
	t.Setenv("LISGATE_LIMITS_MESSAGE_BYTES", "8MiB")
	t.Setenv("LISGATE_BULK_ALLOW", "https://a/, https://b/")
	t.Setenv("LISGATE_INSECURE", "true")
	c := mustLoad(t, "data: /file\nlisten: 127.0.0.1:1\nlog: {level: debug, format: console}\n",
		map[string]any{"data": "/flag", "repeat_window": time.Hour, "limits.depth": 9, "bulk.drop": nil})
	if c.Data != "/flag" || c.Log.Level != "warn" || c.Log.Format != "console" || c.Listen != "127.0.0.1:1" || !c.Insecure {
		t.Errorf("got %s", c)
	}
	if c.Limits.MessageBytes != 8*MiB || c.Limits.Depth != 9 || c.RepeatWindow != time.Hour || c.Bulk.Drop != "" {
		t.Errorf("got %+v, %s", c.Limits, c.RepeatWindow)
	}
	if !slices.Equal(c.Bulk.Allow, []string{"https://a/", "https://b/"}) {
		t.Errorf("bulk.allow is %q", c.Bulk.Allow)
	}
	// viper is forgotten: the next Load sees what is then.
	os.Unsetenv("LISGATE_LOG_LEVEL")
	if c := mustLoad(t, "", nil); c.Log.Level != "info" || c.Data != "/env" {
		t.Errorf("the second load gives %s", c)
	}
}

func TestMistakesOutsideTheFileNameTheirPlace(t *testing.T) {
	t.Setenv("LISGATE_LIMITS_DEPTH", "deep")
	t.Setenv("LISGATE_LOG_FORMAT", "xml")
	_, err := Load("", map[string]any{"listn": "x", "insecure": "perhaps"})
	want := []string{
		`LISGATE_LIMITS_DEPTH: limits.depth: must be a whole number`,
		`LISGATE_LOG_FORMAT: log.format: unknown value "xml"; it is one of json, console`,
		`command line: unknown key "listn"; did you mean listen?`,
		`command line: insecure: must be true or false, not "perhaps"`,
	}
	for _, line := range want {
		if err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("%q is not in\n%v", line, err)
		}
	}
}

func TestStrangeVariablesAreWarnedOf(t *testing.T) {
	t.Setenv("LISGATE_LOG_LEVLE", "debug")
	t.Setenv("LISGATE_CONFIG", "x")
	t.Setenv("LISGATE_PASSWORD", "x")
	c := mustLoad(t, "", nil)
	if want := []string{"LISGATE_LOG_LEVLE: is no setting; did you mean LISGATE_LOG_LEVEL?"}; !slices.Equal(c.Warnings, want) {
		t.Errorf("warnings are %q", c.Warnings)
	}
}

func TestWordsStayAsTheyAreWritten(t *testing.T) {
	c := mustLoad(t, `
callers:
  - {name: 2024, basic: {user: 007, password: 0123}, rate: 2.5}
  - {name: "no", basic: {user: yes, password: 1e3}}
paths:
  /D2L/PersonManagementServices.svc: pms
  /d2l/PersonManagementServices.svc: gms
limits: {elements: 010}
targets:
  - {name: t, adapter: lissoap, urls: {pms: "http://Host/A.B"}, workers: 1}
routes: [{name: r, to: [t]}]
`, nil)
	if a, b := c.Callers[0], c.Callers[1]; a.Name != "2024" || a.Basic.User != "007" || a.Basic.Password != "0123" ||
		a.Rate != 2.5 || b.Name != "no" || b.Basic.User != "yes" || b.Basic.Password != "1e3" {
		t.Errorf("callers are\n%s", c)
	}
	if want := map[string]string{"/D2L/PersonManagementServices.svc": "pms", "/d2l/PersonManagementServices.svc": "gms"}; !reflect.DeepEqual(c.Paths, want) {
		t.Errorf("paths are %v", c.Paths)
	}
	if c.Limits.Elements != 10 || c.Targets[0].URLs["pms"] != "http://Host/A.B" {
		t.Errorf("got %d, %v", c.Limits.Elements, c.Targets[0].URLs)
	}
	if c.Anonymous != nil {
		t.Error("with callers there is an anonymous that nobody asked for")
	}
}

// The parser quotes the file in few of its messages, but it does.
func TestSyntaxQuotesNothing(t *testing.T) {
	r := &reader{file: "f"}
	r.syntax(errors.New("yaml: line 3: anchor 'hunter2' and \"hunter2\"\n"))
	if got := join(r.mistakes, nil).Error(); got != "f:3: is not YAML: anchor … and …" {
		t.Errorf("got %s", got)
	}
}

func TestLowerLimitsDrawTheirDefaultsAlong(t *testing.T) {
	c := mustLoad(t, "limits: {message_bytes: 128KiB, read_timeout: 5s}", nil)
	if c.Limits.TextBytes != 128*KiB || c.Limits.HeaderTimeout != 5*time.Second {
		t.Errorf("got %+v", c.Limits)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	big := write(t, strings.Repeat("#", int(MiB)+1))
	for path, want := range map[string]string{
		"nowhere.yaml": "read config nowhere.yaml: no such file or directory",
		big:            "read config " + big + ": is longer than 1MiB: hardly a configuration",
		".":            "read config .: is a directory",
	} {
		if _, err := Load(path, nil); err == nil || err.Error() != want {
			t.Errorf("%s gives %v", path, err)
		}
	}
	if _, err := Load("nowhere.yaml", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %#v", err)
	}
}

func TestCheckOfAConfigMadeInCode(t *testing.T) {
	c := &Config{Targets: []Target{{Name: "t", Adapter: "lissoap", URL: "http://x/"}}, Routes: []Route{{Name: "r", To: []string{"t"}}}}
	if err := c.Check(); err != nil || c.Targets[0].Workers != 4 || len(c.Warnings) > 0 {
		t.Errorf("got %v, %+v", err, c)
	}
	c.Limits.Elements = -1
	c.Routes[0].To[0] = "u"
	want := "limits.elements: must be above zero\nroutes[0].to[0]: unknown target \"u\"; did you mean t?"
	if err := c.Check(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
