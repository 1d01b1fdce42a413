package lis

// Text is a string with its language (Text.Type).
type Text struct {
	Language   string `json:"language,omitempty"`
	TextString string `json:"textString,omitempty"`
}

// String returns the text without its language; a nil Text is empty.
func (t *Text) String() string {
	if t == nil {
		return ""
	}
	return t.TextString
}

// NewText returns a Text in a language, or nil when there is no text.
func NewText(language, s string) *Text {
	if s == "" {
		return nil
	}
	return &Text{Language: language, TextString: s}
}

// BaseValue is a value under a vocabulary (BaseValueToken.Type, and
// BaseValueSingle.Type, which has a name besides).
type BaseValue struct {
	InstanceIdentifier *Text  `json:"instanceIdentifier,omitempty"`
	InstanceVocabulary string `json:"instanceVocabulary,omitempty"`
	InstanceName       *Text  `json:"instanceName,omitempty"`
	InstanceValue      *Text  `json:"instanceValue,omitempty"`
}

// Value returns the plain value; a nil BaseValue is empty.
func (v *BaseValue) Value() string {
	if v == nil {
		return ""
	}
	return v.InstanceValue.String()
}

// Name returns the instanceName; a nil BaseValue has none.
func (v *BaseValue) Name() string {
	if v == nil {
		return ""
	}
	return v.InstanceName.String()
}

// Description is text in up to three lengths (Description.Type).
type Description struct {
	ShortDescription *Text            `json:"shortDescription,omitempty"`
	LongDescription  *Text            `json:"longDescription,omitempty"`
	FullDescription  *FullDescription `json:"fullDescription,omitempty"`
}

// FullDescription is described content of any medium (FullDescription.Type).
type FullDescription struct {
	MediaMode       string `json:"mediamode,omitempty"`      // uri, entityref, base64
	ContentRefType  string `json:"contentRefType,omitempty"` // text, image, audio, video, application, applet
	MimeType        string `json:"mimeType,omitempty"`
	DescriptionText *Text  `json:"descriptionText,omitempty"`
}

// Org is the organisation to which a course or group belongs (Org.Type);
// peers take ID for the key of a department.
type Org struct {
	OrgName *Text `json:"orgName,omitempty"`
	OrgUnit *Text `json:"orgUnit,omitempty"`
	Type    *Text `json:"type,omitempty"`
	ID      *Text `json:"id,omitempty"`
}

// TimeFrame is a period (TimeFrame.Type). Begin and End are xs:dateTime
// text; a date that came without a zone has none here either.
type TimeFrame struct {
	Begin       string `json:"begin,omitempty"`
	End         string `json:"end,omitempty"`
	Restrict    *bool  `json:"restrict,omitempty"`
	AdminPeriod *Text  `json:"adminPeriod,omitempty"`
}

// EnrollControl says whether enrolment is open (EnrollControl.Type).
type EnrollControl struct {
	EnrollAccept  *bool `json:"enrollAccept,omitempty"`
	EnrollAllowed *bool `json:"enrollAllowed,omitempty"`
}

// Metadata is data about the record (Metadata.Type, element recordInfo).
type Metadata struct {
	NameVocabulary string           `json:"metadataNameVocabulary,omitempty"`
	TypeVocabulary string           `json:"metadataTypeVocabulary,omitempty"` // metadataValueVocabulary in OMS
	Field          []ExtensionField `json:"extensionField,omitempty"`         // metadataField in GMS and OMS
}

// Extension carries what the standard has no element for (IMSExtension.Type).
type Extension struct {
	NameVocabulary string           `json:"extensionNameVocabulary,omitempty"`
	TypeVocabulary string           `json:"extensionTypeVocabulary,omitempty"` // extensionValueVocabulary in PMS and OMS, extensionValueType in CMS
	Field          []ExtensionField `json:"extensionField,omitempty"`
}

// ExtensionField is one named value of an extension (ExtensionField.Type).
type ExtensionField struct {
	FieldName  string `json:"fieldName,omitempty"`
	FieldType  string `json:"fieldType,omitempty"` // Boolean, Integer, String, Real, DateTime; peers send others
	FieldValue string `json:"fieldValue,omitempty"`
}

// Get returns the value of the named field, or "".
func (e *Extension) Get(name string) string {
	if e == nil {
		return ""
	}
	for _, f := range e.Field {
		if f.FieldName == name {
			return f.FieldValue
		}
	}
	return ""
}
