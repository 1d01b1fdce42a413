package memory_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/memory"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func effects(a adapters.Adapter) int { return len(a.(*memory.Adapter).Effects()) }

func always(lis.Change) bool { return true }

func TestSuite(t *testing.T) {
	adaptertest.Run(t, func(*testing.T) adapters.Adapter { return &memory.Adapter{} }, adaptertest.Features{
		Effects: effects,
		Hang:    func(*testing.T) adapters.Adapter { return &memory.Adapter{Hang: always} },
	})
}

func TestSuiteOfAStrictSystemWithFewKinds(t *testing.T) {
	kinds := []lis.Kind{lis.KindPerson, lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection, lis.KindMembership}
	adaptertest.Run(t, func(*testing.T) adapters.Adapter {
		return &memory.Adapter{Kinds: kinds, Strict: true}
	}, adaptertest.Features{Kinds: kinds, NeedsParents: true, Effects: effects})
}

func put(id string, seq int64, key lis.SourcedID) lis.Change {
	return lis.Change{
		ID: id, Seq: seq, Kind: lis.KindPerson, Key: key, Act: lis.Put,
		Record: &lis.Record{ID: key, Object: &lis.Person{DataSource: id}},
	}
}

func TestEffectsAreInOrderAndOnce(t *testing.T) {
	a := &memory.Adapter{}
	for _, c := range []lis.Change{put("1", 1, "a"), put("2", 2, "b"), put("1", 1, "a"), put("4", 4, "a"), put("3", 3, "a")} {
		if _, err := a.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	for _, e := range a.Effects() {
		got += e.ID
	}
	if got != "124" {
		t.Errorf("effects %s, want 124", got)
	}
}

func TestMisbehaviour(t *testing.T) {
	boom := &adapters.Error{Class: adapters.Refused, Err: errors.New("boom")}
	fail := func(lis.Change) error { return boom }

	t.Run("fail has no effect", func(t *testing.T) {
		a := &memory.Adapter{Fail: fail}
		if _, err := a.Apply(t.Context(), put("1", 1, "a")); err != boom || effects(a) != 0 {
			t.Errorf("error %v, %d effects", err, effects(a))
		}
	})
	t.Run("lose has an effect", func(t *testing.T) {
		a := &memory.Adapter{Lose: fail}
		if _, err := a.Apply(t.Context(), put("1", 1, "a")); err != boom || effects(a) != 1 {
			t.Errorf("error %v, %d effects", err, effects(a))
		}
	})
	t.Run("latency", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			a, began := &memory.Adapter{Latency: time.Minute}, time.Now()
			if _, err := a.Apply(t.Context(), put("1", 1, "a")); err != nil || time.Since(began) != time.Minute {
				t.Errorf("error %v after %s", err, time.Since(began))
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := a.Apply(ctx, put("2", 2, "a")); adapters.ClassOf(err) != adapters.Unavailable || effects(a) != 1 {
				t.Errorf("error %v, %d effects", err, effects(a))
			}
		})
	})
}

func TestClosed(t *testing.T) {
	a := &memory.Adapter{}
	if _, err := a.Apply(t.Context(), put("1", 1, "a")); err != nil || a.Check(t.Context()) != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := a.Apply(t.Context(), put("2", 2, "a"))
	_, readErr := a.Read(t.Context(), lis.KindPerson, "a")
	for _, err := range []error{err, readErr, a.Check(t.Context())} {
		if err == nil || adapters.ClassOf(err) != adapters.Unavailable {
			t.Errorf("closed: %v", err)
		}
	}
	for _, err := range a.List(t.Context(), lis.KindPerson) {
		if err == nil {
			t.Error("a closed adapter lists")
		}
	}
	if effects(a) != 1 {
		t.Errorf("%d effects", effects(a))
	}
}

func TestRekeyDoesNotOverwriteANewerRecord(t *testing.T) {
	a := &memory.Adapter{}
	rekey := put("2", 2, "old")
	rekey.Act, rekey.NewID = lis.Rekey, "new"
	for _, c := range []lis.Change{put("1", 1, "old"), put("3", 3, "new"), rekey} {
		if _, err := a.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	r, err := a.Read(t.Context(), lis.KindPerson, "new")
	if err != nil || r.Object.(*lis.Person).DataSource != "3" {
		t.Errorf("read %+v, %v", r, err)
	}
	if r, _ := a.Read(t.Context(), lis.KindPerson, "old"); r != nil {
		t.Errorf("the old one is still there: %+v", r)
	}
}

func TestABatchIsAppliedOneByOne(t *testing.T) {
	boom := &adapters.Error{Class: adapters.Refused, Err: errors.New("boom")}
	a := &memory.Adapter{BatchRows: 3, Fail: func(c lis.Change) error {
		if c.Key == "b" {
			return boom
		}
		return nil
	}}
	if rows, _ := a.Limits(); rows != 3 {
		t.Errorf("it takes %d", rows)
	}
	outcomes, errs := a.ApplyAll(t.Context(), []lis.Change{put("1", 1, "a"), put("2", 2, "b"), put("1", 1, "a")})
	if errs[0] != nil || errs[1] != boom || errs[2] != nil || outcomes[0].Effect != lis.Applied || outcomes[2].Effect != lis.Unchanged {
		t.Errorf("outcomes %+v, errors %v", outcomes, errs)
	}
	if effects(a) != 1 || outcomes[0].TargetID != "a" {
		t.Errorf("%d effects, known as %q", effects(a), outcomes[0].TargetID)
	}
}

// What is sent again on purpose has the number of the change and another ID.
func TestAResendHasAnEffect(t *testing.T) {
	a := &memory.Adapter{}
	for _, c := range []lis.Change{put("1", 1, "a"), put("1/1", 1, "a"), put("1/1", 1, "a")} {
		if _, err := a.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if effects(a) != 2 {
		t.Errorf("%d effects, want 2", effects(a))
	}
}
