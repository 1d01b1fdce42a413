package config

import "time"

// Adapters are the names of the adapters that this binary has. The table in
// gateway.go is tested to have the same.
var Adapters = []string{"lissoap"}

// Target is a system that is told of changes.
type Target struct {
	Name    string `yaml:"name"`
	Adapter string `yaml:"adapter"`
	// URL is the address to which the name of the service is added.
	URL string `yaml:"url,omitempty"`
	// URLs are the addresses of single services, where they differ.
	URLs map[string]string `yaml:"urls,omitempty"`
	// Profile says which dialect the target wants: strict, ilp, blackboard.
	// Default strict.
	Profile string  `yaml:"profile"`
	Basic   *Basic  `yaml:"basic,omitempty"`
	WSSE    *WSSE   `yaml:"wsse,omitempty"`
	OAuth1  *OAuth1 `yaml:"oauth1,omitempty"`
	// Workers is how many changes, of different objects, are sent at one time.
	Workers int           `yaml:"workers"`
	Timeout time.Duration `yaml:"timeout"` // of one attempt
	// FirstDelay is the wait after the first failure; it doubles up to MaxDelay.
	FirstDelay time.Duration `yaml:"first_delay"`
	MaxDelay   time.Duration `yaml:"max_delay"`
}

// Route leads changes to targets. An empty list stands for all.
type Route struct {
	Name       string   `yaml:"name"`
	From       []string `yaml:"from,omitempty"`       // callers
	Kinds      []string `yaml:"kinds,omitempty"`      // person, group, courseSection and so on
	Operations []string `yaml:"operations,omitempty"` // such as "replace*"
	To         []string `yaml:"to"`                   // targets; must be given
}
