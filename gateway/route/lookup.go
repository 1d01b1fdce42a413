package route

import (
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// deepest is how far up a lookup goes: from a result over its line item, its
// section and the offering to the template.
const deepest = 5

// A lookup answers what the rules ask of one change, each question once.
type lookup struct {
	view    journal.View
	change  *lis.Change
	found   *lis.Record // the record, when the change has none
	looked  bool
	answers [dimensions]*answer
	subject *subject
}

// An answer is what a record or its parents say in a dimension; unknown when
// nothing is said and either a parent that could is not there, or the kind that
// was asked last need not say it.
type answer struct {
	words   []string
	unknown bool
}

// record returns the record of the change, from the journal when the change
// has none, or nil.
func (l *lookup) record() (*lis.Record, error) {
	if r := l.change.Record; r != nil && r.Object != nil {
		return r, nil
	}
	if !l.looked && l.view != nil {
		var err error
		if l.found, err = l.get(lis.Ref{Kind: l.change.Kind, ID: l.change.Key}); err != nil {
			return nil, err
		}
		l.looked = true
	}
	return l.found, nil
}

func (l *lookup) get(ref lis.Ref) (*lis.Record, error) {
	e, err := l.view.Get(ref.Kind, ref.ID)
	if err != nil || e == nil || len(e.Body) == 0 {
		return nil, err
	}
	r, err := lis.UnmarshalRecord(ref.Kind, ref.ID, e.Body)
	if err != nil || r.Object == nil {
		return nil, err
	}
	return r, nil
}

func (l *lookup) answer(d dimension) (*answer, error) {
	if l.answers[d] != nil {
		return l.answers[d], nil
	}
	r, err := l.record()
	if err != nil {
		return nil, err
	}
	a := &answer{unknown: true}
	if r != nil {
		if a, err = l.ask(d, l.change.Kind, r, deepest); err != nil {
			return nil, err
		}
	}
	l.answers[d] = a
	return a, nil
}

// ask asks a record and, when it has no answer, the parents of its kind.
func (l *lookup) ask(d dimension, k lis.Kind, r *lis.Record, left int) (*answer, error) {
	a, how := &answer{words: says(d, r)}, scopes[k][d]
	if len(a.words) > 0 || how != up || left == 0 {
		a.unknown = len(a.words) == 0 && (how == no || how == lax)
		return a, nil
	}
	for _, alternatives := range parents(r.Object) {
		p, err := l.parent(d, alternatives, left-1)
		if err != nil {
			return nil, err
		}
		a.words, a.unknown = append(a.words, p.words...), a.unknown || p.unknown
	}
	a.unknown = a.unknown && len(a.words) == 0
	return a, nil
}

// parent asks the first that is there of what a parent may be.
func (l *lookup) parent(d dimension, alternatives []lis.Ref, left int) (*answer, error) {
	for _, ref := range alternatives {
		r, err := l.get(ref)
		if err != nil {
			return nil, err
		}
		if r != nil {
			return l.ask(d, ref.Kind, r, left)
		}
	}
	return &answer{unknown: true}, nil
}

// collections are what a membership can be in, the likeliest first; peers
// leave membershipIdType out or spell it in ways of their own.
var collections = []lis.Kind{lis.KindCourseSection, lis.KindGroup, lis.KindCourseOffering, lis.KindCourseTemplate, lis.KindSectionAssociation}

// parents returns the objects that an object hangs on, each with the kinds
// that it may be of.
func parents(o lis.Object) [][]lis.Ref {
	var all [][]lis.Ref
	add := func(id lis.SourcedID, kinds ...lis.Kind) {
		if id == "" {
			return
		}
		var refs []lis.Ref
		for _, k := range kinds {
			refs = append(refs, lis.Ref{Kind: k, ID: id})
		}
		all = append(all, refs)
	}
	switch o := o.(type) {
	case *lis.Membership:
		if k := lis.Kind(o.MembershipIDType); lis.InfoOf(k) != nil {
			add(o.CollectionSourcedID, k)
		} else {
			add(o.CollectionSourcedID, collections...)
		}
	case *lis.CourseOffering:
		add(o.ParentTemplateID, lis.KindCourseTemplate)
	case *lis.CourseSection:
		add(o.ParentOfferingID, lis.KindCourseOffering)
	case *lis.SectionAssociation:
		for _, id := range o.Sections() {
			add(id, lis.KindCourseSection)
		}
	case *lis.LineItem:
		if o.Context != nil {
			add(o.Context.ContextIdentifier, collections...)
		}
	case *lis.Result:
		add(o.LineItemSourcedID, lis.KindLineItem)
	}
	return all
}
