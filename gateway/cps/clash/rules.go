package clash

// A Severity says what a finding does.
type Severity int

// The severities.
const (
	Off  Severity = iota // not looked for
	Soft                 // told
	Hard                 // refused
)

// Rules say how severe each rule is; one that is absent is as in defaults.
type Rules map[Rule]Severity

// defaults are ours. Seats can be added, and people stay away. Cross-listed
// sections that are moved one after the other are apart for a while.
var defaults = Rules{
	RuleRoom:       Hard,
	RuleCapacity:   Soft,
	RuleInstructor: Hard,
	RuleBusy:       Hard,
	RuleTerm:       Hard,
	RuleCrossList:  Soft,
}

// The limits of what is told, ours too.
const (
	maxFindings = 20   // told of a section; of more, the number
	maxMet      = 200  // overlaps met in the search of one rule; there it ends
	maxInstants = 4096 // looked at for the seats of one booking; see seats.go
	maxLabel    = 80   // characters of a label in a text
	maxNamed    = 3    // cross-listed sections named in a text
)

func (r Rules) complete() map[Rule]Severity {
	all := map[Rule]Severity{}
	for rule, s := range defaults {
		all[rule] = s
	}
	for rule, s := range r {
		all[rule] = s
	}
	return all
}
