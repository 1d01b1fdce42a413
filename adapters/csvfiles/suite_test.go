package csvfiles

import (
	"fmt"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

func TestSourceSuite(t *testing.T) {
	adaptertest.RunSource(t, func(t *testing.T) (adapters.Source, adaptertest.SourceControl) {
		b := newBench(t, strings.Replace(plainOptions, `key("stu", nr)`, `nr`, 1))
		return b.a, adaptertest.SourceControl{Set: func(t *testing.T, kind lis.Kind, records ...*lis.Record) {
			text := "Student No,First,Last,mail\n"
			for _, r := range records {
				p := r.Object.(*lis.Person)
				text += fmt.Sprintf("%s,\"%s\",\"%s\",%s\n", r.ID, p.Part("First"), p.Part("Last"), "a@example.edu")
			}
			b.drop("students1.csv", text)
		}}
	}, adaptertest.SourceFeatures{Kinds: []lis.Kind{lis.KindPerson}, Lists: true, Differ: func(want, got *lis.Record) string {
		w, g := want.Object.(*lis.Person), got.Object.(*lis.Person)
		if w.Part("First") != g.Part("First") || w.Part("Last") != g.Part("Last") {
			return w.Part("First") + " " + g.Part("First")
		}
		return ""
	}})
}
