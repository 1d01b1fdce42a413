package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// certificates makes an authority, and what it has signed, for a day.
func certificates(ts *testscript.TestScript, _ bool, _ []string) {
	ca := certificate("Test CA")
	ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	caKey := issue(ts, "ca.pem", ca, nil, nil)
	server := certificate("127.0.0.1")
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	issue(ts, "server.pem", server, ca, caKey)
	client := certificate("banner")
	client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	issue(ts, "client.pem", client, ca, caKey)
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
}

// issue writes a certificate and its key into one file; without an authority
// it signs itself.
func issue(ts *testscript.TestScript, file string, c, by *x509.Certificate, with *ecdsa.PrivateKey) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	if by == nil {
		by, with = c, key
	}
	signed, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, with)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	var out bytes.Buffer
	ts.Check(pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: signed}))
	ts.Check(pem.Encode(&out, &pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	ts.Check(os.WriteFile(ts.MkAbs(file), out.Bytes(), 0o600))
	return key
}
