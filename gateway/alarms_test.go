package gateway

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// resting is a gateway with a target that does not run: its queue is what the
// test makes of it.
func resting(t *testing.T, log *zap.Logger, change func(*config.Config)) *Gateway {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	c.Targets = []config.Target{{Name: "lms", Adapter: "lissoap", URL: "http://127.0.0.1:9/", Profile: "strict"}}
	change(c)
	g, err := NewOn(journaltest.NewMemory(nil), c, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return g
}

// queue puts a change of a source in the queue, and settles it so.
func queue(t *testing.T, g *Gateway, source string, id lis.SourcedID, s journal.Settlement) {
	t.Helper()
	err := g.store.Write(t.Context(), func(tx journal.Tx) error {
		c := &lis.Change{Kind: lis.KindMembership, Key: id, Act: lis.Put, Operation: "replaceMembership", Source: source}
		return tx.Append(c, []byte("{}"), nil, nil, 0, []string{"lms"})
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(time.Second)
	leased, err := g.store.Lease(t.Context(), "lms", 1, now, now.Add(time.Minute))
	if err != nil || len(leased) != 1 {
		t.Fatal(leased, err)
	}
	s.Target, s.Seq, s.Fence, s.At, s.Due = "lms", leased[0].Seq, leased[0].Fence, now, now.Add(time.Hour)
	if err := g.store.Settle(t.Context(), []journal.Settlement{s}); err != nil {
		t.Fatal(err)
	}
}

func parkedFor(k lis.Kind) journal.Settlement {
	return journal.Settlement{State: journal.Parked, Parent: lis.Ref{Kind: k, ID: "x"}, Reason: "it is not there"}
}

// What is parked for too long is not what waits too long: nothing is oldest.
func TestWhatIsParkedTooLongRaisesAnAlarm(t *testing.T) {
	core, logged := observer.New(zapcore.WarnLevel)
	g := resting(t, zap.New(core), func(c *config.Config) { c.Alarms.FreshWithin = 1 })
	w := watcher{Gateway: g, raised: map[string]bool{}}
	w.look(t.Context())
	if n := logged.Len(); n != 0 {
		t.Errorf("nothing is parked, and %d alarms", n)
	}
	for i, k := range []lis.Kind{lis.KindPerson, lis.KindCourseSection, lis.KindPerson} {
		queue(t, g, "sis", lis.SourcedID(rune('a'+i)), parkedFor(k))
	}
	w.rest = time.Time{}
	w.look(t.Context())
	told := logged.FilterMessage("alarm: parked too long").All()
	if len(told) != 1 {
		t.Fatalf("logged %v", logged.All())
	}
	fields := told[0].ContextMap()
	if fields["parked"] != int64(3) || fields["most_wait_for_a"] != "person" || !strings.Contains(fields["see"].(string), "lisgate parked --target lms") {
		t.Errorf("%v", fields)
	}
	w.rest = time.Time{}
	if w.look(t.Context()); logged.Len() != 1 {
		t.Error("told twice")
	}
	g.fresh.Store(int64(time.Hour))
	w.rest = time.Time{}
	if w.look(t.Context()); w.raised["parked at lms"] {
		t.Error("an hour is allowed, and it is an alarm")
	}
}

// Of each source and target it is told what has not come through, in the status
// and as a metric.
func TestWhatHasNotComeThroughIsToldBySource(t *testing.T) {
	g := resting(t, zap.NewNop(), func(c *config.Config) {
		c.Callers = []config.Caller{caller("sis"), caller("quiet")}
		c.Callers[0].Expect = time.Hour
	})
	queue(t, g, "sis", "a", parkedFor(lis.KindPerson))
	queue(t, g, "sis", "b", journal.Settlement{State: journal.Applied})
	queue(t, g, "sis", "c", journal.Settlement{State: journal.Dead, Reason: "no"})
	queue(t, g, "hr", "d", journal.Settlement{State: journal.Held, Hold: journal.HoldMatch, Match: "7"})
	all, err := g.feedStatus(t.Context())
	if err != nil || len(all) != 2 || all[0].Name != "sis" || all[1].Name != "hr" {
		t.Fatalf("%v %+v", err, all)
	}
	if f := all[0].To[0]; f.Parked != 1 || f.Refused != 1 || f.Waiting+f.Held != 0 || f.Late || f.ParkedSince.IsZero() {
		t.Errorf("sis: %+v", f)
	}
	if f := all[1].To[0]; f.Held != 1 || f.Parked != 0 {
		t.Errorf("hr: %+v", f)
	}
	w := watcher{Gateway: g, raised: map[string]bool{}}
	w.look(t.Context())
	families, err := g.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, f := range families {
		seen[f.GetName()] = len(f.GetMetric())
	}
	if seen["lisgate_flow_standing"] != 8 || seen["lisgate_changes"] != 2 {
		t.Errorf("metrics: %v", seen)
	}
}

// A caller's last word outlives a restart: one that fell silent before it is
// late after it, and not as good as new.
func TestWhenACallerWasHeardOutlivesARestart(t *testing.T) {
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	c.Callers = []config.Caller{caller("sis")}
	c.Callers[0].Expect = time.Hour
	g, err := New(t.Context(), c, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-2 * time.Hour).Truncate(time.Second)
	g.heard.note("sis", at.Add(-time.Minute))
	g.heard.note("sis", at)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := g.Run(ctx); err != nil {
		t.Fatal(err)
	}
	again, err := New(t.Context(), c, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := again.recall(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := again.feedStatus(t.Context())
	if err != nil || len(all) != 1 || !all[0].LastSuccess.Equal(at) || !all[0].Late {
		t.Errorf("%v %+v", err, all)
	}
}

// It is written now and then, and only what is news.
func TestWhenACallerWasHeardIsWrittenSeldom(t *testing.T) {
	var h heard
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	h.note("sis", now)
	if n := h.news(now, false); len(n) != 1 {
		t.Errorf("first %v", n)
	} else {
		h.wrote(n)
	}
	h.note("sis", now.Add(time.Second))
	if n := h.news(now.Add(29*time.Second), false); n != nil {
		t.Errorf("too soon: %v", n)
	}
	if n := h.news(now.Add(30*time.Second), false); len(n) != 1 {
		t.Errorf("after 30 s: %v", n)
	}
	h.wrote(map[string]time.Time{"sis": now.Add(time.Second)})
	if n := h.news(now.Add(time.Hour), true); len(n) != 0 {
		t.Errorf("nothing is new: %v", n)
	}
}
