package soap

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 turns a body in a charset that we know into UTF-8. The charset of
// the Content-Type is believed before that of the XML declaration (RFC 7303
// section 3); a declaration that contradicts UTF-8 is refused when it is read.
func toUTF8(body []byte, charset string) ([]byte, error) {
	if charset == "" {
		charset = declaredCharset(body)
	}
	switch strings.Trim(charset, `"' `) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return body, nil
	case "iso-8859-1", "latin1", "iso_8859-1":
		return declareUTF8(fromLatin1(body)), nil
	case "utf-16", "utf-16le", "utf-16be":
		text, err := fromUTF16(body, charset)
		return declareUTF8(text), err
	}
	return nil, &transportError{http.StatusUnsupportedMediaType, "the charset " + clip(charset) + " is not known; send UTF-8"}
}

// declaredCharset finds the charset by a byte order mark or the XML
// declaration. A declaration that can be read as it stands is not UTF-16,
// whatever it says.
func declaredCharset(body []byte) string {
	if bytes.HasPrefix(body, []byte{0xFE, 0xFF}) || bytes.HasPrefix(body, []byte{0xFF, 0xFE}) {
		return "utf-16"
	}
	from, to := declaredEncoding(body)
	if name := strings.ToLower(string(body[from:to])); !strings.HasPrefix(name, "utf-16") {
		return name
	}
	return ""
}

// declaredEncoding finds where an XML declaration has the name of its encoding.
func declaredEncoding(body []byte) (from, to int) {
	head, _, whole := bytes.Cut(body[:min(len(body), 200)], []byte("?>"))
	at := bytes.Index(head, []byte("encoding"))
	if !whole || at < 0 || !bytes.HasPrefix(head, []byte("<?xml")) {
		return 0, 0
	}
	rest := bytes.TrimLeft(head[at+len("encoding"):], " \t\r\n=")
	if len(rest) == 0 {
		return 0, 0
	}
	from = len(head) - len(rest) + 1
	length := bytes.IndexByte(rest[1:], rest[0])
	if length < 0 {
		return 0, 0
	}
	return from, from + length
}

// declareUTF8 makes an XML declaration true again.
func declareUTF8(body []byte) []byte {
	from, to := declaredEncoding(body)
	if from == to {
		return body
	}
	return slices.Replace(body, from, to, []byte("UTF-8")...)
}

func fromLatin1(body []byte) []byte {
	text := make([]byte, 0, len(body)+len(body)/8)
	for _, b := range body {
		text = utf8.AppendRune(text, rune(b))
	}
	return text
}

func fromUTF16(body []byte, charset string) ([]byte, error) {
	unit := func(i int) rune { return rune(body[i])<<8 | rune(body[i+1]) }
	if charset == "utf-16le" || bytes.HasPrefix(body, []byte{0xFF, 0xFE}) {
		unit = func(i int) rune { return rune(body[i]) | rune(body[i+1])<<8 }
	}
	broken := &transportError{http.StatusBadRequest, "the body is not the UTF-16 that it is said to be; send UTF-8"}
	if len(body)%2 != 0 {
		return nil, broken
	}
	text := make([]byte, 0, len(body)*3/4)
	for i := 0; i < len(body); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i += 2; i < len(body) {
				r = utf16.DecodeRune(r, unit(i))
			}
			if r == utf8.RuneError || utf16.IsSurrogate(r) {
				return nil, broken
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}
