package console

import (
	"encoding/json"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// shown is how many rows of one kind an answer holds at the most.
const shown = Shown

// Shown is the most rows of one answer.
const Shown = 500

// Who is all that is known under one sourcedId.
type Who struct {
	ID       lis.SourcedID `json:"sourcedId"`
	Objects  []Object      `json:"objects"`
	Messages []Message     `json:"messages"`
}

// An Object is one object under that id; objects of several kinds may share one.
type Object struct {
	Kind        lis.Kind        `json:"kind"`
	Deleted     bool            `json:"deleted,omitempty"`
	Version     int64           `json:"version"`
	SavePoint   string          `json:"savePoint"`
	Record      json.RawMessage `json:"record"`
	History     []Step          `json:"history"`
	Deliveries  []Delivery      `json:"deliveries"`
	Memberships []Membership    `json:"memberships,omitempty"` // of a person, or in a collection
	Known       []journal.Pair  `json:"knownAs,omitempty"`     // what targets call it
}

// A Step is one change.
type Step struct {
	SavePoint string        `json:"savePoint"`
	Time      time.Time     `json:"time"`
	Act       lis.Act       `json:"act"`
	Operation string        `json:"operation"`
	Source    string        `json:"source"`
	NewID     lis.SourcedID `json:"newSourcedId,omitempty"`
	Message   int64         `json:"message,omitempty"`
}

// A Message is what a caller sent about it.
type Message struct {
	Number     int64         `json:"number"`
	Time       time.Time     `json:"time"`
	Caller     string        `json:"caller"`
	Operation  string        `json:"operation"`
	ID         lis.SourcedID `json:"sourcedId,omitempty"`
	MessageID  string        `json:"messageIdentifier,omitempty"`
	Status     lis.Status    `json:"status"`
	Deviations []string      `json:"deviations,omitempty"`
	Body       string        `json:"body,omitempty"`
}

// A Delivery is what became of a change at a target.
type Delivery struct {
	Target    string        `json:"target"`
	Kind      lis.Kind      `json:"kind"`
	ID        lis.SourcedID `json:"sourcedId"`
	SavePoint string        `json:"savePoint"`
	State     journal.State `json:"state"`
	Attempts  int           `json:"attempts"`
	Effect    lis.Effect    `json:"effect,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Detail    string        `json:"detail,omitempty"`
	At        time.Time     `json:"at"` // of the last attempt
	Due       *time.Time    `json:"due,omitempty"`
	WaitsFor  *lis.Ref      `json:"waitsFor,omitempty"` // parked: its parent
	Hold      journal.Hold  `json:"hold,omitempty"`     // held: why
	Match     string        `json:"match,omitempty"`    // held for a match: the target's id of it
	Again     int           `json:"again,omitempty"`    // how often it was sent again
}

// A Membership is one line of a roster.
type Membership struct {
	ID         lis.SourcedID `json:"sourcedId"`
	Person     lis.SourcedID `json:"personSourcedId"`
	Collection lis.SourcedID `json:"collectionSourcedId"`
	Roles      []string      `json:"roles"`
}

// Look gathers what is known under an id. It is an error when that is nothing.
func Look(snap journal.Snapshot, id lis.SourcedID) (*Who, error) {
	who := &Who{ID: id, Objects: []Object{}, Messages: []Message{}}
	kinds, err := snap.Kinds(id)
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		o, err := object(snap, kind, id)
		if err != nil {
			return nil, err
		}
		who.Objects = append(who.Objects, *o)
	}
	for m, err := range snap.Messages(id) {
		if err != nil {
			return nil, err
		}
		if who.Messages = append(who.Messages, messageOf(m)); len(who.Messages) == shown {
			break
		}
	}
	if len(who.Objects) == 0 && len(who.Messages) == 0 {
		return nil, notFound("nothing is known of " + string(id) + ": no object of any kind, and no message")
	}
	return who, nil
}

func object(snap journal.Snapshot, kind lis.Kind, id lis.SourcedID) (*Object, error) {
	entry, err := snap.Get(kind, id)
	if err != nil {
		return nil, err
	}
	o := &Object{Kind: kind, Deleted: entry.Deleted, Version: entry.Version, SavePoint: lis.SavePoint(entry.Seq),
		History: []Step{}, Deliveries: []Delivery{}}
	if o.Record, err = withoutPasswords(entry); err != nil {
		return nil, err
	}
	for s, err := range snap.History(kind, id) {
		if err != nil {
			return nil, err
		}
		o.History = append(o.History, Step{lis.SavePoint(s.Seq), s.Time, s.Act, s.Operation, s.Source, s.NewID, s.Message})
	}
	for s, err := range snap.Deliveries(kind, id) {
		if err != nil {
			return nil, err
		}
		o.Deliveries = append(o.Deliveries, deliveryOf(s))
	}
	if o.Known, err = known(snap, o); err != nil {
		return nil, err
	}
	o.Memberships, err = memberships(snap, kind, id)
	return o, err
}

// known returns what the targets that were told of an object call it.
func known(snap journal.Snapshot, o *Object) ([]journal.Pair, error) {
	var pairs []journal.Pair
	asked := map[string]bool{}
	for _, d := range o.Deliveries {
		if asked[d.Target] {
			continue
		}
		asked[d.Target] = true
		var last *journal.PairStep
		for step, err := range snap.PairHistory(d.Target, o.Kind, d.ID) {
			if err != nil {
				return nil, err
			}
			last = step
		}
		if last != nil && last.TargetID != "" && last.TargetID != string(last.ID) {
			pairs = append(pairs, last.Pair)
		}
	}
	return pairs, nil
}

// withoutPasswords shows a record as it is kept, but for its passwords.
func withoutPasswords(e *journal.Entry) (json.RawMessage, error) {
	if len(e.Body) == 0 {
		return json.RawMessage("null"), nil // deleted before it ever came
	}
	if e.Kind != lis.KindPerson {
		return e.Body, nil
	}
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return nil, err
	}
	if person, ok := record.Object.(*lis.Person); ok && person != nil {
		for i := range person.Roles {
			for j := range person.Roles[i].UserID {
				if p := person.Roles[i].UserID[j].Password; p != nil {
					p.TextString = "<secret>"
				}
			}
		}
	}
	return lis.MarshalRecord(record)
}

// memberships lists the memberships of a person, or in a collection.
func memberships(snap journal.Snapshot, kind lis.Kind, id lis.SourcedID) ([]Membership, error) {
	link := lis.LinkCollection
	switch kind {
	case lis.KindPerson:
		link = lis.LinkPerson
	case lis.KindMembership, lis.KindLineItem, lis.KindResult, lis.KindResultValue:
		return nil, nil
	}
	var rows []Membership
	for e, err := range snap.Scan(lis.KindMembership, journal.Filter{Links: []lis.Link{{Name: link, Value: string(id)}}}) {
		if err != nil {
			return nil, err
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, err
		}
		m := record.Object.(*lis.Membership)
		row := Membership{ID: e.ID, Person: m.Person(), Collection: m.CollectionSourcedID}
		for _, role := range m.Member.Role {
			row.Roles = append(row.Roles, role.RoleType)
		}
		if rows = append(rows, row); len(rows) == shown {
			break
		}
	}
	return rows, nil
}

func messageOf(m *journal.Message) Message {
	return Message{m.Seq, m.Time, m.Caller, m.Operation, m.ID, m.MessageID, m.Status, m.Deviations, ""}
}

func deliveryOf(s *journal.Settled) Delivery {
	d := Delivery{Target: s.Target, Kind: s.Kind, ID: s.ID, SavePoint: lis.SavePoint(s.Seq), State: s.State,
		Attempts: s.Attempts, Effect: s.Effect, Reason: s.Reason, Detail: s.Detail, At: s.At}
	d.Hold, d.Match, d.Again = s.Hold, s.Match, s.Again
	switch s.State {
	case journal.Parked:
		d.Due, d.WaitsFor = &s.Due, &s.Parent
	case journal.Waiting:
		d.Due = &s.Due
	}
	return d
}
