package guard

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An authority signs certificates for tests.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	last int64
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.key = a.newKey()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true}
	a.cert = a.issue(template, template, a.key)
	return a
}

func (a *authority) newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return key
}

func (a *authority) issue(template, parent *x509.Certificate, of *ecdsa.PrivateKey) *x509.Certificate {
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, of.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(raw)
	return cert
}

func (a *authority) sign(subject pkix.Name, lives time.Duration) tls.Certificate {
	key := a.newKey()
	a.last++
	template := &x509.Certificate{SerialNumber: big.NewInt(a.last + 1), Subject: subject, NotAfter: time.Now().Add(lives), DNSNames: []string{"localhost"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	cert := a.issue(template, a.cert, key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

func (a *authority) write(c tls.Certificate, certFile, keyFile string) {
	raw, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		a.t.Fatal(err)
	}
	a.put(certFile, "CERTIFICATE", c.Certificate[0])
	a.put(keyFile, "PRIVATE KEY", raw)
}

func (a *authority) put(file, kind string, raw []byte) {
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func TestClientCertificates(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	cert, key, ca := filepath.Join(dir, "cert"), filepath.Join(dir, "key"), filepath.Join(dir, "ca")
	a.write(a.sign(pkix.Name{CommonName: "server"}, time.Hour), cert, key)
	a.put(ca, "CERTIFICATE", a.cert.Raw)
	named := a.sign(pkix.Name{CommonName: "Banner, Inc", Organization: []string{"Example University"}}, time.Hour)
	printed := a.sign(pkix.Name{CommonName: "other"}, time.Hour)
	stranger := a.sign(pkix.Name{CommonName: "stranger"}, time.Hour)
	impostor := newAuthority(t).sign(named.Leaf.Subject, time.Hour)
	sum := sha256.Sum256(printed.Certificate[0])
	h := newHouse(t, func(o *Options) {
		o.Callers = append(o.Callers, CallerOptions{Name: "by subject", Subject: `o = Example University, CN = Banner\, Inc`},
			CallerOptions{Name: "by print", SHA256: hex.EncodeToString(sum[:])})
	})
	config, err := TLSConfig(cert, key, ca, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := h.enter(r, "", nil)
		if err != nil {
			w.Write([]byte(err.Error()))
			return
		}
		w.Write([]byte(c.Name))
	}))
	server.TLS = config
	server.StartTLS()
	defer server.Close()

	ask := func(c *tls.Certificate, header http.Header) string { return a.ask(server.URL, c, header) }
	basic := withBasic("banner", "pässword").Header
	for want, got := range map[string]string{
		"by subject": ask(&named, nil), "by print": ask(&printed, nil), "banner": ask(&stranger, basic),
		"refuse caller: credentials are needed":                                              ask(&stranger, nil),
		"refuse caller: the credentials belong to different callers (by subject and banner)": ask(&named, basic),
		"no connection": ask(&impostor, nil),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	// A header that tells of a certificate is no certificate, and neither is an unverified one.
	r := post()
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{named.Leaf}}
	_, err = h.enter(r, "", nil)
	wantStatus(t, err, 401, "credentials are needed")
}

func (a *authority) ask(url string, c *tls.Certificate, header http.Header) string {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost",
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if c == nil {
				return &tls.Certificate{}, nil
			}
			return c, nil
		}}}
	defer transport.CloseIdleConnections()
	r, _ := http.NewRequest("POST", url, nil)
	if header != nil {
		r.Header = header
	}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return "no connection"
	}
	defer answer.Body.Close()
	text := make([]byte, 1000)
	n, _ := answer.Body.Read(text)
	return string(text[:n])
}

func TestCertificateIsReadAgain(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	stamped := time.Now()
	replace := func(c tls.Certificate) {
		a.write(c, certFile, keyFile)
		stamped = stamped.Add(time.Minute) // file systems may be coarse
		os.Chtimes(certFile, stamped, stamped)
		os.Chtimes(keyFile, stamped, stamped)
	}
	first, second, third := a.sign(pkix.Name{CommonName: "1"}, time.Hour), a.sign(pkix.Name{CommonName: "2"}, time.Hour), a.sign(pkix.Name{CommonName: "3"}, -time.Hour)
	replace(first)
	clock := &clock{t: time.Now()}
	var failures []error
	k := &keeper{cert: certFile, key: keyFile, failed: func(err error) { failures = append(failures, err) }, now: clock.now}
	if err := k.read(); err != nil {
		t.Fatal(err)
	}
	expect := func(name string, failed int) {
		t.Helper()
		c, err := k.get(nil)
		if err != nil || c.Leaf.Subject.CommonName != name || len(failures) != failed {
			t.Fatalf("got %v, %v, failures %v", c.Leaf.Subject, err, failures)
		}
	}
	expect("1", 0)
	replace(second)
	expect("1", 0) // looked at once a second only
	clock.pass(time.Second)
	expect("2", 0)

	os.WriteFile(certFile, []byte("broken"), 0o600)
	for range 3 { // told once
		clock.pass(time.Second)
		expect("2", 1)
	}
	replace(third)
	clock.pass(time.Second)
	expect("2", 2)
	os.Remove(keyFile)
	clock.pass(time.Second)
	expect("2", 3)
	replace(first)
	clock.pass(time.Second)
	expect("1", 3)
}

func TestTLSConfigRefuses(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	cert, key := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	if _, err := TLSConfig(cert, key, "", nil); err == nil {
		t.Error("missing files are accepted")
	}
	a.write(a.sign(pkix.Name{}, time.Hour), cert, key)
	for _, ca := range []string{key, filepath.Join(dir, "nowhere")} {
		if _, err := TLSConfig(cert, key, ca, nil); err == nil {
			t.Errorf("%s is accepted", ca)
		}
	}
	c, err := TLSConfig(cert, key, "", nil)
	if err != nil || c.MinVersion < tls.VersionTLS12 || c.ClientAuth != tls.NoClientCert {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := c.GetCertificate(nil); err != nil {
		t.Error(err)
	}
}

func TestNormalSubject(t *testing.T) {
	same := normalSubject("CN=banner,O=Example University,C=US")
	for _, text := range []string{"C = US, O = Example University, CN = banner", "cn=banner, o=Example University , c=US"} {
		if normalSubject(text) != same {
			t.Errorf("%s is another", text)
		}
	}
	if normalSubject(`CN=Banner\, Inc`) == normalSubject(`CN=Banner\, INC`) {
		t.Error("an escaped comma splits")
	}
	for _, text := range []string{"CN=Banner,O=Example University,C=US", "CN=banner", `CN=banner\,O=Example University,C=US`, "", "=,,"} {
		if normalSubject(text) == same {
			t.Errorf("%s is the same", text)
		}
	}
}
