package registrar

import (
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// changeIdentifier moves an object to a new id, and then each object that
// refers to it, one change each.
func (r *Registrar) changeIdentifier(q *Request, op lis.Operation) (planner, error) {
	from, to := q.Call.ID, q.Call.NewID
	if err := checkRename(op.Kind, from, to); err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(op.Kind, to)
		switch {
		case err != nil:
			return nil, err
		case repeated(e, q):
			return &plan{description: "changed by the same message before"}, nil
		case e != nil && !e.Deleted:
			return nil, taken(op.Kind, to)
		}
		return rekeying(tx, op.Kind, from, to)
	}, nil
}

func checkRename(k lis.Kind, from, to lis.SourcedID) error {
	switch {
	case from == "":
		return incomplete("sourcedId")
	case to == "":
		return incomplete("newSourcedId")
	case from == to:
		return refuse(lis.Invalid, "newSourcedId is the sourcedId that the "+string(k)+" has; send another")
	}
	return nil
}

// rekeying plans the move and its following.
func rekeying(v journal.View, k lis.Kind, from, to lis.SourcedID) (*plan, error) {
	_, rec, err := present(v, k, from)
	if err != nil {
		return nil, err
	}
	rec.ID = to
	if k == lis.KindGroup {
		setRelated(rec.Object, from, to) // a group may speak of itself
	}
	first := step{Change: lis.Change{Kind: k, Key: from, NewID: to, Act: lis.Rekey}}
	if err := first.fill(rec); err != nil {
		return nil, err
	}
	p := &plan{steps: []step{first}}
	followed := map[lis.Kind]int{}
	err = referring(v, k, from, func(ref *reference, id lis.SourcedID) {
		followed[ref.from]++
		p.steps = append(p.steps, step{
			Change: lis.Change{Kind: ref.from, Key: id, Act: lis.Put},
			alter:  func(o lis.Object) { ref.set(o, from, to) },
		})
	})
	p.description = "identifier changed" + counted("; the reference follows in ", followed)
	return p, err
}

// taken refuses an id that another object has. Two persons under two ids are
// often one, and then a merge is what is wanted.
func taken(k lis.Kind, id lis.SourcedID) error {
	if k != lis.KindPerson {
		return inUse(k, id)
	}
	return refuse(lis.NewIDInUse, "newSourcedId "+quote(string(id))+" is in use by another person; choose another, "+
		"or, when both are the same person, have the operator of the gateway merge the two")
}
