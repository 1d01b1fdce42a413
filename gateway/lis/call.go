package lis

import "iter"

// A Call is one LIS operation with its parameters, in words. Which fields
// are set follows from the operation.
type Call struct {
	Operation string // such as "replacePerson"
	// ID is the object that the operation is about: sourcedId, or
	// sectionAssociationSourcedId.
	ID SourcedID
	// NewID is newSourcedId of change…Identifier and create…From….
	NewID SourcedID
	// Of is the other object of the operation: personSourcedId,
	// groupSourcedId, courseSectionSourcedId, lineItemSourcedId, contextSourcedId …
	Of SourcedID

	Record    *Record
	Records   []*Record   // resultRecordSet
	IDs       []SourcedID // sourcedIdSet
	SavePoint string      // fromSavePoint, xs:dateTime
	Query     string      // queryObject

	AcademicSession *Text
	Status          string // update…Status
	Relationship    *Relationship
	RelationID      SourcedID
	Role            *Role
	Collection      string // MembershipIdType
	LineItemType    *LineItemType
	ResultStatus    *ResultStatus

	TransactionID string
	Manifest      *BulkManifest
	Failure       *BulkFailure
	Filter        *BulkFilter
	Report        *BulkReport
}

// An Answer is the reply to a call, in words. IDs and Records are streams:
// they can be ranged over once, and hold a set of any size.
type Answer struct {
	Status Status

	ID        SourcedID // sourcedId of createByProxy…, resultValueSourcedId
	Record    *Record
	Core      *PersonCore
	IDs       iter.Seq2[SourcedID, error] // sourcedIdSet, resultIdSet
	Records   iter.Seq2[*Record, error]
	SavePoint string // xs:dateTime
	Codes     []ReplaceCode
	Services  []SupportedService

	// Close lets go of what the streams hold; nil when there is nothing.
	Close func()
}

// Seq makes a stream of a slice.
func Seq[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Collect reads a stream to its end.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	if seq == nil {
		return nil, nil
	}
	var items []T
	for item, err := range seq {
		if err != nil {
			return items, err
		}
		items = append(items, item)
	}
	return items, nil
}
