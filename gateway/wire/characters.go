package wire

import (
	"strings"
	"unicode/utf8"
)

// traits say what a document holds anywhere, so that the search for what it
// does not hold can be left out.
type traits struct {
	amp, cr, foreign bool // an &, a carriage return, a character that is not ASCII
	cdataEnd         bool // ]]>
	ascii            bool // the document says that it is in ASCII
}

// plain reports whether a text stands in the document as it is meant.
func (t *traits) plain(text string) bool {
	return (!t.amp || strings.IndexByte(text, '&') < 0) && (!t.cr || strings.IndexByte(text, '\r') < 0) &&
		(!t.cdataEnd || !strings.Contains(text, "]]>"))
}

// checkCharacters holds the whole document against XML 1.0 section 2.2. It
// looks at eight bytes at once where they are ASCII.
func (d *Decoder) checkCharacters() {
	d.traits.amp = strings.IndexByte(d.s, '&') >= 0
	d.traits.cdataEnd = strings.Contains(d.s, "]]>")
	for s, i := d.s, 0; i < len(s); {
		if i+8 <= len(s) {
			x := word(s[i:])
			if (x|(x-' '*eachByte))&eachHigh == 0 { // nothing below a blank, nothing beyond ASCII
				i += 8
				continue
			}
			returns := zeroBytes(x ^ '\r'*eachByte)
			spaces := returns | zeroBytes(x^'\n'*eachByte) | zeroBytes(x^'\t'*eachByte)
			if x&eachHigh == 0 && zeroBytes(x&(0xE0*eachByte)) == spaces {
				d.traits.cr = d.traits.cr || returns != 0
				i += 8
				continue
			}
		}
		if n := beyondASCII(s[i:]); n > 0 {
			d.traits.foreign = true
			i += n
			continue
		}
		n, wrong := d.character(s[i:])
		if wrong != "" {
			d.pos = i
			d.fail(wrong)
			return
		}
		i += n
	}
}

// beyondASCII measures the characters of two and three bytes that s begins
// with, as long as they begin with a byte after which nothing can be wrong but
// the number of bytes. The rest, and all that is wrong, is left to character.
func beyondASCII(s string) (n int) {
	for {
		switch rest := s[n:]; {
		case len(rest) >= 2 && rest[0] >= 0xC2 && rest[0] <= 0xDF && rest[1]&0xC0 == 0x80:
			n += 2
		case len(rest) >= 3 && rest[0] >= 0xE1 && rest[0] <= 0xEE && rest[0] != 0xED && rest[1]&0xC0 == 0x80 && rest[2]&0xC0 == 0x80:
			n += 3
		default:
			return n
		}
	}
}

// character measures the first character, and says what is wrong with it.
func (d *Decoder) character(s string) (n int, wrong string) {
	r, n := rune(s[0]), 1
	if r >= utf8.RuneSelf {
		r, n = utf8.DecodeRuneInString(s)
		d.traits.foreign = true
	}
	switch {
	case r == utf8.RuneError && n == 1:
		return n, "not UTF-8; send the message in UTF-8, or say its encoding in the Content-Type"
	case r < ' ' && !isSpace(byte(r)):
		return n, "a control character that XML does not allow"
	case r == '\uFFFE' || r == '\uFFFF':
		return n, "U+FFFE or U+FFFF, which XML does not allow"
	case r == '\r':
		d.traits.cr = true
	}
	return n, ""
}

// eachByte times a byte is eight of them.
const (
	eachByte = 0x0101010101010101
	eachHigh = 0x80 * eachByte
)

// word returns the first eight bytes of a text, which the compiler loads at once.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// zeroBytes returns 0x80 for each byte of x that is zero.
func zeroBytes(x uint64) uint64 {
	return ^((x&^eachHigh + (eachHigh - eachByte)) | x | (eachHigh - eachByte))
}

// isChar is production 2 of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// trimSpace takes XML's white space off both ends. Other white space, such
// as a no-break space, is content.
func trimSpace(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
