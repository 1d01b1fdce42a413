package registrar

import (
	"errors"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Outcomes of one result of replaceResultsForLineItem, from the code minors
// of OMS Public Draft 2.
const invalidResult = "invalidresult"

// replaceResults replaces many results of one line item. Each has its own
// outcome, so that one bad grade does not hold up the others.
func (r *Registrar) replaceResults(q *Request, op lis.Operation) (planner, error) {
	item := other(q.Call)
	switch {
	case item == "":
		return nil, incomplete("lineItemSourcedId")
	case len(q.Call.Records) == 0:
		return nil, incomplete("resultRecordSet")
	}
	return func(tx journal.Tx) (*plan, error) {
		p := &plan{}
		seen := make(map[lis.SourcedID]bool, len(q.Call.Records))
		failed := 0
		for _, rec := range q.Call.Records {
			code, err := r.replaceResult(p, tx, q, rec, item, seen)
			if err != nil {
				return nil, err
			}
			if !succeeded(code.ReplaceStatus) {
				failed++
			}
			p.answer.Codes = append(p.answer.Codes, code)
		}
		p.describe(failed)
		return p, nil
	}, nil
}

func succeeded(status string) bool {
	return status == string(lis.FullSuccess) || status == string(lis.CreateSuccess)
}

func (p *plan) describe(failed int) {
	all := len(p.answer.Codes)
	p.description = fmt.Sprintf("%d of %d results stored", all-failed, all)
	switch {
	case failed == all:
		p.situation = lis.Invalid
	case failed > 0:
		p.situation = lis.DoneInPart
	}
	if failed > 0 {
		p.description += "; see replaceStatusCodes for the others, and send those again when put right"
	}
}

// replaceResult plans one result.
func (r *Registrar) replaceResult(p *plan, v journal.View, q *Request, rec *lis.Record, item lis.SourcedID, seen map[lis.SourcedID]bool) (lis.ReplaceCode, error) {
	s, status := resultStep(rec, item)
	code := lis.ReplaceCode{ResultSourcedID: s.Key, ReplaceStatus: status}
	if status != "" {
		return code, nil
	}
	if seen[s.Key] {
		code.ReplaceStatus = string(lis.InvalidData) // twice in one message: which one counts?
		return code, nil
	}
	seen[s.Key] = true
	e, err := v.Get(s.Kind, s.Key)
	if err != nil {
		return code, err
	}
	one, err := r.outdated(v, q, s.Record, e)
	if err != nil {
		return code, err
	}
	if one == nil {
		one = s.over(e, q)
	}
	p.steps = append(p.steps, one.steps...)
	code.ReplaceStatus = string(lis.StatusOf(one.situation, lis.OMS, "").CodeMinor)
	return code, nil
}

// resultStep checks one result; its status is "" when it can be stored.
func resultStep(rec *lis.Record, item lis.SourcedID) (s step, status string) {
	if rec == nil {
		return s, string(lis.IncompleteData)
	}
	if res, ok := rec.Object.(*lis.Result); ok && res != nil {
		if res.LineItemSourcedID != "" && res.LineItemSourcedID != item {
			return step{Change: lis.Change{Key: rec.ID}}, invalidResult
		}
		whole := *res
		whole.LineItemSourcedID = item
		rec = &lis.Record{ID: rec.ID, Agent: rec.Agent, Object: &whole}
	}
	s, err := content(rec, lis.KindResult, rec.ID)
	s.Key = rec.ID
	var refusal *lis.Refusal
	switch {
	case errors.As(err, &refusal):
		return s, string(lis.StatusOf(refusal.Situation, lis.OMS, "").CodeMinor)
	case err != nil:
		return s, string(lis.InvalidData)
	}
	return s, ""
}
