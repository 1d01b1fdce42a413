package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"
)

func (k *checker) tls() {
	t, all := k.c.TLS, true
	for _, f := range []struct{ key, path string }{
		{"tls.cert", t.Cert}, {"tls.key", t.Key}, {"tls.client_ca", t.ClientCA},
	} {
		all = (f.path == "" || k.readable(f.key, f.path)) && all
	}
	switch {
	case t.Cert != "" && t.Key == "":
		k.follows("tls", "has a cert but no key")
	case t.Cert == "" && t.Key != "":
		k.follows("tls", "has a key but no cert")
	case t.Cert == "" && t.ClientCA != "":
		k.follows("tls", "client_ca needs cert and key: client certificates exist only in TLS")
	case t.Cert != "" && all:
		k.pair(t)
	}
}

func (k *checker) readable(key, path string) bool {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // a pipe would keep us waiting
		err = errors.New("is not a file")
	}
	if err == nil {
		var f *os.File
		if f, err = os.Open(path); err == nil {
			f.Close()
		}
	}
	if err != nil {
		k.say(key, "%s: %v", path, reason(err))
	}
	return err == nil
}

// pair looks whether the files hold what they should.
func (k *checker) pair(t TLS) {
	if _, err := tls.LoadX509KeyPair(t.Cert, t.Key); err != nil {
		k.say("tls", "cert and key cannot be used: %v", err)
	}
	if t.ClientCA == "" {
		return
	}
	pem, err := os.ReadFile(t.ClientCA)
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		k.say("tls.client_ca", "%s: holds no certificate in PEM", t.ClientCA)
	}
}

// ours are the paths that aliases must leave alone.
var ours = []string{"/lis", "/ims", "/oauth", "/caliper", "/console", "/admin", "/healthz", "/readyz", "/metrics"}

func (k *checker) paths() {
	for _, path := range slices.Sorted(maps.Keys(k.c.Paths)) {
		key := "paths." + path
		if service := k.c.Paths[path]; !has(services, service) {
			k.say(key, "unknown service %s%s", quote(service), meant(service, services))
		}
		if !strings.HasPrefix(path, "/") || len(path) < 2 || strings.ContainsAny(path, "{}?#% \t") || strings.Contains(path, "//") {
			k.say(key, "must be a path such as /services/PersonManagementServiceSyncService")
			continue
		}
		for _, own := range ours {
			if path == own || strings.HasPrefix(path, own+"/") {
				k.say(key, "%s and what is below it belongs to lisgate itself", own)
			}
		}
	}
}

func (k *checker) limits() {
	l := k.c.Limits
	for f, v := range reflect.ValueOf(l).Fields() {
		if v.Int() <= 0 {
			k.say("limits."+keyOf(f), "must be above zero")
		}
	}
	k.notAbove("limits.text_bytes", l.TextBytes, "limits.message_bytes", l.MessageBytes)
	k.notAbove("limits.name_bytes", l.NameBytes, "limits.message_bytes", l.MessageBytes)
	k.notAbove("limits.message_bytes", l.MessageBytes, "limits.bulk_bytes", l.BulkBytes)
	k.notLonger("limits.header_timeout", l.HeaderTimeout, "limits.read_timeout", l.ReadTimeout)
	if l.Depth > 10_000 {
		k.say("limits.depth", "must not be above 10000: the stack would not hold it")
	}
}

func (k *checker) notAbove(key string, size Size, otherKey string, other Size) {
	if size > other {
		k.say(key, "%s is more than %s, which is %s", size, otherKey, other)
	}
}

func (k *checker) notLonger(key string, d time.Duration, otherKey string, other time.Duration) {
	if d > other {
		k.say(key, "%s is longer than %s, which is %s", d, otherKey, other)
	}
}

func (k *checker) bulk() {
	for i, prefix := range k.c.Bulk.Allow {
		key := item("bulk.allow", i)
		k.url(key, prefix)
		// https://sis.example.edu would also allow https://sis.example.edu.example.com.
		if strings.Count(prefix, "/") < 3 {
			k.say(key, "needs a / after the host, or it would allow other hosts that begin alike")
		}
	}
	if drop := k.c.Bulk.Drop; drop != "" {
		if info, err := os.Stat(drop); err == nil && !info.IsDir() {
			k.say("bulk.drop", "%s: is not a folder", drop)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			k.say("bulk.drop", "%s: %v", drop, reason(err))
		}
	}
}
