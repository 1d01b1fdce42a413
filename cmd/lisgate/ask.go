package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// addGatewayFlags adds the flags that say which gateway is meant, and who we
// are to it.
func addGatewayFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("gateway", "g", "http://127.0.0.1:8080", "address of the gateway")
	cmd.Flags().StringP("user", "u", "", "user for HTTP Basic; the password is taken from LISGATE_PASSWORD")
	cmd.Flags().String("ca", "", "PEM file of the authority that signed the gateway's certificate")
	cmd.Flags().String("cert", "", "PEM file of our client certificate")
	cmd.Flags().String("key", "", "PEM file of its key, when that is not in the file of --cert")
}

// ask sends an HTTP request to the gateway that the flags name.
func ask(cmd *cobra.Command, method, path, contentType string, body io.Reader) (*http.Response, error) {
	base, _ := cmd.Flags().GetString("gateway")
	if u, err := url.Parse(base); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("--gateway %s is no address: it needs http:// or https:// in front, such as http://127.0.0.1:8080", base)
	}
	client, err := clientOf(cmd)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(cmd.Context(), method, strings.TrimSuffix(base, "/")+path, body)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if user, _ := cmd.Flags().GetString("user"); user != "" {
		request.SetBasicAuth(user, os.Getenv("LISGATE_PASSWORD"))
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, unreached(base, err)
	}
	return response, nil
}

// clientOf makes a client with the certificates that the flags name. The
// gateway is asked once, so that no connection needs to be kept.
func clientOf(cmd *cobra.Command) (*http.Client, error) {
	ca, _ := cmd.Flags().GetString("ca")
	cert, _ := cmd.Flags().GetString("cert")
	key, _ := cmd.Flags().GetString("key")
	c := &tls.Config{}
	if err := errors.Join(trust(c, ca), show(c, cert, key)); err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig, transport.DisableKeepAlives = c, true
	return &http.Client{Transport: transport}, nil
}

// trust believes an authority in place of those of the system.
func trust(c *tls.Config, ca string) error {
	if ca == "" {
		return nil
	}
	text, err := os.ReadFile(ca)
	if err != nil {
		return fmt.Errorf("--ca: %w", err)
	}
	if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(text) {
		return fmt.Errorf("--ca: %s holds no certificate in PEM", ca)
	}
	return nil
}

// show shows a client certificate to the gateway.
func show(c *tls.Config, cert, key string) error {
	if cert == "" {
		if key != "" {
			return errors.New("--key needs --cert, the certificate that it belongs to")
		}
		return nil
	}
	pair, err := tls.LoadX509KeyPair(cert, or(key, cert))
	if err != nil {
		return fmt.Errorf("--cert and --key cannot be used: %w", err)
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}

// unreached says why no answer came, and what can be done about it.
func unreached(base string, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) { // its text names the address again
		err = outer.Err
	}
	var untrusted *tls.CertificateVerificationError
	var host x509.HostnameError
	var alert tls.AlertError
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return &failure{"stopped before an answer came"}
	case errors.As(err, &host):
		return fmt.Errorf("the certificate of %s is for another name; use the name that it was made for (%w)", base, err)
	case errors.As(err, &untrusted):
		return fmt.Errorf("the certificate of %s is not trusted; name the authority that signed it with --ca FILE (%w)", base, err)
	case errors.As(err, &alert) || strings.Contains(err.Error(), "remote error: tls"):
		return fmt.Errorf("%s does not take our certificate, or wants one; see --cert and --key (%w)", base, err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s speaks HTTP without TLS; use http:// (%w)", base, err)
	case errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &slow) && slow.Timeout():
		return fmt.Errorf("no gateway answers at %s; start one with lisgate serve, or name another with --gateway (%w)", base, err)
	}
	return fmt.Errorf("%s cannot be asked: %w", base, err)
}

// wantsTLS reports whether an answer says that the gateway speaks TLS only, as
// net/http and nginx put it. The former says so in HTTP/1.0, and may cut its text.
func wantsTLS(response *http.Response, text []byte) bool {
	return response.StatusCode == http.StatusBadRequest &&
		(!response.ProtoAtLeast(1, 1) || strings.Contains(string(text), "HTTP request was sent to HTTPS port"))
}
