package itc2019

import (
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// The file has ids and no names: sourcedIds, titles and names are made of the
// ids. All of them are ours.
const (
	partTerm         = "-term"
	partRoom         = "-room-"
	partTemplate     = "-template-"
	partCourse       = "-course-"
	partClass        = "-class-"
	partDistribution = "-distribution-"
	partStudent      = "-student-"

	nameRoom         = "Room "
	nameCourse       = "Course "
	nameClass        = "Class "
	nameSubpart      = "Subpart "
	nameDistribution = "Distribution "
	nameStudent      = "Student"

	termType    = "TERM"
	roleLearner = "Learner"
	active      = "Active"
)

// The operations that a file becomes.
const (
	replaceGroup       = "replaceGroup"
	replaceTemplate    = "replaceCourseTemplate"
	replaceOffering    = "replaceCourseOffering"
	replaceSection     = "replaceCourseSection"
	replaceAssociation = "replaceSectionAssociation"
	replacePerson      = "replacePerson"
	replaceMembership  = "replaceMembership"
	deleteMembership   = "deleteMembership"
)

// sourcedID returns the sourcedId of the object that the file calls id.
func (g *grid) sourcedID(part, id string) lis.SourcedID {
	return lis.SourcedID(g.prefix + part + id)
}

// fileID returns what the file calls an object: the end of its sourcedId, or
// all of it where somebody else made that.
func (g *grid) fileID(part string, id lis.SourcedID) string {
	if s, ok := strings.CutPrefix(string(id), g.prefix+part); ok {
		return s
	}
	return string(id)
}

// memberID returns the sourcedId of a membership of a student. A tilde is in
// no id, so that two memberships never have one sourcedId.
func memberID(of lis.SourcedID, student string) lis.SourcedID {
	return of + "~" + lis.SourcedID(strings.TrimPrefix(partStudent, "-")+student)
}

// setField writes one of our fields into the extension of an object.
func setField(e **lis.Extension, field, value string) {
	lis.Extend(e).Set(field, value)
}

func setOrder(e **lis.Extension, order int) { setField(e, lis.FieldITCOrder, strconv.Itoa(order)) }

// orderOf returns the place in the file, or one after all others.
func orderOf(e *lis.Extension) int {
	if n, err := strconv.Atoi(e.Get(lis.FieldITCOrder)); err == nil {
		return n
	}
	return int(^uint(0) >> 1)
}

// natural compares ids as people do: 9 before 10.
func natural(a, b string) int {
	x, errX := strconv.ParseUint(a, 10, 64)
	y, errY := strconv.ParseUint(b, 10, 64)
	switch {
	case errX == nil && errY == nil && x != y:
		if x < y {
			return -1
		}
		return 1
	case errX == nil && errY != nil:
		return -1
	case errX != nil && errY == nil:
		return 1
	}
	return strings.Compare(a, b)
}
