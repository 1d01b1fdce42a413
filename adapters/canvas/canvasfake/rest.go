package canvasfake

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// defaultPage and largestPage are the sizes of pages that the API documents.
const (
	defaultPage = 10
	largestPage = 100
)

// page says which rows are asked for and writes the Link header.
func (a *Account) page(w http.ResponseWriter, r *http.Request, total int) (from, to int) {
	q := r.URL.Query()
	size, _ := strconv.Atoi(q.Get("per_page"))
	if size <= 0 {
		size = defaultPage
	}
	size = min(size, largestPage)
	n, _ := strconv.Atoi(q.Get("page"))
	n = max(n, 1)
	link := func(page int, rel string) string {
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(size))
		return fmt.Sprintf(`<http://%s%s?%s>; rel="%s"`, r.Host, r.URL.EscapedPath(), q.Encode(), rel)
	}
	links := []string{link(n, "current")}
	if n*size < total {
		links = append(links, link(n+1, "next"))
	}
	links = append(links, link(1, "first"), link((total+size-1)/size, "last"))
	w.Header().Set("Link", strings.Join(links, ","))
	if a.behaviour.RepeatPages {
		n = 1
	}
	return min((n-1)*size, total), min(n*size, total)
}

// named finds an object by its number or its SIS ID. A SIS ID with a slash or
// a dot is not found in plain text: it must come in hex.
func (a *Account) named(kind, id string) *Object {
	if kind == "account" && (id == "1" || id == "self") {
		return &Object{ID: 1, Fields: map[string]string{"name": "Example University", "workflow_state": "active"}}
	}
	prefix := "sis_" + kind + "_id:"
	if code, ok := strings.CutPrefix(id, "hex:"+prefix); ok {
		sis, err := hex.DecodeString(code)
		if err != nil {
			return nil
		}
		return a.tables[kind].sis[string(sis)]
	}
	if sis, ok := strings.CutPrefix(id, prefix); ok {
		if strings.ContainsAny(sis, "/. ") {
			return nil
		}
		return a.tables[kind].sis[sis]
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	return a.tables[kind].ids[n]
}

func (a *Account) show(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.advance()
		o := a.named(kind, r.PathValue("id"))
		if o == nil || o.State() == "deleted" && kind != "course" {
			notFound(w, r)
			return
		}
		answer(w, http.StatusOK, a.shown(kind, o))
	}
}

// list answers what is not deleted, by number.
func (a *Account) list(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.advance()
		var found []*Object
		for _, o := range a.tables[kind].rows {
			if o.State() != "deleted" {
				found = append(found, o)
			}
		}
		from, to := a.page(w, r, len(found))
		rows := []any{}
		for _, o := range found[from:to] {
			rows = append(rows, a.shown(kind, o))
		}
		a.answerList(w, kind, rows)
	}
}

func (a *Account) answerList(w http.ResponseWriter, kind string, rows []any) {
	if kind == "term" {
		answer(w, http.StatusOK, object{"enrollment_terms": rows})
		return
	}
	answer(w, http.StatusOK, rows)
}

func (a *Account) listSections(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	course := a.named("course", r.PathValue("id"))
	if course == nil {
		notFound(w, r)
		return
	}
	rows := []any{}
	for _, s := range a.tables["section"].rows {
		if s.parent == course && s.State() != "deleted" {
			rows = append(rows, a.shown("section", s))
		}
	}
	from, to := a.page(w, r, len(rows))
	a.answerList(w, "section", rows[from:to])
}

func (a *Account) listLogins(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	o := a.named("user", r.PathValue("id"))
	if o == nil || o.State() == "deleted" {
		notFound(w, r)
		return
	}
	answer(w, http.StatusOK, []object{{"id": o.ID, "user_id": o.ID, "sis_user_id": o.SIS, "unique_id": o.Fields["login_id"], "workflow_state": o.State()}})
}

// shown is an object as the API shows it.
func (a *Account) shown(kind string, o *Object) object {
	v := object{"id": o.ID, "sis_" + kind + "_id": nullable(o.SIS)}
	for field, value := range o.Fields {
		if field != "held" && (kind != "user" || field != "workflow_state") {
			v[field] = nullable(value)
		}
	}
	switch kind {
	case "account":
		v["parent_account_id"] = 1
		if o.parent != nil {
			v["parent_account_id"] = o.parent.ID
		}
		if o.ID == 1 {
			v["parent_account_id"], v["root_account_id"] = nil, nil
		}
	case "course":
		v["account_id"], v["enrollment_term_id"] = 1, 1
		if o.parent != nil {
			v["account_id"] = o.parent.ID
		}
		if o.term != nil {
			v["enrollment_term_id"] = o.term.ID
		}
	case "section":
		delete(v, "workflow_state")
		v["course_id"], v["sis_course_id"], v["nonxlist_course_id"] = o.parent.ID, nullable(o.parent.SIS), nil
		if o.home != nil {
			v["nonxlist_course_id"] = o.home.ID
		}
	}
	return v
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
