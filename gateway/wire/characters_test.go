package wire

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever beyondASCII passes over is right: every beginning of three bytes.
func TestBeyondASCII(t *testing.T) {
	for i := range 0x40 << 16 {
		s := string([]byte{0xC0 | byte(i>>16), byte(i >> 8), byte(i)})
		passed := s[:beyondASCII(s)]
		if !utf8.ValidString(passed) || strings.ContainsFunc(passed, func(r rune) bool { return !isChar(r) }) {
			t.Fatalf("%x is passed", passed)
		}
	}
	if n := beyondASCII("Zoë"[2:] + "日本語é\uFEFF"); n != 2+9+2 {
		t.Errorf("%d bytes are passed", n)
	}
}
