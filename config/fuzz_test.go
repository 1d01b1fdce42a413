package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a file holds, it is loaded or refused: no panic, no hang, each
// mistake on one line, and what was loaded can be written and loaded again.
func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		f.Add(text)
	}
	f.Add([]byte(Example))
	f.Add([]byte(takeOver(Example)))
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Add([]byte("? [x]\n: y\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := load("f", text, nil)
		if err == nil {
			again(t, c)
			return
		}
		var mistakes Mistakes
		if c != nil || !errors.As(err, &mistakes) || len(mistakes) != 1+strings.Count(err.Error(), "\n") {
			t.Errorf("got %v, %v", c, err)
		}
	})
}

func again(t *testing.T, c *Config) {
	second, err := load("f", []byte(c.String()), nil)
	// Secrets are not written, so that files and variables named by them are not looked for.
	if err != nil {
		t.Fatalf("what was loaded cannot be loaded: %v\n%s", err, c)
	}
	if second.String() != c.String() {
		t.Errorf("loaded again it is\n%s, not\n%s", second, c)
	}
}
