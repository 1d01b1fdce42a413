package adaptertest

import (
	"encoding/json"
	"reflect"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// holds demands that the system holds a record, as far as it can be read.
func (b *bench) holds(a adapters.Adapter, want *lis.Record) {
	b.Helper()
	reader, ok := a.(adapters.Reader)
	if !ok {
		return
	}
	got, err := reader.Read(b.Context(), want.Object.Kind(), want.ID)
	b.classed(err)
	switch hidden := b.hidden(a, want); {
	case err != nil:
		b.Errorf("read %s %s: %v", want.Object.Kind(), want.ID, err)
	case hidden && got != nil:
		b.Errorf("%s %s is there, and its mirror says that it is not", want.Object.Kind(), want.ID)
	case hidden:
	case got == nil:
		b.Errorf("%s %s is not there", want.Object.Kind(), want.ID)
	default:
		b.same(a, want, got)
	}
}

// lacks demands that the system has no record of a name.
func (b *bench) lacks(a adapters.Adapter, kind lis.Kind, id lis.SourcedID) {
	b.Helper()
	reader, ok := a.(adapters.Reader)
	if !ok {
		return
	}
	got, err := reader.Read(b.Context(), kind, id)
	b.classed(err)
	if err != nil {
		b.Errorf("read %s %s: %v; want nil and no error for what is not there", kind, id, err)
	} else if got != nil {
		b.Errorf("%s %s is there", kind, id)
	}
}

func (b *bench) same(a adapters.Adapter, want, got *lis.Record) {
	b.Helper()
	if b.Differ != nil {
		if difference := b.Differ(want, got); difference != "" {
			b.Errorf("%s %s: %s", want.Object.Kind(), want.ID, difference)
		}
		return
	}
	put := want
	if m, ok := a.(adapters.Mirror); ok {
		want = m.Mirror(put)
	}
	if want == nil {
		b.Errorf("%s %s came back, and its mirror says that it does not", put.Object.Kind(), put.ID)
		return
	}
	if want.ID != got.ID && got.ID != put.ID || !reflect.DeepEqual(want.Object, got.Object) {
		b.Errorf("read back another record:\nwant %s\ngot  %s", describe(want), describe(got))
	}
}

func describe(r *lis.Record) string {
	text, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// effects counts what the system was made to do, 0 when nothing counts.
func (b *bench) effects(a adapters.Adapter) int {
	if b.Effects == nil {
		return 0
	}
	return b.Effects(a)
}

// revise returns a record as it is after its source has changed it. The
// change is one that every system would show: a name, a status, a score.
func revise(r *lis.Record) *lis.Record {
	kind := r.Object.Kind()
	body, err := lis.MarshalRecord(r)
	if err != nil {
		panic(err) // samples can be written
	}
	revised, err := lis.UnmarshalRecord(kind, r.ID, body)
	if err != nil {
		panic(err)
	}
	text := lis.NewText("de", "Geändert: ‹Übung›")
	switch o := revised.Object.(type) {
	case *lis.Person:
		o.FormName[0].FormattedName = text
		o.Name[0].PartName[0].InstanceValue = text
	case *lis.Group:
		o.Description.ShortDescription = text
	case *lis.Membership:
		o.Member.Role[0].Status = "Inactive"
	case *lis.CourseTemplate:
		o.Title = text
	case *lis.CourseOffering:
		o.Title = text
	case *lis.CourseSection:
		o.Title = text
	case *lis.SectionAssociation:
		o.Title = text
	case *lis.LineItem:
		o.Label = text
	case *lis.Result:
		o.ResultScore = lis.NewText("", "99.5")
	case *lis.ResultValue:
		o.Label = text
	}
	return revised
}
