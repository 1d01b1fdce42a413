package config

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/route"
)

// What the example says of routes and maps can be taken over as it stands, and
// its tests of the map pass.
func TestRoutesAndMapsOfTheExampleWork(t *testing.T) {
	for _, name := range []string{"BANNER_PASSWORD", "CIRRUS_PASSWORD", "TURNITIN_SECRET", "LMS_PASSWORD", "MOODLE_TOKEN", "SIS_PASSWORD"} {
		t.Setenv(name, "x")
	}
	dir := t.TempDir()
	makeCertificate(t, dir)
	c := mustLoad(t, strings.ReplaceAll(takeOver(Example), "/etc/lisgate", dir), nil)
	for _, r := range c.Routes {
		if _, err := route.New([]route.Rule{{Name: r.Name, When: string(r.When), To: r.To}}); err != nil {
			t.Error(err)
		}
	}
	tests := 0
	for _, target := range c.Targets {
		s, err := route.NewShaper(mappingOf(&target.Map))
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range target.Map.Tests {
			tests++
			for _, err := range s.Check([]route.Test{{Name: test.Name, Kind: lis.Kind(test.Kind), Given: string(test.Given), Want: string(test.Want), WantError: test.Error}}) {
				if err != nil {
					t.Error(err)
				}
			}
		}
	}
	if tests == 0 {
		t.Error("the example shows no test of a map")
	}
}

func mappingOf(m *Map) route.Mapping {
	mapping := route.Mapping{Roles: m.Roles, Statuses: m.Statuses, Types: m.Types, InstitutionRoles: m.InstitutionRoles}
	for _, s := range m.Set {
		set := route.Set{When: string(s.When), Set: map[string]string{}}
		for _, k := range s.Kinds {
			set.Kinds = append(set.Kinds, lis.Kind(k))
		}
		for place, value := range s.Set {
			set.Set[place] = string(value)
		}
		mapping.Sets = append(mapping.Sets, set)
	}
	return mapping
}
