package ellucian_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lisgate/adapters/ellucian"
	"lisgate/gateway/lis"
)

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want)) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func indented(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// TestConversions turns each testdata/ethos/<resource>.<case>.json into words.
func TestConversions(t *testing.T) {
	files, err := filepath.Glob("testdata/ethos/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			resource, _, _ := strings.Cut(name, ".")
			w := newEthos(t, func(o *ellucian.EthosOptions) { o.Resources = []string{resource} })
			w.fake.Change("created", resource, string(body), true)
			items := pull(t, w, "queue:0")
			if len(items) != 1 || items[0].Record == nil {
				t.Fatalf("items %s: %v", summary(items), items[0].Err)
			}
			got, err := lis.MarshalRecord(items[0].Record)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".json")+".golden", indented(t, got))
		})
	}
}

// TestSubmissions turns each testdata/ilp/<case>.json, a result in words, into
// what is posted to ILP.
func TestSubmissions(t *testing.T) {
	files, err := filepath.Glob("testdata/ilp/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := new(lis.Result)
			if err := json.Unmarshal(body, r); err != nil {
				t.Fatal(err)
			}
			w := newILP(t)
			if _, err := w.Apply(t.Context(), lis.Change{Kind: lis.KindResult, Key: "r", Act: lis.Put, Record: &lis.Record{ID: "r", Object: r}}); err != nil {
				t.Fatal(err)
			}
			posted, err := json.Marshal(w.fake.Posted()[0])
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".json")+".golden", indented(t, posted))
		})
	}
}
