package soap

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// refuse keeps and answers a LIS request that cannot be carried out. What is
// not for LIS to answer comes back as an error, for a fault.
func (d *Door) refuse(ctx context.Context, m *message, err error) (*lis.Answer, error) {
	situation, ok := situationOf(err)
	if m.name == "" || !ok {
		return nil, err
	}
	if bad := m.reread(); bad != nil {
		return nil, bad
	}
	m.call.Operation = m.name
	return d.Registrar.Refuse(ctx, m.request(), lis.StatusOf(situation, m.asked, forCaller(err))), nil
}

// situationOf says which case of LIS an error is, if it is one.
func situationOf(err error) (lis.Situation, bool) {
	var refusal *lis.Refusal
	var data *wire.DataError
	var denied *guard.Error
	switch {
	case errors.As(err, &refusal):
		return refusal.Situation, true
	case errors.As(err, &data) && data.Absent:
		return lis.Incomplete, true
	case errors.As(err, &data):
		return lis.Invalid, true
	case errors.As(err, &denied) && denied.Status == http.StatusForbidden:
		return lis.NotAllowed, true
	}
	return 0, false
}

// reread holds all of a refused message against XML and SOAP, for its reading
// stopped where the trouble was, and finds the object that it is about.
func (m *message) reread() error {
	d := m.again()
	d.Skip()
	if !d.CloseEnvelope() {
		return d.Err()
	}
	for d = m.again(); m.call.ID == "" && m.call.Record == nil && d.Child(); {
		if d.Local() == "sourcedId" {
			m.call.ID = lis.SourcedID(strings.TrimSpace(d.Text()))
		} else {
			d.Skip()
		}
	}
	return nil
}

// again reads the message once more, up to the child of its body.
func (m *message) again() *wire.Decoder {
	d := wire.NewDecoder(view(m.body), m.door.Limits, wire.Everything)
	d.OpenEnvelope(func() bool { d.Skip(); return true })
	return d
}

// forCaller is the text of an error without what is only for the log.
func forCaller(err error) string {
	var denied *guard.Error
	if errors.As(err, &denied) {
		return denied.Message
	}
	return err.Error()
}
