package httpjson_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The guide in package adapters promises that a whole adapter can be written
// in under 150 lines, comments and all, and points to this one.
func TestAnAdapterTakesUnder150Lines(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	if lines == 0 || lines >= 150 {
		t.Errorf("this adapter has %d lines; the guide in adapters/doc.go promises fewer than 150", lines)
	}
}
