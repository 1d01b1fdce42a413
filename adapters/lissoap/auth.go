package lissoap

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// authorize adds the Authorization header that is configured.
func (c *Client) authorize(req *http.Request, body []byte) {
	switch {
	case c.o.Basic != nil:
		req.SetBasicAuth(c.o.Basic.User, string(c.o.Basic.Password))
	case c.o.OAuth1 != nil:
		req.Header.Set("Authorization", c.o.OAuth1.sign(req, body, c.o.NewID(), c.o.Now().Unix()))
	}
}

// sign makes an OAuth 1.0a header (RFC 5849 section 3) with HMAC-SHA1 and,
// when there is a body, oauth_body_hash (OAuth Request Body Hash 1.0 draft 4).
// It is not that of dghubble/oauth1, which has no place for the hash.
func (k *OAuth1) sign(req *http.Request, body []byte, nonce string, at int64) string {
	params := [][2]string{
		{"oauth_consumer_key", k.Key},
		{"oauth_nonce", nonce},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", strconv.FormatInt(at, 10)},
		{"oauth_version", "1.0"},
	}
	if body != nil {
		params = append(params, [2]string{"oauth_body_hash", base64SHA1(body)})
	}
	mac := hmac.New(sha1.New, []byte(percent(string(k.Secret))+"&"))
	mac.Write([]byte(baseString(req.Method, req.URL, params)))
	params = append(params, [2]string{"oauth_signature", base64.StdEncoding.EncodeToString(mac.Sum(nil))})
	fields := make([]string, len(params))
	for i, p := range params {
		fields[i] = p[0] + `="` + percent(p[1]) + `"`
	}
	return "OAuth " + strings.Join(fields, ", ")
}

// baseString is what is signed (RFC 5849 section 3.4.1).
func baseString(method string, u *url.URL, params [][2]string) string {
	pairs := make([]string, 0, len(params))
	for _, p := range params {
		pairs = append(pairs, percent(p[0])+"="+percent(p[1]))
	}
	for name, values := range u.Query() {
		for _, value := range values {
			pairs = append(pairs, percent(name)+"="+percent(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join([]string{method, percent(baseAddress(u)), percent(strings.Join(pairs, "&"))}, "&")
}

// baseAddress is the address without query and usual port (section 3.4.1.2).
func baseAddress(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port := u.Port(); scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path
}

// percent encodes as section 3.6 wants it, which url.QueryEscape does but for
// the space.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func base64SHA1(parts ...[]byte) string {
	h := sha1.New()
	for _, p := range parts {
		h.Write(p)
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
