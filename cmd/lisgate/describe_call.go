package main

import (
	"fmt"
	"strings"
	"unicode"

	"lisgate/gateway/lis"
)

// sentences say what an operation does. %k is the kind of object, %K its
// plural, %i the object, %n the new id, %o the other object.
var sentences = map[lis.Verb]string{
	lis.Create: "create %k %i", lis.CreateByProxy: "create %k, with an id that the receiver allots",
	lis.Replace: "replace %k %i", lis.Update: "add to %k %i", lis.Delete: "delete %k %i",
	lis.Read: "read %k %i", lis.ReadCore: "read the core of %k %i", lis.ReadAllIDs: "read the ids of all %K",
	lis.ReadIDsFrom: "read the ids of %K changed after a savepoint", lis.ReadPlural: "read %K by their ids",
	lis.ReadPluralFrom: "read %K changed after a savepoint", lis.Discover: "find the ids of %K by a query",
	lis.ChangeIdentifier: "change the id of %k %i to %n", lis.ReadIDsFor: "read the ids of %K for %o",
	lis.ReadIDFor: "read the id of the %k for %o", lis.CreateFrom: "create %k %n as a copy of %i",
	lis.UpdateStatus: "set the status of %k %i", lis.AddRelation: "add to %k %i", lis.RemoveRelation: "take away from %k %i",
	lis.ReplacePlural: "replace %K of line item %o",

	lis.BulkAnnounce: "announce bulk files", lis.BulkAnnounceFailure: "say that an export failed",
	lis.BulkCancel: "cancel a bulk exchange", lis.BulkIgnore: "say that an announcement will be ignored",
	lis.BulkReportBack: "report on a bulk exchange", lis.BulkRequest: "ask for a bulk extract",
}

// call describes a request: the sentence, then the elements.
func (w *words) call(c *lis.Call) string {
	op, _ := lis.OperationNamed(c.Operation)
	id := c.ID
	if c.Record != nil && c.Record.ID != "" {
		w.remarkIDs(c.ID, c.Record.ID)
		id = c.Record.ID
	}
	sentence := strings.NewReplacer("%k", kindWord(op.Kind), "%K", kindWord(op.Kind)+"s", "%i", or(string(id), "without an id"),
		"%n", or(string(c.NewID), "nothing"), "%o", or(string(other(c)), "everybody")).Replace(sentences[op.Verb])
	if c.Record != nil {
		w.add("source", c.Record.Agent)
		if about := w.object(c.Record.Object); about != "" {
			sentence += ": " + about
		}
	}
	w.parameters(op, c)
	return oneLine(sentence)
}

func other(c *lis.Call) lis.SourcedID {
	if c.Of != "" {
		return c.Of
	}
	return c.ID
}

// remarkIDs tells of the two ids of a write when they differ.
func (w *words) remarkIDs(outer, inner lis.SourcedID) {
	if outer != "" && inner != outer {
		w.remarks = append(w.remarks, fmt.Sprintf("the request says sourcedId %s, its record %s; lisgate goes by that of the record.", outer, inner))
	}
}

// parameters adds what the operation has besides its record.
func (w *words) parameters(op lis.Operation, c *lis.Call) {
	w.add("changed after", c.SavePoint)
	w.add("query", w.query(c.Query))
	w.ids("ids", c.IDs)
	w.add("collection", c.Collection)
	w.add("status", c.Status)
	w.text("academic session", c.AcademicSession)
	if op.Verb == lis.RemoveRelation {
		w.add("relation", string(c.RelationID))
	}
	if op.Kind == lis.KindSectionAssociation && op.Verb != lis.Replace {
		w.add("section", string(c.Of))
	}
	if c.Relationship != nil {
		w.add("relation", relation(c.Relationship))
	}
	if c.Role != nil {
		w.role(c.Role)
	}
	w.lineItemType(c.LineItemType)
	w.resultStatus(c.ResultStatus)
	w.records(c.Records)
	w.bulk(c)
}

// records adds the records of a set, one line each.
func (w *words) records(list []*lis.Record) {
	for _, r := range list {
		inner := &words{show: w.show}
		w.add(string(r.ID), or(inner.object(r.Object), "nothing but its id"))
	}
}

// idsShown is how many ids of a set are told.
const idsShown = 8

func (w *words) ids(name string, ids []lis.SourcedID) {
	if len(ids) == 0 {
		return
	}
	text := make([]string, 0, idsShown)
	for _, id := range ids[:min(len(ids), idsShown)] {
		text = append(text, string(id))
	}
	if more := len(ids) - idsShown; more > 0 {
		text = append(text, fmt.Sprintf("and %s more", grouped(more)))
	}
	w.add(name, fmt.Sprintf("%s: %s", grouped(len(ids)), strings.Join(text, ", ")))
}

// query may hold anything about a person.
func (w *words) query(q string) string {
	if w.show || q == "" {
		return q
	}
	if masked := w.free(q); masked != q {
		return masked
	}
	return w.mask(q)
}

// object describes the content of a record: it returns the gist and adds the
// elements.
func (w *words) object(o lis.Object) string {
	switch o := o.(type) {
	case *lis.Person:
		return w.person(o)
	case *lis.Group:
		return w.group(o)
	case *lis.Membership:
		return w.membership(o)
	case *lis.CourseTemplate:
		return w.template(o)
	case *lis.CourseOffering:
		return w.offering(o)
	case *lis.CourseSection:
		return w.section(o)
	case *lis.SectionAssociation:
		return w.association(o)
	case *lis.LineItem:
		return w.lineItem(o)
	case *lis.Result:
		return w.result(o)
	case *lis.ResultValue:
		return w.resultValue(o)
	}
	return ""
}

// kindWord writes a kind as people say it: "course section".
func kindWord(k lis.Kind) string {
	var b strings.Builder
	for _, r := range string(k) {
		if unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
