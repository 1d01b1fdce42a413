package lis

// BulkManifest says which files an exchange consists of (BulkBlockManifest.Type).
type BulkManifest struct {
	ExpiryDate string         `json:"expiryDate,omitempty"` // xs:dateTime
	DataFile   []BulkDataFile `json:"bulkBlockDataFile,omitempty"`
	Filter     *BulkFilter    `json:"filter,omitempty"`
}

// BulkDataFile is one file of an exchange (BulkBlockDataFile.Type).
type BulkDataFile struct {
	URL       string `json:"url,omitempty"`
	TotalSize *int64 `json:"totalSize,omitempty"` // bytes
	CheckSum  string `json:"checkSum,omitempty"`  // hex of MD5, SHA-1 or SHA-256, told by its length
}

// BulkFilter says what an extract shall hold (FilterObject.Type).
type BulkFilter struct {
	Rule      []BulkFilterRule `json:"filterRule,omitempty"`
	SavePoint string           `json:"savePoint,omitempty"`
}

// BulkFilterRule limits an extract by one kind of value.
type BulkFilterRule struct {
	FilterType  string `json:"filterType,omitempty"`
	ValueObject string `json:"filterValueObject,omitempty"`
	Value       string `json:"filterValue,omitempty"`
}

// BulkFailure says why an export failed (FailureReport.Type).
type BulkFailure struct {
	Reason      string `json:"failureReason,omitempty"`
	Description *Text  `json:"description,omitempty"`
}

// BulkReport is the outcome of an exchange (BulkBlockReport.Type).
type BulkReport struct {
	Read    *int64       `json:"recordsRead,omitempty"`
	Applied *int64       `json:"recordsApplied,omitempty"`
	Failed  *int64       `json:"recordsFailed,omitempty"`
	Failure []BulkFailed `json:"transactionFailure,omitempty"`
}

// BulkFailed is the outcome of one transaction that failed.
type BulkFailed struct {
	TransactionOpIdentifier string `json:"transactionOpIdentifier,omitempty"`
	FailStatus              string `json:"transactionFailStatus,omitempty"`
	Description             *Text  `json:"description,omitempty"`
}

// SupportedService names a service and the operations that a bulk file may
// hold for it (SupportedServices.Type).
type SupportedService struct {
	ServiceName   string   `json:"serviceName,omitempty"`
	OperationName []string `json:"operationName,omitempty"`
}
