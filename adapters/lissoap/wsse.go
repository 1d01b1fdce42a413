package lissoap

import (
	"encoding/base64"
	"time"

	"lisgate/gateway/wire"
)

const (
	oasis         = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
	wsseNamespace = oasis + "wssecurity-secext-1.0.xsd"
	wsuNamespace  = oasis + "wssecurity-utility-1.0.xsd"
	tokenProfile  = oasis + "username-token-profile-1.0#"
	base64Binary  = oasis + "soap-message-security-1.0#Base64Binary"
)

// writeSecurity writes a wsse:Security header with a UsernameToken, where one
// is configured. Nonce and Created are there with PasswordText too: Cirrus
// sends them so [peer], and a receiver can refuse a message that comes again.
func (c *Client) writeSecurity(w *wire.Writer) {
	user := c.o.WSSE
	if user == nil {
		return
	}
	nonce, created := []byte(c.o.NewID()), c.o.Now().UTC().Format(time.RFC3339)
	kind, password := "PasswordText", string(user.Password)
	if user.Digest {
		kind, password = "PasswordDigest", base64SHA1(nonce, []byte(created), []byte(user.Password))
	}
	w.Raw(`<wsse:Security xmlns:wsse="` + wsseNamespace + `" xmlns:wsu="` + wsuNamespace + `" soapenv:mustUnderstand="` + mustUnderstand(c.o.SOAP) + `"><wsse:UsernameToken>`)
	w.Leaf("wsse:Username", user.User)
	w.Raw(`<wsse:Password Type="` + tokenProfile + kind + `">`)
	w.Text(password)
	w.Raw(`</wsse:Password><wsse:Nonce EncodingType="` + base64Binary + `">` + base64.StdEncoding.EncodeToString(nonce) + `</wsse:Nonce>`)
	w.Leaf("wsu:Created", created)
	w.Raw(`</wsse:UsernameToken></wsse:Security>`)
}

// mustUnderstand is an xs:boolean in SOAP 1.2, and 1 or 0 in SOAP 1.1.
func mustUnderstand(version wire.SOAPVersion) string {
	if version == wire.SOAP12 {
		return "true"
	}
	return "1"
}
