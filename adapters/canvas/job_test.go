package canvas

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// of demands an error of a class.
func of(t *testing.T, err error, class adapters.Class) *adapters.Error {
	t.Helper()
	var e *adapters.Error
	if !errors.As(err, &e) || e.Class != class {
		t.Fatalf("got %v, want class %s", err, class)
	}
	return e
}

func person(n int) *lis.Record { return adaptertest.Sample(lis.KindPerson, n) }

// persons are changes that bring n persons.
func persons(n int) []lis.Change {
	var changes []lis.Change
	for i := range n {
		changes = append(changes, put(person(i)))
	}
	return changes
}

func TestOneImportForABatch(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 2})
	_, errs := open(t, url, nil).ApplyAll(t.Context(), persons(50))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if fake.Imports() != 1 || fake.Count("user") != 50 {
		t.Errorf("%d imports, %d users; want 1 and 50", fake.Imports(), fake.Count("user"))
	}
}

// TestOneImportAtATime: eight workers never have two imports in Canvas.
func TestOneImportAtATime(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 1})
	a := open(t, url, nil)
	done := make(chan error)
	for n := range 8 {
		go func() { _, err := a.Apply(t.Context(), put(person(n))); done <- err }()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if fake.MaxConcurrent() != 1 || fake.Count("user") != 8 {
		t.Errorf("%d imports at one time, %d users", fake.MaxConcurrent(), fake.Count("user"))
	}
}

// leave posts a change with an adapter that does not await the import.
func leave(t *testing.T, a *Adapter, c lis.Change) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.opts.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	_, err := a.Apply(ctx, c)
	of(t, err, adapters.Unavailable)
}

// TestSomebodyElsesImport is waited for.
func TestSomebodyElsesImport(t *testing.T) {
	c := newClock()
	fake, url := serve(t, canvasfake.Options{Now: c.Now, StateTime: 20 * time.Second})
	leave(t, open(t, url, c.by), put(person(1)))
	must(t, open(t, url, c.by), put(person(2)))
	if fake.MaxConcurrent() != 1 || fake.Count("user") != 2 {
		t.Errorf("%d imports at one time, %d users", fake.MaxConcurrent(), fake.Count("user"))
	}
}

// TestSomebodyElsesLongImport is waited for a minute; then we are busy.
func TestSomebodyElsesLongImport(t *testing.T) {
	c := newClock()
	fake, url := serve(t, canvasfake.Options{Now: c.Now, StateTime: time.Hour})
	leave(t, open(t, url, c.by), put(person(1)))
	_, err := open(t, url, c.by).Apply(t.Context(), put(person(2)))
	if e := of(t, err, adapters.Busy); e.After <= 0 {
		t.Error("busy without a time")
	}
	if fake.Imports() != 1 {
		t.Errorf("%d imports", fake.Imports())
	}
}

// TestRefusedOverlap: somebody was quicker than our look.
func TestRefusedOverlap(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 4, Behaviour: canvasfake.Behaviour{RefuseOverlap: true}})
	leave(t, open(t, url, nil), put(person(1)))
	a := open(t, url, nil)
	b := a.newBatch([]lis.Change{put(person(2))})
	b.add(t.Context(), 0)
	body, err := bundle(b.rows, b.mark())
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.post(t.Context(), &posted{mark: b.mark(), at: a.opts.Now(), batch: b}, body)
	of(t, err, adapters.Busy)
	if fake.Imports() != 1 {
		t.Errorf("%d imports", fake.Imports())
	}
}

// TestStuckImportOfOthers holds nobody up once Canvas has given it up.
func TestStuckImportOfOthers(t *testing.T) {
	c := newClock()
	fake, url := serve(t, canvasfake.Options{Now: c.Now, Behaviour: canvasfake.Behaviour{StuckInitializing: 1}})
	leave(t, open(t, url, c.by), put(person(1)))
	_, err := open(t, url, c.by).Apply(t.Context(), put(person(2)))
	of(t, err, adapters.Busy)
	_ = c.Sleep(t.Context(), 10*time.Minute)
	must(t, open(t, url, c.by), put(person(2)))
	if fake.Count("user") != 1 {
		t.Errorf("%d users", fake.Count("user"))
	}
}

// TestAnImportThatTakesLongerThanTheCall is followed by the next call and not
// sent a second time.
func TestAnImportThatTakesLongerThanTheCall(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 2})
	a := open(t, url, nil)
	ctx, cancel := context.WithCancel(t.Context())
	sleep := a.opts.Sleep
	a.opts.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	_, err := a.Apply(ctx, put(person(1)))
	of(t, err, adapters.Unavailable)
	a.opts.Sleep = sleep
	outcomes, errs := a.ApplyAll(t.Context(), []lis.Change{put(person(2)), put(person(1))})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if fake.Imports() != 2 || fake.Count("user") != 2 || outcomes[1].Effect != lis.Applied {
		t.Errorf("%d imports, %d users, %v", fake.Imports(), fake.Count("user"), outcomes)
	}
}

// TestLostAnswer: Canvas has the import and we do not know it.
func TestLostAnswer(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 1, Behaviour: canvasfake.Behaviour{LoseAnswers: 1}})
	a := open(t, url, nil)
	must(t, a, put(person(1)))
	if fake.Imports() != 1 || len(fake.Effects()) != 1 {
		t.Errorf("%d imports, %d effects; want one each", fake.Imports(), len(fake.Effects()))
	}
}

