package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A demoBalance is what became of the objects of one kind: what their sender
// counted, against what the gateway knows of them.
type demoBalance struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	Kind     lis.Kind `json:"kind"`
	Sent     int64    `json:"sent"`    // counted by the sender
	Applied  int64    `json:"applied"` // at the target
	Refused  int64    `json:"refused"` // by the gateway or the target
	Waiting  int64    `json:"waiting"`
	Balanced bool     `json:"balanced"` // sent = applied + refused + waiting
	Example  string   `json:"example,omitempty"`
}

// draw draws the balance from the sender's counts and the gateway's queue.
func (p *demoPlay) draw(ctx context.Context) error {
	snap, err := p.house.gateway.Store().Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	rows, err := snap.Balance()
	if err != nil {
		return err
	}
	for _, t := range p.tallies {
		b := demoBalance{From: t.from, To: t.to, Kind: t.kind, Sent: t.sent, Refused: t.refused, Example: t.example}
		for _, row := range rows {
			if row.Target == t.to && row.Kind == t.kind {
				b.Applied, b.Waiting = row.Applied, row.Waiting
				b.Refused += row.Dead
			}
		}
		b.Balanced = b.Sent == b.Applied+b.Refused+b.Waiting
		if b.Example == "" && b.Refused > 0 {
			b.Example = deadExample(snap, t.to, t.kind)
		}
		p.balance = append(p.balance, b)
	}
	return nil
}

// deadExample says why one of the dead letters is one.
func deadExample(snap journal.Snapshot, target string, kind lis.Kind) string {
	for s, err := range snap.Dead(target) {
		if err != nil {
			return err.Error()
		}
		if s.Kind == kind {
			return strings.TrimSpace(fmt.Sprintf("%s: %s %s", s.ID, s.Reason, s.Detail))
		}
	}
	return ""
}

// A demoReport is the end of the demo.
type demoReport struct {
	OK      bool          `json:"ok"`
	Verdict string        `json:"verdict"`
	Seed    uint64        `json:"seed"`
	Scale   float64       `json:"scale"`
	Seconds float64       `json:"seconds"`
	Gateway string        `json:"gateway"`
	Data    string        `json:"data"`
	Balance []demoBalance `json:"balance"`
	Checks  []*demoCheck  `json:"agreement"`
	Phases  []demoPhase   `json:"phases"`
	Plan    *demoPlan     `json:"plan"`
}

func (p *demoPlay) report(o demoOptions, took time.Duration) *demoReport {
	r := &demoReport{Seed: o.seed, Scale: o.scale, Seconds: seconds(took), Gateway: p.house.address(), Data: p.house.dir,
		Balance: p.balance, Checks: p.checks, Phases: p.phases, Plan: p.plan}
	r.Verdict = r.verdict()
	r.OK = r.Verdict == allAgrees
	return r
}

func seconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond)) / float64(time.Second)
}

const allAgrees = "everything arrived and agrees"

// verdict says in a line whether all is well, or what is not.
func (r *demoReport) verdict() string {
	var unbalanced, refused, waiting, differences int64
	for _, b := range r.Balance {
		if !b.Balanced {
			unbalanced++
		}
		refused, waiting = refused+b.Refused, waiting+b.Waiting
	}
	for _, c := range r.Checks {
		differences += int64(c.Differences)
	}
	var troubles []string
	for _, t := range []struct {
		n    int64
		text string
	}{{unbalanced, plural(int(unbalanced), "kind") + " out of balance"}, {refused, grouped(int(refused)) + " refused"},
		{waiting, grouped(int(waiting)) + " still waiting"}, {differences, plural(int(differences), "difference")}} {
		if t.n > 0 {
			troubles = append(troubles, t.text)
		}
	}
	if len(troubles) == 0 {
		return allAgrees
	}
	return strings.Join(troubles, ", ")
}
