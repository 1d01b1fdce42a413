package wire

import "bytes"

type tokenKind int

const (
	tokenNone  tokenKind = iota // the document ends
	tokenStart                  // <a>
	tokenEmpty                  // <a/>
	tokenEnd                    // </a>
	tokenOther                  // comment, CDATA, processing instruction, declaration
)

// token finds the next piece of markup at or after a place in the buffer
// (both counted from pos), reading more as it needs. Its bounds are counted
// from pos too.
func (s *Splitter) token(at int) (from, end int, kind tokenKind) {
	for {
		i := bytes.IndexByte(s.buf[s.pos+at:], '<')
		if i < 0 {
			at = len(s.buf) - s.pos
			if at > s.limit || !s.fill() {
				return at, at, tokenNone
			}
			continue
		}
		from = at + i
		if end, kind, whole := cut(s.buf[s.pos+from:]); whole {
			if kind == tokenNone {
				s.syntax("a document type declaration, which is not allowed")
			}
			return from, from + end, kind
		}
		if len(s.buf)-s.pos-from > s.limit || !s.fill() {
			return from, from, tokenNone
		}
		at = from
	}
}

// cut measures the markup at the beginning of b; whole is false when b ends
// before it does.
func cut(b []byte) (end int, kind tokenKind, whole bool) {
	if len(b) < 2 {
		return 0, tokenNone, false
	}
	switch b[1] {
	case '?':
		return until(b, "?>", tokenOther)
	case '!':
		switch {
		case len(b) < 9:
			return 0, tokenNone, false
		case bytes.HasPrefix(b, []byte("<!--")):
			end, kind, whole = until(b[4:], "-->", tokenOther)
			return end + 4, kind, whole
		case bytes.HasPrefix(b, []byte("<![CDATA[")):
			return until(b, "]]>", tokenOther)
		}
		return 0, tokenNone, true
	case '/':
		return until(b, ">", tokenEnd)
	}
	return cutTag(b)
}

func until(b []byte, mark string, kind tokenKind) (int, tokenKind, bool) {
	i := bytes.Index(b, []byte(mark))
	return i + len(mark), kind, i >= 0
}

// cutTag measures a start tag: a > in a quoted value does not end it.
func cutTag(b []byte) (int, tokenKind, bool) {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			if b[i-1] == '/' {
				return i + 1, tokenEmpty, true
			}
			return i + 1, tokenStart, true
		}
	}
	return 0, tokenNone, false
}
