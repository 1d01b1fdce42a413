package main

import (
	"fmt"

	"lisgate/adapters/blackboard/blackboardfake"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/adapters/lissoap/lmbnxt"
	"lisgate/adapters/moodle/moodlefake"
)

func pretendMoodle() *pretend {
	site := moodlefake.New(moodlefake.Options{MaxInputVars: 1000})
	return &pretend{
		Handler: site,
		looks: map[string]look{
			"counts":    func(map[string]string) any { return site.Counts() },
			"user":      func(q map[string]string) any { return site.User(q["id"]) },
			"course":    func(q map[string]string) any { c, ok := site.Course(q["id"]); return known(c, ok) },
			"enrolment": func(q map[string]string) any { e, ok := site.Enrolment(q["course"], q["user"]); return known(e, ok) },
			"effects":   func(map[string]string) any { return site.Effects() },
		},
		orders: map[string]order{
			"switches": func(body []byte) (err error) {
				site.Switch(func(s *moodlefake.Switches) { err = strictly(body, s) })
				return err
			},
			"grade": func(body []byte) error {
				var g struct {
					Course, User string
					Value        float64
				}
				if err := strictly(body, &g); err != nil {
					return err
				}
				return done(site.SetGrade(g.Course, g.User, g.Value), "there is no such user in such a course")
			},
		},
	}
}

// known is null for what is not there.
func known[T any](value T, ok bool) any {
	if !ok {
		return nil
	}
	return value
}

func done(ok bool, otherwise string) error {
	if !ok {
		return fmt.Errorf("%s", otherwise)
	}
	return nil
}

func pretendCanvas() *pretend {
	account := canvasfake.New(canvasfake.Options{})
	return &pretend{
		Handler: account,
		looks: map[string]look{
			"count":       func(q map[string]string) any { return account.Count(q["kind"]) },
			"object":      func(q map[string]string) any { return account.Find(q["kind"], q["id"]) },
			"enrollments": func(q map[string]string) any { return account.Enrollments(q["section"]) },
			"effects":     func(map[string]string) any { return account.Effects() },
			"imports": func(map[string]string) any {
				return map[string]int{"imports": account.Imports(), "atOneTime": account.MaxConcurrent(), "requests": account.Requests()}
			},
		},
		orders: map[string]order{
			"switches": func(body []byte) (err error) {
				account.Behave(func(b *canvasfake.Behaviour) { err = strictly(body, b) })
				return err
			},
			"edit": func(body []byte) error {
				var e struct{ Kind, ID, Field, Value string }
				if err := strictly(body, &e); err != nil {
					return err
				}
				return done(account.EditInUI(e.Kind, e.ID, e.Field, e.Value), "there is no such object")
			},
			"grade": func(body []byte) error {
				var g struct{ Section, User, Score, Grade string }
				if err := strictly(body, &g); err != nil {
					return err
				}
				return done(account.Grade(g.Section, g.User, g.Score, g.Grade), "there is no such user in such a section")
			},
		},
	}
}

func pretendBlackboard() *pretend {
	learn := &blackboardfake.Learn{Integration: "lisgate", User: "lisgate", Password: "password", Key: "lisgate", Secret: "password"}
	return &pretend{
		Handler: learn,
		looks: map[string]look{
			"counts":   func(map[string]string) any { return map[string]int{"users": learn.Users(), "calls": learn.Calls()} },
			"status":   func(q map[string]string) any { return learn.Status(q["person"]) },
			"enrolled": func(q map[string]string) any { return learn.Enrolled(q["course"], q["person"]) },
			"files":    func(map[string]string) any { return learn.Files() },
			"log":      func(map[string]string) any { return learn.Log() },
		},
		orders: map[string]order{"switches": switches(&learn.Down, &learn.Hang, &learn.LoseAnswers)},
	}
}

func pretendPlugin() *pretend {
	site := &lmbnxt.Site{}
	return &pretend{
		Handler: site,
		looks: map[string]look{
			"enrolments": func(map[string]string) any { return site.Enrolments() },
			"operations": func(map[string]string) any { return site.Operations() },
		},
	}
}
