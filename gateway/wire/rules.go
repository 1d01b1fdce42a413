package wire

import (
	"fmt"
	"strings"
)

// A Rule is a set of deviations from the contract that are taken from a
// peer. Each has been met in the field (LIS facts, section 9).
type Rule uint32

// The deviations.
const (
	NoNamespace      Rule = 1 << iota // a body element in no namespace
	MixedNamespace                    // an element in the namespace of another LIS service
	ForeignNamespace                  // an element in a namespace that is not LIS
	Space                             // white space round an id or an enumerated value
	Order                             // children out of order
	Repeated                          // a child twice where the schema allows one
	Misspelt                          // a known other spelling of a name
	LooseDate                         // a date-time without time, with a blank, an offset without colon; an empty one
	LooseNumber                       // an empty number or boolean, an integer with a fraction of zeros
	PlainText                         // text where a Text is due, or a Text where text is
	UnknownChild                      // an element that the contract does not know: skipped
	Absent                            // a mandatory element is not there
	UnknownValue                      // a value outside its enumeration
	Version                           // imsx_version other than V1.0
	NoMessageID                       // no, an empty or a "?" imsx_messageIdentifier
	NoHeader                          // no imsx_syncRequestHeaderInfo at all
	Action                            // a SOAPAction that names another operation's base
	OldOperation                      // an operation name of an earlier draft
)

// Everything is all deviations.
const Everything = OldOperation<<1 - 1

var ruleNames = [...]string{
	"no namespace", "namespace of another service", "foreign namespace", "white space round a value",
	"out of order", "repeated", "misspelt", "loose date", "loose number", "plain text",
	"unknown element", "missing element", "unknown value", "imsx_version", "no message identifier",
	"no LIS header", "SOAPAction", "name of an earlier draft",
}

// String returns the name of a single rule.
func (r Rule) String() string {
	for i, name := range ruleNames {
		if r == 1<<i {
			return name
		}
	}
	return "several"
}

// RuleNames lists the names of all rules, for metrics and documentation.
func RuleNames() []string { return ruleNames[:] }

// A Deviation is one departure from the contract that was taken, and how often.
type Deviation struct {
	Rule    Rule
	Element string
	Count   int
}

// String says it for people: "out of order: timeFrame (3)".
func (v Deviation) String() string {
	s := v.Rule.String()
	if v.Element != "" {
		s += ": " + v.Element
	}
	if v.Count > 1 {
		s += fmt.Sprintf(" (%d)", v.Count)
	}
	return s
}

// maxDeviations bounds how many different ones are told apart in a message.
// Above it, deviations are counted under their rule alone.
const maxDeviations = 32

// Note records a deviation when the peer's rules take it, and reports
// whether they do.
func (d *Decoder) Note(r Rule, element string) bool {
	if d.err != nil || d.rules&r == 0 {
		return false
	}
	if element = clip(element); !d.count(r, element) && (len(d.deviations) < maxDeviations || !d.count(r, "")) {
		if len(d.deviations) >= maxDeviations {
			element = ""
		}
		// The name is cloned, for it would keep the message in memory.
		d.deviations = append(d.deviations, Deviation{r, strings.Clone(element), 1})
	}
	return true
}

// count counts a deviation that has been met before.
func (d *Decoder) count(r Rule, element string) bool {
	for i := range d.deviations {
		if v := &d.deviations[i]; v.Rule == r && v.Element == element {
			v.Count++
			return true
		}
	}
	return false
}

// Deviations returns what was taken so far.
func (d *Decoder) Deviations() []Deviation { return d.deviations }
