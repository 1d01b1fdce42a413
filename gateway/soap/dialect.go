package soap

import "lisgate/gateway/wire"

// profiles say which deviations from the contract are taken from which kind
// of peer. All of them are seen in peers' messages or documents (LIS facts,
// sections 2, 4 and 9) [peer]; where a peer's set is not known whole, it is
// widened by what its relatives do [infer].
var profiles = map[string]wire.Rule{
	"strict":   0,
	"tolerant": wire.Everything,
	// Ellucian ILP: children out of order, extra children, several userId,
	// names of the final binding, repeated message ids.
	"ilp": wire.Order | wire.Repeated | wire.Misspelt | wire.UnknownChild | wire.Absent |
		wire.LooseDate | wire.PlainText | wire.UnknownValue | wire.Space,
	// Blackboard: no namespace, V2.0, empty message id, padded values.
	"blackboard": wire.NoNamespace | wire.MixedNamespace | wire.Version | wire.NoMessageID | wire.Space |
		wire.LooseDate | wire.LooseNumber | wire.Misspelt | wire.PlainText | wire.Repeated | wire.Absent |
		wire.UnknownValue | wire.UnknownChild | wire.Action,
	// Cirrus: header and sourcedGUID children in the PMS namespace, members
	// without role, padded values, its own SOAPAction.
	"cirrus": wire.MixedNamespace | wire.Space | wire.Absent | wire.LooseDate | wire.Action |
		wire.UnknownChild | wire.UnknownValue,
	// PeopleSoft SAIP: LIS 2.0 as of 2011 or 2012; nothing off it is known but
	// what its samples show, dataSource and extensions [infer].
	"peoplesoft": wire.Order | wire.UnknownChild | wire.Absent | wire.LooseDate | wire.UnknownValue | wire.Space |
		wire.Misspelt | wire.Repeated | wire.PlainText,
	// D2L: optional header children, Text in GMS ids, deletes with the GMS namespace.
	"d2l": wire.MixedNamespace | wire.NoMessageID | wire.PlainText | wire.LooseDate | wire.Misspelt |
		wire.Absent | wire.UnknownValue | wire.Space,
	// Clients of the OMS drafts: plain labels, draft names, empty sourcedId.
	"turnitin": wire.PlainText | wire.Misspelt | wire.OldOperation | wire.LooseDate | wire.LooseNumber |
		wire.Absent | wire.UnknownValue | wire.Space | wire.NoMessageID | wire.Action | wire.UnknownChild,
}

// defaultProfile is what a peer without profile is.
const defaultProfile = "tolerant"

// rulesOf returns the deviations that a profile takes.
func rulesOf(profile string) wire.Rule {
	if profile == "" {
		profile = defaultProfile
	}
	return profiles[profile]
}
