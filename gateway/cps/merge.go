package cps

import (
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A section has two masters. The planner owns when and where it meets and who
// teaches then; the SIS owns the rest. Each sends whole records, and many
// systems leave out what they do not know: so what a side does not speak of
// stays as it was [ours; planners in the field work by field ownership, CPS
// facts, section 4].

// byPlanner is a section as the planner wants it: what it says over what is
// there. When it speaks of meetings, all of them are as it says. Its status is
// that of when it read the section: updateCourseSectionStatus changes it.
func byPlanner(old, in *lis.CourseSection) *lis.CourseSection {
	said := copyOf(in)
	said.SetPlan(lis.Plan{})
	if old == nil {
		return said
	}
	out := copyOf(old)
	if speaks(in, lis.FieldMeetingDays) {
		drop(out, lis.FieldMeetingDays)
	}
	said.Meeting, said.Location, said.Status = nil, nil, "" // the texts are made anew of the fields
	lis.Merge(out, said)
	return out
}

// planned are the fields that a SIS may leave out without taking them away,
// each for all that begin as it does.
var planned = []string{lis.FieldMeetingDays, lis.FieldLinkParent, lis.FieldUniTimeClass, lis.FieldITCConfig}

// bySIS is a section as the SIS wants it: its record, with the plan that is
// there where it says nothing of one.
func bySIS(old, in *lis.CourseSection) *lis.CourseSection {
	out := copyOf(in)
	out.SetPlan(lis.Plan{})
	if old == nil || old.Extension == nil {
		return out
	}
	for _, field := range planned {
		if speaks(in, field) {
			continue
		}
		for _, f := range old.Extension.Field {
			if of(f.FieldName, field) {
				extend(out, old.Extension)
				out.Extension.Field = append(out.Extension.Field, f)
			}
		}
	}
	return out
}

// extend gives a section an extension, in the vocabulary of another one.
func extend(c *lis.CourseSection, like *lis.Extension) {
	if c.Extension == nil {
		c.Extension = &lis.Extension{NameVocabulary: like.NameVocabulary, TypeVocabulary: like.TypeVocabulary}
	}
}

// of reports whether a field belongs to the group that another begins.
func of(name, like string) bool {
	group, _, _ := strings.Cut(like, ".")
	return strings.HasPrefix(name, group+".")
}

func speaks(c *lis.CourseSection, like string) bool {
	return c.Extension != nil && slices.ContainsFunc(c.Extension.Field, func(f lis.ExtensionField) bool { return of(f.FieldName, like) })
}

func drop(c *lis.CourseSection, like string) {
	if c.Extension != nil {
		c.Extension.Field = slices.DeleteFunc(c.Extension.Field, func(f lis.ExtensionField) bool { return of(f.FieldName, like) })
	}
}

// copyOf returns a section that shares nothing with another that is written to.
func copyOf(c *lis.CourseSection) *lis.CourseSection {
	copied := new(lis.CourseSection)
	lis.Merge(copied, c)
	return copied
}
