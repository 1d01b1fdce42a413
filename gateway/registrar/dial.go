package registrar

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"lisgate/gateway/lis"
)

// guardedClient is the client with its connections and redirects checked.
func guardedClient(allow []string, client *http.Client) *http.Client {
	guarded := new(http.Client)
	if client != nil {
		*guarded = *client
	}
	transport, ok := guarded.Transport.(*http.Transport)
	if !ok {
		transport = http.DefaultTransport.(*http.Transport)
	}
	transport = transport.Clone()
	transport.Proxy = nil                                  // a proxy would connect where we cannot check
	transport.DialTLSContext, transport.DialTLS = nil, nil //nolint:staticcheck // an old client may have set it
	transport.ResponseHeaderTimeout = stallAfter
	transport.DialContext = (&net.Dialer{Timeout: stallAfter, Control: checkedAddress(allow)}).DialContext
	guarded.Transport = transport
	guarded.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) >= 5 {
			return refuse(lis.NotAllowed, "more than 5 redirects")
		}
		_, err := allowedURL(allow, "", req.URL.String())
		return err
	}
	return guarded
}

// checkedAddress refuses a connection to an address of this machine or its
// link, whatever name led there.
func checkedAddress(allow []string) func(string, string, syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("check address %s: %w", address, err)
		}
		ip := ap.Addr().Unmap()
		local := ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified()
		if local && !slices.ContainsFunc(allow, func(place string) bool { return names(place, ip) }) {
			return refuse(lis.NotAllowed, "the url leads to "+ip.String()+", an address of this machine or its link; offer the file elsewhere")
		}
		return nil
	}
}

// names reports whether a place names the very address.
func names(place string, ip netip.Addr) bool {
	host := place
	if u, err := url.Parse(place); err == nil && u.Host != "" {
		host = u.Hostname()
	} else if h, _, err := net.SplitHostPort(place); err == nil {
		host = h
	}
	listed, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && listed.Unmap() == ip || host == "localhost" && ip.IsLoopback()
}

// stallAfter is how long a server may be silent.
const stallAfter = time.Minute

func get(ctx context.Context, client *http.Client, u *url.URL) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		cancel()
		return nil, err
	}
	resp, err := client.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		err = fmt.Errorf("get %s: the server answers %s", u.Redacted(), resp.Status)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return &unstalled{resp.Body, cancel, time.AfterFunc(stallAfter, cancel)}, nil
}

// unstalled cuts a connection on which nothing comes any more.
type unstalled struct {
	io.ReadCloser
	cancel context.CancelFunc
	timer  *time.Timer
}

func (u *unstalled) Read(p []byte) (int, error) {
	u.timer.Reset(stallAfter)
	return u.ReadCloser.Read(p)
}

func (u *unstalled) Close() error {
	u.timer.Stop()
	defer u.cancel()
	return u.ReadCloser.Close()
}
