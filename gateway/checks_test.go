package gateway

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lisgate/config"
)

// What serve would die of, check tells; and it asks nobody.
func TestCheckAdaptersTellsWhatServeWouldDieOf(t *testing.T) {
	dir := t.TempDir()
	written := 0
	write := func(name, text string) config.Secret {
		path := filepath.Join(dir, strconv.Itoa(written)+name)
		written++
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return config.Secret(path)
	}
	const file = "folder: drop\nfiles:\n  - {name: s*.csv, mode: full, kind: person, id: 'text(id)'}\n"
	csv := func(text string) config.Source {
		return config.Source{Name: "s", Adapter: "csvfiles", Settings: config.Settings{"file": write("csv.yaml", text)}}
	}
	target := func(name string, spoil func(*config.Target)) config.Target {
		c := *targetsOfEach(t)[name]
		c.Name, c.Adapter = "t", name
		spoil(&c)
		return c
	}
	nothing := func(*config.Target) {}
	for name, c := range map[string]struct {
		target config.Target
		source config.Source
		grades string
		want   string
	}{
		"good":              {target("moodle", nothing), csv(file), "", ""},
		"removals":          {target("moodle", func(c *config.Target) { c.Removals.Means = "complete" }), csv(file), "", "target t: "},
		"file is missing":   {target("moodle", nothing), config.Source{Name: "s", Adapter: "csvfiles", Settings: config.Settings{"file": "no.yaml"}}, "", "source s: settings.file: open no.yaml"},
		"unknown key":       {target("moodle", nothing), csv(file + "ready: done\nstretch: 1\n"), "", "stretch"},
		"bad expression":    {target("moodle", nothing), csv(strings.Replace(file, "text(id)", "text(id", 1)), "", "source s: "},
		"bad dsn":           {target("sqldb", func(c *config.Target) { c.Settings["dsn"] = "postgres://:x:y@/%zz" }), csv(file), "", "target t: "},
		"no source":         {target("moodle", nothing), config.Source{Name: "s", Adapter: "httpjson", URL: "http://127.0.0.1:9/", Settings: config.Settings{"paths": "person=p"}}, "", "cannot be asked for what is new"},
		"nothing read back": {target("httpjson", nothing), csv(file), "t", "grades g: results cannot be read from t"},
		"no verification":   {target("csvfiles", func(c *config.Target) { c.Verify = "self" }), csv(file), "", "target t: verify: nothing can be read back from t"},
	} {
		t.Run(name, func(t *testing.T) {
			all := config.Default()
			all.Targets, all.Sources = []config.Target{c.target}, []config.Source{c.source}
			if c.grades != "" {
				all.Grades = []config.Grades{{Name: "g", From: c.grades}}
			}
			var told []string
			for what, err := range CheckAdapters(all) {
				if err != nil {
					told = append(told, what+": "+err.Error())
				}
			}
			if got := strings.Join(told, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
