package ilp

// Fields of a result's extension. LIS has no element for what they say; the
// names are lisgate's own, the same for grades that come in by this message
// and for those that go out by it.
const (
	FieldSection    = "courseSectionSourcedId"   // the section, when the line item is not known
	FieldType       = "lineItemType"             // Final, Midterm or Interim, when the line item is not known; Final when not given
	FieldMidterm    = "midtermNumber"            // 1 to 6; 1 when not given
	FieldSubmitter  = "submittedBy"              // who answers for the grade (ModifiedBy)
	FieldAttendance = "lastAttendanceDate"       // ISO 8601
	FieldDefault    = "defaultIncompleteGrade"   // what an incomplete becomes
	FieldExpiration = "finalGradeExpirationDate" // and when
)
