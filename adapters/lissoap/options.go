package lissoap

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// Options say how an endpoint is reached. URL or URLs must be given.
type Options struct {
	// URL is the base address; the name of the service is added, as the
	// profile spells it. A profile with one address for all adds nothing.
	URL string
	// URLs are the whole addresses of single services.
	URLs map[lis.Service]string
	// Profile is strict, ilp, blackboard or peoplesoft; strict when empty.
	Profile string

	// BulkFolder has changes written as bulk data files (BDEMS 1.0) into a
	// folder; then no address is needed, and nothing is sent.
	BulkFolder string

	// CreateByProxy has the peer allot the identifier of what somebody asked to
	// create by proxy; without it such a record is put under its own.
	CreateByProxy bool

	Basic  *Basic
	WSSE   *WSSE
	OAuth1 *OAuth1

	SOAP      wire.SOAPVersion // SOAP 1.1 when empty
	Timeout   time.Duration    // of one call, answer included; 30 s when 0
	MaxAnswer int64            // bytes of one answer after gunzip; 64 MiB when 0
	HTTP      *http.Client     // our own when nil
	Now       func() time.Time
	NewID     func() string // of messages that no change has named, and of nonces
}

// A Secret is a password or a key. However it is printed, <secret> is seen.
type Secret = peer.Secret

// Basic is a user of HTTP Basic.
type Basic struct {
	User     string
	Password Secret
}

// WSSE is a user of a WS-Security UsernameToken.
type WSSE struct {
	User     string
	Password Secret
	Digest   bool // PasswordDigest in place of PasswordText
}

// OAuth1 is a consumer of OAuth 1.0a without a token.
type OAuth1 struct {
	Key    string
	Secret Secret
}

func (o Options) orDefault() Options {
	if o.Profile == "" {
		o.Profile = "strict"
	}
	if o.SOAP == "" {
		o.SOAP = wire.SOAP11
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxAnswer <= 0 {
		o.MaxAnswer = 64 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	return o
}

func newID() string {
	var random [16]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}

func (o Options) check() error {
	if o.URL == "" && len(o.URLs) == 0 && o.BulkFolder == "" {
		return errors.New("no address; give URL, or URLs of single services")
	}
	if o.CreateByProxy && o.BulkFolder != "" {
		return errors.New("a bulk file brings no answer, and create by proxy needs the identifier in it; leave out the one or the other")
	}
	if o.Basic != nil && o.OAuth1 != nil {
		return errors.New("HTTP Basic and OAuth 1.0a exclude each other: both are the Authorization header")
	}
	if o.URL != "" {
		if err := checkAddress(o.URL); err != nil {
			return err
		}
	}
	for service, address := range o.URLs {
		if namespaces[service] == "" {
			return fmt.Errorf("no LIS service %q; there are pms, gms, mms, cms, oms and bdems", service)
		}
		if err := checkAddress(address); err != nil {
			return err
		}
	}
	return nil
}

// checkAddress quotes no address that could hold a password.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("an address is no URL")
	case u.User != nil:
		return fmt.Errorf("the address %s holds a user; give it as Basic", u.Redacted())
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("the address %s is not of the form https://host/path", u.Redacted())
	}
	return nil
}

// address returns where an operation is sent, "" for nowhere.
func (o Options) address(d *dialect, op *operation) string {
	if address, ok := o.URLs[op.meaning.Service]; ok {
		return address
	}
	if o.URL == "" {
		return ""
	}
	name := d.path(op)
	if name == "" {
		return o.URL
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return "" // cannot be: check has parsed it
	}
	return u.JoinPath(name).String()
}
