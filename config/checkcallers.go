package config

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

var goodName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

var goodPattern = regexp.MustCompile(`^[A-Za-z0-9*?]+$`)

func item(key string, i int) string { return fmt.Sprintf("%s[%d]", key, i) }

// name checks a name and that nothing before it has the same.
func (k *checker) name(key, name string, seen map[string]string) {
	switch other, twice := seen[name]; {
	case name == "":
		k.follows(key, "has no name")
		return
	case !goodName.MatchString(name):
		k.say(key+".name", "must consist of letters, digits and . _ -, not %s", quote(name))
	case twice:
		k.say(key+".name", "%s is the name of %s already", name, other)
	}
	seen[name] = key
}

func (k *checker) callers() {
	names := map[string]string{}
	for i := range k.c.Callers {
		caller, key := &k.c.Callers[i], item("callers", i)
		k.name(key, caller.Name, names)
		if caller.Name == "anonymous" {
			k.say(key+".name", "anonymous is the name of callers without credentials; settings for them stand under anonymous:")
		}
		k.oneOf(key+".profile", caller.Profile, callerProfiles)
		k.rights(key, caller.Services, caller.Operations, caller.Rate)
		k.credentials(key, caller)
		k.sequence(key+".sequence", caller.Sequence)
	}
	if a := k.c.Anonymous; a != nil {
		k.oneOf("anonymous.profile", a.Profile, callerProfiles)
		k.rights("anonymous", a.Services, a.Operations, a.Rate)
		if len(k.c.Callers) > 0 && a.Admin {
			k.warn("anonymous.admin", "anybody on this machine can administer the gateway without credentials, although there are callers")
		}
	}
}

func (k *checker) rights(key string, of, patterns []string, rate float64) {
	for i, s := range of {
		if !has(services, s) {
			k.say(item(key+".services", i), "unknown service %s%s", quote(s), meant(s, services))
			of = nil
		}
	}
	k.patterns(key+".operations", patterns, of)
	if rate < 0 {
		k.say(key+".rate", "must not be below zero")
	}
}

// patterns checks globs of operations, within services when some are named.
func (k *checker) patterns(key string, patterns, of []string) {
	for i, p := range patterns {
		key := item(key, i)
		if !goodPattern.MatchString(p) {
			k.say(key, "%s is not a pattern: letters, digits, * and ? are all there is", quote(p))
			continue
		}
		some, inServices := matches(p, of)
		switch {
		case !some:
			k.say(key, "no operation is named %s%s", quote(p), meant(p, operations))
		case !inServices:
			k.say(key, "no operation of %s is named %s", strings.Join(of, ", "), quote(p))
		}
	}
}

func (k *checker) credentials(key string, c *Caller) {
	if c.Basic == nil && c.WSSE == nil && c.OAuth1 == nil && c.Certificate == nil {
		k.follows(key, "has none of basic, wsse, oauth1 and certificate, so that nobody can be it")
	}
	k.logins(key, c.Basic, c.WSSE, c.OAuth1, true)
	if c.Certificate != nil {
		k.certificate(key+".certificate", c.Certificate)
	}
}

// logins checks the credentials of a caller, which must be its own, or those
// that are shown to a target.
func (k *checker) logins(key string, basic *Basic, wsse *WSSE, oauth1 *OAuth1, own bool) {
	if basic != nil {
		k.login(key+".basic", "user", basic.User, "password", basic.Password, own)
		if strings.Contains(basic.User, ":") {
			k.say(key+".basic.user", "must not hold a colon: HTTP Basic ends the user there")
		}
	}
	if wsse != nil {
		k.login(key+".wsse", "user", wsse.User, "password", wsse.Password, own)
	}
	if oauth1 != nil {
		k.login(key+".oauth1", "key", oauth1.Key, "secret", oauth1.Secret, own)
	}
}

func (k *checker) login(key, userKey, user, secretKey string, secret Secret, own bool) {
	if user == "" {
		k.follows(key, "has no %s", userKey)
	} else if own {
		k.unique(key+"."+userKey, key[strings.LastIndex(key, ".")+1:]+" "+user)
	}
	if secret == "" {
		k.follows(key, "has no %s", secretKey)
		return
	}
	k.secret(key+"."+secretKey, secret)
}

// secret checks that a secret can be had.
func (k *checker) secret(key string, secret Secret) {
	if _, err := secret.Reveal(); err != nil {
		k.say(key, "%s", strings.TrimPrefix(err.Error(), "read secret: "))
	} else if secret.plain() {
		k.warn(key, "stands in the configuration itself; file:PATH or env:NAME would keep it out")
	}
}

// unique refuses a credential that another caller has: who would it be?
func (k *checker) unique(key, credential string) {
	if other, twice := k.users[credential]; twice {
		k.say(key, "is the same as %s", other)
		return
	}
	k.users[credential] = key
}

func (k *checker) certificate(key string, c *Certificate) {
	switch {
	case c.Subject == "" && c.SHA256 == "":
		k.follows(key, "has neither subject nor sha256")
	case c.Subject != "" && c.SHA256 != "":
		k.say(key, "has both subject and sha256: one of them must do")
	case c.Subject != "":
		k.unique(key+".subject", "certificate "+c.Subject)
		if !strings.Contains(c.Subject, "=") {
			k.say(key+".subject", "must be such as CN=banner,O=Example University")
		}
	default:
		digits := strings.ToLower(strings.ReplaceAll(c.SHA256, ":", ""))
		k.unique(key+".sha256", "certificate "+digits)
		if raw, err := hex.DecodeString(digits); err != nil || len(raw) != 32 {
			k.say(key+".sha256", "must be 64 hexadecimal digits, with or without colons")
		}
	}
	if k.c.TLS.ClientCA == "" {
		k.follows(key, "needs tls.client_ca, the authority that signed it")
	}
}
