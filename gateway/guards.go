package gateway

import (
	"crypto/tls"
	"errors"
	"log"
	"strings"

	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
)

// keeper makes the guard that the config describes.
func (g *Gateway) keeper(c *config.Config) (*guard.Guard, error) {
	o := guard.Options{Nonces: g.store, PublicURL: c.PublicURL, AnonymousAnywhere: c.Insecure && len(c.Callers) == 0}
	var errs []error
	for i := range c.Callers {
		caller, err := callerOptions(&c.Callers[i])
		errs = append(errs, err)
		o.Callers = append(o.Callers, caller)
	}
	switch a := c.Anonymous; {
	case a != nil:
		o.Anonymous = &guard.AnonymousOptions{Profile: a.Profile, Admin: a.Admin, Services: services(a.Services),
			Operations: a.Operations, Rate: a.Rate}
	case len(c.Callers) == 0:
		o.Anonymous = &guard.AnonymousOptions{Admin: true}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return guard.New(o)
}

func callerOptions(c *config.Caller) (guard.CallerOptions, error) {
	o := guard.CallerOptions{Name: c.Name, Profile: c.Profile, Admin: c.Admin, Services: services(c.Services),
		Operations: c.Operations, Rate: c.Rate}
	var errs [3]error
	if c.Basic != nil {
		o.Basic, errs[0] = login(c.Basic.User, c.Basic.Password, false)
	}
	if c.WSSE != nil {
		o.WSSE, errs[1] = login(c.WSSE.User, c.WSSE.Password, c.WSSE.Digest)
	}
	if c.OAuth1 != nil {
		o.OAuth1, errs[2] = login(c.OAuth1.Key, c.OAuth1.Secret, false)
	}
	if c.Certificate != nil {
		o.Subject, o.SHA256 = c.Certificate.Subject, c.Certificate.SHA256
	}
	return o, errors.Join(errs[:]...)
}

func login(user string, secret config.Secret, digest bool) (*guard.Login, error) {
	text, err := secret.Reveal()
	return &guard.Login{User: user, Secret: guard.Hide(text), Digest: digest}, err
}

func services(names []string) []lis.Service {
	var services []lis.Service
	for _, n := range names {
		services = append(services, lis.Service(n))
	}
	return services
}

// tlsConfig loads the certificates, and loads them again when their files
// change; one that cannot be read leaves the old one in force.
func (g *Gateway) tlsConfig(c *config.Config) (*tls.Config, error) {
	return guard.TLSConfig(c.TLS.Cert, c.TLS.Key, c.TLS.ClientCA, func(err error) {
		g.log.Error("certificate not taken, the old one stays", zap.Error(err))
	})
}

// quiet keeps what net/http says of strangers out of the log but for debugging.
func quiet(l *zap.Logger) *log.Logger { return log.New(debugWriter{l}, "", 0) }

type debugWriter struct{ log *zap.Logger }

func (d debugWriter) Write(b []byte) (int, error) {
	d.log.Debug("http", zap.String("text", strings.TrimSpace(string(b))))
	return len(b), nil
}
