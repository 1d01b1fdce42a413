// Package config holds what lisgate is told before it starts: one struct,
// its defaults, its check.
//
// Load reads a YAML file, the LISGATE_* environment and the command line into
// a Config, in rising order of precedence, and reports all mistakes at once,
// each on a line of its own with the place where it was made. Nothing else in
// the house reads files of settings or the environment, but for LISGATE_CONFIG
// and LISGATE_PASSWORD, which cmd reads.
package config

import "time"

// Config is everything that can be set. Begin with Default when building one
// in code. Fields with the tag reload take effect on a reload, see
// gateway.Reload; a change of the others needs a restart, see NeedsRestart.
type Config struct {
	// Listen is the address of the HTTP server. Beyond loopback it needs
	// Callers and TLS, unless Insecure.
	Listen string `yaml:"listen"`
	// Data is the folder of the store. It is made when it is not there.
	Data string `yaml:"data"`
	// Insecure allows to listen beyond loopback without authentication or TLS.
	Insecure bool `yaml:"insecure" reload:"yes"`
	TLS      TLS  `yaml:"tls"`
	Log      Log  `yaml:"log"`
	// PublicURL is the address told in ?wsdl when a proxy hides ours;
	// "" for the Host by which the client came.
	PublicURL string `yaml:"public_url" reload:"yes"`
	// Paths are further paths of the services, which real clients have built in.
	Paths  map[string]string `yaml:"paths" reload:"yes"`
	Limits Limits            `yaml:"limits"`
	// Callers may call. Without any, anybody on this machine is Anonymous.
	Callers []Caller `yaml:"callers" reload:"yes"`
	// Anonymous is who comes from this machine without credentials. With
	// Callers there is nobody of that kind unless Anonymous is given.
	Anonymous *Anonymous `yaml:"anonymous,omitempty" reload:"yes"`
	// Targets are told of changes, and Sources are asked for them.
	Targets []Target `yaml:"targets"`
	Sources []Source `yaml:"sources"`
	// Routes say which changes go to which targets.
	Routes []Route `yaml:"routes" reload:"yes"`
	// Grades are results that are read from targets.
	Grades []Grades `yaml:"grades"`
	// Plans are what planners may plan, and for whom.
	Plans  []Plan `yaml:"plans"`
	Bulk   Bulk   `yaml:"bulk"`
	Alarms Alarms `yaml:"alarms"`
	// RepeatWindow is how long a message that is sent again is recognised.
	RepeatWindow time.Duration `yaml:"repeat_window"`

	// Warnings are what Load and Check found odd but not wrong.
	Warnings []string `yaml:"-"`

	where map[string]place // where each key was given
}

// TLS names PEM files. Cert and Key are read again when they change.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
	// ClientCA holds the authorities whose client certificates are believed.
	ClientCA string `yaml:"client_ca"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `yaml:"level" reload:"yes"` // debug, info, warn, error
	Format string `yaml:"format"`             // json, console
}

// Bulk is about bulk data exchanges.
type Bulk struct {
	// Allow lists the beginnings of URLs from which bulk files are fetched.
	Allow []string `yaml:"allow" reload:"yes"`
	// Drop is a folder from which bulk files are taken; "" for none.
	Drop string `yaml:"drop" reload:"yes"`
	// Batch is how many records are written in one transaction.
	Batch int `yaml:"batch"`
}
