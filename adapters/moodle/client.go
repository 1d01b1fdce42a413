package moodle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"lisgate/adapters/peer"
)

// A client calls functions of one site.
type client struct {
	o     Options
	peer  *peer.Client
	limit atomic.Int64 // max_input_vars as far as we know
	dry   bool         // calls that would change something are not made
}

func newClient(o Options) *client {
	c := &client{o: o, peer: peer.New(peer.Connection{Timeout: o.Timeout, MaxAnswer: o.MaxAnswer, HTTP: o.HTTP, Now: o.Now})}
	c.limit.Store(int64(o.MaxInputVars))
	return c
}

// A form is the parameters of a call, as PHP reads arrays.
type form struct {
	b    strings.Builder
	vars int
}

func (f *form) set(name, value string) *form {
	if f.vars++; f.vars > 1 {
		f.b.WriteByte('&')
	}
	f.b.WriteString(url.QueryEscape(name))
	f.b.WriteByte('=')
	f.b.WriteString(url.QueryEscape(value))
	return f
}

// row sets fields of a row of an array, given as names and values in turn.
func (f *form) row(array string, i int, fields ...string) *form {
	for n := 0; n < len(fields); n += 2 {
		f.set(array+"["+strconv.Itoa(i)+"]["+fields[n]+"]", fields[n+1])
	}
	return f
}

// list sets an array of plain values.
func (f *form) list(array string, values []string) *form {
	for i, v := range values {
		f.set(array+"["+strconv.Itoa(i)+"]", v)
	}
	return f
}

// body ends with the token, and has the format before all: PHP drops what is over max_input_vars from the end
// and says nothing, and without a token nothing is carried out. So a body that
// is cut fails whole, in place of half a batch that looks like success.
func (f *form) body(function string, token Secret) string {
	f.vars += fixedVars
	rest := f.b.String()
	if rest != "" {
		rest += "&"
	}
	return "moodlewsrestformat=json&wsfunction=" + url.QueryEscape(function) + "&" + rest + "wstoken=" + url.QueryEscape(string(token))
}

// rows returns how many rows of so many fields a call can hold.
func (c *client) rows(fields int) int {
	return max(1, (int(c.limit.Load())-fixedVars)/fields)
}

// call calls a function and reads its answer into a value; nil is for
// functions that answer nothing. Its errors are a *fault, a *strange or that
// of the connection.
func (c *client) call(ctx context.Context, function string, f *form, into any) error {
	if f == nil {
		f = &form{}
	}
	if c.dry && doings[function] != "" {
		return &would{function}
	}
	answer, err := c.post(ctx, f.body(function, c.o.Token))
	if err != nil {
		return fmt.Errorf("%s: %w", function, err)
	}
	if err := read(answer, into); err != nil {
		return fmt.Errorf("%s: %w", function, c.cut(ctx, function, f.vars, err))
	}
	return nil
}

func (c *client) post(ctx context.Context, body string) ([]byte, error) {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}}
	r, err := c.peer.Do(ctx, http.MethodPost, c.o.URL+"/webservice/rest/server.php", strings.NewReader(body), header)
	var long *peer.TooLong
	switch {
	case errors.As(err, &long):
		return nil, &strange{status: long.Status, text: long.Error()}
	case err != nil:
		return nil, err
	case r.Status == http.StatusOK:
		return r.Body, nil
	}
	s := &strange{status: r.Status, text: excerpt(r.Body), location: r.Header.Get("Location")}
	if r.Busy() {
		s.busy = r.RetryAfter(busyFor)
	}
	return nil, s
}

// read holds an answer to be an error unless it is what the function answers:
// Moodle says 200 to everything.
func read(text []byte, into any) error {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '{' {
		var f fault
		if json.Unmarshal(text, &f) == nil && f.Exception != "" {
			return &f
		}
	}
	if into == nil {
		if !bytes.Equal(text, []byte("null")) {
			return &strange{status: 200, text: excerpt(text)}
		}
		return nil
	}
	if bytes.Equal(text, []byte("null")) || json.Unmarshal(text, into) != nil {
		return &strange{status: 200, text: excerpt(text)}
	}
	return nil
}

// cut tells a bad token from one that PHP has dropped: the same token in a
// small call shows it. The site is then known to read fewer variables.
func (c *client) cut(ctx context.Context, function string, vars int, err error) error {
	var f *fault
	if !errors.As(err, &f) || f.Code != "invalidtoken" || vars < 100 {
		return err
	}
	answer, probe := c.post(ctx, new(form).body("core_webservice_get_site_info", c.o.Token))
	var info siteInfo
	if probe != nil || read(answer, &info) != nil {
		return err
	}
	limit := max(50, vars/2)
	if int64(limit) < c.limit.Load() {
		c.limit.Store(int64(limit))
	}
	return &truncated{vars}
}

// excerpt is the beginning of an answer, for people.
func excerpt(text []byte) string {
	const most = 300
	s := strings.ToValidUTF8(string(text[:min(len(text), most)]), "")
	return strings.Join(strings.Fields(s), " ")
}
