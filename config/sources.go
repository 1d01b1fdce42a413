package config

import "time"

// Source is a system that is asked for what is new there. Its name is that of
// a caller in Route.From.
type Source struct {
	Name     string            `yaml:"name"`
	Adapter  string            `yaml:"adapter"` // one of SourceAdapters
	URL      string            `yaml:"url,omitempty"`
	URLs     map[string]string `yaml:"urls,omitempty"`
	Profile  string            `yaml:"profile,omitempty"` // lissoap only; default strict
	Basic    *Basic            `yaml:"basic,omitempty"`
	WSSE     *WSSE             `yaml:"wsse,omitempty"`
	OAuth1   *OAuth1           `yaml:"oauth1,omitempty"`
	Token    Secret            `yaml:"token,omitempty"`
	Settings Settings          `yaml:"settings,omitempty"`
	Timeout  time.Duration     `yaml:"timeout"` // without progress
	// Every is how long to wait between two pulls, and At the local times of
	// day at which one begins: either or both. Every is 5m without At.
	Every  time.Duration `yaml:"every,omitempty"`
	At     []string      `yaml:"at,omitempty"`
	Paused bool          `yaml:"paused"` // pulls on demand only
	// Expect raises an alarm when nothing was read for longer; 0 for none.
	Expect   time.Duration `yaml:"expect,omitempty"`
	Removals Vanished      `yaml:"removals"`
}

// Vanished says how many objects that a source has no longer are too many to
// be believed in one pull: see Removals.
type Vanished struct {
	Few     int  `yaml:"few"`
	Percent int  `yaml:"percent"`
	Most    int  `yaml:"most"`
	Off     bool `yaml:"off"` // believe any number
}

// Grades are final results that are read from a target and enter as LIS
// results, which routes carry on.
type Grades struct {
	Name  string        `yaml:"name"`
	From  string        `yaml:"from"`            // a target
	Every time.Duration `yaml:"every,omitempty"` // without Every and At on demand only
	At    []string      `yaml:"at,omitempty"`    // local times of day
	// Term and Organisation are those of the sections that are read; empty for all.
	Term         []string `yaml:"term,omitempty"`
	Organisation []string `yaml:"organisation,omitempty"`
	// LineItem is the type of the line item that results go to; default Final.
	LineItem string `yaml:"line_item"`
	// CreateLineItems makes a line item for a section that has none of the type.
	CreateLineItems *bool `yaml:"create_line_items"`
	// Source is the name under which the results enter; default From.
	Source string `yaml:"source"`
}

// Alarms say what is worth telling people.
type Alarms struct {
	// FreshWithin is how old a change may be that waits for its target.
	FreshWithin time.Duration `yaml:"fresh_within" reload:"yes"`
}
