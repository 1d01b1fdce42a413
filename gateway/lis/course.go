package lis

// CourseTemplate is a course of the catalogue (CMS 1.0, CourseTemplate.Type).
type CourseTemplate struct {
	Label               *Text                `json:"label,omitempty"`
	Title               *Text                `json:"title,omitempty"`
	CatalogDescription  *Description         `json:"catalogDescription,omitempty"`
	CourseNumber        *Text                `json:"courseNumber,omitempty"`
	Status              string               `json:"status,omitempty"` // Active, Inactive
	DefaultCredits      *Text                `json:"defaultCredits,omitempty"`
	Org                 *Org                 `json:"org,omitempty"`
	ListOfTopics        *ListOfTopics        `json:"listofTopics,omitempty"`
	ListOfPrerequisites *ListOfPrerequisites `json:"listofPrerequisites,omitempty"`
	DataSource          string               `json:"dataSource,omitempty"`
	RecordInfo          *Metadata            `json:"recordInfo,omitempty"`
	Extension           *Extension           `json:"extension,omitempty"`
}

// ListOfTopics lists what a course treats (ListofTopics.Type).
type ListOfTopics struct {
	Topic []Text `json:"topic,omitempty"`
}

// ListOfPrerequisites lists what a course asks for (ListofPrerequisites.Type).
type ListOfPrerequisites struct {
	Prerequisite []Text `json:"prerequisite,omitempty"`
}

// CourseOffering is a course in a term (CourseOffering.Type).
type CourseOffering struct {
	Label              *Text          `json:"label,omitempty"`
	Title              *Text          `json:"title,omitempty"`
	ParentTemplateID   SourcedID      `json:"parentTemplateId,omitempty"`
	CatalogDescription *Description   `json:"catalogDescription,omitempty"`
	Status             string         `json:"status,omitempty"`
	DefaultCredits     *Text          `json:"defaultCredits,omitempty"`
	AcademicSession    *Text          `json:"academicSession,omitempty"`
	Org                *Org           `json:"org,omitempty"`
	TimeFrame          []TimeFrame    `json:"timeFrame,omitempty"`
	EnrollControl      *EnrollControl `json:"enrollControl,omitempty"`
	DataSource         string         `json:"dataSource,omitempty"`
	RecordInfo         *Metadata      `json:"recordInfo,omitempty"`
	Extension          *Extension     `json:"extension,omitempty"`
}

// CourseSection is what students sit in (CourseSection.Type).
// AcademicSession is sent by ILP; the schema has it in the offering only.
type CourseSection struct {
	Label               *Text          `json:"label,omitempty"`
	Title               *Text          `json:"title,omitempty"`
	AcademicSession     *Text          `json:"academicSession,omitempty"`
	ParentOfferingID    SourcedID      `json:"parentOfferingId,omitempty"`
	CatalogDescription  *Description   `json:"catalogDescription,omitempty"`
	Status              string         `json:"status,omitempty"`
	DefaultCredits      *Text          `json:"defaultCredits,omitempty"`
	Category            *Text          `json:"category,omitempty"`
	MaxNumberOfStudents *int64         `json:"maxNumberofStudents,omitempty"`
	NumberOfStudents    *int64         `json:"numberofStudents,omitempty"`
	Org                 *Org           `json:"org,omitempty"`
	TimeFrame           []TimeFrame    `json:"timeFrame,omitempty"`
	EnrollControl       *EnrollControl `json:"enrollControl,omitempty"`
	Location            *Text          `json:"location,omitempty"`
	Notes               *Text          `json:"notes,omitempty"`
	Meeting             *Text          `json:"meeting,omitempty"`
	DataSource          string         `json:"dataSource,omitempty"`
	RecordInfo          *Metadata      `json:"recordInfo,omitempty"`
	Extension           *Extension     `json:"extension,omitempty"`
}

// SectionAssociation binds sections together (SectionAssociation.Type), such
// as cross-listed ones.
type SectionAssociation struct {
	Label               *Text                   `json:"label,omitempty"`
	Title               *Text                   `json:"title,omitempty"`
	Status              string                  `json:"status,omitempty"`
	CourseSectionIDList *ListOfCourseSectionIDs `json:"courseSectionIdList,omitempty"`
	DataSource          string                  `json:"dataSource,omitempty"`
	RecordInfo          *Metadata               `json:"recordInfo,omitempty"`
	Extension           *Extension              `json:"extension,omitempty"`
}

// ListOfCourseSectionIDs lists the sections of an association
// (ListofCourseSectionIds.Type).
type ListOfCourseSectionIDs struct {
	CourseSectionID []SourcedID `json:"courseSectionId,omitempty"`
}

// Kind returns KindCourseTemplate.
func (*CourseTemplate) Kind() Kind { return KindCourseTemplate }

// Kind returns KindCourseOffering.
func (*CourseOffering) Kind() Kind { return KindCourseOffering }

// Kind returns KindCourseSection.
func (*CourseSection) Kind() Kind { return KindCourseSection }

// Kind returns KindSectionAssociation.
func (*SectionAssociation) Kind() Kind { return KindSectionAssociation }

// Missing returns "": all elements are optional.
func (*CourseTemplate) Missing() string { return "" }

// Missing returns "": all elements are optional.
func (*CourseOffering) Missing() string { return "" }

// Missing returns "": all elements are optional.
func (*CourseSection) Missing() string { return "" }

// Missing returns "": all elements are optional.
func (*SectionAssociation) Missing() string { return "" }

// Sections returns the sections of the association.
func (a *SectionAssociation) Sections() []SourcedID {
	if a.CourseSectionIDList == nil {
		return nil
	}
	return a.CourseSectionIDList.CourseSectionID
}
