package lis

// LineItem is a column of a grade book (OMS 1.0, LineItem.Type).
// ResultValueSourcedID and ResultValue exclude each other.
type LineItem struct {
	Context                  *Context      `json:"context,omitempty"`
	LineItemType             *LineItemType `json:"lineItemType,omitempty"`
	Label                    *Text         `json:"label,omitempty"`
	ResultValueSourcedID     SourcedID     `json:"resultValueSourcedId,omitempty"`
	ResultValue              *ResultValue  `json:"resultValue,omitempty"`
	LineItemSettings         *PropertySet  `json:"lineItemSettings,omitempty"`
	OutcomesHandlerSourcedID string        `json:"outcomesHandlerSourcedId,omitempty"`
	DataSource               string        `json:"dataSource,omitempty"`
	RecordInfo               *Metadata     `json:"recordInfo,omitempty"`
	Extension                *Extension    `json:"extension,omitempty"`
}

// Context names what a line item belongs to (Context.Type); peers send the
// bare words CourseSection and CourseOffering for the type.
type Context struct {
	ContextIdentifier SourcedID `json:"contextIdentifier,omitempty"`
	ContextType       string    `json:"contextType,omitempty"`
}

// LineItemType says whether a line item is Interim or Final (LineItemType.Type).
type LineItemType struct {
	LineItemTypeVocabulary string `json:"lineItemTypeVocabulary,omitempty"`
	LineItemTypeValue      *Text  `json:"lineItemTypeValue,omitempty"`
	ResourceHandlerID      string `json:"resourceHandlerId,omitempty"`
	LocaleKey              string `json:"localeKey,omitempty"`
	DefaultDisplayName     string `json:"defaultDisplayName,omitempty"`
}

// PropertySet has no content in LIS (PropertySet.Type); it can only be there.
type PropertySet struct{}

// Result is one person's outcome in a line item (Result.Type).
type Result struct {
	StatusOfResult        *ResultStatus `json:"statusofResult,omitempty"`
	LineItemSourcedID     SourcedID     `json:"lineItemSourcedId,omitempty"`
	PersonSourcedID       SourcedID     `json:"personSourcedId,omitempty"`
	Date                  string        `json:"date,omitempty"` // xs:dateTime
	ResultValueSourcedID  SourcedID     `json:"resultValueSourcedId,omitempty"`
	ResultValue           *ResultValue  `json:"resultValue,omitempty"`
	ResultScore           *Text         `json:"resultScore,omitempty"` // points or a symbol
	ResultMessageSettings *PropertySet  `json:"resultMessageSettings,omitempty"`
	DataSource            string        `json:"dataSource,omitempty"`
	RecordInfo            *Metadata     `json:"recordInfo,omitempty"`
	Extension             *Extension    `json:"extension,omitempty"`
}

// ResultStatus says how far a result is, such as Complete (ResultStatus.Type).
type ResultStatus struct {
	ResultStatusVocabulary string `json:"resultStatusVocabulary,omitempty"`
	ResultStatusValue      *Text  `json:"resultStatusValue,omitempty"`
	LocaleKey              string `json:"localeKey,omitempty"`
	DefaultDisplayName     string `json:"defaultDisplayName,omitempty"`
}

// ResultValue is the scale of a result (ResultValue.Type): a list of ordered
// values or a range.
type ResultValue struct {
	Label      *Text       `json:"label,omitempty"`
	ValueList  *ValueList  `json:"valueList,omitempty"`
	ValueRange *ValueRange `json:"valueRange,omitempty"`
	DataSource string      `json:"dataSource,omitempty"`
	RecordInfo *Metadata   `json:"recordInfo,omitempty"`
	Extension  *Extension  `json:"extension,omitempty"`
}

// ValueList is a scale of ordered values (ValueList.Type).
type ValueList struct {
	OrderValue []OrderedValue `json:"orderValue,omitempty"`
}

// OrderedValue is one step of a scale (OrderedValue.Type).
type OrderedValue struct {
	Ordinal    *int64      `json:"ordinal,omitempty"`
	Grade      *Text       `json:"grade,omitempty"`
	ValueRange *ValueRange `json:"valueRange,omitempty"`
}

// ValueRange is a range of points (ValueRange.Type). Min and Max are
// xs:decimal text, so that no grade is rounded.
type ValueRange struct {
	Min string `json:"min,omitempty"`
	Max string `json:"max,omitempty"`
}

// A ReplaceCode is the outcome for one result of replaceResultsForLineItem
// (ReplaceStatusCode.Type).
type ReplaceCode struct {
	ResultSourcedID SourcedID `json:"resultSourcedId,omitempty"`
	ReplaceStatus   string    `json:"replaceStatus,omitempty"`
}

// Kind returns KindLineItem.
func (*LineItem) Kind() Kind { return KindLineItem }

// Kind returns KindResult.
func (*Result) Kind() Kind { return KindResult }

// Kind returns KindResultValue.
func (*ResultValue) Kind() Kind { return KindResultValue }

// Missing returns "": all elements are optional.
func (*LineItem) Missing() string { return "" }

// Missing names the line item when it is not given.
func (r *Result) Missing() string {
	if r.LineItemSourcedID == "" {
		return "lineItemSourcedId"
	}
	return ""
}

// Missing returns "": a label alone is kept.
func (*ResultValue) Missing() string { return "" }
