package canvas

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files")

// A goldenChange is a change as testdata writes one.
type goldenChange struct {
	Act    lis.Act         `json:"act"`
	Kind   lis.Kind        `json:"kind"`
	ID     lis.SourcedID   `json:"id"`
	NewID  lis.SourcedID   `json:"newId"`
	Record json.RawMessage `json:"record"`
}

// TestGolden writes the CSV files for the changes of each testdata/*.json,
// against an account that holds what testdata/there.json brings. A case is
// added by adding a file.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.json")
	if err != nil || len(cases) < 2 {
		t.Fatal("no cases", err)
	}
	there := changesIn(t, "testdata/there.json")
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			_, url := serve(t, canvasfake.Options{})
			a := open(t, url, nil)
			changes := there
			if filepath.Base(name) != "there.json" {
				for _, c := range there {
					must(t, a, c)
				}
				changes = changesIn(t, name)
			}
			b := a.newBatch(changes)
			for i := range changes {
				if r := b.add(t.Context(), i); r.err != nil {
					t.Fatal(r.err)
				}
			}
			compare(t, strings.TrimSuffix(name, ".json")+".golden", csvOf(t, b))
		})
	}
}

func changesIn(t *testing.T, name string) []lis.Change {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var list []goldenChange
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var changes []lis.Change
	for _, g := range list {
		id := g.ID
		if g.NewID != "" {
			id = g.NewID
		}
		r, err := lis.UnmarshalRecord(g.Kind, id, []byte(`{"object":`+string(g.Record)+`}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		changes = append(changes, lis.Change{
			ID: name + string(g.ID), Kind: g.Kind, Key: g.ID, NewID: g.NewID, Act: g.Act, Record: r, Time: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC),
		})
	}
	return changes
}

// csvOf writes all files of a batch one after the other, under their names.
func csvOf(t *testing.T, b *batch) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, s := range sheets {
		if len(b.rows[s.name]) > 0 {
			out.WriteString("== " + s.name + ".csv\n")
			if err := writeSheet(&out, s, b.rows[s.name]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.Bytes()
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}
