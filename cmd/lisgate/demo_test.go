package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// verb runs a command line and returns what it printed.
func verb(t *testing.T, ctx context.Context, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := newRootCommand()
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return out.String(), err
}

func TestDemoJSON(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	out, err := verb(t, t.Context(), "demo", "--exit", "--json", "--scale", "0.05", "--seed", "9")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var r demoReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("not one JSON document: %v\n%s", err, out)
	}
	counts := term.New(9, 0.05).Counts()
	if !r.OK || len(r.Balance) != len(counts) {
		t.Errorf("%s, %d kinds", r.Verdict, len(r.Balance))
	}
	for _, b := range r.Balance {
		if n := int64(counts[b.Kind]); b.Sent != n || b.Applied != n || !b.Balanced || b.Refused+b.Waiting != 0 {
			t.Errorf("%d were made up: %+v", n, b)
		}
	}
	compared := 0
	for _, c := range r.Checks {
		compared += c.Compared
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDemoForPeople(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	out, err := verb(t, t.Context(), "demo", "--exit", "--keep", "--scale", "0.02")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"pretend SIS", "SIS sends people", "Balance", "Good: everything arrived and agrees", "lisgate who "} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if strings.ContainsAny(out, "\r\x1b") {
		t.Error("the lines move, though this is no terminal")
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "lisgate-demo-*", "gateway"))
	if len(kept) != 1 {
		t.Errorf("kept: %v", kept)
	}
}

// TestDemoRunsOn holds that the demo stays until it is told to stop, and ends well.
func TestDemoRunsOn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := verb(t, ctx, "demo", "--json", "--scale", "0.02")
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Fatalf("it ended by itself: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestDemoRefusesScale(t *testing.T) {
	for _, scale := range []string{"0", "-1", "NaN", "1e9"} {
		if _, err := verb(t, t.Context(), "demo", "--scale", scale); err == nil || !strings.Contains(err.Error(), "0.02 to 1000") {
			t.Errorf("--scale %s: %v", scale, err)
		}
	}
}

// TestCheckFindsDifferences holds that the comparison of the demo is one.
func TestCheckFindsDifferences(t *testing.T) {
	tm := term.New(1, 0.02)
	want := tm.Person(3)
	for name, spoil := range map[string]func(*lis.Record){
		"refAgentInstanceID": func(r *lis.Record) { r.Agent = "other" },
		"contactinfo":        func(r *lis.Record) { r.Object.(*lis.Person).ContactInfo = nil },
		"name":               func(r *lis.Record) { r.Object.(*lis.Person).Name[0].PartName[0].InstanceValue.TextString += " " },
	} {
		c := &demoCheck{}
		got := tm.Person(3)
		c.record(want, got)
		spoil(got)
		c.record(want, got)
		if c.Compared != 2 || c.Differences != 1 || !strings.HasSuffix(c.Examples[0], "differs in "+name) {
			t.Errorf("%s: %d differences in %d: %v", name, c.Differences, c.Compared, c.Examples)
		}
	}
	c := &demoCheck{}
	c.record(want, nil)
	c.count("section 1", "people", 2, 1)
	if c.Differences != 2 {
		t.Errorf("found %v", c.Examples)
	}
}

func TestVerdict(t *testing.T) {
	r := demoReport{
		Balance: []demoBalance{{Sent: 5, Applied: 2, Refused: 2, Waiting: 1, Balanced: true}, {Sent: 1}},
		Checks:  []*demoCheck{{Differences: 3}},
	}
	if got, want := r.verdict(), "1 kinds out of balance, 2 refused, 1 still waiting, 3 differences"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (&demoReport{Balance: []demoBalance{{Sent: 1, Applied: 1, Balanced: true}}}).verdict(); got != allAgrees {
		t.Errorf("%q", got)
	}
}
