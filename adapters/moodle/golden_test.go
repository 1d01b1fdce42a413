package moodle

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRequests sends what the first part of each golden file says, and holds
// the calls against its second part. A line of the first part is an act, a
// kind, an identifier and a record in JSON; "batch" before it puts it into one
// call with the next ones that say so.
func TestRequests(t *testing.T) {
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".golden"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	input, want, _ := strings.Cut(string(content), "\n---\n")
	var got bytes.Buffer
	var mu sync.Mutex
	w := proxied(t, Options{}, func(body string) string {
		mu.Lock()
		defer mu.Unlock()
		writeCall(&got, body)
		return body
	})
	var waiting []lis.Change
	for line := range strings.SplitSeq(strings.TrimSpace(input), "\n") {
		if line, batch := strings.CutPrefix(line, "batch "); batch {
			waiting = append(waiting, changeOf(t, line))
			continue
		}
		w.all(waiting, nil)
		waiting = nil
		fmt.Fprintf(&got, "# %.60s\n", line)
		w.must(changeOf(t, line))
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimSpace(input)+"\n---\n"+got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func changeOf(t *testing.T, line string) lis.Change {
	t.Helper()
	part := strings.SplitN(line, " ", 4)
	if len(part) != 4 {
		t.Fatalf("no change: %q", line)
	}
	kind, id := lis.Kind(part[1]), lis.SourcedID(part[2])
	r, err := lis.UnmarshalRecord(kind, id, []byte(part[3]))
	if err != nil {
		t.Fatal(err)
	}
	return lis.Change{ID: "g", Kind: kind, Key: id, NewID: id + "-new", Act: lis.Act(part[0]), Record: r}
}

// writeCall writes the variables of a call as they came, one a line, without
// the secrets among them.
func writeCall(out *bytes.Buffer, body string) {
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		if name == "wstoken" || strings.HasSuffix(name, "[password]") {
			value = fmt.Sprintf("<%d characters>", len(value))
		}
		fmt.Fprintf(out, "%s=%s\n", name, value)
	}
	out.WriteString("\n")
}
