package guard

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"go.uber.org/zap/zapcore"
)

// Masked is personal data in a form that may be logged. It holds nothing
// but that form. Log one with zap.Stringer, or with zap.Object.
type Masked struct{ form string }

var (
	_ fmt.Stringer            = Masked{}
	_ zapcore.ObjectMarshaler = Masked{}
)

// MaskID masks an identifier. The same identifier always gives the same
// form, on every node and after every start, so that log lines about one
// person can be found when the identifier is known. It is a pseudonym, not
// anonymity: who can list all identifiers can find the one behind a form.
func MaskID[ID ~string](id ID) Masked {
	if id == "" {
		return Masked{}
	}
	sum := sha256.Sum256([]byte("lisgate log\x00" + string(id)))
	return Masked{"id:" + hex.EncodeToString(sum[:5])}
}

// MaskText masks a name, an address or other text. Only its length is left.
func MaskText[Text ~string](text Text) Masked {
	if text == "" {
		return Masked{}
	}
	return Masked{fmt.Sprintf("text:%d", utf8.RuneCountInString(string(text)))}
}

// String returns the form.
func (m Masked) String() string { return m.form }

// MarshalText returns the form.
func (m Masked) MarshalText() ([]byte, error) { return []byte(m.form), nil }

// MarshalLogObject logs the form.
func (m Masked) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	enc.AddString("masked", m.form)
	return nil
}
