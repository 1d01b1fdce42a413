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

// checkCharacters holds the whole document against XML 1.0 section 2.2.
func (d *Decoder) checkCharacters() {
	at, high := d.scanControls()
	d.traits.amp = strings.IndexByte(d.s, '&') >= 0
	d.traits.foreign = high
	d.traits.cdataEnd = strings.Contains(d.s, "]]>")
	switch bad := firstInvalid(d.s, high); {
	case bad >= 0 && (at < 0 || bad < at):
		d.pos = bad
		d.fail("not UTF-8; send the message in UTF-8, or say its encoding in the Content-Type")
	case at >= 0:
		d.pos = at
		d.fail("a control character that XML does not allow")
	case high:
		d.noncharacters()
	}
}

// eachByte times a byte is eight of them, for looking at eight bytes at once.
const (
	eachByte = 0x0101010101010101
	eachHigh = 0x80 * eachByte
)

// scanControls finds the first control character that XML does not allow, -1
// when there is none, and reports whether there is a byte beyond ASCII.
func (d *Decoder) scanControls() (at int, high bool) {
	s, i, all := d.s, 0, uint64(0)
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		all |= x
		controls := zeroBytes(x & (0xE0 * eachByte))
		if controls == 0 {
			continue
		}
		returns := zeroBytes(x ^ '\r'*eachByte)
		if controls != returns|zeroBytes(x^'\n'*eachByte)|zeroBytes(x^'\t'*eachByte) {
			break
		}
		d.traits.cr = d.traits.cr || returns != 0
	}
	for ; i < len(s); i++ {
		c := s[i]
		if c < 0x20 && !isSpace(c) {
			return i, true
		}
		d.traits.cr = d.traits.cr || c == '\r'
		all |= uint64(c)
	}
	return -1, all&eachHigh != 0
}

// zeroBytes returns 0x80 for each byte of x that is zero.
func zeroBytes(x uint64) uint64 {
	return ^((x&^eachHigh + (eachHigh - eachByte)) | x | (eachHigh - eachByte))
}

// noncharacters looks for U+FFFE and U+FFFF.
func (d *Decoder) noncharacters() {
	for _, c := range []string{"\uFFFE", "\uFFFF"} {
		if i := strings.Index(d.s, c); i >= 0 {
			d.pos = i
			d.fail("U+FFFE or U+FFFF, which XML does not allow")
		}
	}
}

// firstInvalid finds the first byte that is not UTF-8, or -1.
func firstInvalid(s string, high bool) int {
	if !high || utf8.ValidString(s) {
		return -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
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
