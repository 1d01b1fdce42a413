package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A demoCheck holds what a system has against what was made up.
type demoCheck struct {
	What        string   `json:"what"`
	Meaning     string   `json:"meaning"`
	Compared    int      `json:"compared"`
	Differences int      `json:"differences"`
	Examples    []string `json:"examples,omitempty"`

	mu sync.Mutex
}

func (p *demoPlay) check(what, meaning string) *demoCheck {
	c := &demoCheck{What: what, Meaning: meaning}
	p.checks = append(p.checks, c)
	return c
}

const examplesKept = 5

func (c *demoCheck) differ(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Differences++; len(c.Examples) < examplesKept {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

func (c *demoCheck) count(where, what string, want, got int) {
	if want != got {
		c.differ("%s: %d %s, where there should be %d", where, got, what, want)
	}
}

// record compares a whole record with the one that was made up.
func (c *demoCheck) record(want, got *lis.Record) {
	if got == nil || got.Object == nil {
		c.content(want, nil)
		return
	}
	body, err := lis.MarshalRecord(got)
	if err != nil {
		c.differ("%s: %v", want.ID, err)
		return
	}
	c.content(want, body)
}

// content compares the content of a record, element for element.
func (c *demoCheck) content(want *lis.Record, got []byte) {
	c.mu.Lock()
	c.Compared++
	c.mu.Unlock()
	kind := kindWord(want.Object.Kind())
	body, err := lis.MarshalRecord(want)
	switch {
	case err != nil:
		c.differ("%s %s: %v", kind, want.ID, err)
	case got == nil:
		c.differ("%s %s is not there", kind, want.ID)
	case !bytes.Equal(body, got):
		c.differ("%s %s differs in %s", kind, want.ID, strings.Join(differing(body, got), ", "))
	}
}

// differing names the elements in which two records differ.
func differing(a, b []byte) []string {
	type content struct {
		Agent  string                     `json:"refAgentInstanceID"`
		Object map[string]json.RawMessage `json:"object"`
	}
	var x, y content
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return []string{"its form"}
	}
	names := map[string]bool{}
	if x.Agent != y.Agent {
		names["refAgentInstanceID"] = true
	}
	for name := range x.Object {
		if !bytes.Equal(x.Object[name], y.Object[name]) {
			names[name] = true
		}
	}
	for name := range y.Object {
		if _, ok := x.Object[name]; !ok {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// compare looks at every record that the two systems hold.
func (p *demoPlay) compare(ctx context.Context) error {
	total := int64(0)
	for _, phase := range append(p.term.Roster(), p.term.Grades()...) {
		total += int64(phase.Count)
	}
	return p.phase("every record is compared", total, func(line *demoLine) error {
		err := p.compareStore(ctx, p.house.lms, "LMS", p.term.Roster(), line)
		if err != nil {
			return err
		}
		return p.compareStore(ctx, p.house.sis, "SIS", p.term.Grades(), line)
	})
}

func (p *demoPlay) compareStore(ctx context.Context, g *gateway.Gateway, name string, phases []term.Phase, line *demoLine) error {
	snap, err := g.Store().Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	for _, phase := range phases {
		check := p.check(phase.Name+" at the "+name, "each as it was made up, and no other")
		if err := check.phase(ctx, snap, phase, line); err != nil {
			return err
		}
	}
	return nil
}

// phase compares the records of one kind, and counts those that are there.
func (c *demoCheck) phase(ctx context.Context, snap journal.View, phase term.Phase, line *demoLine) error {
	for call := range phase.Calls {
		for _, want := range recordsOf(call) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			entry, err := snap.Get(phase.Kind, want.ID)
			if err != nil {
				return err
			}
			var body []byte
			if entry != nil && !entry.Deleted {
				body = entry.Body
			}
			c.content(want, body)
			line.add(1)
		}
	}
	held := 0
	for _, err := range snap.Scan(phase.Kind, journal.Filter{IDsOnly: true}) {
		if err != nil {
			return err
		}
		held++
	}
	c.count("in all", phase.Name, phase.Count, held)
	return nil
}

func recordsOf(call *lis.Call) []*lis.Record {
	if call.Record != nil {
		return []*lis.Record{call.Record}
	}
	return call.Records
}
