package config

import "time"

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
	or(&t.Profile, "strict")
	or(&t.Workers, 4)
	or(&t.Timeout, 30*time.Second)
	or(&t.FirstDelay, time.Second)
	or(&t.MaxDelay, max(5*time.Minute, t.FirstDelay))
}

// or gives a field its default when it has none.
func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
