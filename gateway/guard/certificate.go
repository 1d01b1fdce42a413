package guard

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// certificate looks whether the connection's client certificate is that of a
// caller. Only one that was verified counts. One of nobody is no credential:
// it may have been asked for by a proxy's rule.
func (v *Visitor) certificate() error {
	if v.r.TLS == nil || len(v.r.TLS.VerifiedChains) == 0 || len(v.r.TLS.VerifiedChains[0]) == 0 {
		return nil
	}
	leaf := v.r.TLS.VerifiedChains[0][0]
	sum := sha256.Sum256(leaf.Raw)
	if c := v.g.prints[hex.EncodeToString(sum[:])]; c != nil {
		return v.is(c)
	}
	if c := v.g.subjects[normalSubject(leaf.Subject.String())]; c != nil {
		return v.is(c)
	}
	return nil
}

// normalSubject makes the ways of writing a subject alike: openssl puts
// blanks around = and after commas, and the most general part first where
// RFC 4514 has it last.
func normalSubject(text string) string {
	var parts []string
	for _, part := range splitSubject(text) {
		name, value, _ := strings.Cut(part, "=")
		parts = append(parts, strings.ToUpper(strings.TrimSpace(name))+"="+strings.TrimSpace(value))
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

// splitSubject splits at the commas that are not escaped.
func splitSubject(text string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ',':
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
