package lis

import (
	"maps"
	"slices"
	"strings"
)

// A Service is one of the six LIS services, in the short form that its path
// under /lis/ has.
type Service string

// The six services.
const (
	PMS   Service = "pms"
	GMS   Service = "gms"
	MMS   Service = "mms"
	CMS   Service = "cms"
	OMS   Service = "oms"
	BDEMS Service = "bdems"
)

// A Verb is what an operation does, whatever the kind of object.
type Verb string

// The verbs. The first twelve exist for every kind.
const (
	Create           Verb = "create"
	CreateByProxy    Verb = "createByProxy"
	Delete           Verb = "delete"
	Read             Verb = "read"
	ReadAllIDs       Verb = "readAllIds"
	ReadIDsFrom      Verb = "readIdsFromSavePoint"
	ReadPlural       Verb = "readPlural"
	ReadPluralFrom   Verb = "readPluralFromSavePoint"
	Update           Verb = "update"
	Replace          Verb = "replace"
	Discover         Verb = "discover"
	ChangeIdentifier Verb = "changeIdentifier"

	ReadCore       Verb = "readCore"
	ReadIDsFor     Verb = "readIdsFor"
	ReadIDFor      Verb = "readIdFor"
	CreateFrom     Verb = "createFrom"
	UpdateStatus   Verb = "updateStatus"
	AddRelation    Verb = "addRelation"
	RemoveRelation Verb = "removeRelation"
	ReplacePlural  Verb = "replacePlural"

	BulkAnnounce        Verb = "bulkAnnounce"
	BulkAnnounceFailure Verb = "bulkAnnounceFailure"
	BulkCancel          Verb = "bulkCancel"
	BulkIgnore          Verb = "bulkIgnore"
	BulkReportBack      Verb = "bulkReport"
	BulkRequest         Verb = "bulkRequest"
)

// Writes reports whether an operation with this verb changes records or the
// state of an exchange.
func (v Verb) Writes() bool {
	switch v {
	case Read, ReadAllIDs, ReadIDsFrom, ReadPlural, ReadPluralFrom, Discover, ReadCore, ReadIDsFor, ReadIDFor:
		return false
	}
	return true
}

// An Operation is one of the 156 of LIS 2.0.
type Operation struct {
	Name    string
	Service Service
	Kind    Kind // what it is about; "" for bulk operations
	Verb    Verb
}

// A KindInfo is a row of the table of kinds.
type KindInfo struct {
	Kind    Kind
	Service Service
	Name    string // as it stands in operation names: "CourseSection"
	Plural  string // "CourseSections"
	New     func() Object
}

// Kinds is the table of kinds: a new kind is a row here.
var Kinds = []KindInfo{
	{KindPerson, PMS, "Person", "Persons", func() Object { return new(Person) }},
	{KindGroup, GMS, "Group", "Groups", func() Object { return new(Group) }},
	{KindMembership, MMS, "Membership", "Memberships", func() Object { return new(Membership) }},
	{KindCourseTemplate, CMS, "CourseTemplate", "CourseTemplates", func() Object { return new(CourseTemplate) }},
	{KindCourseOffering, CMS, "CourseOffering", "CourseOfferings", func() Object { return new(CourseOffering) }},
	{KindCourseSection, CMS, "CourseSection", "CourseSections", func() Object { return new(CourseSection) }},
	{KindSectionAssociation, CMS, "SectionAssociation", "SectionAssociations", func() Object { return new(SectionAssociation) }},
	{KindLineItem, OMS, "LineItem", "LineItems", func() Object { return new(LineItem) }},
	{KindResult, OMS, "Result", "Results", func() Object { return new(Result) }},
	{KindResultValue, OMS, "ResultValue", "ResultValues", func() Object { return new(ResultValue) }},
}

