package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/lissoap"
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

// TestDemoRunsOn holds that the demo stays after its balance until it is told
// to stop, and then ends well.
func TestDemoRunsOn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	root := newRootCommand()
	root.SetOut(writer)
	root.SetArgs([]string{"demo", "--json", "--scale", "0.02"})
	ended := make(chan error, 1)
	go func() {
		err := root.ExecuteContext(ctx)
		writer.CloseWithError(io.EOF)
		ended <- err
	}()
	var r demoReport
	if err := json.NewDecoder(reader).Decode(&r); err != nil || !r.OK {
		t.Fatal(err, r.Verdict)
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended by itself: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if response, err := http.Get(r.Gateway + "/readyz"); err != nil || response.StatusCode != http.StatusOK {
		t.Error("the gateway does not run on", err)
	}
	go io.Copy(io.Discard, reader)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestDemoStopsAnywhere holds that Ctrl-C ends the demo well at any time, and
// leaves nothing behind.
func TestDemoStopsAnywhere(t *testing.T) {
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond, 300 * time.Millisecond} {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(after, cancel)
		if out, err := verb(t, ctx, "demo", "--exit", "--scale", "0.2"); err != nil {
			t.Errorf("after %v: %v\n%s", after, err, out)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("after %v: left behind %v", after, left)
		}
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

// TestDemoTellsWhatIsWrong changes records behind the back of the gateway,
// and looks whether the demo finds them.
func TestDemoTellsWhatIsWrong(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	house, err := openDemoHouse(ctx, t.TempDir(), stop)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop(nil)
		if err := house.wait(); err != nil {
			t.Error(err)
		}
	}()
	play := &demoPlay{house: house, term: term.New(4, 0.02), out: newDemoScreen(io.Discard, true)}
	if err := play.send(ctx, "sis", "lms", play.term.Roster()); err != nil {
		t.Fatal(err)
	}
	if err := play.travel(ctx, "lms"); err != nil {
		t.Fatal(err)
	}
	lms, err := lissoap.NewClient(lissoap.Options{URL: "http://" + house.lms.Addr() + "/lis/",
		Basic: &lissoap.Basic{User: "lisgate", Password: lissoap.Secret(house.secrets["lisgate"])}})
	if err != nil {
		t.Fatal(err)
	}
	defer lms.Close()
	spoilt := play.term.Person(5)
	spoilt.Object.(*lis.Person).ContactInfo = nil
	for _, call := range []*lis.Call{
		{Operation: "replacePerson", ID: spoilt.ID, Record: spoilt},
		{Operation: "deletePerson", ID: term.PersonID(6)},
		{Operation: "createGroup", ID: "stray", Record: &lis.Record{ID: "stray", Object: &lis.Group{DataSource: "test"}}},
	} {
		if _, err := lms.Call(ctx, "spoil-"+call.Operation, call); err != nil {
			t.Fatal(err)
		}
	}
	if err := play.compareStore(ctx, house.lms, "LMS", play.term.Roster(), play.out.line("", 0)); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, c := range play.checks {
		found = append(found, c.Examples...)
	}
	text := strings.Join(found, "\n")
	for _, want := range []string{"differs in contactinfo", "person " + string(term.PersonID(6)) + " is not there", "12 groups, where there should be 11"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not find that %s:\n%s", want, text)
		}
	}
	if r := play.report(demoOptions{}, 0); r.OK {
		t.Error("the verdict is good")
	}
}

func TestVerdict(t *testing.T) {
	r := demoReport{
		Balance: []demoBalance{{Sent: 5, Applied: 2, Refused: 2, Waiting: 1, Balanced: true}, {Sent: 1}},
		Checks:  []*demoCheck{{Differences: 3}},
	}
	if got, want := r.verdict(), "1 kind out of balance, 2 refused, 1 still waiting, 3 differences"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (&demoReport{Balance: []demoBalance{{Sent: 1, Applied: 1, Balanced: true}}}).verdict(); got != allAgrees {
		t.Errorf("%q", got)
	}
}
