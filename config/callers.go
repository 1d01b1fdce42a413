package config

import "time"

// Caller is a system that may call, with the credentials by which it is
// known. One of them is enough.
type Caller struct {
	Name string `yaml:"name"`
	// Profile says which deviations from the standard are forgiven: strict,
	// tolerant, ilp, blackboard, peoplesoft, cirrus, d2l, turnitin. Default tolerant.
	Profile     string       `yaml:"profile"`
	Basic       *Basic       `yaml:"basic,omitempty"`
	WSSE        *WSSE        `yaml:"wsse,omitempty"`
	OAuth1      *OAuth1      `yaml:"oauth1,omitempty"`
	Certificate *Certificate `yaml:"certificate,omitempty"`
	// Services that it may call: pms, gms, mms, cms, oms, bdems; empty for all.
	Services []string `yaml:"services,omitempty"`
	// Operations that it may call, such as "replace*"; empty for all.
	Operations []string `yaml:"operations,omitempty"`
	// Rate is how many requests it may make in a second; 0 for no limit.
	Rate float64 `yaml:"rate"`
	// Admin may use /admin/v1 and the console.
	Admin bool `yaml:"admin"`
	// Expect raises an alarm when no message came for longer; 0 for none.
	Expect time.Duration `yaml:"expect,omitempty"`
	// Sequence says where the caller's own order stands in its records:
	// dateTime, recordInfo.FIELD or extension.FIELD; "" for nowhere.
	Sequence string `yaml:"sequence,omitempty"`
}

// Anonymous is what a caller without credentials on this machine is.
type Anonymous struct {
	Profile    string   `yaml:"profile"` // default tolerant
	Services   []string `yaml:"services,omitempty"`
	Operations []string `yaml:"operations,omitempty"`
	Rate       float64  `yaml:"rate"`
	Admin      bool     `yaml:"admin"`
}

// Basic is a user of HTTP Basic authentication.
type Basic struct {
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
}

// WSSE is a user of a WS-Security UsernameToken.
type WSSE struct {
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	// Digest of a caller: PasswordText is refused. Of a target: PasswordDigest is sent.
	Digest bool `yaml:"digest"`
}

// OAuth1 is a consumer of OAuth 1.0a, signing with HMAC.
type OAuth1 struct {
	Key    string `yaml:"key"`
	Secret Secret `yaml:"secret"`
}

// Certificate is a client certificate, known by one of the two.
type Certificate struct {
	Subject string `yaml:"subject,omitempty"` // "CN=banner,O=Example University"
	SHA256  string `yaml:"sha256,omitempty"`  // fingerprint in hexadecimal, with or without colons
}
