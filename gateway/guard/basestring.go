package guard

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// A param is a parameter of a request, decoded.
type param struct{ name, value string }

// bases returns the signature base strings (RFC 5849 3.4.1) over each address
// by which the caller may have known us. A proxy changes the scheme and, by
// PublicURL, the host and the path; the Host is the caller's claim anyway.
func (v *Visitor) bases(form bool, body []byte) (all []string, problem string) {
	path, query, _ := strings.Cut(v.r.RequestURI, "?")
	params := slices.Clone(v.oauth1.params)
	params, ok := appendEncoded(params, query)
	if ok && form {
		params, ok = appendEncoded(params, string(body))
	}
	if !ok {
		return nil, "the parameters are malformed"
	}
	normal := normalize(params)
	for _, address := range v.addresses(path) {
		all = append(all, v.r.Method+"&"+escape(address)+"&"+escape(normal))
	}
	return all, ""
}

// addresses are base string URIs (RFC 5849 3.4.1.2).
func (v *Visitor) addresses(path string) []string {
	if !strings.HasPrefix(path, "/") { // the absolute form of a request, or none
		path = cmp.Or(v.r.URL.EscapedPath(), "/")
	}
	host := strings.ToLower(v.r.Host)
	all := []string{
		"https://" + strings.TrimSuffix(host, ":443") + path,
		"http://" + strings.TrimSuffix(host, ":80") + path,
	}
	if u := v.g.public; u != nil {
		origin := baseOrigin(u)
		all = append(all, origin+path)
		if prefix := strings.TrimRight(u.EscapedPath(), "/"); prefix != "" {
			all = append(all, origin+prefix+path)
		}
	}
	return all
}

func baseOrigin(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + host
}

// appendEncoded adds the parameters of a query or a form.
func appendEncoded(params []param, text string) ([]param, bool) {
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if err != nil || valueErr != nil {
			return nil, false
		}
		params = append(params, param{name, value})
	}
	return params, true
}

// normalize sorts and joins parameters (RFC 5849 3.4.1.3.2).
func normalize(params []param) string {
	encoded := make([]param, len(params))
	for i, p := range params {
		encoded[i] = param{escape(p.name), escape(p.value)}
	}
	slices.SortFunc(encoded, func(a, b param) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	parts := make([]string, len(encoded))
	for i, p := range encoded {
		parts[i] = p.name + "=" + p.value
	}
	return strings.Join(parts, "&")
}

const hexDigits = "0123456789ABCDEF"

// escape encodes for the base string (RFC 5849 3.6), more strictly than any
// function of net/url.
func escape(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}
