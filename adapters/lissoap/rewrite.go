package lissoap

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// hold reads a message of ours as strictly as a peer could, where the dialect
// asks for it, so that a record that came from a lax peer is refused here,
// with the element named, and not there.
func (d *dialect) hold(op *operation, body []byte) error {
	if !d.valid {
		return nil
	}
	w := wire.Writer{Buf: make([]byte, 0, len(body)+512)}
	w.OpenIn(op.Request, op.space)
	w.Buf = append(w.Buf, body...)
	w.Close(op.Request)
	r := wire.NewDecoder(string(w.Buf), wire.Limits{}, 0)
	r.Expect(op.space, nil)
	if r.Root() {
		op.ReadCall(r, new(lis.Call))
	}
	if err := r.Err(); err != nil {
		return &adapters.Error{Class: adapters.Refused, Err: err}
	}
	return nil
}

// rewrite turns the children of a request element into what the dialect has
// in their place. They are ours, written without prefixes and with all text
// escaped, so that a tag can be found by its spelling.
func (d *dialect) rewrite(op *operation, body []byte) []byte {
	if markup := d.insert[op.meaning.Kind]; markup != "" {
		const after = "</sourcedGUID>"
		body = bytes.ReplaceAll(body, []byte(after), []byte(after+markup))
	}
	for element, order := range d.order {
		body = reorder(body, element, order)
	}
	return body
}

// reorder sorts the children of the first element of a name.
func reorder(body []byte, element string, order []string) []byte {
	opening, closing := []byte("<"+element+">"), []byte("</"+element+">")
	from, to := bytes.Index(body, opening), bytes.LastIndex(body, closing)
	if from < 0 || to < from {
		return body
	}
	from += len(opening)
	children := childrenOf(string(body[from-len(opening) : to+len(closing)]))
	place := func(c child) int {
		if i := slices.Index(order, c.name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(children, func(a, b child) int { return cmp.Compare(place(a), place(b)) })
	var sorted strings.Builder
	for _, c := range children {
		sorted.WriteString(c.markup)
	}
	return slices.Concat(body[:from], []byte(sorted.String()), body[to:])
}

type child struct{ name, markup string }

func childrenOf(element string) []child {
	d := wire.NewDecoder(element, wire.Limits{}, wire.Everything)
	d.Root()
	var children []child
	for d.Child() {
		name, from := d.Local(), d.TagStart()
		d.Skip()
		children = append(children, child{name, d.Slice(from, d.Pos())})
	}
	return children
}
