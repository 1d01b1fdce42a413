package soap

import (
	"slices"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// readCall reads the child of the body into a call, by the caller's profile.
func (m *message) readCall() error {
	if m.addressing.refused != "" {
		return &wire.EnvelopeError{Code: "Client", Text: "the " + m.addressing.refused +
			" of WS-Addressing is not the anonymous address; answers go back on the connection only"}
	}
	begin := m.dec.TagStart()
	if err := m.dispatch(m.dec.Local(), m.dec.Space()); err != nil {
		return err
	}
	m.dec.SetRules(rulesOf(m.caller.Profile))
	m.dec.Expect(m.space, allNamespaces)
	m.dec.CheckNamespace()
	m.checkHeader()
	m.call.Operation = m.name
	m.op.ReadCall(m.dec, &m.call)
	if err := m.dec.Err(); err != nil {
		return err
	}
	element := m.dec.Slice(begin, m.dec.Pos())
	if !m.dec.CloseEnvelope() {
		return m.dec.Err()
	}
	m.sum(element)
	return nil
}

// dispatch finds the operation by the name of the body's child, holds the
// claims of the headers against it, and asks the guard.
func (m *message) dispatch(element, space string) error {
	m.op = operations[element]
	name, isRequest := strings.CutSuffix(element, "Request")
	switch {
	case m.op != nil:
		m.asked, m.space = m.op.meaning.Service, namespaces[m.op.meaning.Service]
	case isRequest && slices.Contains(allNamespaces, space):
		m.asked, m.space = serviceOf(space), space
	default:
		return &wire.EnvelopeError{Code: "Client", Text: "the Body holds " + clip(element) +
			", which is no operation of LIS; an operation is called by an element such as readPersonRequest"}
	}
	if err := m.checkActions(name); err != nil {
		return err
	}
	m.name = name
	if m.op != nil {
		m.name = m.op.Name
	}
	if err := m.door.Guard.Allow(m.caller, m.asked, m.name); err != nil {
		return err
	}
	return m.checkOffer()
}

// checkOffer refuses an operation that the service at this path has not.
func (m *message) checkOffer() error {
	switch {
	case m.op == nil:
		return &lis.Refusal{Situation: lis.NotOffered, Text: "LIS has no operation " + clip(m.name)}
	case m.service != anyService && m.service != string(m.asked):
		return &lis.Refusal{Situation: lis.NotOffered, Text: m.name + " is an operation of another service; send it to /lis/" + string(m.asked)}
	}
	return nil
}

// checkActions holds what the HTTP and SOAP headers say of the operation
// against the body.
func (m *message) checkActions(name string) error {
	switch {
	case !m.means(m.action, name):
		return spoofed("SOAPAction", m.action, name)
	case !m.means(m.action2, name):
		return spoofed("action of the Content-Type", m.action2, name)
	case !m.means(m.addressing.action, name):
		return spoofed("Action of WS-Addressing", m.addressing.action, name)
	}
	if m.op != nil {
		m.noteAction(m.action)
		m.noteAction(m.action2)
	}
	return nil
}

func spoofed(what, action, name string) error {
	return &wire.EnvelopeError{Code: "Client", Text: "the " + what + ", " + clip(action) +
		", is for another operation than the Body, " + clip(name)}
}

func (m *message) noteAction(action string) {
	if action != "" && action != m.op.Action {
		m.dec.Note(wire.Action, clip(action))
	}
}

// means reports whether an action means an operation: it may be empty, and
// peers write another base before the name.
func (m *message) means(action, name string) bool {
	if i := strings.LastIndexAny(action, "/#:"); i >= 0 {
		action = action[i+1:]
	}
	action = strings.TrimSuffix(action, "Request")
	return action == "" || action == name || m.op != nil && action == m.op.Name
}

// checkHeader notes what is off with the header block of LIS.
func (m *message) checkHeader() {
	switch {
	case !m.hasHeader:
		if !m.dec.Note(wire.NoHeader, "") {
			m.dec.Fail(&wire.EnvelopeError{Code: "Client", Text: "the Header has no " + wire.RequestHeaderElement})
		}
	case m.headerSpace != m.space:
		if !m.dec.Note(m.foreign(), wire.RequestHeaderElement) {
			m.dec.Fail(&wire.DataError{Path: wire.RequestHeaderElement, Text: "the element is not in the namespace " + m.space})
		}
	}
	if m.op.old && !m.dec.Note(wire.OldOperation, m.op.Old) {
		m.dec.Fail(&wire.DataError{Path: m.op.Old, Text: "the operation is called " + m.op.Name})
	}
}

// foreign is the deviation that the namespace of the header block is.
func (m *message) foreign() wire.Rule {
	switch {
	case m.headerSpace == "":
		return wire.NoNamespace
	case slices.Contains(allNamespaces, m.headerSpace):
		return wire.MixedNamespace
	}
	return wire.ForeignNamespace
}
