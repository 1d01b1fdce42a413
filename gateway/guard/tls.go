package guard

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// TLSConfig serves a certificate from PEM files and, with clientCA, verifies
// the certificates that clients show. The certificate is read again when its
// files change, looked at once a second at most. When the new files are of no
// use the old certificate stays, and failed is told once for each change; it
// may be nil.
func TLSConfig(cert, key, clientCA string, failed func(error)) (*tls.Config, error) {
	k := &keeper{cert: cert, key: key, failed: failed, now: time.Now}
	// Looked at first, so that a change while reading is seen later.
	k.stamp, k.next = k.look(), k.now().Add(time.Second)
	if err := k.read(); err != nil {
		return nil, err
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.get}
	if clientCA == "" {
		return c, nil
	}
	text, err := os.ReadFile(clientCA)
	if err != nil {
		return nil, fmt.Errorf("read client authorities: %w", err)
	}
	c.ClientCAs = x509.NewCertPool()
	if !c.ClientCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read client authorities: %s holds no certificate", clientCA)
	}
	// Callers with other credentials have no certificate.
	c.ClientAuth = tls.VerifyClientCertIfGiven
	return c, nil
}

// A keeper keeps the certificate of two files.
type keeper struct {
	cert, key string
	failed    func(error)
	now       func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]stamp  // of the files that were last read, used or not
	next    time.Time // not looked at again before
}

// A stamp changes when a file does.
type stamp struct {
	changed time.Time
	size    int64
}

func (k *keeper) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); !now.Before(k.next) {
		k.next = now.Add(time.Second)
		k.refresh()
	}
	return k.current, nil
}

func (k *keeper) refresh() {
	stamp := k.look()
	if stamp == k.stamp {
		return
	}
	// Cert and key are seldom replaced in one step; while they do not fit,
	// the old pair stays, and the next change is another try.
	k.stamp = stamp
	if err := k.read(); err != nil && k.failed != nil {
		k.failed(err)
	}
}

func (k *keeper) read() error {
	pair, err := tls.LoadX509KeyPair(k.cert, k.key)
	if err != nil {
		return fmt.Errorf("read TLS certificate: %w", err)
	}
	if pair.Leaf != nil && k.now().After(pair.Leaf.NotAfter) && k.current != nil {
		return errors.New("read TLS certificate: the new one has expired")
	}
	k.current = &pair
	return nil
}

func (k *keeper) look() (s [2]stamp) {
	for i, path := range []string{k.cert, k.key} {
		if info, err := os.Stat(path); err == nil {
			s[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return s
}
