package main

import (
	"bytes"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"lisgate/wsdl"
)

// generated/ holds what the generator makes of wsdl/, to the byte, and
// nothing else. `go generate ./gateway/wire/` makes it so.
func TestGeneratedIsFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the generator")
	}
	dir := t.TempDir()
	printed := capture(t, func() {
		for _, s := range wsdl.Services() {
			if err := generate(s, filepath.Join(dir, s.Name)); err != nil {
				t.Fatal(err)
			}
		}
	})
	if len(printed) > 0 {
		t.Errorf("the generator prints %q", printed)
	}
	made, kept := tree(t, dir), tree(t, "../../../generated")
	for name, text := range made {
		if !bytes.Equal(text, kept[name]) {
			t.Errorf("generated/%s is stale; run go generate ./gateway/wire/", name)
		}
	}
	for name := range kept {
		if made[name] == nil {
			t.Errorf("generated/%s is not made by the generator", name)
		}
	}
}

// Tools know a generated file by its first line.
func TestGeneratedSaysSo(t *testing.T) {
	standard := regexp.MustCompile(`^// Code generated .* DO NOT EDIT\.\n`)
	for name, text := range tree(t, "../../../generated") {
		if !standard.Match(text) {
			t.Errorf("%s does not begin with the standard line", name)
		}
	}
}

// capture returns what a function prints to standard output and error.
func capture(t *testing.T, f func()) []byte {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, errOut := os.Stdout, os.Stderr
	defer func() { os.Stdout, os.Stderr = out, errOut }()
	defer log.SetOutput(log.Writer())
	os.Stdout, os.Stderr = w, w
	log.SetOutput(w)
	f()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	printed, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return printed
}

// tree reads all files under a folder.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[name], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
