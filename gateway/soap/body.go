package soap

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"

	"lisgate/gateway/wire"
)

// A transportError is what is wrong with a request before its XML is looked at.
type transportError struct {
	status int
	text   string
}

func (e *transportError) Error() string { return e.text }

// mediaType says which SOAP a Content-Type speaks of, its charset and, for
// SOAP 1.2, its action.
func mediaType(header string) (version wire.SOAPVersion, charset, action string, err error) {
	media, params, err := mime.ParseMediaType(header)
	if err != nil && media == "" {
		return "", "", "", &transportError{http.StatusUnsupportedMediaType,
			"there is no readable Content-Type; send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2"}
	}
	switch media {
	case "text/xml", "application/xml":
		version = wire.SOAP11
	case "application/soap+xml":
		version = wire.SOAP12
	default:
		return "", "", "", &transportError{http.StatusUnsupportedMediaType,
			fmt.Sprintf("the Content-Type %s is not SOAP; send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2", media)}
	}
	return version, strings.ToLower(params["charset"]), params["action"], nil
}

// plainBody returns the body of a request without its content coding.
func plainBody(r *http.Request) (io.Reader, error) {
	switch coding := strings.ToLower(r.Header.Get("Content-Encoding")); coding {
	case "", "identity":
		return r.Body, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, &transportError{http.StatusBadRequest, "the body is not gzip, though Content-Encoding says so"}
		}
		return z, nil
	default:
		return nil, &transportError{http.StatusUnsupportedMediaType, "the Content-Encoding " + coding + " is not known; send gzip or none"}
	}
}

// readBody reads a message, at most the limit, and turns it into UTF-8.
func (d *Door) readBody(r *http.Request, charset string) ([]byte, error) {
	if r.ContentLength > d.MessageBytes {
		return nil, &wire.LimitError{Limit: "message_bytes", Max: int(d.MessageBytes)}
	}
	reader, err := plainBody(r)
	if err != nil {
		return nil, err
	}
	body, err := readAtMost(reader, d.MessageBytes, r.ContentLength)
	if err != nil {
		return nil, err
	}
	return toUTF8(body, charset)
}

// readAtMost reads to the end, in a buffer of the size that was announced.
func readAtMost(r io.Reader, limit, announced int64) ([]byte, error) {
	size := min(max(announced, 0), limit) + 1
	if announced <= 0 {
		size = 8 << 10
	}
	body := make([]byte, 0, size)
	for {
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > limit:
			return nil, &wire.LimitError{Limit: "message_bytes", Max: int(limit)}
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return nil, &transportError{http.StatusBadRequest, "the body could not be read to its end: " + err.Error()}
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// toUTF8 turns a body in a charset that we know into UTF-8. The charset of
// the Content-Type is believed before that of the XML declaration (RFC 7303
// section 3).
func toUTF8(body []byte, charset string) ([]byte, error) {
	if charset == "" {
		charset = declaredCharset(body)
	}
	switch strings.Trim(charset, `"' `) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return body, nil
	case "iso-8859-1", "latin1", "iso_8859-1":
		runes := make([]rune, len(body))
		for i, b := range body {
			runes[i] = rune(b)
		}
		return withoutDeclaration([]byte(string(runes))), nil
	case "utf-16", "utf-16le", "utf-16be":
		return fromUTF16(body, charset)
	}
	return nil, &transportError{http.StatusUnsupportedMediaType, "the charset " + charset + " is not known; send UTF-8"}
}

// declaredCharset finds the encoding of an XML declaration, or of a byte
// order mark, without believing anything else.
func declaredCharset(body []byte) string {
	if len(body) >= 2 && (body[0] == 0xFE && body[1] == 0xFF || body[0] == 0xFF && body[1] == 0xFE) {
		return "utf-16"
	}
	head := string(body[:min(len(body), 200)])
	if !strings.HasPrefix(head, "<?xml") {
		return ""
	}
	head, _, _ = strings.Cut(head, "?>")
	_, value, found := strings.Cut(head, "encoding")
	value = strings.TrimLeft(value, " \t\r\n=")
	if !found || len(value) < 2 {
		return ""
	}
	end := strings.IndexByte(value[1:], value[0])
	if end < 0 {
		return ""
	}
	return strings.ToLower(value[1 : 1+end])
}

func fromUTF16(body []byte, charset string) ([]byte, error) {
	if len(body)%2 != 0 {
		return nil, &transportError{http.StatusBadRequest, "the body has an odd number of bytes, which UTF-16 cannot have"}
	}
	little := charset == "utf-16le" || len(body) > 1 && body[0] == 0xFF && body[1] == 0xFE
	units := make([]uint16, len(body)/2)
	for i := range units {
		if little {
			units[i] = uint16(body[2*i]) | uint16(body[2*i+1])<<8
		} else {
			units[i] = uint16(body[2*i])<<8 | uint16(body[2*i+1])
		}
	}
	return withoutDeclaration([]byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"))), nil
}

// withoutDeclaration takes an XML declaration away whose encoding is no
// longer true.
func withoutDeclaration(body []byte) []byte {
	if s := string(body); strings.HasPrefix(s, "<?xml") {
		if _, rest, ok := strings.Cut(s, "?>"); ok {
			return []byte(rest)
		}
	}
	return body
}
