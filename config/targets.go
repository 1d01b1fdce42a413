package config

import "time"

// Adapters are the names of the adapters that this binary has. The table in
// gateway.go is tested to have the same.
var Adapters = []string{"lissoap", "moodle", "canvas", "blackboard", "ethos", "ilp", "sqldb", "csvfiles", "httpjson"}

// SourceAdapters are those of them that can be asked for what is new.
var SourceAdapters = []string{"lissoap", "ethos", "sqldb", "csvfiles"}

// placeless are the adapters that reach their system otherwise than by url.
var placeless = []string{"sqldb", "csvfiles"}

// Target is a system that is told of changes.
type Target struct {
	Name    string `yaml:"name"`
	Adapter string `yaml:"adapter"`
	// URL is the address of the system; lissoap adds the name of the service.
	URL string `yaml:"url,omitempty"`
	// URLs are the addresses of single services, where they differ; lissoap only.
	URLs map[string]string `yaml:"urls,omitempty"`
	// Profile says which dialect the target wants: strict, ilp, blackboard.
	// lissoap only; default strict.
	Profile string  `yaml:"profile,omitempty"`
	Basic   *Basic  `yaml:"basic,omitempty"`
	WSSE    *WSSE   `yaml:"wsse,omitempty"`
	OAuth1  *OAuth1 `yaml:"oauth1,omitempty"`
	Token   Secret  `yaml:"token,omitempty"`
	// Settings are those of the adapter, see AdapterSettings.
	Settings Settings `yaml:"settings,omitempty"`

	// Workers is how many changes, of different objects, are sent at one time.
	Workers int           `yaml:"workers"`
	Timeout time.Duration `yaml:"timeout"` // of one attempt
	// FirstDelay is the wait after the first failure; it doubles up to MaxDelay.
	FirstDelay time.Duration `yaml:"first_delay"`
	MaxDelay   time.Duration `yaml:"max_delay"`
	// GiveUpAfter is how long a change is tried; 0 for ever.
	GiveUpAfter time.Duration `yaml:"give_up_after,omitempty"`
	// Rate is how many requests it gets in a second, 0 for no limit, and Burst
	// how many of them at once.
	Rate  float64 `yaml:"rate"`
	Burst int     `yaml:"burst,omitempty"`
	// Batch is the most changes of one call; 0 for what the adapter can.
	Batch int `yaml:"batch,omitempty"`
	// Coalesce sends only the newest of the changes of one object that wait.
	Coalesce *bool `yaml:"coalesce"`
	// SkipUnchanged leaves out a change that would send what was sent last.
	SkipUnchanged bool `yaml:"skip_unchanged"`
	// Verify reads back what was sent: "" for not, self, or another target.
	Verify   string   `yaml:"verify,omitempty"`
	Removals Removals `yaml:"removals"`
	// Match is the order of keys by which an object that the target has
	// already is found: sourcedId, userId, email.
	Match []string `yaml:"match"`
	// Adopt says whether what was found so is taken over: ask, yes, no.
	Adopt string `yaml:"adopt"`
	// Map is how records look at the target.
	Map Map `yaml:"map,omitempty" reload:"yes"`
}

// Removals are what a removal means at a target, and how many of them are too
// many for one run: more than Few, and either more than Percent of what is
// there or more than Most. Then all of the run are held for a person.
type Removals struct {
	Means   string        `yaml:"means"`           // suspend, inactive, complete, delete
	After   time.Duration `yaml:"after,omitempty"` // how long a removal waits before it is sent
	Few     int           `yaml:"few"`
	Percent int           `yaml:"percent"`
	Most    int           `yaml:"most"`
	Off     bool          `yaml:"off"` // hold none
}

// Map is how records look at a target; route.Mapping says what each part means.
type Map struct {
	Roles            map[string]string `yaml:"roles,omitempty"`
	Statuses         map[string]string `yaml:"statuses,omitempty"`
	Types            map[string]string `yaml:"types,omitempty"`
	InstitutionRoles map[string]string `yaml:"institution_roles,omitempty"`
	Set              []Set             `yaml:"set,omitempty"`
	Tests            []Test            `yaml:"tests,omitempty"`
}

// Set writes values into records.
type Set struct {
	Kinds []string         `yaml:"kinds,omitempty"`
	When  Lines            `yaml:"when,omitempty"` // an expression
	Set   map[string]Lines `yaml:"set"`            // place to expression
}

// Test is an example of what a Map does, run by lisgate check.
type Test struct {
	Name  string `yaml:"name"`
	Kind  string `yaml:"kind"`
	Given Lines  `yaml:"given"`           // the object, as JSON
	Want  Lines  `yaml:"want,omitempty"`  // what must stand in it then, as JSON
	Error string `yaml:"error,omitempty"` // a part of the refusal, when it is to be refused
}

// Route leads changes to targets. An empty list stands for all.
type Route struct {
	Name         string   `yaml:"name"`
	From         []string `yaml:"from,omitempty"`       // callers and sources
	Kinds        []string `yaml:"kinds,omitempty"`      // person, group, courseSection and so on
	Operations   []string `yaml:"operations,omitempty"` // such as "replace*"
	Institution  []string `yaml:"institution,omitempty"`
	Organisation []string `yaml:"organisation,omitempty"`
	Term         []string `yaml:"term,omitempty"`
	Role         []string `yaml:"role,omitempty"`
	When         Lines    `yaml:"when,omitempty"` // an expression; see package route
	To           []string `yaml:"to"`             // targets; must be given
}
