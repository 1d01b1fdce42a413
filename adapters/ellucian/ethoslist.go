package ellucian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"lisgate/adapters"
)

// An object of Ethos as it came: its GUID and the whole.
type object struct {
	id   string
	body json.RawMessage
}

// list streams every object of a resource, page by page. It ends with an
// error unless as many came as Ethos says that there are, each once: what was
// not read is never taken for absent (back-end facts, section E, 8 and 9).
func (e *Ethos) list(ctx context.Context, name string, criteria string) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		seen := map[string]bool{}
		for read := 0; ; {
			p, err := e.page(ctx, name, criteria, read)
			if err != nil {
				yield(object{}, err)
				return
			}
			for _, o := range p.objects {
				if seen[o.id] && o.id != "" {
					yield(object{}, incomplete(name, "one object came on two pages: the list moved while it was read"))
					return
				}
				seen[o.id] = true
				if !yield(o, nil) {
					return
				}
			}
			read += len(p.objects)
			switch done, why := p.last(read); {
			case why != "":
				yield(object{}, incomplete(name, why))
				return
			case done:
				return
			}
		}
	}
}

// A page is what one call of a list gave.
type page struct {
	objects []object
	total   int  // -1 when Ethos does not say it
	full    bool // as many as one call gives: there may be more, whatever the total says
}

// last reports whether a page ends its list after so many objects, or why
// that cannot be.
func (p page) last(read int) (done bool, why string) {
	switch {
	case p.total >= 0 && read > p.total:
		return false, fmt.Sprintf("%d objects came of %d that Ethos says there are", read, p.total)
	case len(p.objects) == 0 && p.total > read:
		return false, fmt.Sprintf("%d objects came of %d that Ethos says there are", read, p.total)
	case len(p.objects) == 0:
		return true, ""
	}
	return read == p.total && !p.full, ""
}

func incomplete(name, why string) error {
	return &adapters.Error{
		Class: adapters.Unavailable, Err: fmt.Errorf("list %s: %s", name, why),
		Hint: "nothing was taken for absent; the list is read again from its beginning",
	}
}

// page reads one page. Ethos may give fewer objects than were asked for
// (x-max-page-size).
func (e *Ethos) page(ctx context.Context, name, criteria string, offset int) (page, error) {
	query := url.Values{"limit": {strconv.Itoa(e.o.Page)}, "offset": {strconv.Itoa(offset)}}
	if criteria != "" {
		query.Set("criteria", criteria)
	}
	r, err := e.call(ctx, http.MethodGet, "/api/"+name+"?"+query.Encode(), name, "")
	if err != nil {
		return page{}, err
	}
	p := page{total: -1}
	if p.objects, err = objectsIn(r.Body); err != nil {
		return page{}, incomplete(name, err.Error())
	}
	if said := r.Header.Get("x-total-count"); said != "" {
		if p.total, err = strconv.Atoi(said); err != nil || p.total < 0 {
			return page{}, incomplete(name, "x-total-count is no number")
		}
	}
	most, err := strconv.Atoi(r.Header.Get("x-max-page-size"))
	if err != nil || most <= 0 {
		most = e.o.Page
	}
	p.full = len(p.objects) >= min(most, e.o.Page)
	return p, nil
}

// objectsIn reads a page. Anything but an array is no empty page.
func objectsIn(body []byte) ([]object, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(body, &items); err != nil || items == nil {
		return nil, errors.New("a page is no JSON array")
	}
	objects := make([]object, len(items))
	for i, item := range items {
		var head struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(item, &head) // one without an id is told by who converts it
		objects[i] = object{head.ID, item}
	}
	return objects, nil
}
