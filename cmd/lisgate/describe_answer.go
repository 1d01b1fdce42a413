package main

import (
	"fmt"

	"lisgate/gateway/lis"
)

// answer describes a response: how it went, then what came.
func (w *words) answer(operation string, a *lis.Answer) string {
	ids, records := w.content(a)
	w.speaksOf(&a.Status)
	return fmt.Sprintf("%s: %s%s", operation, statusWord(a.Status), lead(", ", found(ids, records)))
}

func (w *words) speaksOf(s *lis.Status) {
	for _, ref := range s.OperationRefs {
		w.add("speaks of", ref)
	}
}

// content adds what an answer brings, and counts the ids and records.
func (w *words) content(a *lis.Answer) (ids, records int) {
	w.add("id", string(a.ID))
	if a.Record != nil {
		w.add("record", string(a.Record.ID))
		w.add("gist", w.object(a.Record.Object))
	}
	w.core(a.Core)
	list, _ := lis.Collect(a.IDs)
	w.ids("ids", list)
	set, _ := lis.Collect(a.Records)
	w.records(set)
	w.add("savepoint", a.SavePoint)
	for _, c := range a.Codes {
		w.add(string(c.ResultSourcedID), c.ReplaceStatus)
	}
	for _, s := range a.Services {
		w.add(or(s.ServiceName, "service"), join(s.OperationName...))
	}
	return len(list), len(set)
}

// found counts what was read.
func found(ids, records int) string {
	switch {
	case records > 0:
		return plural(records, "record")
	case ids > 0:
		return plural(ids, "id")
	}
	return ""
}

// lead sets something before a text that is there.
func lead(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

func (w *words) core(c *lis.PersonCore) {
	if c == nil {
		return
	}
	w.add("person", string(c.SourcedID))
	if c.FormName != nil {
		w.private("name", c.FormName.FormattedName.String())
	}
	if c.UserID != nil {
		w.account(&lis.EnterpriseRoles{UserID: []lis.UserID{*c.UserID}})
	}
}

// statusWord says a status as a person would.
func statusWord(s lis.Status) string {
	codes := fmt.Sprintf("(%s/%s/%s)", s.CodeMajor, s.Severity, or(string(s.CodeMinor), "no code"))
	switch {
	case s.CodeMajor == "":
		return "no status is told"
	case s.CodeMajor == lis.Processing:
		return "accepted, not yet done " + codes
	case s.OK() && s.Severity == lis.SeverityWarning:
		return "done, with a warning " + codes
	case s.OK():
		return "done " + codes
	case s.CodeMajor == lis.Unsupported:
		return "not offered " + codes
	}
	return "failed " + codes
}
