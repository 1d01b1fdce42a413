package planner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"lisgate/config"
	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// wanted are the kinds that a planner asks for, as filters of an extract name
// them.
var wanted = []lis.Kind{lis.KindGroup, lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection,
	lis.KindSectionAssociation, lis.KindPerson, lis.KindMembership}

// overlap is how far a fetch goes back behind the last one, in case the clocks
// differ. What comes twice changes nothing.
const overlap = time.Minute

// Fetch asks the gateway for the seed, or for what has changed since the last
// fetch, and takes it into the planner's records.
func (p *Planner) Fetch(ctx context.Context) (*lis.BulkReport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	began := p.o.Now()
	id := p.o.NewID()
	call := &lis.Call{Operation: "requestBulkDataExchange", TransactionID: id, Filter: p.filter()}
	if _, err := p.client.Call(ctx, id, call); err != nil {
		return nil, fmt.Errorf("fetch the seed: %w", err)
	}
	file, err := p.send(ctx, http.MethodGet, p.o.URL+"/lis/bdems/files/"+url.PathEscape(id), p.user(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetch the seed: %w", err)
	}
	defer file.Body.Close()
	if file.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch the seed: %w", unexpected(file))
	}
	report, err := p.post(ctx, "http://"+p.Addr(), p.self, file.Body)
	if err != nil {
		return report, fmt.Errorf("take the seed into the planner's records: %w", err)
	}
	p.since = began
	return report, nil
}

func (p *Planner) filter() *lis.BulkFilter {
	f := new(lis.BulkFilter)
	for _, kind := range wanted {
		f.Rule = append(f.Rule, lis.BulkFilterRule{FilterType: lis.InfoOf(kind).Name})
	}
	if !p.since.IsZero() {
		f.SavePoint = lis.SavePoint(p.since.Add(-overlap).UnixMicro())
	}
	return f
}

func (p *Planner) user() *config.Basic {
	if p.o.User == "" {
		return nil
	}
	return &config.Basic{User: p.o.User, Password: p.o.Password}
}

func (p *Planner) send(ctx context.Context, method, address string, user *config.Basic, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", wire.SOAP11.ContentType())
	if user != nil {
		r.SetBasicAuth(user.User, string(user.Password))
	}
	return p.o.HTTP.Do(r)
}

// mostAnswer is how long the answer to a bulk file may be.
const mostAnswer = 64 << 20

// post sends a bulk file to a gateway and reads the report.
func (p *Planner) post(ctx context.Context, base string, user *config.Basic, file io.Reader) (*lis.BulkReport, error) {
	response, err := p.send(ctx, http.MethodPost, base+"/lis/bdems/file", user, file)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	answer, err := soap.Parse(text, wire.Limits{})
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer (HTTP %s) is none of LIS; see that the address is a gateway's", response.Status)
	case answer.Fault != "":
		return nil, errors.New("refused: " + answer.Fault)
	case answer.Call == nil || answer.Call.Report == nil:
		return nil, fmt.Errorf("the answer (HTTP %s) has no report", response.Status)
	}
	report := answer.Call.Report
	if answer.Status != nil && !answer.Status.OK() && report.Failed != nil && *report.Failed == 0 {
		return report, errors.New(answer.Status.Description) // the file itself was refused
	}
	return report, nil
}

// unexpected says what an endpoint answered that should have given a file.
func unexpected(r *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(r.Body, 300))
	return fmt.Errorf("HTTP %s: %s", r.Status, text)
}
