package registrar

import (
	"fmt"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// delete removes an object, and with it what the table of references says:
// the others first, so that no target is left with a part of nothing.
func (r *Registrar) delete(q *Request, op lis.Operation) (planner, error) {
	id := q.Call.ID
	if id == "" {
		return nil, incomplete("sourcedId")
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(op.Kind, id)
		switch {
		case err != nil:
			return nil, err
		case e == nil:
			return r.overtaking(tx, op.Kind, id)
		case e.Deleted && len(e.Body) > 0 && repeated(e, q):
			return r.deletedBefore(tx, q, op.Kind)
		case e.Deleted:
			return nothingToDelete(op.Kind, id), nil
		}
		p := &plan{}
		gone, lost, err := p.cascade(tx, op.Kind, id)
		if err != nil {
			return nil, err
		}
		p.steps = append(p.steps, step{Change: lis.Change{Kind: op.Kind, Key: id, Act: lis.Drop}})
		p.description = "deleted" + counted(", and with it ", gone) + counted("; the reference was removed from ", lost)
		if op.Kind == lis.KindLineItem {
			p.answer.IDs = lis.Seq(p.keys(lis.KindResult))
		}
		return p, nil
	}, nil
}

func nothingToDelete(k lis.Kind, id lis.SourcedID) *plan {
	return &plan{
		situation:   lis.NotThere,
		description: "there is no " + string(k) + " with sourcedId " + quote(string(id)) + "; nothing was deleted",
	}
}

// longestTomb is how long the identifier of what was never there may be for a
// tombstone: whoever may delete must not fill the journal with nothing [ours].
const longestTomb = 1024

// overtaking plans the delete of what was never there. It is answered as a
// failure, but the delete may have overtaken its create: a tombstone stays,
// and targets are told, for whom it changes nothing. Where callers have a
// sequence the create is going to be ignored, and so what came before its
// time goes here as it would have gone with it.
func (r *Registrar) overtaking(v journal.View, k lis.Kind, id lis.SourcedID) (*plan, error) {
	p := nothingToDelete(k, id)
	if len(id) > longestTomb {
		return p, nil
	}
	if r.Sequence != nil {
		if _, _, err := p.cascade(v, k, id); err != nil {
			return nil, err
		}
	}
	p.steps = append(p.steps, step{Change: lis.Change{Kind: k, Key: id, Act: lis.Drop}})
	return p, nil
}

// cascade plans what goes before an object goes, and counts it by kind.
func (p *plan) cascade(v journal.View, k lis.Kind, id lis.SourcedID) (gone, lost map[lis.Kind]int, err error) {
	return p.cascadeOf(v, k, id, func(*reference) bool { return true })
}

// cascadeOf is cascade for some of the references.
func (p *plan) cascadeOf(v journal.View, k lis.Kind, id lis.SourcedID, wanted func(*reference) bool) (gone, lost map[lis.Kind]int, err error) {
	gone, lost = map[lis.Kind]int{}, map[lis.Kind]int{}
	err = referring(v, k, id, func(ref *reference, from lis.SourcedID) {
		if !wanted(ref) {
			return
		}
		s := step{Change: lis.Change{Kind: ref.from, Key: from, Act: lis.Put}}
		switch ref.fate {
		case falls:
			s.Act = lis.Drop
			gone[ref.from]++
		case leaves:
			s.alter = func(o lis.Object) { ref.set(o, id, "") }
			lost[ref.from]++
		default:
			return
		}
		p.steps = append(p.steps, s)
	})
	return gone, lost, err
}

// deletedBefore answers the repeat of a delete. The results that went with a
// line item still carry the mark of the message.
func (r *Registrar) deletedBefore(v journal.View, q *Request, k lis.Kind) (*plan, error) {
	p := &plan{description: "deleted by the same message before"}
	if k != lis.KindLineItem {
		return p, nil
	}
	var ids []lis.SourcedID
	filter := journal.Filter{Links: []lis.Link{{Name: lis.LinkLineItem, Value: string(q.Call.ID)}}, Deleted: true}
	for e, err := range v.Scan(lis.KindResult, filter) {
		if err != nil {
			return nil, err
		}
		if repeated(e, q) {
			ids = append(ids, e.ID)
		}
	}
	p.answer.IDs = lis.Seq(ids)
	return p, nil
}

func (p *plan) keys(k lis.Kind) []lis.SourcedID {
	var ids []lis.SourcedID
	for i := range p.steps {
		if p.steps[i].Kind == k {
			ids = append(ids, p.steps[i].Key)
		}
	}
	return ids
}

// counted says how many of what: ", and with it 2 memberships, 1 result".
func counted(lead string, n map[lis.Kind]int) string {
	var parts []string
	for i := range lis.Kinds {
		if k := lis.Kinds[i].Kind; n[k] > 0 {
			parts = append(parts, plural(n[k], k))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return lead + strings.Join(parts, ", ")
}

func plural(n int, k lis.Kind) string {
	if n == 1 {
		return "1 " + string(k)
	}
	return fmt.Sprintf("%d %ss", n, k)
}
