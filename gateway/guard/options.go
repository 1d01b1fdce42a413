package guard

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// Options are what a guard is made of.
type Options struct {
	Callers   []CallerOptions
	Anonymous *AnonymousOptions // nil: nobody comes in without credentials
	// AnonymousAnywhere lets callers without credentials in from other
	// machines too, who are then never Admin.
	AnonymousAnywhere bool
	Nonces            Nonces           // needed for OAuth1 and WSSE
	PublicURL         string           // by which callers know us, when a proxy hides ours
	Realm             string           // default lisgate
	Now               func() time.Time // default time.Now
}

// Nonces remembers what may be seen only once, for all nodes. A
// journal.Store is one.
type Nonces interface {
	// Seen reports whether a token was seen before, and remembers it until a time.
	Seen(ctx context.Context, token string, now, until time.Time) (bool, error)
}

// CallerOptions describe a caller. Each of the credentials is enough.
type CallerOptions struct {
	Name, Profile string
	Admin         bool
	Basic         *Login
	WSSE          *Login
	OAuth1        *Login
	Subject       string        // of a client certificate, such as CN=banner,O=Example University
	SHA256        string        // fingerprint of a client certificate, in hexadecimal
	Services      []lis.Service // none for all
	Operations    []string      // patterns with * and ?; none for all
	Rate          float64       // requests per second; 0 for no limit
}

// AnonymousOptions describe a caller without credentials.
type AnonymousOptions struct {
	Profile    string
	Admin      bool
	Services   []lis.Service
	Operations []string
	Rate       float64
}

// Login is a user and password, or a consumer key and secret.
type Login struct {
	User   string
	Secret Secret
	Digest bool // WSSE only: refuse PasswordText
}

// Secret holds a text that no way of printing shows, not even one that looks
// into unexported fields.
type Secret struct{ text func() string }

// Hide makes a Secret.
func Hide(text string) Secret { return Secret{func() string { return text }} }

func (s Secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return s.text()
}

// Format prints <secret> whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, "<secret>") }

// MarshalText gives <secret>.
func (s Secret) MarshalText() ([]byte, error) { return []byte("<secret>"), nil }

// add puts a caller's credentials into the tables.
func (g *Guard) add(o *CallerOptions) error {
	rights, err := newRights(o.Services, o.Operations, o.Rate)
	if err != nil {
		return err
	}
	c := &Caller{Name: o.Name, Profile: o.Profile, Admin: o.Admin, rights: rights}
	if (o.WSSE != nil || o.OAuth1 != nil) && g.nonces == nil {
		return errors.New("wsse and oauth1 need a store of nonces")
	}
	return errors.Join(
		put(g.basic, o.Basic, c, "basic"),
		put(g.wsse, o.WSSE, c, "wsse"),
		put(g.oauth1, o.OAuth1, c, "oauth1"),
		g.putCertificate(o, c),
	)
}

func put(logins map[string]*login, l *Login, c *Caller, method string) error {
	if l == nil {
		return nil
	}
	if l.User == "" || l.Secret.reveal() == "" {
		return fmt.Errorf("%s has an empty user or secret", method)
	}
	if other := logins[l.User]; other != nil {
		return fmt.Errorf("%s has the user of %s", method, other.caller.Name)
	}
	logins[l.User] = &login{c, l.Secret, l.Digest}
	return nil
}

func (g *Guard) putCertificate(o *CallerOptions, c *Caller) error {
	if o.Subject != "" {
		subject := normalSubject(o.Subject)
		if g.subjects[subject] != nil {
			return fmt.Errorf("certificate has the subject of %s", g.subjects[subject].Name)
		}
		g.subjects[subject] = c
	}
	if o.SHA256 != "" {
		digits := strings.ToLower(strings.ReplaceAll(o.SHA256, ":", ""))
		if raw, err := hex.DecodeString(digits); err != nil || len(raw) != 32 {
			return errors.New("certificate fingerprint is not 64 hexadecimal digits")
		}
		if g.prints[digits] != nil {
			return fmt.Errorf("certificate has the fingerprint of %s", g.prints[digits].Name)
		}
		g.prints[digits] = c
	}
	return nil
}
