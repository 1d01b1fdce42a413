package config

import (
	"maps"
	"time"

	"lisgate/gateway/lis"
)

// Plan ties a planner to a SIS: what the planner sends of sections is checked,
// held for a person where a rule says so, and goes to the SIS.
type Plan struct {
	Name string `yaml:"name"`
	// Planner is a caller, and also a target where it has an endpoint at which
	// it is told of the outcome.
	Planner string `yaml:"planner"`
	// SIS is a target, and usually also a caller.
	SIS string `yaml:"sis"`
	// Publish are the targets that are told of sections and their memberships
	// only once these are published.
	Publish []string `yaml:"publish,omitempty"`
	// Vocabulary is the extensionNameVocabulary that the two are sent.
	Vocabulary string `yaml:"vocabulary"`
	TimeZone   string `yaml:"time_zone"` // of the institution; a name of IANA
	// Checks say how hard each check is, see PlanChecks.
	Checks map[string]string `yaml:"checks"`
	// Approve are the rules that hold a planner's change for a person.
	Approve []Approval `yaml:"approve,omitempty"`
	// AnswerWithin is how long a planner's call waits for the SIS before it is
	// answered processing.
	AnswerWithin time.Duration `yaml:"answer_within"`
	PacketItems  int           `yaml:"packet_items"` // the most of one packet
}

// Approval holds the changes for which all that it gives is true.
type Approval struct {
	Name string `yaml:"name"`
	// After holds changes that come on or after this day (xs:date), as the
	// institution's zone has it.
	After string `yaml:"after,omitempty"`
	// Over holds changes of sections with more students than this.
	Over int `yaml:"over,omitempty"`
	// Clash holds changes of which the checks find something soft.
	Clash bool `yaml:"clash,omitempty"`
}

// Hardnesses of a check: a hard one refuses the change, a soft one lets it
// through with a warning, one that is off is not made.
const (
	CheckHard = "hard"
	CheckSoft = "soft"
	CheckOff  = "off"
)

var hardnesses = []string{CheckHard, CheckSoft, CheckOff}

// PlanChecks are the checks of a plan, and how hard each is unless told [ours].
// A full room and sections of one class apart are often known and wanted.
var PlanChecks = map[string]string{
	"room":        CheckHard, // a room has two sections at one time
	"capacity":    CheckSoft, // a room has fewer seats than the section students
	"instructor":  CheckHard, // a person teaches in two places at one time
	"unavailable": CheckHard, // the room cannot be used then
	"term":        CheckHard, // it meets outside the term
	"crosslist":   CheckSoft, // sections that are one class meet apart
}

func (p *Plan) fill() {
	or(&p.Vocabulary, lis.PlanningVocabulary)
	or(&p.TimeZone, "UTC")
	or(&p.AnswerWithin, 5*time.Second)
	or(&p.PacketItems, 20_000)
	all := maps.Clone(PlanChecks)
	maps.Copy(all, p.Checks)
	p.Checks = all
}
