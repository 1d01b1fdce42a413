package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// Secret is a password or a key, or says where one is kept: file:PATH or
// env:NAME. However it is printed, <secret> is all that is seen.
type Secret string

const (
	masked     = "<secret>"
	secretMost = 64 << 10 // no password is longer
)

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Reveal returns the secret itself. No error of it holds any part of one.
func (s Secret) Reveal() (string, error) {
	if name, ok := strings.CutPrefix(string(s), "env:"); ok {
		return fromEnvironment(name)
	}
	if path, ok := strings.CutPrefix(string(s), "file:"); ok {
		return fromFile(path)
	}
	return string(s), nil
}

// plain reports whether the secret itself stands in the configuration.
func (s Secret) plain() bool {
	return s != "" && !strings.HasPrefix(string(s), "env:") && !strings.HasPrefix(string(s), "file:")
}

func fromEnvironment(name string) (string, error) {
	// What is no name may be a password that happens to begin with env:.
	if !envName.MatchString(name) {
		return "", errors.New("read secret: what follows env: is not the name of an environment variable")
	}
	value := os.Getenv(name)
	if value == "" {
		return "", fmt.Errorf("read secret: environment variable %s is not set", name)
	}
	return value, nil
}

func fromFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read secret: %s: %w", path, reason(err))
	}
	if !info.Mode().IsRegular() { // a pipe would keep us waiting
		return "", fmt.Errorf("read secret: %s: is not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read secret: %s: %w", path, reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, secretMost+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read secret: %s: %w", path, reason(err))
	case len(data) > secretMost:
		return "", fmt.Errorf("read secret: %s: is longer than %s", path, Size(secretMost))
	}
	// Editors end a file with a line break that is no part of the secret.
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", fmt.Errorf("read secret: %s: is empty", path)
	}
	return value, nil
}

// reason takes the act and the path off an error of the file system.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// String returns <secret>, or "" when there is none.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// Format prints <secret> whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText gives <secret> to JSON, YAML and zap.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
