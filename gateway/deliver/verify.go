package deliver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const (
	mostReads = 3 // how often a change is tried whose success cannot be seen
	mostNamed = 5 // how many fields are named
)

// verify reads back what was put, and does not believe a success of which
// there is nothing to see. The names of fields are told, never what is in them.
func (l *lane) verify(w way, parcels []*parcel) {
	if l.target.Verify == nil {
		return
	}
	for _, p := range parcels {
		if p.change.Act == lis.Put && p.err == nil {
			p.err = l.readBack(w.cut, p)
		}
	}
}

// readBack returns nil when the target holds what was put.
func (l *lane) readBack(ctx context.Context, p *parcel) error {
	left := p.until.Sub(l.engine.now()) - leaseLeft
	ctx, cancel := context.WithTimeout(ctx, min(l.target.Timeout, left))
	defer cancel()
	got, err := l.readPut(ctx, p)
	switch {
	case adapters.ClassOf(err) == adapters.Unsupported && err != nil:
		return nil // it cannot be read, so there is nothing to see
	case err != nil:
		e := *classified(err)
		e.Err = fmt.Errorf("reading it back: %w", e.Err)
		return &e
	}
	finding, err := l.differs(p.change.Record, got)
	if err != nil || finding == "" {
		return err
	}
	return doubt(finding, p.Attempts+1)
}

// readPut reads what was put. What was created by proxy may be known there by
// the identifier that the target allotted, and not by ours.
func (l *lane) readPut(ctx context.Context, p *parcel) (*lis.Record, error) {
	got, err := l.target.Verify.Read(ctx, p.change.Kind, p.change.Key)
	allotted := lis.SourcedID(p.outcome.TargetID)
	if err != nil || got != nil || allotted == "" || allotted == p.change.Key || !journal.Proxied(&p.Change) {
		return got, err
	}
	return l.target.Verify.Read(ctx, p.change.Kind, allotted)
}

// doubt is the error that a success cannot be seen: some systems need time,
// so that only the last of some attempts is a refusal.
func doubt(finding string, attempts int) error {
	e := &adapters.Error{Class: adapters.Unavailable, Narrow: true, Err: errors.New("the target said success, and reading it back shows " + finding)}
	if attempts >= mostReads {
		e.Class, e.Narrow = adapters.Refused, false
		e.Hint = "look at the object there: does the target drop what it was sent, or does another system or person change it? Then requeue it"
	}
	return e
}

// differs says what is other than it was put; "" when nothing is.
func (l *lane) differs(put, got *lis.Record) (string, error) {
	if m, ok := l.target.Verify.(adapters.Mirror); ok {
		put = m.Mirror(put)
	}
	switch {
	case put == nil && got != nil:
		return "an object where none should be", nil
	case put == nil:
		return "", nil
	case got == nil:
		return "nothing", nil
	}
	want, err := leaves(put)
	if err != nil {
		return "", err
	}
	have, err := leaves(got)
	if err != nil {
		return "", err
	}
	var others []string
	for field, value := range have {
		if was, ok := want[field]; !ok || !reflect.DeepEqual(was, value) {
			others = append(others, field)
		}
	}
	if len(others) == 0 {
		return "", nil
	}
	return "other values of " + names(others), nil
}

// names lists fields, some of them when there are many.
func names(fields []string) string {
	slices.Sort(fields)
	if n := len(fields) - mostNamed; n > 0 {
		fields = append(fields[:mostNamed:mostNamed], fmt.Sprintf("%d more", n))
	}
	return strings.Join(fields, ", ")
}

// leaves returns the values of an object by the paths to them.
func leaves(r *lis.Record) (map[string]any, error) {
	body, err := lis.MarshalRecord(&lis.Record{Object: r.Object})
	if err != nil {
		return nil, err
	}
	var tree struct {
		Object map[string]any `json:"object"`
	}
	if err := json.Unmarshal(body, &tree); err != nil {
		return nil, err
	}
	found := map[string]any{}
	walk("", tree.Object, found)
	return found, nil
}

func walk(path string, v any, found map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(strings.TrimPrefix(path+"."+name, "."), inner, found)
		}
	case []any:
		for i, inner := range v {
			walk(path+"["+strconv.Itoa(i)+"]", inner, found)
		}
	default:
		found[path] = v
	}
}
