package lissoap

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// probe is the id of a person that nobody has.
const probe = "lisgate-check"

// Check asks for the contract and, where there is none or where credentials
// are configured, reads a person that is not there. It changes nothing.
func (a *Adapter) Check(ctx context.Context) error {
	op, address := a.probed()
	if op == nil {
		return unsupported("no address is configured that could be checked")
	}
	contract := a.contract(ctx, address)
	if contract != nil && !errors.As(contract, new(*HTTPError)) && !errors.As(contract, new(*NotLISError)) {
		return classed(contract) // it cannot be reached at all
	}
	if contract == nil && a.client.o.Basic == nil && a.client.o.OAuth1 == nil && a.client.o.WSSE == nil {
		return nil
	}
	return a.readNobody(ctx, op, address, contract == nil)
}

// probed returns a reading operation of the first service with an address.
func (a *Adapter) probed() (*operation, string) {
	for _, service := range services {
		for _, info := range lis.Kinds {
			op := operations[lis.OperationFor(info.Kind, lis.Read)]
			if info.Service == service && a.client.addresses[op.Name] != "" {
				return op, a.client.addresses[op.Name]
			}
		}
	}
	return nil, ""
}

var definitions = regexp.MustCompile(`<([\w.-]+:)?definitions[\s>]`)

// contract gets the WSDL of an address and reports what came in its place.
func (a *Adapter) contract(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, a.client.o.Timeout)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "wsdl"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	r, err := a.client.do(req, nil)
	switch {
	case err != nil:
		return err
	case r.HTTPStatus != http.StatusOK:
		return r.httpError()
	case !definitions.MatchString(r.Text):
		return r.notLIS("it is no WSDL")
	}
	return nil
}

// readNobody demands an answer of LIS, be it that there is no such person or
// that persons cannot be read. From a peer that has a contract, only a refusal
// of who we are counts.
func (a *Adapter) readNobody(ctx context.Context, op *operation, address string, hasContract bool) error {
	envelope, err := a.client.envelope(a.client.o.NewID(), op, &lis.Call{Operation: op.Name, ID: probe})
	if err != nil {
		return err
	}
	r, err := a.client.exchange(ctx, address, envelope, a.client.o.SOAP, op.Action)
	if err != nil {
		return classed(err)
	}
	_, err = a.client.answer(op, r)
	err = classed(err)
	switch class := adapters.ClassOf(err); {
	case class == adapters.Missing, class == adapters.Unsupported:
		return nil
	case hasContract && !aboutCredentials(err):
		return nil
	}
	return err
}

// aboutCredentials reports whether an error is about who we are.
func aboutCredentials(err error) bool {
	var http *HTTPError
	var fault *Fault
	switch {
	case errors.As(err, &http):
		return http.Status == 401 || http.Status == 403
	case errors.As(err, &fault):
		return fault.aboutCredentials()
	}
	return code(err) == lis.UnauthorizedRequest
}
