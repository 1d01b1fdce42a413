package blackboard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestFiles turns each testdata/files/<case>.json, a list of changes, into the
// flat files that are sent.
func TestFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/files/*.json")
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			f, l := newFlatFile(t)
			f.ApplyAll(t.Context(), changesIn(t, path))
			var got bytes.Buffer
			for _, file := range l.Files() {
				fmt.Fprintf(&got, "== %s/%s\n%s", file.Object, file.Mode, file.Content)
			}
			golden := strings.TrimSuffix(path, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", got.Bytes(), want)
			}
		})
	}
}

func changesIn(t *testing.T, path string) []lis.Change {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Kind   lis.Kind
		ID     lis.SourcedID
		NewID  lis.SourcedID
		Act    lis.Act
		Object json.RawMessage
	}
	if err := json.Unmarshal(body, &rows); err != nil {
		t.Fatal(err)
	}
	var changes []lis.Change
	for _, r := range rows {
		c := lis.Change{Kind: r.Kind, Key: r.ID, NewID: r.NewID, Act: r.Act}
		if c.Act == "" {
			c.Act = lis.Put
		}
		if r.Object != nil {
			wrapped := append(append([]byte(`{"object":`), r.Object...), '}')
			if c.Record, err = lis.UnmarshalRecord(r.Kind, r.ID, wrapped); err != nil {
				t.Fatal(err)
			}
		}
		changes = append(changes, c)
	}
	return changes
}
