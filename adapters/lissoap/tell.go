package lissoap

import (
	"context"
	"fmt"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var _ adapters.Teller = (*Adapter)(nil)

// Tell says what is spoken with the peer, and whether it shows its contract.
func (a *Adapter) Tell(ctx context.Context) ([]string, error) {
	op, address := a.probed()
	if op == nil {
		return nil, unsupported("no address is configured that could be checked")
	}
	shown := "it shows no contract at ?wsdl"
	if a.contract(ctx, address) == nil {
		shown = "it shows its contract at ?wsdl"
	}
	taken := 0
	for _, op := range lis.Operations() {
		if a.client.dialect.offers(op) {
			taken++
		}
	}
	return []string{fmt.Sprintf("LIS over SOAP %s, profile %s: %d of the 156 operations; %s", a.client.o.SOAP, a.client.o.Profile, taken, shown)}, nil
}
