package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/console"
	"lisgate/gateway/grades"
	"lisgate/gateway/intake"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// asTarget is a source in the form from which adapters are built.
func asTarget(s *config.Source) config.Target {
	return config.Target{Name: s.Name, Adapter: s.Adapter, URL: s.URL, URLs: s.URLs, Profile: s.Profile,
		Basic: s.Basic, WSSE: s.WSSE, OAuth1: s.OAuth1, Token: s.Token, Settings: s.Settings, Timeout: s.Timeout}
}

// buildSources makes the intake of the config's sources. A paused one is
// pulled on demand only.
func (g *Gateway) buildSources(c *config.Config) error {
	var feeds []intake.Feed
	for i := range c.Sources {
		s := &c.Sources[i]
		t := asTarget(s)
		adapter, err := (&builder{Target: &t, store: g.store}).build()
		if err != nil {
			return fmt.Errorf("source %s: %w", s.Name, err)
		}
		g.adapters["source "+s.Name] = adapter
		source, ok := adapter.(adapters.Source)
		if !ok {
			return fmt.Errorf("source %s: %s", s.Name, noSource(s))
		}
		f := intake.Feed{Name: s.Name, Source: source, Every: s.Every, At: s.At, Timeout: s.Timeout, Expect: s.Expect,
			Removals: intake.Guard{Few: s.Removals.Few, Percent: float64(s.Removals.Percent), Most: s.Removals.Most, Off: s.Removals.Off},
			Batch:    c.Bulk.Batch, Paused: s.Paused}
		feeds = append(feeds, f)
	}
	g.intake = intake.New(g.store, g.registrar, g.log.Named("intake"), time.Now, feeds)
	return nil
}

// buildGrades makes the desk of the config's grade feeds.
func (g *Gateway) buildGrades(c *config.Config) error {
	var feeds []grades.Feed
	for i := range c.Grades {
		f := &c.Grades[i]
		from, ok := g.adapters[f.From].(adapters.Grades)
		if !ok {
			return fmt.Errorf("grades %s: results cannot be read from %s with these settings", f.Name, f.From)
		}
		feeds = append(feeds, grades.Feed{Name: f.Name, Grades: from, Source: f.Source, Every: f.Every, At: f.At,
			Term: f.Term, Organisation: f.Organisation, LineItem: f.LineItem, CreateLineItems: f.CreateLineItems == nil || *f.CreateLineItems})
	}
	g.grades = grades.New(g.store, g.registrar, g.log.Named("grades"), time.Now, feeds)
	return nil
}

// An ordering says where the callers of a config have their own order in
// their records.
type ordering map[string]func(*lis.Record) string

func sequence(c *config.Config) (ordering, error) {
	places := ordering{}
	for i := range c.Callers {
		if path := c.Callers[i].Sequence; path != "" {
			place, err := registrar.SequenceAt(path)
			if err != nil {
				return nil, fmt.Errorf("caller %s: sequence: %w", c.Callers[i].Name, err)
			}
			places[c.Callers[i].Name] = place
		}
	}
	return places, nil
}

// stamp returns where a record stands in the order of its caller, if it says.
func (g *Gateway) stamp(caller string, r *lis.Record) (string, bool) {
	place := (*g.order.Load())[caller]
	if place == nil {
		return "", false
	}
	return place(r), true
}

// feeds are the sources and callers, as the console knows them.
type feeds struct{ g *Gateway }

// A feedStatus says how a source or a caller is doing.
type feedStatus struct {
	intake.Status
	Source bool   `json:"source"` // it is asked; a caller comes by itself
	Expect period `json:"expect,omitzero"`
	To     []flow `json:"to,omitempty"` // what of its changes has not come through, by target
}

// A period is written as a person would: 26h, not 93600000000000.
type period time.Duration

// MarshalText leaves out the noughts at the end.
func (p period) MarshalText() ([]byte, error) {
	text := time.Duration(p).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return []byte(text), nil
}

func (f feeds) Status(ctx context.Context) (any, error) { return f.g.feedStatus(ctx) }

func (f feeds) Pull(ctx context.Context, name string) (any, error) { return f.g.intake.Pull(ctx, name) }

func (f feeds) Holds(ctx context.Context) ([]console.HeldGroup, error) {
	holds, err := f.g.intake.Holds(ctx)
	var groups []console.HeldGroup
	for i := range holds {
		h := &holds[i]
		group := console.HeldGroup{Source: h.Source, Kind: h.Kind, Hold: journal.HoldRemoval, Job: h.ID, Count: h.Count, Oldest: h.At,
			Reason: fmt.Sprintf("%d of %d are no longer in its list: %s", h.Count, h.Of, h.Why)}
		for _, id := range h.Sample {
			group.Sample = append(group.Sample, console.Delivery{Kind: h.Kind, ID: id})
		}
		groups = append(groups, group)
	}
	return groups, err
}

func (f feeds) Decide(ctx context.Context, job string, approve bool, by string) error {
	return f.g.intake.Decide(ctx, job, approve, by)
}

// feedStatus says how the sources and callers are doing, and what of theirs
// has not come through; with them the desks of grades and operators, of whom
// nothing is expected, when something of theirs has not.
func (g *Gateway) feedStatus(ctx context.Context) ([]feedStatus, error) {
	all, err := g.feedStates(ctx)
	if err != nil {
		return nil, err
	}
	flows, err := g.flows(ctx)
	for i := range flows {
		f := &flows[i]
		at := slices.IndexFunc(all, func(s feedStatus) bool { return s.Name == f.Source })
		if at < 0 {
			at, all = len(all), append(all, feedStatus{Status: intake.Status{Name: f.Source, LastSuccess: g.heard.last(f.Source)}})
		}
		all[at].To = append(all[at].To, *f)
	}
	return all, err
}

// feedStates says when sources and callers last came. A caller of whom nothing
// is expected is there once he was heard.
func (g *Gateway) feedStates(ctx context.Context) ([]feedStatus, error) {
	var all []feedStatus
	sources, err := g.intake.Status(ctx)
	for i := range sources {
		all = append(all, feedStatus{Status: sources[i], Source: true, Expect: period(g.config.Sources[i].Expect)})
	}
	for i := range g.config.Callers {
		c := &g.config.Callers[i]
		s := feedStatus{Status: intake.Status{Name: c.Name, LastSuccess: g.heard.last(c.Name)}, Expect: period(c.Expect)}
		if c.Expect <= 0 && s.LastSuccess.IsZero() {
			continue
		}
		since := s.LastSuccess
		if since.IsZero() {
			since = g.began
		}
		s.Late = c.Expect > 0 && time.Since(since) > c.Expect
		all = append(all, s)
	}
	return all, err
}
