package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestExampleIsTheDefault(t *testing.T) {
	c := mustLoad(t, Example, nil)
	if got, want := c.String(), Default().String(); got != want {
		t.Errorf("the example says\n%swant\n%s", got, want)
	}
}

// takeOver does what the example tells its reader to do: lines that begin
// with # and no single space lose the #.
func takeOver(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		before, after, commented := strings.Cut(line, "#")
		prose := strings.HasPrefix(after, " ") && !strings.HasPrefix(after, "  ")
		if commented && strings.TrimSpace(before) == "" && !prose {
			line = before + after
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

func TestExampleWithAllInIt(t *testing.T) {
	dir := t.TempDir()
	makeCertificate(t, dir)
	for _, name := range []string{"BANNER_PASSWORD", "CIRRUS_PASSWORD", "TURNITIN_SECRET", "LMS_PASSWORD", "MOODLE_TOKEN", "SIS_PASSWORD"} {
		t.Setenv(name, "x")
	}
	text := strings.ReplaceAll(takeOver(Example), "/etc/lisgate", dir)
	c := mustLoad(t, text, nil)
	if len(c.Warnings) > 0 {
		t.Errorf("warnings: %q", c.Warnings)
	}
	everyKeySet(t, reflect.ValueOf(*c), text, "")
}

func makeCertificate(t *testing.T, dir string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "clients.pem": {Type: "CERTIFICATE", Bytes: cert},
		"key.pem": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// everyKeySet makes sure that no key is left out of the example.
func everyKeySet(t *testing.T, v reflect.Value, text, key string) {
	for f := range v.Type().Fields() {
		name := keyOf(f)
		if name == "" {
			continue
		}
		if !strings.Contains(text, name+":") {
			t.Errorf("%s is not in the example", below(key, name))
		}
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			everyKeySet(t, reflect.New(inner).Elem(), text, below(key, name))
		}
	}
}
