package lis

// Person is a person as PMS 2.0 knows one (Person.Type).
type Person struct {
	FormName     []FormName        `json:"formname,omitempty"`
	Name         []Name            `json:"name,omitempty"`
	Address      []Address         `json:"address,omitempty"`
	ContactInfo  []ContactInfo     `json:"contactinfo,omitempty"`
	Demographics []Demographics    `json:"demographics,omitempty"`
	Agent        []Agent           `json:"agent,omitempty"`
	Roles        []EnterpriseRoles `json:"roles,omitempty"`
	DataSource   string            `json:"dataSource,omitempty"`
	Extension    *Extension        `json:"extension,omitempty"`
}

// PersonCore is the short form of a person (PersonCore.Type).
type PersonCore struct {
	SourcedID SourcedID `json:"sourcedId"`
	FormName  *FormName `json:"formname,omitempty"`
	UserID    *UserID   `json:"userId,omitempty"`
}

// FormName is a name formatted for display (FormName.Type).
type FormName struct {
	FormNameType  *BaseValue `json:"formnameType,omitempty"`
	FormattedName *Text      `json:"formattedName,omitempty"`
}

// Name is a name in parts (Name.Type): First, Last, Middle, Prefix, Suffix,
// Nickname, Given, Family, each a PartName whose Name says which.
type Name struct {
	NameType *BaseValue  `json:"nameType,omitempty"`
	PartName []BaseValue `json:"partName,omitempty"`
}

// Address is a postal address in parts (Address.Type).
type Address struct {
	AddressType *BaseValue  `json:"addressType,omitempty"`
	AddressPart []BaseValue `json:"addressPart,omitempty"`
}

// ContactInfo is one way to reach a person (ContactInfo.Type).
type ContactInfo struct {
	ContactInfoType  *BaseValue `json:"contactinfoType,omitempty"`
	ContactInfoValue *Text      `json:"contactinfoValue,omitempty"`
}

// Demographics is what is said of a person's birth, gender and the like
// (Demographics.Type).
type Demographics struct {
	DemographicsType *BaseValue       `json:"demographicsType,omitempty"`
	Representation   []Representation `json:"representation,omitempty"`
	EventDate        []BaseValue      `json:"eventDate,omitempty"`
	Gender           string           `json:"gender,omitempty"` // male, female, unknown, other
	DemographicInfo  []BaseValue      `json:"demographicInfo,omitempty"`
}

// Representation is a picture of a person or the like (Representation.Type).
type Representation struct {
	RepresentationType *BaseValue   `json:"representationType,omitempty"`
	Date               string       `json:"date,omitempty"` // xs:date
	Description        *Description `json:"description,omitempty"`
}

// Agent is somebody who acts for a person (Agent.Type).
type Agent struct {
	AgentType   *BaseValue   `json:"agentType,omitempty"`
	AgentID     *Text        `json:"agentId,omitempty"`
	AgentDomain *Text        `json:"agentDomain,omitempty"`
	Description *Description `json:"description,omitempty"`
}

// EnterpriseRoles is what a person is and is called in one system
// (EnterpriseRoles.Type). Real SIS send several UserID blocks.
type EnterpriseRoles struct {
	EnterpriseRolesType *BaseValue        `json:"enterpriserolesType,omitempty"`
	SystemRole          *BaseValue        `json:"systemRole,omitempty"`
	InstitutionRole     []InstitutionRole `json:"institutionRole,omitempty"`
	UserID              []UserID          `json:"userId,omitempty"`
}

// UserID is a login name (UserId.Type).
type UserID struct {
	UserIDValue        *Text `json:"userIdValue,omitempty"`
	UserIDType         *Text `json:"userIdType,omitempty"`
	Password           *Text `json:"password,omitempty"`
	PwEncryptionType   *Text `json:"pwEncryptionType,omitempty"`
	AuthenticationType *Text `json:"authenticationType,omitempty"`
}

// InstitutionRole is a role in the institution, such as Student or Faculty
// (InstitutionRole.Type).
type InstitutionRole struct {
	InstitutionRoleType *BaseValue `json:"institutionroletype,omitempty"`
	PrimaryRoleType     *bool      `json:"primaryroletype,omitempty"`
}

// Kind returns KindPerson.
func (*Person) Kind() Kind { return KindPerson }

// Missing returns "": a person record without a person is legal (PersonRecord.Type).
func (*Person) Missing() string { return "" }

// Part returns the value of a part of the first name that has it, such as
// "First" or "Family".
func (p *Person) Part(name string) string {
	for i := range p.Name {
		for j := range p.Name[i].PartName {
			if part := &p.Name[i].PartName[j]; part.Name() == name && part.Value() != "" {
				return part.Value()
			}
		}
	}
	return ""
}

// Formatted returns the first formatted name, or one put together of the parts.
func (p *Person) Formatted() string {
	for i := range p.FormName {
		if s := p.FormName[i].FormattedName.String(); s != "" {
			return s
		}
	}
	first, last := or(p.Part("First"), p.Part("Given")), or(p.Part("Last"), p.Part("Family"))
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
