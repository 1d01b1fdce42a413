package canvas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lisgate/adapters/peer"
)

// maxAnswer is the most that is read of one answer.
const maxAnswer = 64 << 20

// errAbsent says that Canvas has no such object. It does not leave the package.
var errAbsent = errors.New("not in Canvas")

// number is a JSON number as Canvas wrote it, so that no grade is rounded.
type number = json.Number

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// address is a call of the REST API.
func (a *Adapter) address(path string, q url.Values) string {
	return a.base.JoinPath("api/v1").String() + "/" + path + query(q)
}

func query(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// call makes one request and decodes its answer.
func (a *Adapter) call(ctx context.Context, method, address, contentType string, body []byte, into any) (http.Header, error) {
	header := http.Header{"Authorization": {"Bearer " + string(a.opts.Token)}, "Accept": {"application/json"}}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	r, err := a.peer.Do(ctx, method, address, bytes.NewReader(body), header)
	if err != nil {
		return nil, unavailable("ask Canvas: %w", err)
	}
	if r.Status/100 != 2 {
		return nil, httpError(r)
	}
	if err := json.Unmarshal(r.Body, into); err != nil {
		return nil, unavailable("read the answer of Canvas, which is not the JSON that was expected: %w", err)
	}
	return r.Header, nil
}

// get reads one object; errAbsent when there is none.
func (a *Adapter) get(ctx context.Context, path string, q url.Values, into any) error {
	_, err := a.call(ctx, http.MethodGet, a.address(path, q), "", nil, into)
	return err
}

// perPage is the largest page that Canvas gives.
const perPage = "100"

// pages streams a list to its end, following the Link header. A page or a row
// that comes twice, or a link to elsewhere, is an error: an incomplete list is
// never passed for a whole one.
func pages[T any](ctx context.Context, a *Adapter, path string, q url.Values, id func(T) int64) iter.Seq2[T, error] {
	return pagesIn(ctx, a, path, q, id, func(raw json.RawMessage) ([]T, error) {
		if len(bytes.TrimSpace(raw)) == 0 || bytes.TrimSpace(raw)[0] != '[' {
			return nil, errors.New("no list in the answer")
		}
		var rows []T
		err := json.Unmarshal(raw, &rows)
		return rows, err
	})
}

func pagesIn[T any](ctx context.Context, a *Adapter, path string, q url.Values, id func(T) int64, open func(json.RawMessage) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		first := url.Values{"per_page": {perPage}}
		for name, values := range q {
			first[name] = values
		}
		seen := map[int64]bool{}
		asked := map[string]bool{}
		for address := a.address(path, first); address != ""; {
			if asked[address] {
				yield(none, unavailable("read a list: the next page leads back to one that was read"))
				return
			}
			asked[address] = true
			rows, next, err := page(ctx, a, address, open)
			if err != nil {
				yield(none, err)
				return
			}
			for _, row := range rows {
				if seen[id(row)] {
					yield(none, unavailable("read a list: row %d comes twice, so that others may be missing", id(row)))
					return
				}
				seen[id(row)] = true
				if !yield(row, nil) {
					return
				}
			}
			address = next
		}
	}
}

func page[T any](ctx context.Context, a *Adapter, address string, open func(json.RawMessage) ([]T, error)) ([]T, string, error) {
	var raw json.RawMessage
	head, err := a.call(ctx, http.MethodGet, address, "", nil, &raw)
	if err != nil {
		return nil, "", err
	}
	rows, err := open(raw)
	if err != nil {
		return nil, "", unavailable("read a list of Canvas: %w", err)
	}
	next, err := a.next(head.Values("Link"))
	return rows, next, err
}

// next is the address of the page after this one. It must lead to Canvas: the
// token goes with it.
func (a *Adapter) next(links []string) (string, error) {
	for _, header := range links {
		for link := range strings.SplitSeq(header, ",") {
			target, rest, _ := strings.Cut(link, ";")
			if !strings.Contains(rest, `rel="next"`) {
				continue
			}
			u, err := url.Parse(strings.Trim(strings.TrimSpace(target), "<>"))
			if err != nil || u.Host != a.base.Host || u.Scheme != a.base.Scheme {
				return "", unavailable("read a list: the next page lies elsewhere (%s); mend url of the target to the address that Canvas gives itself", host(u))
			}
			return u.String(), nil
		}
	}
	return "", nil
}

func host(u *url.URL) string {
	if u == nil {
		return "no address"
	}
	return u.Scheme + "://" + u.Host
}

// download reads a file of Canvas. It may lie on another host, which does not
// get the token.
func (a *Adapter) download(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, a.opts.Timeout)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != a.base.Scheme {
		return nil, errors.New("the file has no address that can be used")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", peer.Plain(err))
	}
	if u.Host == a.base.Host && u.Scheme == a.base.Scheme {
		r.Header.Set("Authorization", "Bearer "+string(a.opts.Token))
	}
	resp, err := a.files.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch the file: %w", peer.Plain(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch the file: HTTP %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
}
