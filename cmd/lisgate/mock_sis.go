package main

import (
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"lisgate/adapters/ellucian/ellucianfake"
	"lisgate/adapters/ellucian/ilp"
)

// switches are the order to go down, to hang, or to lose answers.
func switches(down, hang, loseAnswers *atomic.Bool) order {
	return func(body []byte) error {
		var s struct{ Down, Hang, LoseAnswers bool }
		if err := strictly(body, &s); err != nil {
			return err
		}
		down.Store(s.Down)
		hang.Store(s.Hang)
		loseAnswers.Store(s.LoseAnswers)
		return nil
	}
}

// An entry is what a pretend Ethos is told of: an object by its resource, and
// what happened to it, nothing for one that was there before.
type entry struct {
	Resource  string          `json:"resource"`
	Operation string          `json:"operation"` // created, replaced, deleted
	Object    json.RawMessage `json:"object"`
}

func pretendEthos() *pretend {
	ethos := &ellucianfake.Ethos{Key: "key"}
	return &pretend{
		Handler: ethos,
		looks: map[string]look{
			"queued":    func(map[string]string) any { return ethos.Queued() },
			"submitted": func(q map[string]string) any { return ethos.Submitted(q["registration"]) },
			"reported":  func(map[string]string) any { return ethos.Reported() },
		},
		orders: map[string]order{
			"switches": switches(&ethos.Down, &ethos.Hang, &ethos.LoseAnswers),
			"tell": func(body []byte) error {
				var e entry
				if err := strictly(body, &e); err != nil {
					return err
				}
				if e.Resource == "" || len(e.Object) == 0 {
					return errors.New("say resource and object")
				}
				if e.Operation == "" {
					ethos.Put(e.Resource, string(e.Object))
				} else {
					ethos.Change(e.Operation, e.Resource, string(e.Object), true)
				}
				return nil
			},
		},
	}
}

func pretendILP() *pretend {
	var refused atomic.Pointer[map[string]string] // by student
	var ahead atomic.Int64                        // of the clock
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	taker := &ellucianfake.ILP{User: "lisgate", Password: "password", Now: now, Refuse: func(g ilp.StudentGrade) (text, property string) {
		if all := refused.Load(); all != nil {
			return (*all)[g.StudentID], "FinalGrade"
		}
		return "", ""
	}}
	return &pretend{
		Handler: taker,
		looks:   map[string]look{"grade": func(q map[string]string) any { return taker.Grade(q["section"], q["student"], "FinalGrade") }},
		orders: map[string]order{
			"switches": switches(&taker.Down, &taker.Hang, &taker.LoseAnswers),
			"later": func(body []byte) error { // {"Seconds": 300}: its clock goes forward
				var s struct{ Seconds int64 }
				err := strictly(body, &s)
				ahead.Add(s.Seconds * int64(time.Second))
				return err
			},
			"refuse": func(body []byte) error { // {"student": "why"}
				all := map[string]string{}
				if err := strictly(body, &all); err != nil {
					return err
				}
				refused.Store(&all)
				return nil
			},
		},
	}
}
