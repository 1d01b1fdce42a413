package clash

import (
	"encoding/json"
	"fmt"

	"lisgate/gateway/lis"
)

// A Rule is one thing that is checked.
type Rule string

// The rules.
const (
	RuleRoom       Rule = "room"        // a room has two sections at one time
	RuleCapacity   Rule = "capacity"    // a room has fewer seats than the section students
	RuleInstructor Rule = "instructor"  // a person teaches in two places at one time
	RuleBusy       Rule = "unavailable" // the room cannot be used then
	RuleTerm       Rule = "term"        // it meets outside the term
	RuleCrossList  Rule = "crosslist"   // sections that are one class meet apart
)

// A Finding says what is wrong with one section: with which other one, in
// which room or for which person, and when.
type Finding struct {
	Rule    Rule          `json:"rule"`
	Hard    bool          `json:"hard"`
	Section lis.SourcedID `json:"courseSectionSourcedId"`
	Other   lis.SourcedID `json:"other,omitempty"` // the section that it clashes with
	Room    lis.SourcedID `json:"room,omitempty"`
	Person  lis.SourcedID `json:"person,omitempty"`
	Date    lis.Date      `json:"-"` // the first day of it
	Start   lis.Clock     `json:"-"`
	End     lis.Clock     `json:"-"`
	Text    string        `json:"text"`           // for people: names all of these
	More    int           `json:"more,omitempty"` // this stands for so many that are not told
}

// plain is a Finding without its methods.
type plain Finding

// A written Finding has its date and times as text, absent when there are none.
type written struct {
	plain
	Date  string `json:"date,omitempty"`
	Start string `json:"startTime,omitempty"`
	End   string `json:"endTime,omitempty"`
}

// MarshalJSON writes the date and the times as lis writes them.
func (f Finding) MarshalJSON() ([]byte, error) {
	w := written{plain: plain(f), Date: f.Date.String()}
	if f.Start < f.End {
		w.Start, w.End = f.Start.String(), f.End.String()
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Finding) UnmarshalJSON(data []byte) error {
	var w written
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*f = Finding(w.plain)
	f.Start, f.End = lis.NoClock, lis.NoClock
	var err error
	if w.Date != "" {
		if f.Date, err = lis.ParseDate(w.Date); err != nil {
			return fmt.Errorf("read finding: date: %w", err)
		}
	}
	for _, t := range []struct {
		to   *lis.Clock
		text string
	}{{&f.Start, w.Start}, {&f.End, w.End}} {
		if t.text == "" {
			continue
		}
		if *t.to, err = lis.ParseClock(t.text); err != nil {
			return fmt.Errorf("read finding: time: %w", err)
		}
	}
	return nil
}
