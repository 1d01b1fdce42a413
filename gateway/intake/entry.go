package intake

import (
	"crypto/sha256"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// An entry is an item in a batch.
type entry struct {
	item   adapters.Item
	call   *lis.Call // nil when there is nothing to carry out
	hash   []byte    // of the content; Put only
	listed bool      // it stands in a complete list of its kind
	known  bool      // nothing is to be done: it was said before
}

func (e *entry) ref() lis.Ref { return lis.Ref{Kind: e.item.Kind, ID: e.item.Key} }

// verbs are the operations that a source's words amount to.
var verbs = map[lis.Act]lis.Verb{lis.Put: lis.Replace, lis.Drop: lis.Delete, lis.Rekey: lis.ChangeIdentifier}

// entryOf makes an item ready for a transaction.
func entryOf(item adapters.Item) (entry, error) {
	trim(&item.Key)
	trim(&item.NewID)
	if item.Key == "" && item.Record != nil {
		item.Key = item.Record.ID
		trim(&item.Key)
	}
	e := entry{item: item}
	if item.Err != nil || item.Act == "" {
		return e, nil
	}
	e.call = &lis.Call{Operation: lis.OperationFor(item.Kind, verbs[item.Act]), ID: item.Key, NewID: item.NewID}
	if item.Act != lis.Put || item.Record == nil {
		return e, nil
	}
	rec := *item.Record
	rec.ID = item.Key // the row's key counts
	e.call.Record = &rec
	body, err := lis.MarshalRecord(&rec)
	if err != nil {
		return e, err
	}
	sum := sha256.Sum256(body)
	e.hash = sum[:]
	return e, nil
}

func trim(id *lis.SourcedID) { *id = lis.SourcedID(strings.TrimSpace(string(*id))) }

// A fate is what became of an entry.
type fate int

const (
	nothing fate = iota // it only held marks
	unchanged
	changed
	removed
	refused
)

// fate reads an entry's outcome. The delete of what is not there is no
// refusal: the source has what it wants.
func (e *entry) fate(o registrar.Outcome) fate {
	switch {
	case e.item.Err != nil:
		return refused
	case e.call == nil:
		return nothing
	case e.known:
		return unchanged
	case e.item.Act == lis.Drop && (o.OK() || o.CodeMinor == lis.UnknownObject):
		if o.Changes == 0 {
			return unchanged
		}
		return removed
	case !o.OK():
		return refused
	case o.Changes == 0:
		return unchanged
	}
	return changed
}
