package registrar

import (
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A fate says what becomes of an object when the one that it refers to goes.
type fate int

const (
	stays  fate = iota // it keeps a reference to what is no more
	leaves             // it loses the reference
	falls              // it goes too
)

// A reference is a way in which objects of one kind refer to those of another.
type reference struct {
	from lis.Kind
	link string // found by this link
	to   []lis.Kind
	fate fate
	// set writes a new id in the place of an old one; "" takes the reference away.
	set func(o lis.Object, from, to lis.SourcedID)
	// typed returns what the object says the kind of the other is; nil where
	// the link leaves no doubt.
	typed func(lis.Object) string
}

var collections = []lis.Kind{lis.KindGroup, lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection, lis.KindSectionAssociation}

// references is the table of who refers to whom. Where the standard says
// nothing of a delete (all but persons and line items) the rule is ours: what
// means nothing alone goes, what people typed or graded stays.
var references = []reference{
	{lis.KindMembership, lis.LinkPerson, []lis.Kind{lis.KindPerson}, falls, setMember, nil},
	{lis.KindMembership, lis.LinkCollection, collections, falls, setCollection, membershipIDType},
	{lis.KindResult, lis.LinkPerson, []lis.Kind{lis.KindPerson}, stays, setResultPerson, nil},
	{lis.KindResult, lis.LinkLineItem, []lis.Kind{lis.KindLineItem}, falls, setLineItem, nil},
	{lis.KindGroup, lis.LinkParent, []lis.Kind{lis.KindGroup}, leaves, setRelated, nil},
	{lis.KindSectionAssociation, lis.LinkSection, []lis.Kind{lis.KindCourseSection}, leaves, setSection, nil},
	{lis.KindCourseOffering, lis.LinkTemplate, []lis.Kind{lis.KindCourseTemplate}, stays, setTemplate, nil},
	{lis.KindCourseSection, lis.LinkOffering, []lis.Kind{lis.KindCourseOffering}, stays, setOffering, nil},
	{lis.KindCourseOffering, lis.LinkSession, []lis.Kind{lis.KindGroup}, stays, renameSession, nil},
	{lis.KindCourseSection, lis.LinkSession, []lis.Kind{lis.KindGroup}, stays, renameSession, nil},
	{lis.KindCourseSection, lis.LinkRoom, []lis.Kind{lis.KindGroup}, stays, setRoom, nil},
	{lis.KindCourseSection, lis.LinkInstructor, []lis.Kind{lis.KindPerson}, stays, setInstructor, nil},
	{lis.KindLineItem, lis.LinkContext, collections, stays, setContext, contextType},
	{lis.KindLineItem, lis.LinkResultValue, []lis.Kind{lis.KindResultValue}, stays, setScale, nil},
	{lis.KindResult, lis.LinkResultValue, []lis.Kind{lis.KindResultValue}, stays, setScale, nil},
}

// referring calls f with each object that refers to one, by rows of the table.
// The ids are collected first: they alone are held, and f may then write.
func referring(v journal.View, k lis.Kind, id lis.SourcedID, f func(*reference, lis.SourcedID)) error {
	for i := range references {
		ref := &references[i]
		if !slices.Contains(ref.to, k) {
			continue
		}
		filter := journal.Filter{Links: []lis.Link{{Name: ref.link, Value: string(id)}}, IDsOnly: ref.typed == nil}
		for e, err := range v.Scan(ref.from, filter) {
			if err != nil {
				return err
			}
			if ref.from == k && e.ID == id {
				continue // itself
			}
			means, err := ref.means(e, k)
			if err != nil {
				return err
			}
			if means {
				f(ref, e.ID)
			}
		}
	}
	return nil
}

// means reports whether the entry refers to an object of kind k, not to one
// of another kind under the same id.
func (ref *reference) means(e *journal.Entry, k lis.Kind) (bool, error) {
	if ref.typed == nil {
		return true, nil
	}
	rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return false, err
	}
	return couldName(ref.typed(rec.Object), k), nil
}

// couldName reports whether text of a peer may stand for a kind: it names it,
// in any case and as the end of a URI, or it names no collection at all.
func couldName(text string, k lis.Kind) bool {
	word := strings.TrimSpace(text[strings.LastIndexAny(text, "/#:")+1:])
	if strings.EqualFold(word, string(k)) {
		return true
	}
	return !slices.ContainsFunc(collections, func(c lis.Kind) bool { return strings.EqualFold(word, string(c)) })
}

func membershipIDType(o lis.Object) string { return o.(*lis.Membership).MembershipIDType }

func contextType(o lis.Object) string { return o.(*lis.LineItem).Context.ContextType }

func setMember(o lis.Object, _, to lis.SourcedID) { o.(*lis.Membership).Member.PersonSourcedID = to }

func setCollection(o lis.Object, _, to lis.SourcedID) { o.(*lis.Membership).CollectionSourcedID = to }

func setResultPerson(o lis.Object, _, to lis.SourcedID) { o.(*lis.Result).PersonSourcedID = to }

func setLineItem(o lis.Object, _, to lis.SourcedID) { o.(*lis.Result).LineItemSourcedID = to }

func setTemplate(o lis.Object, _, to lis.SourcedID) { o.(*lis.CourseOffering).ParentTemplateID = to }

func setOffering(o lis.Object, _, to lis.SourcedID) { o.(*lis.CourseSection).ParentOfferingID = to }

func setContext(o lis.Object, _, to lis.SourcedID) { o.(*lis.LineItem).Context.ContextIdentifier = to }

func setScale(o lis.Object, _, to lis.SourcedID) {
	switch o := o.(type) {
	case *lis.LineItem:
		o.ResultValueSourcedID = to
	case *lis.Result:
		o.ResultValueSourcedID = to
	}
}

func setRelated(o lis.Object, from, to lis.SourcedID) {
	g := o.(*lis.Group)
	if to == "" {
		g.Relationship = slices.DeleteFunc(g.Relationship, func(r lis.Relationship) bool { return r.SourcedID == from })
	}
	for i := range g.Relationship {
		if g.Relationship[i].SourcedID == from {
			g.Relationship[i].SourcedID = to
		}
	}
}

func setSection(o lis.Object, from, to lis.SourcedID) {
	a := o.(*lis.SectionAssociation)
	ids := a.Sections()
	switch at := slices.Index(ids, from); {
	case at < 0:
	case to == "" || slices.Contains(ids, to):
		a.CourseSectionIDList = withoutSection(a, from)
	default:
		ids[at] = to
	}
}

// renameSession follows a term group whose sourcedId serves as the session.
func renameSession(o lis.Object, _, to lis.SourcedID) {
	switch o := o.(type) {
	case *lis.CourseOffering:
		o.AcademicSession = &lis.Text{Language: o.AcademicSession.Language, TextString: string(to)}
	case *lis.CourseSection:
		o.AcademicSession = &lis.Text{Language: o.AcademicSession.Language, TextString: string(to)}
	}
}
