package lissoap

import (
	"context"
	"fmt"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// byProxy reports whether a change goes out as createByProxy…: the first of an
// object that came in by that operation, at a peer that is set up to allot
// identifiers and has the operation.
func (a *Adapter) byProxy(c *lis.Change) bool {
	op, _ := lis.OperationNamed(c.Operation)
	return a.client.o.CreateByProxy && c.Created && op.Verb == lis.CreateByProxy && op.Kind == c.Kind && a.offers(c.Kind, lis.CreateByProxy)
}

// createByProxy has the peer allot the identifier, which is the TargetID of
// the outcome. What stands in the place of the sourcedId is of no meaning;
// peers send it empty [peer], and so it is sent. The message identifier is the
// ID of the change: the peer that remembers messages answers the second one
// with what it allotted to the first; what another makes of it nobody knows.
func (a *Adapter) createByProxy(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if c.Record == nil || c.Record.Object == nil {
		return lis.Outcome{}, refused("a %s without content", c.Kind)
	}
	operation := lis.OperationFor(c.Kind, lis.CreateByProxy)
	answer, err := a.call(ctx, c.ID, &lis.Call{Operation: operation, Record: &lis.Record{Agent: c.Record.Agent, Object: c.Record.Object}})
	if err != nil {
		return lis.Outcome{}, parentNamed(err, c.Record.Object)
	}
	id := lis.SourcedID(strings.TrimSpace(string(answer.ID)))
	if id == "" {
		return lis.Outcome{}, unnamed(c.Kind, operation, answer.Status)
	}
	return applied(id, answer), nil
}

// unnamed is a success that does not say which identifier was allotted. To ask
// once more could make a second object, so a person has to look.
func unnamed(kind lis.Kind, operation string, st lis.Status) error {
	return &adapters.Error{
		Class: adapters.Refused, Answer: st.Description,
		Err:  fmt.Errorf("%s: the peer answers %s/%s and names no sourcedId, so nobody knows which one it allotted", operation, st.CodeMajor, st.CodeMinor),
		Hint: "look there for the new " + string(kind) + " and link the two (lisgate crosswalk … --link); requeue the change only if there is none",
	}
}
