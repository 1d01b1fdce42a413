package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// references replaces the five entities and the character references; there
// are no others without a DOCTYPE.
func (d *Decoder) references(s string) (string, bool) {
	if !d.traits.amp {
		return s, true
	}
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s, true
	}
	b := make([]byte, 0, min(len(s), d.limits.TextBytes))
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		end := strings.IndexByte(s[i:], ';')
		if end < 0 {
			return "", d.fail("an & that begins no reference; write &amp;")
		}
		r, ok := reference(s[i+1 : i+end])
		if !ok {
			return "", d.fail("the reference &" + clip(s[i+1:i+end]) + "; which XML does not know")
		}
		b = utf8.AppendRune(append(b, s[:i]...), r)
		s = s[i+end+1:]
		if len(b) > d.limits.TextBytes {
			return "", d.over("text_bytes", d.limits.TextBytes)
		}
	}
	return string(append(b, s...)), true
}

func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if hex, ok := strings.CutPrefix(name, "#x"); ok {
		return charRef(hex, 16)
	}
	if decimal, ok := strings.CutPrefix(name, "#"); ok {
		return charRef(decimal, 10)
	}
	return 0, false
}

// charRef is production 66.
func charRef(digits string, base int) (rune, bool) {
	n, err := strconv.ParseUint(digits, base, 31)
	return rune(n), err == nil && isChar(rune(n))
}
