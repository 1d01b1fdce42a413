package moodle

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"lisgate/adapters"
)

// find looks for the accounts of persons: by idnumber, by the crosswalk, and
// then by the keys of Options.Match. It returns those that can go on.
func (a *Adapter) find(ctx context.Context, b *batch, ws []*wanted) []*wanted {
	for _, step := range []func(context.Context, *batch, []*wanted) error{a.byNumber, a.byCrosswalk, a.byMatch} {
		open := slices.DeleteFunc(slices.Clone(ws), func(w *wanted) bool { return w.have != nil || !b.open(w.i) })
		if len(open) == 0 {
			break
		}
		if err := step(ctx, b, open); err != nil {
			b.failAll(indexes(open), err)
		}
	}
	return slices.DeleteFunc(ws, func(w *wanted) bool { return !b.open(w.i) })
}

func (a *Adapter) byNumber(ctx context.Context, b *batch, ws []*wanted) error {
	found, err := a.lookup(ctx, "idnumber", values(ws, func(w *wanted) string { return w.want.Idnumber }))
	if err != nil {
		return err
	}
	of := by(found, func(h account) string { return h.Idnumber })
	for _, w := range ws {
		switch hits := of[w.want.Idnumber]; len(hits) {
		case 0:
		case 1:
			w.have = &hits[0]
		default:
			ours := a.known(ctx, b.changes[w.i].Kind, b.changes[w.i].Key)
			if n := slices.IndexFunc(hits, func(h account) bool { return h.ID == ours }); n >= 0 {
				w.have = &hits[n]
			} else {
				b.fail(w.i, twice(hits))
			}
		}
	}
	return nil
}

// twice is the conflict of several accounts with one idnumber.
func twice(hits []account) error {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = strconv.Itoa(h.ID)
	}
	return refused("Find out which account is the person's, and take the idnumber out of the other (Moodle does not keep idnumbers unique).",
		"%d accounts at Moodle have this idnumber: %s", len(hits), strings.Join(ids, ", "))
}

// byCrosswalk finds an account that has lost its idnumber at the site.
func (a *Adapter) byCrosswalk(ctx context.Context, b *batch, ws []*wanted) error {
	owner := map[string]*wanted{}
	for _, w := range ws {
		if id := a.known(ctx, b.changes[w.i].Kind, b.changes[w.i].Key); id != 0 {
			owner[strconv.Itoa(id)] = w
		}
	}
	if len(owner) == 0 {
		return nil
	}
	found, err := a.lookup(ctx, "id", keys(owner))
	if err != nil {
		return err
	}
	for _, h := range found {
		w := owner[strconv.Itoa(h.ID)]
		switch {
		case w == nil:
		case h.Idnumber == "":
			w.have, w.detail = &h, "the account had lost its idnumber"
		default:
			b.fail(w.i, conflict(h, "Correct the idnumber at Moodle, or rename the person here when the two are one.",
				"account %d, which this person had, has the idnumber of another now", h.ID))
		}
	}
	return nil
}

// byMatch looks for accounts that are not known to be the person's, but look
// so. Whatever is found holds the user name or the address, so that no second
// account could be made anyway.
func (a *Adapter) byMatch(ctx context.Context, b *batch, ws []*wanted) error {
	fields := map[string]func(account) string{"userId": func(h account) string { return strings.ToLower(h.Username) },
		"email": func(h account) string { return strings.ToLower(h.Email) }}
	names := map[string]string{"userId": "username", "email": "email"}
	sent := map[string]func(*wanted) string{"userId": func(w *wanted) string { return w.want.Username }, "email": func(w *wanted) string { return w.want.Email }}
	for _, key := range a.o.Match {
		field, asks := fields[key]
		open := slices.DeleteFunc(slices.Clone(ws), func(w *wanted) bool { return w.have != nil || !b.open(w.i) })
		if !asks || len(open) == 0 {
			continue
		}
		found, err := a.lookup(ctx, names[key], values(open, sent[key]))
		if err != nil {
			return err
		}
		of := by(found, field)
		for _, w := range open {
			if hits := of[field(w.want)]; len(hits) > 0 && !(key == "email" && a.o.SharedEmail) {
				a.adopt(b, w, hits[0], key)
			}
		}
	}
	return nil
}

// adopt decides about an account that looks like the person's.
func (a *Adapter) adopt(b *batch, w *wanted, h account, key string) {
	switch {
	case h.Idnumber != "" && h.Idnumber != w.want.Idnumber:
		e := conflict(h, "Two persons cannot share it at Moodle. Correct it at its source, or merge the two when they are one person.",
			"account %d has the same %s and belongs to another sourcedId", h.ID, key)
		e.Match = "" // not to be linked
		b.fail(w.i, e)
	case a.o.Adopt == "yes" || h.Idnumber == w.want.Idnumber:
		w.have, w.detail = &h, "adopted account "+strconv.Itoa(h.ID)+", found by "+key
	case a.o.Adopt == "ask":
		b.fail(w.i, conflict(h, "Link the two when they are one person; otherwise correct the "+key+" of one of them.",
			"account %d has the same %s and no idnumber: it may be this person's", h.ID, key))
	default:
		var e *adapters.Error = conflict(h, "Give the account its idnumber at Moodle, or change its "+key+".",
			"account %d has the same %s, and accounts are not adopted here", h.ID, key)
		e.Match = ""
		b.fail(w.i, e)
	}
}

func values(ws []*wanted, of func(*wanted) string) []string {
	all := make([]string, len(ws))
	for i, w := range ws {
		all[i] = of(w)
	}
	return all
}

func keys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for key := range m {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

func by(found []account, key func(account) string) map[string][]account {
	of := map[string][]account{}
	for _, h := range found {
		if k := key(h); !slices.ContainsFunc(of[k], func(o account) bool { return o.ID == h.ID }) {
			of[k] = append(of[k], h)
		}
	}
	return of
}
