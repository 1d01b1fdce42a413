package moodle

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"lisgate/adapters"
)

// An enrolled is a user of a course, with the roles there.
type enrolled struct {
	ID       int    `json:"id"`
	Idnumber string `json:"idnumber"`
	Roles    []struct {
		ID        int    `json:"roleid"`
		Shortname string `json:"shortname"`
	} `json:"roles"`
}

func (e enrolled) has(role int) bool {
	for _, r := range e.Roles {
		if r.ID == role {
			return true
		}
	}
	return false
}

// roster streams the users of a course, page by page to the end. A user who
// comes twice shows that pages shifted, so that another may be lacking: that
// is no complete reading.
func (a *Adapter) roster(ctx context.Context, course int, onlyActive bool) iter.Seq2[enrolled, error] {
	return func(yield func(enrolled, error) bool) {
		seen := map[int]bool{}
		for e, err := range a.pages(ctx, course, onlyActive) {
			if err == nil && seen[e.ID] {
				err = &adapters.Error{Class: adapters.Unavailable, Narrow: true,
					Err:  fmt.Errorf("the roster of course %d changed while it was read: user %d came twice", course, e.ID),
					Hint: "It is read again later."}
			}
			seen[e.ID] = true
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// pages is a roster for those who look for single users in it: who is enrolled
// meanwhile shifts the pages, and nobody is missed by that.
func (a *Adapter) pages(ctx context.Context, course int, onlyActive bool) iter.Seq2[enrolled, error] {
	return func(yield func(enrolled, error) bool) {
		for from := 0; ; from += a.o.Page {
			page, err := a.page(ctx, course, from, onlyActive)
			if err != nil {
				yield(enrolled{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < a.o.Page {
				return
			}
		}
	}
}

func (a *Adapter) page(ctx context.Context, course, from int, onlyActive bool) ([]enrolled, error) {
	options := []string{"userfields", "idnumber,roles", "limitfrom", strconv.Itoa(from), "limitnumber", strconv.Itoa(a.o.Page),
		"sortby", sortBy, "sortdirection", "ASC"}
	if onlyActive {
		options = append(options, "onlyactive", "1")
	}
	f := new(form).set("courseid", strconv.Itoa(course))
	for i := 0; i < len(options); i += 2 {
		f.row("options", i/2, "name", options[i], "value", options[i+1])
	}
	var page []enrolled
	err := a.client.call(ctx, "core_enrol_get_enrolled_users", f, &page)
	return page, err
}

// enrolled returns a user of a course, nil for one who is not, and whether the
// enrolment is active.
func (a *Adapter) enrolled(ctx context.Context, course, user int) (*enrolled, bool, error) {
	e, err := a.findIn(ctx, course, user, false)
	if err != nil || e == nil {
		return nil, false, err
	}
	active, err := a.findIn(ctx, course, user, true)
	return e, active != nil, err
}

func (a *Adapter) findIn(ctx context.Context, course, user int, onlyActive bool) (*enrolled, error) {
	for e, err := range a.pages(ctx, course, onlyActive) {
		if err != nil {
			return nil, err
		}
		if e.ID == user {
			return &e, nil
		}
	}
	return nil, nil
}
