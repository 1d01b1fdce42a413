package route

import (
	"fmt"
	"reflect"

	"lisgate/gateway/lis"
)

// An alias is a short name for what stands in a known place. A value goes to
// each place that holds one now, else to the last, which is made.
var aliases = map[string]map[lis.Kind][]string{
	"userId": {lis.KindPerson: {"roles[0].userId[0].userIdValue"}},
	"email": {
		lis.KindPerson: {"contactinfo[contactinfoValue~@].contactinfoValue", "contactinfo[contactinfoType.instanceValue=Email].contactinfoValue"},
		lis.KindGroup:  {"email"},
	},
	"given":  {lis.KindPerson: {part("First"), part("Given")}},
	"family": {lis.KindPerson: {part("Last"), part("Family")}},
	"title":  forKinds("title", courses...),
	"label":  forKinds("label", append(courses, lis.KindLineItem, lis.KindResultValue)...),
	"status": with(forKinds("status", courses...), map[lis.Kind]string{
		lis.KindMembership: "member.role[*].status", lis.KindResult: "statusofResult.resultStatusValue"}),
	"role": {
		lis.KindMembership: {"member.role[*].roleType"},
		lis.KindPerson:     {"roles[*].institutionRole[*].institutionroletype.instanceValue"},
	},
}

var courses = []lis.Kind{lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection, lis.KindSectionAssociation}

func part(name string) string {
	return "name[0].partName[instanceName=" + name + "].instanceValue"
}

func forKinds(path string, kinds ...lis.Kind) map[lis.Kind][]string {
	all := map[lis.Kind][]string{}
	for _, k := range kinds {
		all[k] = []string{path}
	}
	return all
}

func with(all map[lis.Kind][]string, more map[lis.Kind]string) map[lis.Kind][]string {
	for k, path := range more {
		all[k] = []string{path}
	}
	return all
}

// pathsOf returns the paths that a key of a set stands for in a kind.
func pathsOf(k lis.Kind, key string) ([]way, error) {
	written := []string{key}
	if kinds, ok := aliases[key]; ok && kinds[k] != nil {
		written = kinds[k]
	}
	t := reflect.TypeOf(lis.InfoOf(k).New()).Elem()
	var paths []way
	for _, w := range written {
		p, err := parsePath(t, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// put sets what a key stands for in an object.
func put(paths []way, object reflect.Value, value any) error {
	held := false
	for _, p := range paths {
		if len(p.texts(object)) > 0 {
			held = true
			if err := p.put(object, value); err != nil {
				return err
			}
		}
	}
	if held {
		return nil
	}
	return paths[len(paths)-1].put(object, value)
}
