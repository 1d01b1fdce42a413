package rows

import "lisgate/gateway/lis"

// An alias is a short name for a path. What is in with is set too, when the
// value is not empty: it says what the value is.
type alias struct {
	path string
	with [][2]string // path and value
	date bool        // a date becomes an xs:dateTime
}

// aliases are ours: the paths behind them are the places where the peers put
// these values (see the samples of the standard's services), so that a school
// need not know the information model to name a column.
var aliases = map[lis.Kind]map[string]alias{
	lis.KindPerson: {
		"userId":    {path: "roles[0].userId[0].userIdValue", with: [][2]string{{"roles[0].userId[0].userIdType", "Logon ID"}}},
		"given":     {path: "name[0].partName[0].instanceValue", with: [][2]string{{"name[0].partName[0].instanceName", "First"}}},
		"family":    {path: "name[0].partName[1].instanceValue", with: [][2]string{{"name[0].partName[1].instanceName", "Last"}}},
		"middle":    {path: "name[0].partName[2].instanceValue", with: [][2]string{{"name[0].partName[2].instanceName", "Middle"}}},
		"formatted": {path: "formname[0].formattedName", with: [][2]string{{"formname[0].formnameType", "Full"}}},
		"email":     {path: "contactinfo[0].contactinfoValue", with: [][2]string{{"contactinfo[0].contactinfoType", "EmailPrimary"}}},
		"role":      {path: "roles[0].institutionRole[0].institutionroletype", with: [][2]string{{"roles[0].institutionRole[0].primaryroletype", "true"}}},
	},
	lis.KindGroup: {
		"type":    {path: "groupType.typevalue[0].type"},
		"level":   {path: "groupType.typevalue[0].level"},
		"scheme":  {path: "groupType.scheme"},
		"title":   {path: "description.shortDescription"},
		"parent":  {path: "relationship[0].sourcedId", with: [][2]string{{"relationship[0].relation", "Parent"}}},
		"org":     {path: "org.id"},
		"orgName": {path: "org.orgName"},
		"begin":   {path: "timeframe.begin", date: true},
		"end":     {path: "timeframe.end", date: true},
	},
	lis.KindMembership: {
		"collection": {path: "collectionSourcedId"},
		"section":    {path: "collectionSourcedId", with: [][2]string{{"membershipIdType", "courseSection"}}},
		"group":      {path: "collectionSourcedId", with: [][2]string{{"membershipIdType", "group"}}},
		"person":     {path: "member.personSourcedId"},
		"role":       {path: "member.role[0].roleType"},
		"subRole":    {path: "member.role[0].subRole"},
		"status":     {path: "member.role[0].status"},
		"begin":      {path: "member.role[0].timeFrame.begin", date: true},
		"end":        {path: "member.role[0].timeFrame.end", date: true},
	},
	lis.KindCourseTemplate: {
		"number":  {path: "courseNumber"},
		"credits": {path: "defaultCredits"},
		"org":     {path: "org.id"},
		"orgName": {path: "org.orgName"},
	},
	lis.KindCourseOffering: {
		"template": {path: "parentTemplateId"},
		"session":  {path: "academicSession"},
		"credits":  {path: "defaultCredits"},
		"org":      {path: "org.id"},
		"orgName":  {path: "org.orgName"},
		"begin":    {path: "timeFrame[0].begin", date: true},
		"end":      {path: "timeFrame[0].end", date: true},
	},
	lis.KindCourseSection: {
		"offering": {path: "parentOfferingId"},
		"session":  {path: "academicSession"},
		"credits":  {path: "defaultCredits"},
		"seats":    {path: "maxNumberofStudents"},
		"org":      {path: "org.id"},
		"orgName":  {path: "org.orgName"},
		"begin":    {path: "timeFrame[0].begin", date: true},
		"end":      {path: "timeFrame[0].end", date: true},
	},
	lis.KindSectionAssociation: {
		"sections": {path: "courseSectionIdList.courseSectionId"},
	},
	lis.KindLineItem: {
		"section": {path: "context.contextIdentifier", with: [][2]string{{"context.contextType", "CourseSection"}}},
		"type":    {path: "lineItemType.lineItemTypeValue"},
		"scale":   {path: "resultValueSourcedId"},
		"min":     {path: "resultValue.valueRange.min"},
		"max":     {path: "resultValue.valueRange.max"},
	},
	lis.KindResult: {
		"lineItem": {path: "lineItemSourcedId"},
		"person":   {path: "personSourcedId"},
		"score":    {path: "resultScore"},
		"status":   {path: "statusofResult.resultStatusValue"},
		"date":     {path: "date", date: true},
		"scale":    {path: "resultValueSourcedId"},
	},
	lis.KindResultValue: {
		"min": {path: "valueRange.min"},
		"max": {path: "valueRange.max"},
	},
}
