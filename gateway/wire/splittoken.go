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

// step says how much deeper the markup after a token is.
func (k tokenKind) step() int {
	switch k {
	case tokenStart:
		return 1
	case tokenEnd:
		return -1
	}
	return 0
}

// cut measures the markup at the beginning of b; whole is false when b ends
// before it does.
func cut(b []byte) (end int, kind tokenKind, whole bool) {
	if len(b) < 2 {
		return 0, tokenNone, false
	}
	switch b[1] {
	case '?':
		return until(b, 2, "?>", tokenOther)
	case '!':
		return cutOther(b)
	case '/':
		return until(b, 2, ">", tokenEnd)
	}
	return cutTag(b)
}

// cutOther measures what begins with <!. A declaration is measured only up
// to its keyword, for it will be refused.
func cutOther(b []byte) (end int, kind tokenKind, whole bool) {
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		return until(b, 4, "-->", tokenOther)
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return until(b, 9, "]]>", tokenOther)
	case len(b) < len("<![CDATA["):
		return 0, tokenNone, false
	}
	return len("<!DOCTYPE"), tokenOther, true
}

func until(b []byte, from int, mark string, kind tokenKind) (int, tokenKind, bool) {
	i := bytes.Index(b[from:], []byte(mark))
	return from + i + len(mark), kind, i >= 0
}

// cutTag measures a start tag: a > in a quoted value does not end it.
func cutTag(b []byte) (end int, kind tokenKind, whole bool) {
	for {
		i := bytes.IndexByte(b[end:], '>')
		if i < 0 {
			return 0, tokenNone, false
		}
		open, quoted := quote(b[end : end+i])
		if !quoted {
			end += i + 1
			break
		}
		end += open + 1
		i = bytes.IndexByte(b[end:], b[end-1])
		if i < 0 {
			return 0, tokenNone, false
		}
		end += i + 1
	}
	if b[end-2] == '/' {
		return end, tokenEmpty, true
	}
	return end, tokenStart, true
}

// quote finds the first quotation mark.
func quote(b []byte) (at int, found bool) {
	for i, c := range b {
		if c == '"' || c == '\'' {
			return i, true
		}
	}
	return 0, false
}
