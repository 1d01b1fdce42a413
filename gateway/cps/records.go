package cps

import (
	"iter"
	"strings"

	"lisgate/gateway/cps/unitime"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// records are what a file is written from: the journal, of one term or of all.
type records struct {
	snap journal.Snapshot
	term lis.SourcedID // a TERM group; "" for all
}

// Term returns the group of the term.
func (r *records) Term() (*lis.Record, error) { return r.Record(lis.KindGroup, r.term) }

// Record returns a record, nil when there is none.
func (r *records) Record(kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	e, err := r.snap.Get(kind, id)
	if err != nil || e == nil || e.Deleted {
		return nil, err
	}
	return lis.UnmarshalRecord(kind, id, e.Body)
}

// Find is Record, as unitime calls it.
func (r *records) Find(kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	return r.Record(kind, id)
}

// Records streams what belongs to a problem of the term: what its file has
// made begins with the prefix of the term's group.
func (r *records) Records(kind lis.Kind) iter.Seq2[*lis.Record, error] {
	prefix := strings.TrimSuffix(string(r.term), "-term") + "-"
	return func(yield func(*lis.Record, error) bool) {
		for rec, err := range r.scan(kind, journal.Filter{}) {
			if err == nil && !strings.HasPrefix(string(rec.ID), prefix) {
				continue
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// Linked streams the records that have a link.
func (r *records) Linked(kind lis.Kind, link lis.Link) iter.Seq2[*lis.Record, error] {
	return r.scan(kind, journal.Filter{Links: []lis.Link{link}})
}

func (r *records) scan(kind lis.Kind, f journal.Filter) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for e, err := range r.snap.Scan(kind, f) {
			var rec *lis.Record
			if err == nil {
				rec, err = lis.UnmarshalRecord(kind, e.ID, e.Body)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// Offerings streams the offerings of the term with their sections; those that
// are other names of one come with it.
func (r *records) Offerings() iter.Seq2[*unitime.Offering, error] {
	return func(yield func(*unitime.Offering, error) bool) {
		names, err := r.otherNames()
		if err != nil {
			yield(nil, err)
			return
		}
		for rec, err := range r.scan(lis.KindCourseOffering, r.ofTerm()) {
			var o *unitime.Offering
			if err == nil {
				if unitime.Controlling(rec.Object.(*lis.CourseOffering)) != "" {
					continue
				}
				o, err = r.offering(rec, names[rec.ID])
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// otherNames returns the offerings that are other names of one, by that one.
func (r *records) otherNames() (map[lis.SourcedID][]lis.SourcedID, error) {
	names := map[lis.SourcedID][]lis.SourcedID{}
	for rec, err := range r.scan(lis.KindCourseOffering, r.ofTerm()) {
		if err != nil {
			return nil, err
		}
		if of := unitime.Controlling(rec.Object.(*lis.CourseOffering)); of != "" {
			names[of] = append(names[of], rec.ID)
		}
	}
	return names, nil
}

func (r *records) ofTerm() journal.Filter {
	if r.term == "" {
		return journal.Filter{}
	}
	return journal.Filter{Links: []lis.Link{{Name: lis.LinkSession, Value: string(r.term)}}}
}

func (r *records) offering(controlling *lis.Record, names []lis.SourcedID) (*unitime.Offering, error) {
	o := &unitime.Offering{Courses: []*lis.Record{controlling}}
	for _, id := range names {
		rec, err := r.Record(lis.KindCourseOffering, id)
		if err != nil {
			return nil, err
		}
		o.Courses = append(o.Courses, rec)
	}
	for _, course := range o.Courses {
		sections, err := lis.Collect(r.Linked(lis.KindCourseSection, lis.Link{Name: lis.LinkOffering, Value: string(course.ID)}))
		if err != nil {
			return nil, err
		}
		o.Sections = append(o.Sections, sections...)
	}
	return o, nil
}
