package canvas

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/url"
)

// findCourse and findSection are nil when there is none.
func (a *Adapter) findCourse(ctx context.Context, id string) (*course, error) {
	var c course
	err := a.get(ctx, "courses/"+ref("course", id), nil, &c)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	return &c, err
}

func (a *Adapter) findSection(ctx context.Context, id string) (*section, error) {
	var s section
	err := a.get(ctx, "sections/"+ref("section", id), nil, &s)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	return &s, err
}

func (a *Adapter) sections(ctx context.Context, course string) iter.Seq2[section, error] {
	return pages(ctx, a, "courses/"+course+"/sections", nil, func(s section) int64 { return s.ID })
}

func (a *Adapter) terms(ctx context.Context) iter.Seq2[term, error] {
	return pagesIn(ctx, a, "accounts/"+url.PathEscape(a.opts.Account)+"/terms", nil, func(t term) int64 { return t.ID }, func(raw json.RawMessage) ([]term, error) {
		var list struct {
			Terms *[]term `json:"enrollment_terms"`
		}
		if err := json.Unmarshal(raw, &list); err != nil || list.Terms == nil {
			return nil, errors.New("no enrollment_terms in the answer")
		}
		return *list.Terms, nil
	})
}

// there reports whether an object has this SIS ID.
func (a *Adapter) there(ctx context.Context, kind, id string) (bool, error) {
	if kind == "term" {
		t, err := a.findTerm(ctx, id)
		return t != nil, err
	}
	var found struct {
		State string `json:"workflow_state"`
	}
	err := a.get(ctx, kind+"s/"+ref(kind, id), nil, &found)
	if errors.Is(err, errAbsent) {
		return false, nil
	}
	return err == nil, err
}

// knows is there, with a memory for what was found.
func (a *Adapter) knows(ctx context.Context, kind, id string) (bool, error) {
	a.mu.Lock()
	known := a.known[kind+" "+id]
	a.mu.Unlock()
	if known {
		return true, nil
	}
	there, err := a.there(ctx, kind, id)
	if there && err == nil {
		a.mu.Lock()
		a.known[kind+" "+id] = true
		a.mu.Unlock()
	}
	return there, err
}

func (a *Adapter) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.known, "account "+id)
	delete(a.known, "term "+id)
}

// placeOf is the account and the term of a course, by their SIS IDs.
func (a *Adapter) placeOf(ctx context.Context, id string) (accountID, termID string, err error) {
	c, err := a.findCourse(ctx, id)
	if err != nil || c == nil {
		return "", "", err
	}
	if accountID, err = a.accountNamed(ctx, c.AccountID); err != nil {
		return "", "", err
	}
	for t, err := range a.terms(ctx) {
		if err != nil {
			return "", "", err
		}
		if t.ID == c.TermID {
			termID = t.SIS
		}
	}
	return accountID, termID, nil
}
