package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the .want files anew")

// TestDescribe holds what is said of each message in testdata/describe
// against the .want file beside it. A name with .show is described with --show.
func TestDescribe(t *testing.T) {
	files, err := filepath.Glob("testdata/describe/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no messages", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".xml")
		t.Run(name, func(t *testing.T) {
			args := []string{"describe", path}
			if strings.HasSuffix(name, ".show") {
				args = append(args, "--show")
			}
			got, err := verb(t, t.Context(), args...)
			if err != nil {
				got += "error: " + err.Error() + "\n"
			}
			if (err != nil) != (strings.HasPrefix(name, "mistake_") || name == "bulk_cut") {
				t.Errorf("error %v", err)
			}
			golden(t, strings.TrimSuffix(path, ".xml")+".want", got)
			if strings.Contains(got, "HUNTER2") {
				t.Error("a password is shown")
			}
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read what it writes", err)
	}
	if got != string(want) {
		t.Errorf("it says\n%s\nand should\n%s", got, want)
	}
}

// TestDescribeJSON holds that programs are told the same.
func TestDescribeJSON(t *testing.T) {
	out, err := verb(t, t.Context(), "describe", "--json", "testdata/describe/person_replace.xml")
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	if d.Kind != "envelope" || d.Operation != "replacePerson" || d.MessageID != "reg-2026-0001" || !d.Masked || len(d.Elements) == 0 || len(d.Deviations) == 0 {
		t.Errorf("%+v", d)
	}
	for _, secret := range []string{"HUNTER2", "thordis", "Ólafsdóttir", "1984"} {
		if strings.Contains(out, secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

func TestDescribeNoFile(t *testing.T) {
	if _, err := verb(t, t.Context(), "describe", "nowhere.xml"); err == nil || !strings.Contains(err.Error(), "there is no file nowhere.xml") {
		t.Error(err)
	}
}

var passwordText = regexp.MustCompile(`(?s)<(?:\w+:)?password>.*?<(?:\w+:)?textString>(.*?)</`)

// TestDescribeSamples describes real messages of peers, where they are at hand.
func TestDescribeSamples(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/samples/*/*.xml")
	if len(files) == 0 {
		t.Skip("../shared/samples is not here")
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, show := range []bool{false, true} {
			out, err := verb(t, t.Context(), "describe", path, fmt.Sprintf("--show=%v", show))
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			for _, password := range passwordText.FindAllStringSubmatch(string(text), -1) {
				if password[1] != "" && strings.Contains(out, password[1]) {
					t.Errorf("%s: a password is shown", path)
				}
			}
		}
	}
}
