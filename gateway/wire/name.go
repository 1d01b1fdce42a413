package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameBytes are the ASCII characters of a name (production 4a) but the colon.
var nameBytes = func() (t [256]bool) {
	for c := range 128 {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
	}
	return t
}()

// scanName measures the XML name at the beginning of s, and finds its first
// colon or returns -1.
func scanName(s string) (n, colon int) {
	colon = -1
	if s == "" || s[0] == '-' || s[0] == '.' || s[0] >= '0' && s[0] <= '9' {
		return 0, colon
	}
	for i := 0; ; {
		for i < len(s) && nameBytes[s[i]] {
			i++
		}
		if i == len(s) || s[i] < 0x80 && s[i] != ':' {
			return i, colon
		}
		if s[i] == ':' {
			if colon < 0 {
				colon = i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isNameStart(r) && (i == 0 || !isNameMore(r)) {
			return i, colon
		}
		i += size
	}
}

// nameAt is scanName for a name at a place of the document. It looks no
// further than is needed to see that a name is too long.
func (d *Decoder) nameAt(pos int) (n, colon int) {
	return scanName(d.s[pos:min(len(d.s), pos+d.limits.NameBytes+utf8.UTFMax)])
}

// splitName parts a qualified name at its first colon; "a:b:c", ":a" and
// "a:" are none.
func splitName(raw string, colon int) (prefix, local string, ok bool) {
	if colon < 0 {
		return "", raw, true
	}
	prefix, local = raw[:colon], raw[colon+1:]
	r, _ := utf8.DecodeRuneInString(local)
	return prefix, local, prefix != "" && local != "" && strings.IndexByte(local, ':') < 0 && isNameStart(r)
}

func isNameStart(r rune) bool { return r == '_' || unicode.Is(nameStart, r) }

func isNameMore(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r >= 0x203F && r <= 0x2040
}

// nameStart is production 4 of XML 1.0 (fifth edition) without _ and colon.
var nameStart = &unicode.RangeTable{
	R16: []unicode.Range16{
		{'A', 'Z', 1}, {'a', 'z', 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1},
		{0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1},
		{0x3001, 0xD7FF, 1}, {0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
	},
	R32:         []unicode.Range32{{0x10000, 0xEFFFF, 1}},
	LatinOffset: 4,
}
