package soap

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/wsdl"
)

// serveGet gives out the contract and the schemas of a service, by ?wsdl and
// ?xsd=name, and the extracts of bulk exchanges.
func (d *Door) serveGet(w http.ResponseWriter, r *http.Request, service, rest string) {
	query := r.URL.Query()
	_, wantsContract := key(query, "wsdl")
	_, wantsSingle := key(query, "singlewsdl")
	schema, wantsSchema := key(query, "xsd")
	switch {
	case service == string(lis.BDEMS) && strings.HasPrefix(rest, "files/") && d.Bulk != nil:
		d.serveExtract(w, r, strings.TrimPrefix(rest, "files/"))
	case rest != "":
		http.Error(w, "there is nothing here; the service is at /lis/"+service, http.StatusNotFound)
	case wantsContract || wantsSingle:
		text, err := wsdl.Contract(service, d.address(r))
		d.give(w, r, text, err)
	case wantsSchema:
		text, err := wsdl.Schema(strings.TrimSuffix(cmp.Or(schema, service), ".xsd"))
		d.give(w, r, text, err)
	default:
		http.Error(w, "this is the LIS service "+service+"; its contract is at ?wsdl, messages are sent with POST", http.StatusBadRequest)
	}
}

// key looks for a query key in any case, as SOAP tool kits write ?WSDL too.
func key(query map[string][]string, name string) (value string, there bool) {
	for k, v := range query {
		if strings.EqualFold(k, name) {
			return v[0], true
		}
	}
	return "", false
}

func (d *Door) give(w http.ResponseWriter, r *http.Request, text []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	d.extend(w)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	if r.Method != http.MethodHead {
		// A contract that the client does not take is no trouble of ours.
		_, _ = w.Write(text)
	}
}

// address is where the client reached us: the configured one, or the scheme
// and host of its request. A proxy that ends TLS says so; only who asks gets
// to see it.
func (d *Door) address(r *http.Request) string {
	base := strings.TrimSuffix(d.PublicURL, "/")
	if base == "" {
		base = "http://" + r.Host
		if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
			base = "https://" + r.Host
		}
	}
	return base + r.URL.Path
}
