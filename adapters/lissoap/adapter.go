package lissoap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// An Adapter carries changes to a LIS endpoint.
type Adapter struct{ client *Client }

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Grades  = grading{}
	_ adapters.Reader  = reading{}
	_ adapters.Lister  = reading{}
)

// New returns an adapter with the powers that peers of the profile have:
// Grades where results can be read, Reader and Lister where all can.
func New(o Options) (adapters.Adapter, error) {
	c, err := NewClient(o)
	if err != nil {
		return nil, err
	}
	a := &Adapter{client: c}
	switch {
	case o.BulkFolder != "":
		return &filing{a, o.BulkFolder}, nil
	case a.offers(lis.KindPerson, lis.Read):
		return reading{grading{a}}, nil
	case a.offers(lis.KindMembership, lis.Read):
		return members{a}, nil
	case a.offers(lis.KindResult, lis.ReadPlural):
		return grading{a}, nil
	}
	return a, nil
}

// Close lets go of the connections.
func (a *Adapter) Close() error { return a.client.Close() }

// offers reports whether the peer takes one of the common operations.
func (a *Adapter) offers(kind lis.Kind, verb lis.Verb) bool {
	op, ok := lis.OperationNamed(lis.OperationFor(kind, verb))
	return ok && a.client.dialect.offers(op)
}

// call is Client.Call with a class for each error.
func (a *Adapter) call(ctx context.Context, messageID string, call *lis.Call) (*lis.Answer, error) {
	answer, err := a.client.Call(ctx, messageID, call)
	return answer, classed(err)
}

// Apply carries out a change. Its ID is the message identifier, so that a
// peer that remembers them knows it when it comes again; without that too,
// replace and delete have the same effect twice.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if lis.InfoOf(c.Kind) == nil {
		return lis.Outcome{}, unsupported("LIS has no place for a %q", c.Kind)
	}
	switch c.Act {
	case lis.Put:
		if a.byProxy(&c) {
			return a.createByProxy(ctx, c)
		}
		return a.put(ctx, c.ID, c.Kind, c.Key, c.Record)
	case lis.Drop:
		return a.drop(ctx, c.ID, c.Kind, c.Key)
	case lis.Rekey:
		return a.rekey(ctx, c)
	}
	return lis.Outcome{}, unsupported("LIS has no way to %q", c.Act)
}

// put replaces a record: replace creates what is not there (LIS facts,
// section 6).
func (a *Adapter) put(ctx context.Context, messageID string, kind lis.Kind, id lis.SourcedID, r *lis.Record) (lis.Outcome, error) {
	if r == nil || r.Object == nil {
		return lis.Outcome{}, refused("a %s without content", kind)
	}
	if !a.offers(kind, lis.Replace) && a.offers(kind, lis.Create) {
		return a.create(ctx, messageID, kind, id, r)
	}
	answer, err := a.call(ctx, messageID, &lis.Call{
		Operation: lis.OperationFor(kind, lis.Replace), ID: id,
		Record: &lis.Record{ID: id, Agent: r.Agent, Object: r.Object},
	})
	if err != nil {
		return lis.Outcome{}, parentNamed(err, r.Object)
	}
	return applied(id, answer), nil
}

func (a *Adapter) drop(ctx context.Context, messageID string, kind lis.Kind, id lis.SourcedID) (lis.Outcome, error) {
	answer, err := a.call(ctx, messageID, &lis.Call{Operation: lis.OperationFor(kind, lis.Delete), ID: id})
	switch {
	case code(err) == lis.UnknownObject:
		return lis.Outcome{Effect: lis.Unchanged, TargetID: string(id), Detail: "it was not there"}, nil
	case err != nil:
		return lis.Outcome{}, err
	}
	return applied(id, answer), nil
}

// applied says what the peer said beside success: that it is still at work,
// or that it kept only part.
func applied(id lis.SourcedID, a *lis.Answer) lis.Outcome {
	o := lis.Outcome{Effect: lis.Applied, TargetID: string(id), Detail: a.Status.Description}
	if a.Status.CodeMajor == lis.Processing || a.Status.CodeMinor == lis.PartialDataStorage {
		word := string(a.Status.CodeMinor)
		if a.Status.CodeMajor == lis.Processing {
			word = string(lis.Processing)
		}
		o.Detail = strings.TrimSuffix(word+": "+o.Detail, ": ")
	}
	return o
}

