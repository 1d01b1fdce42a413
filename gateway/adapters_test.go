package gateway

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// targets are one of each adapter, as small as the config takes them.
func targetsOfEach(t *testing.T) map[string]*config.Target {
	t.Helper()
	files := filepath.Join(t.TempDir(), "files.yaml")
	if err := os.WriteFile(files, []byte("files:\n  - {name: students*.csv, mode: full, kind: person, id: 'text(id)'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]*config.Target{
		"lissoap":    {URL: "http://127.0.0.1:9/", Profile: "strict"},
		"moodle":     {URL: "http://127.0.0.1:9/", Token: "t", Settings: config.Settings{"role_ids": "student=5, teacher=4"}},
		"canvas":     {URL: "http://127.0.0.1:9/", Token: "t"},
		"blackboard": {URL: "http://127.0.0.1:9/", Basic: &config.Basic{User: "u", Password: "p"}, Settings: config.Settings{"integration": "x"}},
		"ethos":      {URL: "http://127.0.0.1:9/", Token: "t"},
		"ilp":        {URL: "http://127.0.0.1:9/", Basic: &config.Basic{User: "u", Password: "p"}},
		"sqldb":      {Settings: config.Settings{"file": "example:rosariosis", "dsn": "postgres://127.0.0.1:9/x"}},
		"csvfiles":   {Settings: config.Settings{"file": config.Secret(files), "folder": config.Secret(filepath.Dir(files))}},
		"httpjson":   {URL: "http://127.0.0.1:9/", Settings: config.Settings{"paths": "person=people"}},
	}
}

func TestEachAdapterIsBuilt(t *testing.T) {
	store := journaltest.NewMemory(nil)
	defer store.Close()
	for name, target := range targetsOfEach(t) {
		t.Run(name, func(t *testing.T) {
			target.Name, target.Adapter = name, name
			a, err := (&builder{Target: target, store: store}).build()
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			_, isSource := a.(adapters.Source)
			for _, known := range config.SourceAdapters {
				if known == name && !isSource {
					t.Errorf("%s is listed as a source and is none", name)
				}
			}
		})
	}
}

func TestWhatCannotBeBuiltIsTold(t *testing.T) {
	all := targetsOfEach(t)
	for name, spoil := range map[string]struct {
		with func(*config.Target)
		want string
	}{
		"moodle":   {func(c *config.Target) { c.Settings["role_ids"] = "student" }, "student=5"},
		"canvas":   {func(c *config.Target) { c.Token = "env:LISGATE_TEST_NO_SUCH" }, "LISGATE_TEST_NO_SUCH"},
		"sqldb":    {func(c *config.Target) { c.Settings["file"] = "" }, "settings.file is missing"},
		"csvfiles": {func(c *config.Target) { c.Settings["file"] = "nowhere.yaml" }, "nowhere.yaml"},
		"httpjson": {func(c *config.Target) { c.Settings["paths"] = "horse=stables" }, "horse=stables"},
	} {
		target := all[name]
		target.Name, target.Adapter = name, name
		spoil.with(target)
		if _, err := (&builder{Target: target}).build(); err == nil || !strings.Contains(err.Error(), spoil.want) {
			t.Errorf("%s: %v, want %q", name, err, spoil.want)
		}
	}
	if _, err := (&builder{Target: &config.Target{Adapter: "horse"}}).build(); err == nil {
		t.Error("an adapter that there is not was built")
	}
}

// A renamed object has given its id at the target away; one that was dropped
// keeps it, for it may only be suspended there.
func TestCrosswalkOfWhatIsGone(t *testing.T) {
	store := journaltest.NewMemory(nil)
	defer store.Close()
	err := store.Write(t.Context(), func(tx journal.Tx) error {
		for _, p := range []journal.Pair{
			{ID: "dropped", TargetID: "7", Gone: true}, {ID: "old", TargetID: "8", Gone: true}, {ID: "new", TargetID: "8"},
		} {
			p.Target, p.Kind = "lms", lis.KindPerson
			if err := tx.SetPair(p, "test"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[lis.SourcedID]string{"dropped": "7", "old": "", "new": "8", "unknown": ""} {
		if got, err := (crosswalk{store, "lms"}).TargetID(t.Context(), lis.KindPerson, id); got != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", id, got, err, want)
		}
	}
}
