package lis

// CodeMajor is the outcome of an operation in one word (imsx_CodeMajor).
type CodeMajor string

// The code majors.
const (
	Success     CodeMajor = "success"
	Processing  CodeMajor = "processing"
	Failure     CodeMajor = "failure"
	Unsupported CodeMajor = "unsupported"
)

// Severity is how bad it is (imsx_Severity).
type Severity string

// The severities.
const (
	SeverityStatus  Severity = "status"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error"
)

// A CodeMinor is the outcome in detail (imsx_codeMinorFieldValue), in the
// spelling of OMS Public Draft 2, which came with LIS 2.0.
type CodeMinor string

// The code minors that lisgate answers or understands.
const (
	FullSuccess             CodeMinor = "fullsuccess"
	CreateSuccess           CodeMinor = "createsuccess"
	NoSourcedIDs            CodeMinor = "nosourcedids"
	IDAllocFail             CodeMinor = "idallocfail"
	OverflowFail            CodeMinor = "overflowfail"
	IDAllocInUseFail        CodeMinor = "idallocinusefail"
	InvalidData             CodeMinor = "invaliddata"
	IncompleteData          CodeMinor = "incompletedata"
	PartialDataStorage      CodeMinor = "partialdatastorage"
	UnknownObject           CodeMinor = "unknownobject"
	UnknownQuery            CodeMinor = "unknownquery"
	DeleteFailure           CodeMinor = "deletefailure"
	TargetReadFailure       CodeMinor = "targetreadfailure"
	SavePointError          CodeMinor = "savepointerror"
	SavePointSyncError      CodeMinor = "savepointsyncerror"
	UnknownExtension        CodeMinor = "unknownextension"
	UnknownVocabulary       CodeMinor = "unknownvocabulary"
	TargetIsBusy            CodeMinor = "targetisbusy"
	LinkFailure             CodeMinor = "linkfailure"
	UnauthorizedRequest     CodeMinor = "unauthorizedrequest"
	UnsupportedLIS          CodeMinor = "unsupportedLIS"
	UnsupportedLISOperation CodeMinor = "unsupportedLISoperation"
)

// A Status is the answer to an operation (imsx_StatusInfo.Type, without the
// references to the message).
type Status struct {
	CodeMajor   CodeMajor `json:"codeMajor"`
	Severity    Severity  `json:"severity"`
	CodeMinor   CodeMinor `json:"codeMinor"`
	Description string    `json:"description,omitempty"`
	// OperationRefs are the operations, or objects, that the status speaks of.
	OperationRefs []string `json:"operationRefs,omitempty"`
}

// OK reports whether the operation did what was asked, or will.
func (s Status) OK() bool { return s.CodeMajor == Success || s.CodeMajor == Processing }

// A Situation is a case that an operation can end in. Each has one row in
// the table below, and no other place in lisgate chooses a status.
type Situation int

// The situations.
const (
	Done Situation = iota
	DoneCreated
	DoneInPart
	DoneWarned
	DoneUnknownField
	NothingFound
	SomeUnknown
	Accepted
	AlreadyThere
	NewIDInUse
	NotThere
	Invalid
	Incomplete
	HasChildren
	BadSavePoint
	SavePointAhead
	TooLarge
	QueryNotUnderstood
	Busy
	Undeliverable
	NotAllowed
	UnknownWord
	CannotRead
	NotOffered
)

// statuses maps situations to statuses. LIS 2.0 publishes no table of code
// minors per case that could be had: every row without another mark is
// inferred from the names of the enumeration (LIS facts, section 2).
var statuses = map[Situation]Status{
	Done:               {Success, SeverityStatus, FullSuccess, "", nil},                 // peer: ILP, Cirrus
	DoneCreated:        {Success, SeverityStatus, CreateSuccess, "", nil},               // OMS; FullSuccess elsewhere, see StatusOf
	DoneInPart:         {Success, SeverityWarning, PartialDataStorage, "", nil},         //
	DoneWarned:         {Success, SeverityWarning, FullSuccess, "", nil},                // ours: done, and something is odd, such as a soft clash
	DoneUnknownField:   {Success, SeverityWarning, UnknownExtension, "", nil},           // ours: kept, and a field is not known
	NothingFound:       {Success, SeverityWarning, NoSourcedIDs, "", nil},               // ours: an empty roster is an answer, not a failure
	SomeUnknown:        {Success, SeverityWarning, UnknownObject, "", nil},              // ours: some ids of a plural read are unknown
	Accepted:           {Processing, SeverityStatus, FullSuccess, "", nil},              // gap: no peer was seen using processing
	AlreadyThere:       {Failure, SeverityError, IDAllocFail, "", nil},                  //
	NewIDInUse:         {Failure, SeverityError, IDAllocInUseFail, "", nil},             //
	NotThere:           {Failure, SeverityError, UnknownObject, "", nil},                //
	Invalid:            {Failure, SeverityError, InvalidData, "", nil},                  // peer: D2L, there with severity status
	Incomplete:         {Failure, SeverityError, IncompleteData, "", nil},               //
	HasChildren:        {Failure, SeverityError, DeleteFailure, "", nil},                //
	BadSavePoint:       {Failure, SeverityError, SavePointError, "", nil},               //
	SavePointAhead:     {Failure, SeverityError, SavePointSyncError, "", nil},           //
	TooLarge:           {Failure, SeverityError, OverflowFail, "", nil},                 //
	QueryNotUnderstood: {Failure, SeverityError, UnknownQuery, "", nil},                 //
	Busy:               {Failure, SeverityError, TargetIsBusy, "", nil},                 // peer: Oracle, there with severity status
	Undeliverable:      {Failure, SeverityError, LinkFailure, "", nil},                  // peer: Oracle
	NotAllowed:         {Failure, SeverityError, UnauthorizedRequest, "", nil},          //
	UnknownWord:        {Failure, SeverityError, UnknownVocabulary, "", nil},            //
	CannotRead:         {Failure, SeverityError, TargetReadFailure, "", nil},            //
	NotOffered:         {Unsupported, SeverityStatus, UnsupportedLISOperation, "", nil}, // peer: Oracle
}

// StatusOf returns the status of a situation in a service, with a
// description for people. Only OMS has createsuccess; elsewhere a replace
// that created answers fullsuccess.
func StatusOf(s Situation, service Service, description string) Status {
	st := statuses[s]
	if s == DoneCreated && service != OMS {
		st.CodeMinor = FullSuccess
	}
	st.Description = description
	return st
}

// A Refusal is an error that names its situation. Its text says what was
// wrong, where, and what to do next.
type Refusal struct {
	Situation Situation
	Text      string
}

// Error returns the text.
func (r *Refusal) Error() string { return r.Text }