// specials are the operations that only some kinds have.
var specials = []Operation{
	{"readPersonCore", PMS, KindPerson, ReadCore},
	{"readGroupIdsForPerson", GMS, KindGroup, ReadIDsFor},
	{"addGroupRelationship", GMS, KindGroup, AddRelation},
	{"removeGroupRelationship", GMS, KindGroup, RemoveRelation},
	{"readMembershipIdsForPerson", MMS, KindMembership, ReadIDsFor},
	{"readMembershipIdsForPersonWithRole", MMS, KindMembership, ReadIDsFor},
	{"readMembershipIdsForCollection", MMS, KindMembership, ReadIDsFor},
	{"readCourseOfferingIdsForCourseTemplate", CMS, KindCourseOffering, ReadIDsFor},
	{"createCourseOfferingFromCourseOffering", CMS, KindCourseOffering, CreateFrom},
	{"readAllActiveCourseOfferingIdsForAcademicSession", CMS, KindCourseOffering, ReadIDsFor},
	{"readCourseSectionIdsForCourseOffering", CMS, KindCourseSection, ReadIDsFor},
	{"updateCourseOfferingStatus", CMS, KindCourseOffering, UpdateStatus},
	{"createCourseSectionFromCourseSection", CMS, KindCourseSection, CreateFrom},
	{"updateCourseSectionStatus", CMS, KindCourseSection, UpdateStatus},
	{"addCourseSectionId", CMS, KindSectionAssociation, AddRelation},
	{"removeCourseSectionId", CMS, KindSectionAssociation, RemoveRelation},
	{"readLineItemIdsForPerson", OMS, KindLineItem, ReadIDsFor},
	{"readLineItemIdsForCourseOffering", OMS, KindLineItem, ReadIDsFor},
	{"readLineItemIdsForCourseSection", OMS, KindLineItem, ReadIDsFor},
	{"readLineItemIdsForCourseSectionWithLineItemType", OMS, KindLineItem, ReadIDsFor},
	{"readLineItemIdsWithLineItemType", OMS, KindLineItem, ReadIDsFor},
	{"readResultIdsForPerson", OMS, KindResult, ReadIDsFor},
	{"readResultIdsForLineItem", OMS, KindResult, ReadIDsFor},
	{"readResultIdsForCourseOffering", OMS, KindResult, ReadIDsFor},
	{"readResultIdsForCourseSection", OMS, KindResult, ReadIDsFor},
	{"readResultIdsForCourseSectionWithStatus", OMS, KindResult, ReadIDsFor},
	{"readResultIdsForLineItemWithLineItemType", OMS, KindResult, ReadIDsFor},
	{"replaceResultsForLineItem", OMS, KindResult, ReplacePlural},
	{"readResultValueIdForLineItem", OMS, KindResultValue, ReadIDFor},
	{"readResultValueIdForResult", OMS, KindResultValue, ReadIDFor},
	{"announceBulkDataExchange", BDEMS, "", BulkAnnounce},
	{"announceFailureBulkDataExchange", BDEMS, "", BulkAnnounceFailure},
	{"cancelBulkDataExchange", BDEMS, "", BulkCancel},
	{"ignoreBulkDataExchange", BDEMS, "", BulkIgnore},
	{"reportBulkDataExchange", BDEMS, "", BulkReportBack},
	{"requestBulkDataExchange", BDEMS, "", BulkRequest},
}

var (
	operations = map[string]Operation{}
	kinds      = map[Kind]*KindInfo{}
	byVerb     = map[Kind]map[Verb]string{}
)

func init() {
	for i := range Kinds {
		k := &Kinds[i]
		kinds[k.Kind] = k
		byVerb[k.Kind] = map[Verb]string{}
		for verb, name := range commonNames(k) {
			operations[name] = Operation{name, k.Service, k.Kind, verb}
			byVerb[k.Kind][verb] = name
		}
	}
	for _, op := range specials {
		operations[op.Name] = op
	}
}

// commonNames spells the twelve operations that every kind has.
func commonNames(k *KindInfo) map[Verb]string {
	return map[Verb]string{
		Create:           "create" + k.Name,
		CreateByProxy:    "createByProxy" + k.Name,
		Delete:           "delete" + k.Name,
		Read:             "read" + k.Name,
		ReadAllIDs:       "readAll" + k.Name + "Ids",
		ReadIDsFrom:      "read" + k.Name + "IdsFromSavePoint",
		ReadPlural:       "read" + k.Plural,
		ReadPluralFrom:   "read" + k.Plural + "FromSavePoint",
		Update:           "update" + k.Name,
		Replace:          "replace" + k.Name,
		Discover:         "discover" + k.Name + "Ids",
		ChangeIdentifier: "change" + k.Name + "Identifier",
	}
}

// OperationNamed returns the operation with a name.
func OperationNamed(name string) (Operation, bool) {
	op, ok := operations[name]
	return op, ok
}

// Operations returns all 156 operations, by name.
func Operations() []Operation {
	return slices.SortedFunc(maps.Values(operations), func(a, b Operation) int { return strings.Compare(a.Name, b.Name) })
}

// OperationFor returns the name of the operation with one of the twelve
// common verbs on a kind.
func OperationFor(k Kind, v Verb) string { return byVerb[k][v] }

// InfoOf returns the row of a kind, or nil when there is no such kind.
func InfoOf(k Kind) *KindInfo { return kinds[k] }
