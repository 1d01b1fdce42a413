package lis

import (
	"strconv"
	"strings"
)

// planningFields are the fields of planningfields.go by their patterns.
var planningFields = knownFields(
	FieldMeetingID, FieldMeetingDays, FieldMeetingWeeks, FieldMeetingStartDate, FieldMeetingEndDate,
	FieldMeetingStartTime, FieldMeetingEndTime, FieldMeetingTimeZone, FieldMeetingType, FieldMeetingArranged,
	FieldMeetingRoom, FieldMeetingRoomName, FieldMeetingBuilding, FieldMeetingCampus, FieldMeetingRoomCapacity,
	FieldInstructorPerson, FieldInstructorRole, FieldInstructorShare, FieldInstructorLead,
	FieldRequestMinutes, FieldRequestMeetings, FieldRequestCapacity, FieldRequestFeature, FieldRequestGroup,
	FieldRequestBuilding, FieldRequestBuildingPref, FieldRequestRoom, FieldRequestRoomPref, FieldRequestNoRoom,
	FieldRequestDatePattern, FieldRequestTimeDays, FieldRequestTimeWeeks, FieldRequestTimeDate,
	FieldRequestTimeStart, FieldRequestTimeLength, FieldRequestTimePref, FieldRequestNotBefore, FieldRequestNotAfter,
	FieldConstraintType, FieldConstraintSection, FieldConstraintRequired, FieldConstraintPenalty,
	FieldLinkParent, FieldLinkGroup,
	FieldDemandExpected, FieldDemandLastLike,
	FieldPlanState, FieldPlanVersion, FieldPlanReason, FieldPlanPacket, FieldPlanMode,
	FieldRoomCapacity, FieldRoomFeature, FieldRoomBuilding, FieldRoomCampus, FieldRoomX, FieldRoomY,
	FieldRoomBusyDays, FieldRoomBusyWeeks, FieldRoomBusyFrom, FieldRoomBusyTo, FieldRoomBusyStart, FieldRoomBusyEnd,
	FieldRoomTravelTo, FieldRoomTravelTime,
	FieldITCConfig, FieldITCSubpart, FieldITCOrder, FieldITCProblem,
	FieldUniTimeClass, FieldUniTimeCourse, FieldUniTimeConfig,
)

// The families of fields: the first part of their names. One word reads and
// writes each of them.
var (
	familyMeeting    = family(FieldMeetingID)
	familyRequest    = family(FieldRequestMinutes)
	familyConstraint = family(FieldConstraintType)
	familyLink       = family(FieldLinkParent)
	familyDemand     = family(FieldDemandExpected)
	familyPlan       = family(FieldPlanState)
	familyRoom       = family(FieldRoomCapacity)
)

// families are all of them, those of the formats too.
var families = func() map[string]bool {
	m := map[string]bool{}
	for pattern := range planningFields {
		m[family(pattern)] = true
	}
	return m
}()

// A knownField is a row of the table: its pattern and how many numbers that has.
type knownField struct {
	pattern string
	numbers int
}

func knownFields(patterns ...string) map[string]knownField {
	m := make(map[string]knownField, len(patterns))
	for _, p := range patterns {
		f := knownField{pattern: p}
		for part := range strings.SplitSeq(p, ".") {
			if part == "N" || part == "M" {
				f.numbers++
			}
		}
		m[p] = f
	}
	return m
}

// family returns the first part of a name.
func family(name string) string {
	f, _, _ := strings.Cut(name, ".")
	return f
}

func inFamily(name, family string) bool {
	return len(name) > len(family) && name[len(family)] == '.' && name[:len(family)] == family
}

// FieldName writes a name of the table with its numbers:
// FieldName(FieldMeetingDays, 2) is meeting.2.days.
func FieldName(pattern string, n ...int) string {
	b := make([]byte, 0, 48)
	for i, k := 0, 0; i < len(pattern); i++ {
		c := pattern[i]
		number := (c == 'N' || c == 'M') && i > 0 && pattern[i-1] == '.' && (i+1 == len(pattern) || pattern[i+1] == '.')
		if !number || k >= len(n) {
			b = append(b, c)
			continue
		}
		b = strconv.AppendInt(b, int64(n[k]), 10)
		k++
	}
	return string(b)
}

// maxNumber is the highest number in the name of a field; a longer one is
// none of ours.
const maxNumber = 999_999_999

// fieldNumber reads a number in the name of a field; zeros before it are
// nothing, and 0 is no number.
func fieldNumber(part string) (int, bool) {
	if len(part) == 0 || len(part) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(part) {
		if part[i] < '0' || part[i] > '9' {
			return 0, false
		}
		n = n*10 + int(part[i]-'0')
	}
	return n, n > 0
}

// parseFieldName finds the row of the table for a name, and its numbers.
func parseFieldName(name string) (pattern string, n, m int, ok bool) {
	var buf [64]byte
	if len(name) > len(buf) {
		return "", 0, 0, false
	}
	var numbers [2]int
	k, count := 0, 0
	for i := 0; i <= len(name); {
		end := strings.IndexByte(name[i:], '.') + i
		if end < i {
			end = len(name)
		}
		if v, is := fieldNumber(name[i:end]); !is {
			k += copy(buf[k:], name[i:end])
		} else if count == len(numbers) {
			return "", 0, 0, false
		} else {
			numbers[count], buf[k] = v, "NM"[count]
			k, count = k+1, count+1
		}
		if end < len(name) {
			buf[k] = '.'
			k++
		}
		i = end + 1
	}
	f, known := planningFields[string(buf[:k])]
	if !known || f.numbers != count { // an N that was sent is a letter
		return "", 0, 0, false
	}
	return f.pattern, numbers[0], numbers[1], true
}

// numberIn returns the number that follows the family in a name, or 0.
func numberIn(name, family string) int {
	part, _, _ := strings.Cut(name[len(family)+1:], ".")
	n, _ := fieldNumber(part)
	return n
}

// fieldType returns the type of a field by its pattern.
func fieldType(pattern string) string {
	if t, ok := planningTypes[pattern]; ok {
		return t
	}
	return typeString
}

// UnknownPlanningFields returns the names of fields that claim to be of course
// planning, by our vocabulary or by the first part of their name, and that
// nobody knows. They are kept, and the sender is told.
func UnknownPlanningFields(e *Extension) []string {
	if e == nil {
		return nil
	}
	var unknown []string
	for i := range e.Field {
		name := e.Field[i].FieldName
		if e.NameVocabulary != PlanningVocabulary && !families[family(name)] {
			continue
		}
		if _, _, _, ok := parseFieldName(name); !ok {
			unknown = append(unknown, name)
		}
	}
	return unknown
}
