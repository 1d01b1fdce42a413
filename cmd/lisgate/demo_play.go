package main

import (
	"context"
	"fmt"
	"time"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway"
	"lisgate/gateway/lis"
)

// A demoPlay is a term on its way.
type demoPlay struct {
	house *demoHouse
	term  *term.Term
	out   *demoScreen

	tallies []*demoTally // what was sent, in order
	phases  []demoPhase
	checks  []*demoCheck
	balance []demoBalance
	plan    *demoPlan
}

// A demoTally counts what one system sent of one kind.
type demoTally struct {
	from, to string
	kind     lis.Kind
	sent     int64
	refused  int64  // at the door of the gateway
	example  string // of a refusal
}

// A demoPhase is how long something took.
type demoPhase struct {
	Name    string  `json:"name"`
	Count   int64   `json:"count"`
	Seconds float64 `json:"seconds"`
}

// all plays the term from its first group to its last grade.
func (p *demoPlay) all(ctx context.Context) error {
	if err := p.send(ctx, "sis", "lms", p.term.Roster()); err != nil {
		return err
	}
	if err := p.travel(ctx, "lms"); err != nil {
		return err
	}
	if err := p.readRosters(ctx); err != nil {
		return err
	}
	if err := p.send(ctx, "lms", "sis", p.term.Grades()); err != nil {
		return err
	}
	if err := p.travel(ctx, "sis"); err != nil {
		return err
	}
	if err := p.compare(ctx); err != nil {
		return err
	}
	return p.draw(ctx)
}

// phase times one line of the screen.
func (p *demoPlay) phase(name string, total int64, run func(*demoLine) error) error {
	line := p.out.line(name, total)
	err := run(line)
	p.phases = append(p.phases, line.end(err))
	return err
}

// patience is how long the demo waits without seeing anything arrive.
const patience = 30 * time.Second

// travel waits until the gateway has brought to a target all that is for it.
func (p *demoPlay) travel(ctx context.Context, target string) error {
	total := int64(0)
	for _, t := range p.tallies {
		if t.to == target {
			total += t.sent - t.refused
		}
	}
	name := fmt.Sprintf("gateway brings it to the %s", systemWord(target))
	return p.phase(name, total, func(line *demoLine) error {
		before, _, err := arrived(ctx, p.house.gateway, target)
		if err != nil {
			return err
		}
		line.from(before)
		return p.watch(ctx, target, total, line)
	})
}

// watch returns when all has come to an end, or nothing has for long: the
// balance will tell.
func (p *demoPlay) watch(ctx context.Context, target string, total int64, line *demoLine) error {
	last, since := int64(-1), time.Now()
	for {
		settled, waiting, err := arrived(ctx, p.house.gateway, target)
		if err != nil {
			return err
		}
		line.set(settled)
		switch {
		case waiting == 0 && settled >= total, time.Since(since) > patience:
			return nil
		case settled != last:
			last, since = settled, time.Now()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// arrived counts the changes for a target that have come to an end, and those
// that wait.
func arrived(ctx context.Context, g *gateway.Gateway, target string) (settled, waiting int64, err error) {
	snap, err := g.Store().Snapshot(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer snap.Close()
	rows, err := snap.Balance()
	for _, row := range rows {
		if row.Target == target {
			settled += row.Applied + row.Dead
			waiting += row.Waiting
		}
	}
	return settled, waiting, err
}

func systemWord(name string) string {
	if name == "sis" {
		return "SIS"
	}
	return "LMS"
}
