package ellucian

import "encoding/json"

// An entity is an object of Ethos: the properties of all resources that are
// read here (back-end facts, section B2). Versions spell some in two ways:
// older ones have a plain title, newer ones titles.
type entity struct {
	ID          string   `json:"id"`
	Code        string   `json:"code"`
	Number      string   `json:"number"`
	Title       string   `json:"title"`
	Titles      []valued `json:"titles"`
	Description string   `json:"description"`
	StartOn     string   `json:"startOn"`
	EndOn       string   `json:"endOn"`
	Status      word     `json:"status"`
	Type        word     `json:"type"`

	Names       []personName       `json:"names"`
	Credentials []personCredential `json:"credentials"`
	Emails      []personEmail      `json:"emails"`
	Roles       []personRole       `json:"roles"`

	Category struct {
		Type   string `json:"type"`
		Parent *ref   `json:"parent"`
	} `json:"category"`
	Parents struct {
		Unit        *ref `json:"unit"`
		Institution *ref `json:"institution"`
	} `json:"parents"`

	Course         *ref         `json:"course"`
	AcademicPeriod *ref         `json:"academicPeriod"`
	MaxEnrollment  *int64       `json:"maxEnrollment"`
	Owners         []owningUnit `json:"owningInstitutionUnits"`
	Sections       []memberOf   `json:"sections"`

	Section        *ref   `json:"section"`
	Registrant     *ref   `json:"registrant"`
	Instructor     *ref   `json:"instructor"`
	InstructorRole word   `json:"instructorRole"`
	WorkStartOn    string `json:"workStartOn"`
	WorkEndOn      string `json:"workEndOn"`
	Involvement    struct {
		StartOn string `json:"startOn"`
		EndOn   string `json:"endOn"`
	} `json:"involvement"`
	GradingOption struct {
		GradeScheme *ref `json:"gradeScheme"`
	} `json:"gradingOption"`
}

type ref struct {
	ID string `json:"id"`
}

func (r *ref) id() string {
	if r == nil {
		return ""
	}
	return r.ID
}

type valued struct {
	Value string `json:"value"`
}

type personName struct {
	FirstName      string `json:"firstName"`
	MiddleName     string `json:"middleName"`
	LastName       string `json:"lastName"`
	LastNamePrefix string `json:"lastNamePrefix"`
	FullName       string `json:"fullName"`
	Title          string `json:"title"`
	Pedigree       string `json:"pedigree"`
	Preference     string `json:"preference"`
}

type personCredential struct {
	Type  string `json:"type"`
	Value string `json:"value"`
	EndOn string `json:"endOn"`
}

type personEmail struct {
	Address    string `json:"address"`
	Preference string `json:"preference"`
}

type personRole struct {
	Role  string `json:"role"`
	EndOn string `json:"endOn"`
}

type owningUnit struct {
	InstitutionUnit *ref    `json:"institutionUnit"`
	Percentage      float64 `json:"ownershipPercentage"`
}

type memberOf struct {
	Section *ref   `json:"section"`
	Type    string `json:"type"`
}

// A word is plain text in one version of a resource, and an object that holds
// it in another.
type word string

// UnmarshalJSON reads either.
func (w *word) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*w = word(text)
		return nil
	}
	var holder struct {
		Category           string `json:"category"`
		RegistrationStatus string `json:"registrationStatus"`
		Status             string `json:"status"`
		Title              string `json:"title"`
	}
	if err := json.Unmarshal(data, &holder); err != nil {
		return err
	}
	*w = word(orElse(orElse(holder.Category, holder.RegistrationStatus), orElse(holder.Status, holder.Title)))
	return nil
}
