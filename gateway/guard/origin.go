package guard

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxied are the headers by which a proxy shows itself. What comes through a
// proxy on this machine may come from anywhere.
var proxied = []string{
	"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "X-Client-Ip", "Cf-Connecting-Ip", "True-Client-Ip",
}

// fromHere reports whether a request was made on this machine, for this
// machine. The Host must be a name of loopback: a page of another site can
// make its own name mean 127.0.0.1, but has to tell that name.
func fromHere(r *http.Request) bool {
	for _, header := range proxied {
		if len(r.Header.Values(header)) > 0 {
			return false
		}
	}
	remote, err := netip.ParseAddr(hostOf(r.RemoteAddr))
	return err == nil && remote.Unmap().IsLoopback() && isLoopbackName(hostOf(r.Host))
}

func isLoopbackName(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// hostOf takes the port off, if there is one.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}

// neighbourhood is the address by which guessing is counted. Whoever has one
// IPv6 address has the 2^64 around it.
func neighbourhood(r *http.Request) string {
	host := hostOf(r.RemoteAddr)
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if addr = addr.Unmap(); addr.Is6() {
		if prefix, err := addr.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
