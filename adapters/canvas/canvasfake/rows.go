package canvasfake

import (
	"fmt"
	"strings"
)

// processing is an import at work.
type processing struct {
	a        *Account
	i        *sisImport
	override bool
	changed  bool // the row at hand altered something
}

// row takes one row and returns why it was not taken, in the words of the
// published importers.
func (p *processing) row(kind string, n int, r map[string]string) string {
	if p.a.behaviour.RowErrors != nil {
		if problem := p.a.behaviour.RowErrors(kind, n, r); problem != "" {
			return problem
		}
	}
	take, ok := map[string]func(map[string]string) string{
		"change_sis_id": p.changeID, "account": p.account, "term": p.termRow, "course": p.course,
		"section": p.section, "xlist": p.xlist, "user": p.user, "enrollment": p.enrollment,
	}[kind]
	if !ok {
		return "" // groups are taken and forgotten
	}
	p.changed = false
	problem := take(r)
	if problem == "" {
		p.i.counts[kind]++
	}
	return problem
}

// effect notes that a row altered something.
func (p *processing) effect(kind, id, state string) {
	if !p.changed {
		return
	}
	p.i.changed[kind]++
	p.a.effects = append(p.a.effects, Effect{Import: p.i.id, Kind: kind, ID: id, State: state})
}

// set writes a field, unless a person has edited it.
func (p *processing) set(o *Object, field, value string) {
	if o.sticky[field] && !p.override || o.Fields[field] == value {
		return
	}
	o.Fields[field], p.changed = value, true
}

func statusIn(s string, allowed ...string) string {
	for _, a := range allowed {
		if strings.EqualFold(s, a) {
			return a
		}
	}
	return ""
}

func (p *processing) find(kind, sis string) *Object {
	if sis == "" {
		return nil
	}
	return p.a.tables[kind].sis[sis]
}

// findOrAdd makes the object when it is not there.
func (p *processing) findOrAdd(kind, sis string) *Object {
	if o := p.find(kind, sis); o != nil {
		return o
	}
	p.changed = true
	return p.a.add(kind, sis)
}

func (p *processing) changeID(r map[string]string) string {
	kind, old, new := strings.ToLower(r["type"]), r["old_id"], r["new_id"]
	t := p.a.tables[kind]
	switch {
	case kind == "":
		return "No type given for change_sis_id"
	case old == "" || new == "":
		return "No old_id or old_integration_id given for change_sis_id"
	case t == nil:
		return fmt.Sprintf("Invalid type '%s' for change_sis_id", kind)
	case t.sis[new] != nil:
		return fmt.Sprintf("A new_id, '%s', referenced an existing %s and the %s with sis_source_id '%s' was not updated", new, kind, kind, old)
	case t.sis[old] == nil:
		return fmt.Sprintf("An old_id, '%s', referenced a non-existent %s and was not changed.", old, kind)
	}
	o := t.sis[old]
	delete(t.sis, old)
	o.SIS, t.sis[new], p.changed = new, o, true
	p.effect("change_sis_id", old+" "+new, o.State())
	return ""
}

func (p *processing) account(r map[string]string) string {
	id := r["account_id"]
	if id == "" {
		return "No account_id given for an account"
	}
	var parent *Object
	if name := r["parent_account_id"]; name != "" {
		if parent = p.find("account", name); parent == nil {
			return "Parent account didn't exist for " + id
		}
	}
	status := statusIn(r["status"], "active", "deleted")
	switch o := p.find("account", id); {
	case o == nil && r["name"] == "":
		return fmt.Sprintf("No name given for account %s, skipping", id)
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for account %s, skipping", r["status"], id)
	}
	o := p.findOrAdd("account", id)
	p.set(o, "name", r["name"])
	p.set(o, "integration_id", r["integration_id"])
	p.set(o, "workflow_state", status)
	if o.parent != parent {
		o.parent, p.changed = parent, true
	}
	p.effect("account", id, status)
	return ""
}

func (p *processing) termRow(r map[string]string) string {
	id, status := r["term_id"], statusIn(r["status"], "active", "deleted")
	switch {
	case id == "":
		return "No term_id given for a term"
	case r["name"] == "":
		return "No name given for term " + id
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for term %s", r["status"], id)
	}
	o := p.findOrAdd("term", id)
	p.set(o, "name", r["name"])
	p.set(o, "start_at", r["start_date"])
	p.set(o, "end_at", r["end_date"])
	p.set(o, "integration_id", r["integration_id"])
	p.set(o, "workflow_state", status)
	p.effect("term", id, status)
	return ""
}

// course takes a course. A term or an account that is not there is passed over
// without a word: the course goes to the default term and the root account.
func (p *processing) course(r map[string]string) string {
	id, status := r["course_id"], statusIn(r["status"], "active", "deleted", "completed", "unpublished", "published")
	switch {
	case id == "":
		return "No course_id given for a course"
	case r["short_name"] == "":
		return "No short_name given for course " + id
	case r["long_name"] == "":
		return "No long_name given for course " + id
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for course %s", r["status"], id)
	}
	o := p.findOrAdd("course", id)
	p.set(o, "course_code", r["short_name"])
	p.set(o, "name", r["long_name"])
	p.set(o, "start_at", r["start_date"])
	p.set(o, "end_at", r["end_date"])
	p.set(o, "integration_id", r["integration_id"])
	if account := p.find("account", or(r["account_id"], r["fallback_account_id"])); account != nil && o.parent != account {
		o.parent, p.changed = account, true
	}
	if term := p.find("term", r["term_id"]); term != nil && o.term != term {
		o.term, p.changed = term, true
	}
	state := "available"
	if status == "deleted" || status == "completed" {
		state = status
	}
	p.set(o, "workflow_state", state)
	if status == "deleted" {
		p.emptied(o)
	}
	p.effect("course", id, o.State())
	return ""
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// emptied deletes the enrolments of a course, or of a section.
func (p *processing) emptied(o *Object) {
	for _, section := range p.a.tables["section"].rows {
		if section == o || section.parent == o {
			for _, e := range p.a.lists[section] {
				p.remove(e)
			}
		}
	}
}

func (p *processing) remove(e *Enrollment) {
	if e.State != "deleted" {
		e.State, p.changed = "deleted", true
	}
}
