// Package guard says who is calling, whether they may, and how fast.
//
// It knows HTTP Basic (RFC 7617), OAuth 1.0a with HMAC (RFC 5849, with the
// oauth_body_hash extension), the WS-Security UsernameToken profile 1.1 and
// client certificates. LIS fixes no mechanism; these are the ones its peers
// use.
//
// A door asks in three steps. Identify looks at the request line, the headers
// and the connection, and refuses early what can be refused before the body
// is read. Admit gets the body and the UsernameToken found in it, and names
// the Caller. Allow says whether that caller may use an operation now. All
// refusals are *Error.
package guard

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// A Caller is who has been identified.
type Caller struct {
	Name      string
	Profile   string // which deviations are forgiven
	Admin     bool   // may administer the gateway
	Anonymous bool   // has shown no credentials

	rights *rights
}

// A Guard knows the callers. It is safe for use by many goroutines. To change
// anything, make a new one.
type Guard struct {
	now       func() time.Time
	nonces    Nonces
	realm     string
	public    *url.URL // nil when there is none
	anonymous *Caller  // nil when nobody comes in without credentials
	anywhere  bool     // anonymous from other machines too
	closed    bool     // there are callers

	basic    map[string]*login // by user
	wsse     map[string]*login // by user
	oauth1   map[string]*login // by consumer key
	subjects map[string]*Caller
	prints   map[string]*Caller // by SHA-256 fingerprint, in hexadecimal

	decoy   *login // stands in for users who do not exist
	lock    *lockout
	browser *http.CrossOriginProtection
}

// A login is a user with a secret.
type login struct {
	caller *Caller
	secret Secret
	digest bool // PasswordText is refused
}

// New makes a guard. It refuses what could not be told apart or would let
// anybody in.
func New(o Options) (*Guard, error) {
	g := &Guard{
		now: o.Now, nonces: o.Nonces, realm: o.Realm, anywhere: o.AnonymousAnywhere, closed: len(o.Callers) > 0,
		basic: map[string]*login{}, wsse: map[string]*login{}, oauth1: map[string]*login{},
		subjects: map[string]*Caller{}, prints: map[string]*Caller{},
		decoy: &login{secret: Hide(rand.Text())}, lock: newLockout(), browser: http.NewCrossOriginProtection(),
	}
	if g.now == nil {
		g.now = time.Now
	}
	if g.realm == "" {
		g.realm = "lisgate"
	}
	if err := g.setPublic(o.PublicURL); err != nil {
		return nil, err
	}
	for i := range o.Callers {
		if err := g.add(&o.Callers[i]); err != nil {
			return nil, fmt.Errorf("add caller %s: %w", o.Callers[i].Name, err)
		}
	}
	if o.Anonymous != nil {
		a := *o.Anonymous
		rights, err := newRights(a.Services, a.Operations, a.Rate)
		if err != nil {
			return nil, fmt.Errorf("add anonymous caller: %w", err)
		}
		g.anonymous = &Caller{Name: "anonymous", Profile: a.Profile, Admin: a.Admin, Anonymous: true, rights: rights}
	}
	return g, nil
}

func (g *Guard) setPublic(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return fmt.Errorf("read public URL: it has no host")
	}
	g.public = u
	return g.browser.AddTrustedOrigin(u.Scheme + "://" + u.Host)
}
