package config

import (
	"slices"
	"time"
)

// Default returns the settings of a gateway that was told nothing: it listens
// on loopback and lets anybody on this machine do everything.
func Default() *Config {
	c := &Config{}
	c.fill()
	return c
}

// fill is the one place where what was not given gets its default.
func (c *Config) fill() {
	or(&c.Listen, "127.0.0.1:8080")
	or(&c.Data, "./lisgate-data")
	or(&c.Log.Level, "info")
	or(&c.Log.Format, "json")
	or(&c.Bulk.Batch, 200)
	or(&c.RepeatWindow, 24*time.Hour)
	or(&c.Alarms.FreshWithin, time.Hour)
	c.Limits.fill()
	for i := range c.Callers {
		or(&c.Callers[i].Profile, "tolerant")
	}
	if c.Anonymous == nil && len(c.Callers) == 0 {
		c.Anonymous = &Anonymous{Admin: true}
	}
	if c.Anonymous != nil {
		or(&c.Anonymous.Profile, "tolerant")
	}
	for i := range c.Targets {
		c.Targets[i].fill()
	}
	for i := range c.Sources {
		c.Sources[i].fill()
	}
	for i := range c.Grades {
		c.Grades[i].fill()
	}
	for i := range c.Plans {
		c.Plans[i].fill()
	}
}

// fill keeps defaults from contradicting what was given: a lower
// message_bytes lowers text_bytes too.
func (l *Limits) fill() {
	or(&l.MessageBytes, 4*MiB)
	or(&l.BulkBytes, max(4*GiB, l.MessageBytes))
	or(&l.HeaderBytes, 64*KiB)
	or(&l.Depth, 64)
	or(&l.Elements, 200_000)
	or(&l.Attributes, 64)
	or(&l.Namespaces, 64)
	or(&l.NameBytes, min(256, l.MessageBytes))
	or(&l.TextBytes, min(MiB, l.MessageBytes))
	or(&l.ReadTimeout, time.Minute)
	or(&l.HeaderTimeout, min(10*time.Second, l.ReadTimeout))
	or(&l.WriteTimeout, time.Minute)
	or(&l.IdleTimeout, time.Minute)
	or(&l.Connections, 4096)
	or(&l.InFlight, 256)
}

func (t *Target) fill() {
	if t.Adapter == "lissoap" {
		or(&t.Profile, "strict")
	}
	t.Settings.fill(t.Adapter)
	usual, other := pace{4, 30 * time.Second}, paces[t.Adapter]
	or(&other.workers, usual.workers)
	or(&other.timeout, usual.timeout)
	or(&t.Workers, other.workers)
	or(&t.Timeout, other.timeout)
	or(&t.FirstDelay, time.Second)
	or(&t.MaxDelay, max(5*time.Minute, t.FirstDelay))
	if t.Rate > 0 {
		or(&t.Burst, max(1, int(min(t.Rate, 1e6))))
	}
	on(&t.Coalesce)
	or(&t.Removals.Means, "suspend")
	or(&t.Removals.Few, 10)
	or(&t.Removals.Percent, 5)
	or(&t.Removals.Most, max(1000, t.Removals.Few))
	if len(t.Match) == 0 {
		t.Match = slices.Clone(matchKeys)
	}
	or(&t.Adopt, "ask")
}

// A pace is how much at one time, and for how long.
type pace struct {
	workers int
	timeout time.Duration
}

// paces are those of systems that are not asked many things at once: Canvas
// and Learn take one file at a time and work on it for minutes; Moodle has no
// limits that it tells of (back-end facts, A1 to A3).
var paces = map[string]pace{
	"canvas":     {1, 30 * time.Minute},
	"blackboard": {1, 15 * time.Minute},
	"moodle":     {2, time.Minute},
}

func (s *Source) fill() {
	if s.Adapter == "lissoap" {
		or(&s.Profile, "strict")
	}
	s.Settings.fill(s.Adapter)
	or(&s.Timeout, 30*time.Second)
	if len(s.At) == 0 {
		or(&s.Every, 5*time.Minute)
	}
	or(&s.Removals.Few, 10)
	or(&s.Removals.Percent, 5)
	or(&s.Removals.Most, max(1000, s.Removals.Few))
}

func (g *Grades) fill() {
	or(&g.LineItem, "Final")
	on(&g.CreateLineItems)
	or(&g.Source, g.From)
}

// on switches on what was not switched off.
func on(field **bool) {
	if *field == nil {
		yes := true
		*field = &yes
	}
}

// or gives a field its default when it has none.
func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
