package config

import "time"

// Limits are the most that is taken from a caller. There is no way to switch
// one off: zero stands for its default. Those without the tag reload belong to
// the HTTP server and to the exchanges that run, which take them at the start.
type Limits struct {
	MessageBytes Size `yaml:"message_bytes" reload:"yes"` // one message
	BulkBytes    Size `yaml:"bulk_bytes"`                 // one bulk file
	HeaderBytes  Size `yaml:"header_bytes"`               // the HTTP header

	Depth      int  `yaml:"depth" reload:"yes"`      // elements inside each other
	Elements   int  `yaml:"elements" reload:"yes"`   // in one message
	Attributes int  `yaml:"attributes" reload:"yes"` // of one element
	Namespaces int  `yaml:"namespaces" reload:"yes"` // declared at one time
	NameBytes  Size `yaml:"name_bytes" reload:"yes"` // of an element or attribute name
	TextBytes  Size `yaml:"text_bytes" reload:"yes"` // of one text or attribute value

	HeaderTimeout time.Duration `yaml:"header_timeout"`             // until the HTTP header is there
	ReadTimeout   time.Duration `yaml:"read_timeout"`               // until the whole message is there
	WriteTimeout  time.Duration `yaml:"write_timeout" reload:"yes"` // without progress in the answer
	IdleTimeout   time.Duration `yaml:"idle_timeout"`               // between two messages on a connection

	Connections int `yaml:"connections"`            // open at one time
	InFlight    int `yaml:"in_flight" reload:"yes"` // messages worked on at one time
}
