package soap

import (
	"net/http"
	"strconv"
	"strings"

	"lisgate/wsdl"
)

// serveGet gives out the contract and the schemas of a service, by ?wsdl and
// ?xsd=name, and the extracts of bulk exchanges.
func (d *Door) serveGet(w http.ResponseWriter, r *http.Request, service, rest string) {
	query := r.URL.Query()
	switch {
	case hasKey(query, "wsdl") || hasKey(query, "singlewsdl"):
		text, err := wsdl.Contract(service, d.address(r))
		give(w, r, text, err)
	case hasKey(query, "xsd"):
		name := query.Get("xsd")
		if name == "" {
			name = service
		}
		text, err := wsdl.Schema(strings.TrimSuffix(name, ".xsd"))
		give(w, r, text, err)
	case service == "bdems" && rest != "" && d.Bulk != nil:
		d.serveExtract(w, r, strings.TrimPrefix(rest, "files/"))
	default:
		http.Error(w, "this is the LIS service "+service+"; its contract is at ?wsdl, messages are sent with POST", http.StatusBadRequest)
	}
}

// hasKey looks for a query key in any case, as SOAP tool kits write ?WSDL too.
func hasKey(query map[string][]string, key string) bool {
	for k := range query {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

func give(w http.ResponseWriter, r *http.Request, text []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	if r.Method != http.MethodHead {
		w.Write(text)
	}
}

// address is where the client reached us: the configured one, or the scheme
// and host of its request.
func (d *Door) address(r *http.Request) string {
	base := strings.TrimSuffix(d.PublicURL, "/")
	if base == "" {
		base = "http://" + r.Host
		if r.TLS != nil {
			base = "https://" + r.Host
		}
	}
	return base + r.URL.Path
}
