package route

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// Other is the key of a vocabulary under which all words stand that are not
// named, and the value that leaves a word as it is: {"*": "*"} lets all others
// through.
const Other = "*"

// A vocabulary says which word of a target stands for a word of LIS. An empty
// one translates nothing.
type vocabulary struct {
	name  string // of the words, for people
	words map[string]string
	lower map[string]string // by key in lower case: peers write learner for Learner
}

func newVocabulary(name string, words map[string]string) (vocabulary, error) {
	v := vocabulary{name, words, map[string]string{}}
	for _, key := range slices.Sorted(maps.Keys(words)) {
		lower := strings.ToLower(key)
		if old, twice := v.lower[lower]; twice && old != words[key] {
			return v, fmt.Errorf("%s %q is there twice in different case, with different words of the target", name, key)
		}
		v.lower[lower] = words[key]
	}
	return v, nil
}

// translate changes a word in place, or says that the target has none for it.
func (v *vocabulary) translate(word *string, more ...string) error {
	if len(v.words) == 0 || *word == "" {
		return nil
	}
	for _, key := range append(more, *word, Other) {
		to, ok := v.words[key]
		if !ok {
			to, ok = v.lower[strings.ToLower(key)]
		}
		if ok {
			if to != Other {
				*word = to
			}
			return nil
		}
	}
	return fmt.Errorf("the %s %q has no word at this target; it has words for %s: add %q to the target's map, or %q for all others",
		v.name, short(*word), strings.Join(slices.Sorted(maps.Keys(v.words)), ", "), short(*word), Other)
}

func (v *vocabulary) text(t *lis.Text) error {
	if t == nil {
		return nil
	}
	return v.translate(&t.TextString)
}

// A vocabularies holds those of one target.
type vocabularies struct{ roles, statuses, types, institutionRoles vocabulary }

// touches reports whether a kind has words of which the target has its own.
func (v *vocabularies) touches(k lis.Kind) bool {
	roles, statuses := len(v.roles.words) > 0, len(v.statuses.words) > 0
	switch k {
	case lis.KindPerson:
		return len(v.institutionRoles.words) > 0
	case lis.KindMembership:
		return roles || statuses
	case lis.KindGroup, lis.KindLineItem:
		return len(v.types.words) > 0
	case lis.KindResultValue:
		return false
	}
	return statuses
}

// translate changes the words of an object.
func (v *vocabularies) translate(o lis.Object) error {
	switch o := o.(type) {
	case *lis.Person:
		return v.person(o)
	case *lis.Membership:
		return v.membership(o)
	case *lis.Group:
		return v.group(o)
	case *lis.LineItem:
		if o.LineItemType != nil {
			return v.types.text(o.LineItemType.LineItemTypeValue)
		}
	case *lis.CourseTemplate:
		return v.statuses.translate(&o.Status)
	case *lis.CourseOffering:
		return v.statuses.translate(&o.Status)
	case *lis.CourseSection:
		return v.statuses.translate(&o.Status)
	case *lis.SectionAssociation:
		return v.statuses.translate(&o.Status)
	case *lis.Result:
		if o.StatusOfResult != nil {
			return v.statuses.text(o.StatusOfResult.ResultStatusValue)
		}
	}
	return nil
}

func (v *vocabularies) person(p *lis.Person) error {
	for i := range p.Roles {
		for j := range p.Roles[i].InstitutionRole {
			if w := p.Roles[i].InstitutionRole[j].InstitutionRoleType; w != nil {
				if err := v.institutionRoles.text(w.InstanceValue); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// membership translates roles, those with a subRole by both or by the role.
func (v *vocabularies) membership(m *lis.Membership) error {
	for i := range roles(m) {
		r := &m.Member.Role[i]
		var both []string
		if r.SubRole != "" {
			both = []string{r.RoleType + "/" + r.SubRole}
		}
		if err := v.roles.translate(&r.RoleType, both...); err != nil {
			return err
		}
		if err := v.statuses.translate(&r.Status); err != nil {
			return err
		}
	}
	return nil
}

// group translates types where peers put them: in type, or else in id.
func (v *vocabularies) group(g *lis.Group) error {
	if g.GroupType == nil {
		return nil
	}
	for i := range g.GroupType.TypeValue {
		t := &g.GroupType.TypeValue[i]
		word := t.Type
		if word.String() == "" {
			word = t.ID
		}
		if err := v.types.text(word); err != nil {
			return err
		}
	}
	return nil
}
