package lissoap

import (
	"context"
	"iter"
	"reflect"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// members is an Adapter to a peer of which memberships only can be read.
type members struct{ *Adapter }

var (
	_ adapters.Reader = members{}
	_ adapters.Lister = members{}
)

// Read reads one record, nil when there is none.
func (a members) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	return a.read(ctx, kind, id)
}

// List reads every record of a kind.
func (a members) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return a.stream(ctx, kind, &lis.Call{Operation: lis.OperationFor(kind, lis.ReadAllIDs)})
}

// create is put at a peer that cannot replace: what is there already in
// another form is deleted first. Whoever reads between the two sees a gap.
func (a *Adapter) create(ctx context.Context, messageID string, kind lis.Kind, id lis.SourcedID, r *lis.Record) (lis.Outcome, error) {
	call := &lis.Call{Operation: lis.OperationFor(kind, lis.Create), ID: id, Record: &lis.Record{ID: id, Agent: r.Agent, Object: r.Object}}
	answer, err := a.call(ctx, messageID, call)
	if code(err) != lis.IDAllocInUseFail && code(err) != lis.IDAllocFail {
		if err != nil {
			return lis.Outcome{}, parentNamed(err, r.Object)
		}
		return applied(id, answer), nil
	}
	there, err := a.read(ctx, kind, id)
	if err != nil {
		return lis.Outcome{}, err
	}
	if there != nil && reflect.DeepEqual(there.Object, r.Object) {
		return lis.Outcome{Effect: lis.Unchanged, TargetID: string(id)}, nil
	}
	if _, err := a.drop(ctx, messageID+"-delete", kind, id); err != nil {
		return lis.Outcome{}, err
	}
	if answer, err = a.call(ctx, messageID+"-again", call); err != nil {
		return lis.Outcome{}, parentNamed(err, r.Object)
	}
	o := applied(id, answer)
	o.Detail = "the peer cannot replace: the old one was deleted, and this one created"
	return o, nil
}
