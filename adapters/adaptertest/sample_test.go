package adaptertest

import (
	"reflect"
	"testing"

	"lisgate/gateway/lis"
)

func TestSamples(t *testing.T) {
	for _, info := range lis.Kinds {
		seen := map[lis.SourcedID]bool{}
		for n := range 100 {
			r := Sample(info.Kind, n)
			if r.Object.Kind() != info.Kind || seen[r.ID] || r.Object.Missing() != "" {
				t.Fatalf("%s sample %d: kind %s, id %s, missing %q", info.Kind, n, r.Object.Kind(), r.ID, r.Object.Missing())
			}
			seen[r.ID] = true
			if !reflect.DeepEqual(r, Sample(info.Kind, n)) {
				t.Fatalf("%s sample %d is not the same each time", info.Kind, n)
			}
			if reflect.DeepEqual(r.Object, revise(r).Object) {
				t.Fatalf("%s sample %d cannot be revised", info.Kind, n)
			}
		}
	}
	if Sample("planet", 1) != nil {
		t.Error("a sample of an unknown kind")
	}
}

// Every reference of a sample leads to one of its parents.
func TestParents(t *testing.T) {
	references := map[string]bool{
		lis.LinkParent: true, lis.LinkCollection: true, lis.LinkPerson: true, lis.LinkTemplate: true, lis.LinkOffering: true,
		lis.LinkSection: true, lis.LinkContext: true, lis.LinkLineItem: true, lis.LinkResultValue: true,
	}
	for _, info := range lis.Kinds {
		for n := range 20 {
			there := map[lis.SourcedID]bool{}
			for _, p := range append(Parents(info.Kind, n), Sample(info.Kind, n)) {
				for _, link := range p.Object.Links() {
					if references[link.Name] && !there[lis.SourcedID(link.Value)] {
						t.Errorf("%s sample %d: %s %q is not there before", info.Kind, n, link.Name, link.Value)
					}
				}
				there[p.ID] = true
			}
		}
	}
}
