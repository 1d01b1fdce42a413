package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the .want files")

// Each file in testdata is named by the mistake that it holds; the file .want
// beside it has the lines that are reported, warnings too. To add a case, add
// the two files.
func TestMistakes(t *testing.T) {
	t.Chdir("testdata")
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) < 25 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			got := report(Load(file, nil))
			want := strings.TrimSuffix(file, ".yaml") + ".want"
			if *update {
				os.WriteFile(want, []byte(got), 0o644)
			}
			text, err := os.ReadFile(want)
			if err != nil || got != string(text) {
				t.Errorf("got\n%swant\n%s%v", got, text, err)
			}
			if strings.Contains(got, "hunter") {
				t.Error("a secret was told")
			}
			if got == "" {
				t.Error("nothing was reported")
			}
		})
	}
}

func report(c *Config, err error) string {
	var lines strings.Builder
	var mistakes Mistakes
	if errors.As(err, &mistakes) {
		lines.WriteString(mistakes.Error() + "\n")
	} else if err != nil {
		lines.WriteString("not Mistakes: " + err.Error() + "\n")
	}
	if c != nil {
		for _, w := range c.Warnings {
			lines.WriteString("warning: " + w + "\n")
		}
	}
	return lines.String()
}
