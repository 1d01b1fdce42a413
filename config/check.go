package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Check gives what is not set its default, looks for contradictions and for
// words that mean nothing, and sets Warnings. The error is Mistakes. Load has
// done it already.
func (c *Config) Check() error {
	c.fill()
	k := c.examine(nil)
	c.Warnings = k.warnings
	return join(nil, k.mistakes)
}

// A checker goes through a Config and collects.
type checker struct {
	c        *Config
	mistakes Mistakes
	warnings []string
	users    map[string]string // credential -> key of the caller who has it
	read     Mistakes          // found before, on reading
}

// examine is the list of all that is looked at, after the mistakes found on
// reading.
func (c *Config) examine(read Mistakes) *checker {
	k := &checker{c: c, users: map[string]string{}, read: read}
	k.listen()
	k.tls()
	k.oneOf("log.level", c.Log.Level, levels)
	k.oneOf("log.format", c.Log.Format, formats)
	if c.PublicURL != "" {
		k.url("public_url", c.PublicURL)
	}
	k.paths()
	k.limits()
	k.callers()
	k.targets()
	k.sources()
	k.grades()
	k.routes()
	k.plans()
	k.bulk()
	return k
}

func (k *checker) say(key, format string, args ...any) {
	p := k.at(key)
	k.mistakes = append(k.mistakes, Mistake{Where: p.String(), Key: key, What: fmt.Sprintf(format, args...), line: p.line})
}

// follows reports what may be the consequence of a mistake found on reading.
func (k *checker) follows(key, format string, args ...any) {
	k.say(key, format, args...)
	k.mistakes[len(k.mistakes)-1].follows = true
}

func (k *checker) warn(key, format string, args ...any) {
	m := Mistake{Where: k.at(key).String(), Key: key, What: fmt.Sprintf(format, args...)}
	k.warnings = append(k.warnings, m.String())
}

// at returns where a key was given, or else the nearest mapping around it.
func (k *checker) at(key string) place {
	for {
		if p, ok := k.c.where[key]; ok && (key != "" || len(k.c.where) > 0) {
			if key == "" {
				p.line = 0 // the file as a whole
			}
			return p
		}
		if key == "" {
			return place{}
		}
		key = key[:max(0, strings.LastIndexAny(key, ".["))]
	}
}

func (k *checker) oneOf(key, value string, words []string) {
	if !has(words, value) {
		k.say(key, "unknown value %s%s", quote(value), meant(value, words))
	}
}

func has(words []string, word string) bool { return slices.Contains(words, word) }

// listen refuses to open the house to others by accident.
func (k *checker) listen() {
	if k.c.Data == "" {
		k.follows("data", "is missing")
	}
	host, port, err := net.SplitHostPort(k.c.Listen)
	if err != nil {
		k.say("listen", "must be HOST:PORT such as 127.0.0.1:8080, not %s", quote(k.c.Listen))
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		k.say("listen", "the port must be a number from 0 to 65535, not %s", quote(port))
	} else if n != 0 && n < 1024 {
		k.warn("listen", "ports below 1024 need rights that lisgate should not have")
	}
	if !isLoopback(host) {
		k.exposed()
	}
}

func (k *checker) exposed() {
	var lacks, remedies []string
	if len(k.c.Callers) == 0 {
		lacks = append(lacks, "there are no callers, so that anybody could read and change every record")
		remedies = append(remedies, "add callers with credentials")
	}
	if k.c.TLS.Cert == "" {
		lacks = append(lacks, "there is no tls, so that passwords and records would be readable on the way")
		remedies = append(remedies, "add tls with cert and key")
	}
	switch {
	case len(lacks) == 0:
	case k.c.Insecure:
		k.warn("listen", "%s can be reached from other machines and insecure is set: %s", k.c.Listen, strings.Join(lacks, ", and "))
	default:
		k.follows("listen", "%s can be reached from other machines, but %s; %s, or listen on 127.0.0.1, or set insecure: true (--insecure)",
			k.c.Listen, strings.Join(lacks, ", and "), strings.Join(remedies, " and "))
	}
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// url checks an address of HTTP. The address itself is not told, because
// somebody may have put a password into it.
func (k *checker) url(key, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil && strings.Contains(text, "://"):
		k.say(key, "is not a URL")
	case err != nil || u.Scheme != "http" && u.Scheme != "https":
		k.say(key, "needs http:// or https:// in front, such as https://lms.example.edu/lis/")
	case u.Hostname() == "":
		k.say(key, "has no host")
	case u.User != nil:
		k.say(key, "must not hold a user or password: put them under basic")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		k.say(key, "must end before ? and #")
	}
}
