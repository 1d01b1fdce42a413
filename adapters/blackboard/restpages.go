package blackboard

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strings"
)

// pages streams the objects of a list, following paging.nextPage to its end.
// A page without results is no empty page, and an object that comes twice
// means that the list moved: both end it with an error.
func pages[T any](ctx context.Context, a *REST, p purpose, path string, key func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{}
		for path != "" {
			r, err := a.call(ctx, p, http.MethodGet, path, nil)
			if err != nil {
				yield(nil, err)
				return
			}
			var page struct {
				Results *[]T `json:"results"`
				Paging  struct {
					NextPage string `json:"nextPage"`
				} `json:"paging"`
			}
			if json.Unmarshal(r.Body, &page) != nil || page.Results == nil {
				yield(nil, unavailable("read a list of Learn: a page without results is no page; nothing was taken for absent"))
				return
			}
			for i := range *page.Results {
				item := &(*page.Results)[i]
				if k := key(item); k != "" && seen[k] {
					yield(nil, unavailable("read a list of Learn: one object came twice, so the list moved while it was read; it is read again"))
					return
				} else if seen[k] = true; !yield(item, nil) {
					return
				}
			}
			if path, err = nextPage(page.Paging.NextPage, len(*page.Results)); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// nextPage holds the address of the next page to be one of this Learn.
func nextPage(next string, had int) (string, error) {
	switch {
	case next == "":
		return "", nil
	case !strings.HasPrefix(next, base+"/"):
		return "", unavailable("read a list of Learn: the next page is not one of its REST")
	case had == 0:
		return "", unavailable("read a list of Learn: an empty page leads to a next one")
	}
	return next, nil
}