// parentLinks are the links that lead to objects on which others depend, by
// the code minor that speaks of them.
var parentLinks = map[lis.CodeMinor][]string{
	"unknownperson":  {lis.LinkPerson},
	"unknowncontext": {lis.LinkContext, lis.LinkCollection},
	lis.UnknownObject: {lis.LinkPerson, lis.LinkCollection, lis.LinkLineItem, lis.LinkOffering, lis.LinkTemplate, lis.LinkSection,
		lis.LinkContext, lis.LinkResultValue, lis.LinkParent},
}

// parentNamed tells which parent is missing: the one of which the peer
// speaks, or the only one that there is.
func parentNamed(err error, o lis.Object) error {
	var e *adapters.Error
	var status *StatusError
	if !errors.As(err, &e) || e.Class != adapters.Missing || !errors.As(err, &status) {
		return err
	}
	var candidates []lis.Link
	for _, name := range parentLinks[status.Status.CodeMinor] {
		for _, link := range o.Links() {
			if link.Name == name && link.Value != "" {
				candidates = append(candidates, link)
			}
		}
	}
	for _, link := range candidates {
		if len(candidates) == 1 || strings.Contains(status.Status.Description, link.Value) {
			e.Parent, e.ParentKind = lis.SourcedID(link.Value), parentKinds[link.Name]
			break
		}
	}
	return err
}

// parentKinds are the kinds of the links that lead to one kind only.
var parentKinds = map[string]lis.Kind{
	lis.LinkPerson: lis.KindPerson, lis.LinkLineItem: lis.KindLineItem, lis.LinkOffering: lis.KindCourseOffering,
	lis.LinkTemplate: lis.KindCourseTemplate, lis.LinkResultValue: lis.KindResultValue, lis.LinkParent: lis.KindGroup,
}

// rekey gives an object a new identifier. A peer without the operation gets
// the record under the new one, and then the old one is deleted.
func (a *Adapter) rekey(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if c.NewID == "" {
		return lis.Outcome{}, refused("a change of identifier without the new one")
	}
	if !a.offers(c.Kind, lis.ChangeIdentifier) {
		return a.move(ctx, c)
	}
	answer, err := a.call(ctx, c.ID, &lis.Call{Operation: lis.OperationFor(c.Kind, lis.ChangeIdentifier), ID: c.Key, NewID: c.NewID})
	switch class := adapters.ClassOf(err); {
	case err == nil:
		return applied(c.NewID, answer), nil
	case class == adapters.Unsupported:
		return a.move(ctx, c)
	case code(err) == lis.UnknownObject:
		return a.moved(ctx, c)
	case code(err) == lis.IDAllocInUseFail || code(err) == lis.IDAllocFail:
		if gone, readErr := a.gone(ctx, c.Kind, c.Key); readErr == nil && gone {
			return a.moved(ctx, c)
		}
	}
	return lis.Outcome{}, err
}

// moved is what is left to do when the old identifier is not there: the first
// attempt may have done it and its answer been lost, or the object never came.
func (a *Adapter) moved(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	return a.put(ctx, c.ID+"-replace", c.Kind, c.NewID, c.Record)
}

// move makes two calls, each with its own message identifier: a peer that
// remembers them would take the second for the first come again.
func (a *Adapter) move(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if !a.offers(c.Kind, lis.Delete) {
		return lis.Outcome{}, unsupported("the peer can neither change the identifier of a %s nor delete the old one", c.Kind)
	}
	if _, err := a.moved(ctx, c); err != nil {
		return lis.Outcome{}, err
	}
	o, err := a.drop(ctx, c.ID+"-delete", c.Kind, c.Key)
	if err != nil {
		return lis.Outcome{}, fmt.Errorf("delete the old %s after it was replaced under its new identifier: %w", c.Kind, err)
	}
	o.TargetID = string(c.NewID)
	o.Effect = lis.Applied
	o.Detail = "replaced under the new identifier, and the old one deleted with all that hung on it"
	return o, nil
}
