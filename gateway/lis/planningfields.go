package lis

// PlanningVocabulary is the extensionNameVocabulary of the fields below. It is
// ours: the official vocabulary of CPS 1.0 (cpsextensionvocabularyv1p0-v5.xml)
// could not be had. A partner who has another gets that by configuration.
const PlanningVocabulary = "urn:lisgate:cps:extensionvocabulary:1"

// FacilityType is the type of a group that is a room [ours].
const FacilityType = "Facility"

// The names of the fields, all of them ours (CPS facts, 5.2). N and M stand
// for numbers from 1: an extension field is flat, and what repeats is
// numbered. Nothing else in lisgate spells a name of a field; with the
// official names only this table changes.
const (
	FieldMeetingID           = "meeting.N.id"
	FieldMeetingDays         = "meeting.N.days"
	FieldMeetingWeeks        = "meeting.N.weeks"
	FieldMeetingStartDate    = "meeting.N.startDate"
	FieldMeetingEndDate      = "meeting.N.endDate"
	FieldMeetingStartTime    = "meeting.N.startTime"
	FieldMeetingEndTime      = "meeting.N.endTime"
	FieldMeetingTimeZone     = "meeting.N.timeZone"
	FieldMeetingType         = "meeting.N.type"
	FieldMeetingArranged     = "meeting.N.arranged"
	FieldMeetingRoom         = "meeting.N.room"
	FieldMeetingRoomName     = "meeting.N.roomName"
	FieldMeetingBuilding     = "meeting.N.building"
	FieldMeetingCampus       = "meeting.N.campus"
	FieldMeetingRoomCapacity = "meeting.N.roomCapacity"
	FieldInstructorPerson    = "meeting.N.instructor.M.sourcedId"
	FieldInstructorRole      = "meeting.N.instructor.M.role"
	FieldInstructorShare     = "meeting.N.instructor.M.share"
	FieldInstructorLead      = "meeting.N.instructor.M.lead"

	FieldRequestMinutes      = "request.minutesPerWeek"
	FieldRequestMeetings     = "request.numberOfMeetings"
	FieldRequestCapacity     = "request.minRoomCapacity"
	FieldRequestFeature      = "request.roomFeature.N"
	FieldRequestGroup        = "request.roomGroup.N"
	FieldRequestBuilding     = "request.building.N.name"
	FieldRequestBuildingPref = "request.building.N.preference"
	FieldRequestRoom         = "request.room.N.sourcedId"
	FieldRequestRoomPref     = "request.room.N.preference"
	FieldRequestNoRoom       = "request.noRoom"
	FieldRequestDatePattern  = "request.datePattern"
	FieldRequestTimeDays     = "request.time.N.days"
	FieldRequestTimeWeeks    = "request.time.N.weeks"
	FieldRequestTimeDate     = "request.time.N.startDate"
	FieldRequestTimeStart    = "request.time.N.startTime"
	FieldRequestTimeLength   = "request.time.N.length"
	FieldRequestTimePref     = "request.time.N.preference"
	FieldRequestNotBefore    = "request.notBefore"
	FieldRequestNotAfter     = "request.notAfter"

	FieldConstraintType     = "constraint.N.type"
	FieldConstraintSection  = "constraint.N.section.M"
	FieldConstraintRequired = "constraint.N.required"
	FieldConstraintPenalty  = "constraint.N.penalty"

	FieldLinkParent = "link.parentSection"
	FieldLinkGroup  = "link.group"

	FieldDemandExpected = "demand.expected"
	FieldDemandLastLike = "demand.lastLike"

	FieldPlanState   = "plan.state"
	FieldPlanVersion = "plan.version"
	FieldPlanReason  = "plan.reason"
	FieldPlanPacket  = "plan.packet"
	FieldPlanMode    = "plan.packetMode"

	FieldRoomCapacity   = "room.capacity"
	FieldRoomFeature    = "room.feature.N"
	FieldRoomBuilding   = "room.building"
	FieldRoomCampus     = "room.campus"
	FieldRoomX          = "room.x"
	FieldRoomY          = "room.y"
	FieldRoomBusyDays   = "room.unavailable.N.days"
	FieldRoomBusyWeeks  = "room.unavailable.N.weeks"
	FieldRoomBusyFrom   = "room.unavailable.N.startDate"
	FieldRoomBusyTo     = "room.unavailable.N.endDate"
	FieldRoomBusyStart  = "room.unavailable.N.startTime"
	FieldRoomBusyEnd    = "room.unavailable.N.endTime"
	FieldRoomTravelTo   = "room.travel.N.room"
	FieldRoomTravelTime = "room.travel.N.minutes"

	// What a file needs to be written back as it was; of no meaning to others.
	FieldITCConfig     = "itc2019.config"
	FieldITCSubpart    = "itc2019.subpart"
	FieldITCOrder      = "itc2019.order"
	FieldITCProblem    = "itc2019.problem"
	FieldUniTimeClass  = "unitime.class.N"
	FieldUniTimeCourse = "unitime.course.N"
	FieldUniTimeConfig = "unitime.config.N"
)

// The types of fields (ExtensionField.Type).
const (
	typeString   = "String"
	typeInteger  = "Integer"
	typeBoolean  = "Boolean"
	typeDateTime = "DateTime"
)

// planningTypes are the types of the fields that are no String. Dates and
// times of day are Strings: DateTime would give them a zone that they have not.
var planningTypes = map[string]string{
	FieldMeetingArranged: typeBoolean, FieldMeetingRoomCapacity: typeInteger, FieldInstructorLead: typeBoolean,
	FieldRequestMinutes: typeInteger, FieldRequestMeetings: typeInteger, FieldRequestCapacity: typeInteger,
	FieldRequestBuildingPref: typeInteger, FieldRequestRoomPref: typeInteger, FieldRequestNoRoom: typeBoolean,
	FieldRequestTimeLength: typeInteger, FieldRequestTimePref: typeInteger,
	FieldConstraintRequired: typeBoolean, FieldConstraintPenalty: typeInteger,
	FieldDemandExpected: typeInteger, FieldDemandLastLike: typeInteger, FieldPlanVersion: typeInteger,
	FieldRoomCapacity: typeInteger, FieldRoomTravelTime: typeInteger, FieldITCOrder: typeInteger,
}
