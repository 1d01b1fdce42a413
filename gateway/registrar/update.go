package registrar

import (
	"bytes"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A change to what is there: edit alters the object in place, or refuses.
type edit func(lis.Object) error

// editing plans an edit of the object that the call is about.
func editing(q *Request, k lis.Kind, id lis.SourcedID, done string, change edit) (planner, error) {
	if id == "" {
		return nil, incomplete("sourcedId")
	}
	return func(tx journal.Tx) (*plan, error) {
		e, rec, err := present(tx, k, id)
		if err != nil {
			return nil, err
		}
		if repeated(e, q) {
			return &plan{description: "taken from the same message before"}, nil
		}
		if err := change(rec.Object); err != nil {
			return nil, err
		}
		s := step{Change: lis.Change{Kind: k, Key: id, Act: lis.Put}}
		if err := s.fill(rec); err != nil {
			return nil, err
		}
		if bytes.Equal(e.Body, s.body) {
			return &plan{description: "unchanged: it was so already"}, nil
		}
		return &plan{description: done, steps: []step{s}}, nil
	}, nil
}

// present reads an object that must be there.
func present(v journal.View, k lis.Kind, id lis.SourcedID) (*journal.Entry, *lis.Record, error) {
	e, err := v.Get(k, id)
	if err != nil {
		return nil, nil, err
	}
	if e == nil || e.Deleted {
		return nil, nil, notThere(k, id)
	}
	rec, err := lis.UnmarshalRecord(k, id, e.Body)
	return e, rec, err
}

// update is additive: see lis.Merge. What is there already has all that its
// kind needs, so the message need not.
func (r *Registrar) update(q *Request, op lis.Operation) (planner, error) {
	s, err := content(q.Call.Record, op.Kind, about(q.Call))
	if err != nil {
		return nil, err
	}
	edit, err := editing(q, op.Kind, s.Key, "updated", func(o lis.Object) error {
		lis.Merge(o, s.Record.Object)
		return nil
	})
	if err != nil || r.Sequence == nil {
		return edit, err
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(op.Kind, s.Key)
		if err != nil {
			return nil, err
		}
		if old, err := r.outdated(tx, q, s.Record, e); old != nil || err != nil {
			return old, err
		}
		return edit(tx)
	}, nil
}

func (r *Registrar) updateStatus(q *Request, op lis.Operation) (planner, error) {
	if q.Call.Status == "" {
		return nil, incomplete("status")
	}
	return editing(q, op.Kind, q.Call.ID, "status updated", func(o lis.Object) error {
		switch o := o.(type) {
		case *lis.CourseOffering:
			o.Status = q.Call.Status
		case *lis.CourseSection:
			o.Status = q.Call.Status
		}
		return nil
	})
}

// createFrom makes a copy of a course object under a new id for another
// academic session.
func (r *Registrar) createFrom(q *Request, op lis.Operation) (planner, error) {
	c := q.Call
	switch {
	case c.ID == "":
		return nil, incomplete("sourcedId")
	case c.NewID == "":
		return nil, incomplete("newSourcedId")
	}
	return func(tx journal.Tx) (*plan, error) {
		e, err := tx.Get(op.Kind, c.NewID)
		switch {
		case err != nil:
			return nil, err
		case repeated(e, q):
			return &plan{description: "created by the same message before"}, nil
		case e != nil && !e.Deleted:
			return nil, inUse(op.Kind, c.NewID)
		}
		_, rec, err := present(tx, op.Kind, c.ID)
		if err != nil {
			return nil, err
		}
		rec.ID = c.NewID
		setSession(rec.Object, c.AcademicSession)
		s := step{Change: lis.Change{Kind: op.Kind, Key: c.NewID, Act: lis.Put, Created: true}}
		if err := s.fill(rec); err != nil {
			return nil, err
		}
		return &plan{description: "created from " + quote(string(c.ID)), steps: []step{s}}, nil
	}, nil
}

func setSession(o lis.Object, session *lis.Text) {
	if session == nil {
		return
	}
	switch o := o.(type) {
	case *lis.CourseOffering:
		o.AcademicSession = session
	case *lis.CourseSection:
		o.AcademicSession = session
	}
}

func inUse(k lis.Kind, id lis.SourcedID) error {
	return refuse(lis.NewIDInUse, "newSourcedId "+quote(string(id))+" is in use by another "+string(k)+"; choose another")
}