// TestLostAnswerFoundLater: nothing could be asked at once, the next call
// finds the import.
func TestLostAnswerFoundLater(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{LoseAnswers: 1}})
	a := open(t, url, nil)
	c := put(person(1))
	a.pending = nil
	b := a.newBatch([]lis.Change{c})
	b.add(t.Context(), 0)
	body, err := bundle(b.rows, b.mark())
	if err != nil {
		t.Fatal(err)
	}
	form, kind, _ := a.form(b.mark(), body)
	var job sisImport
	if _, err := a.call(t.Context(), "POST", a.address(a.imports(), nil), kind, form, &job); err == nil {
		t.Fatal("the answer was not lost")
	}
	a.pending = &posted{mark: b.mark(), at: a.opts.Now(), batch: b}
	if o := must(t, a, c); o.Effect != lis.Applied || fake.Imports() != 1 {
		t.Errorf("%v, %d imports", o, fake.Imports())
	}
}

// TestNeverArrived: a lost import that Canvas does not have is sent again.
func TestNeverArrived(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	a.pending = &posted{mark: "lisgate0", at: a.opts.Now(), batch: a.newBatch(nil)}
	must(t, a, put(person(1)))
	if fake.Imports() != 1 {
		t.Errorf("%d imports", fake.Imports())
	}
}

// TestStuckInitializing is stopped after ten minutes, and sent again.
func TestStuckInitializing(t *testing.T) {
	c := newClock()
	fake, url := serve(t, canvasfake.Options{Now: c.Now, Behaviour: canvasfake.Behaviour{StuckInitializing: 1}})
	a := open(t, url, c.by)
	_, err := a.Apply(t.Context(), put(person(1)))
	of(t, err, adapters.Unavailable)
	if !strings.Contains(err.Error(), "initializing for more than 10m0s") {
		t.Error(err)
	}
	if past := c.Now().Sub(newClock().now); past < 10*time.Minute || past > 15*time.Minute {
		t.Errorf("stopped after %s", past)
	}
	must(t, a, put(person(1)))
	if fake.Count("user") != 1 {
		t.Error("nobody is there")
	}
}

// TestEndStates: what an import that ends badly means for its changes.
func TestEndStates(t *testing.T) {
	for state, want := range map[string]adapters.Class{
		"failed": adapters.Unavailable, "aborted": adapters.Unavailable, "failed_with_messages": adapters.Refused,
		"restored": adapters.Unavailable, "restoring": adapters.Unavailable,
	} {
		t.Run(state, func(t *testing.T) {
			_, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{EndIn: state}})
			a := open(t, url, nil)
			_, errs := a.ApplyAll(t.Context(), persons(3))
			for _, err := range errs {
				if e := of(t, err, want); e.Whole != (want == adapters.Refused) || e.Hint == "" {
					t.Errorf("whole %t, hint %q", e.Whole, e.Hint)
				}
			}
			if a.pending != nil {
				t.Error("the import is still followed")
			}
		})
	}
}

// TestParamsIgnored is pain 13: a parameter that is passed over without a word.
func TestParamsIgnored(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Polls: 1, Behaviour: canvasfake.Behaviour{IgnoreParams: true}})
	a := open(t, url, func(o *Options) { o.OverrideStickiness = true })
	_, err := a.Apply(t.Context(), put(person(1)))
	e := of(t, err, adapters.Refused)
	for _, word := range []string{"override_sis_stickiness=true", "override_sis_stickiness=false"} {
		if !strings.Contains(e.Error(), word) {
			t.Errorf("%v does not say %s", e, word)
		}
	}
	if fake.Count("user") != 0 {
		t.Error("the import was not stopped")
	}
}

// TestThrottled in both spellings, with the wait that the quota asks for.
func TestThrottled(t *testing.T) {
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprint(late), func(t *testing.T) {
			_, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{Throttle: 1, Status429: late, Remaining: 20}})
			a := open(t, url, nil)
			_, err := a.Apply(t.Context(), put(person(1)))
			if e := of(t, err, adapters.Busy); e.After != 18*time.Second || !strings.Contains(e.Answer, "Rate Limit Exceeded") {
				t.Errorf("after %s, answer %q", e.After, e.Answer)
			}
			must(t, a, put(person(1)))
		})
	}
}

// TestRights: what a person must mend, while other work goes on.
func TestRights(t *testing.T) {
	for name, b := range map[string]canvasfake.Behaviour{
		"not enabled": {NotEnabled: true}, "not root": {NotRoot: true}, "unauthorized": {Unauthorized: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, url := serve(t, canvasfake.Options{Behaviour: b})
			a := open(t, url, nil)
			_, err := a.Apply(t.Context(), put(person(1)))
			for _, err := range []error{err, a.Check(t.Context())} {
				if e := of(t, err, adapters.Unavailable); !e.Narrow || e.Hint == "" || e.Answer == "" {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

func TestDown(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{Down: true}})
	a := open(t, url, nil)
	_, err := a.Apply(t.Context(), put(person(1)))
	of(t, err, adapters.Unavailable)
	of(t, a.Check(t.Context()), adapters.Unavailable)
	fake.Behave(func(b *canvasfake.Behaviour) { b.Down = false })
	must(t, a, put(person(1)))
}
