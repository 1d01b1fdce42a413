package gateway

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
	"lisgate/gateway/registrar"
)

// A chain is a gateway on a disk that sends to another gateway, its LMS.
type chain struct {
	*testing.T
	sis *Gateway
	lms *Gateway
}

// newChain makes a chain with one route, and settings of the target.
func newChain(t *testing.T, r config.Route, change func(*config.Target)) *chain {
	t.Helper()
	h := &chain{T: t, lms: house(t, nil)}
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	r.To = []string{"lms"}
	c.Targets = []config.Target{{Name: "lms", Adapter: "lissoap", URL: "http://" + h.lms.Addr() + "/lis/"}}
	c.Routes = []config.Route{r}
	if change != nil {
		change(&c.Targets[0])
	}
	var err error
	if h.sis, err = New(t.Context(), c, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	return h
}

// run runs the chain to the end of the test.
func (h *chain) run() *chain {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.sis.Run(ctx) }()
	h.Cleanup(func() {
		stop()
		http.DefaultClient.CloseIdleConnections()
		if err := <-ended; err != nil {
			h.Errorf("ended with %v", err)
		}
	})
	return h
}

// say has a gateway be told something.
func (h *chain) say(g *Gateway, operation string, id lis.SourcedID, o lis.Object) {
	h.Helper()
	call := &lis.Call{Operation: operation, ID: id}
	if o != nil {
		call.Record = &lis.Record{ID: id, Object: o}
	}
	if a := g.registrar.Do(h.Context(), &registrar.Request{Call: call, Caller: "sis"}); !a.Status.OK() {
		h.Fatalf("%s %s: %+v", operation, id, a.Status)
	}
}

func (h *chain) settle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 20*time.Second)
	defer cancel()
	if err := h.sis.Idle(ctx); err != nil {
		h.Fatal(err)
	}
}

func look[T any](h *chain, g *Gateway, f func(journal.Snapshot) (T, error)) T {
	h.Helper()
	snap, err := g.store.Snapshot(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	got, err := f(snap)
	if err != nil {
		h.Fatal(err)
	}
	return got
}

// there is what the LMS has of an object: its last content unless it is gone.
func (h *chain) there(k lis.Kind, id lis.SourcedID) string {
	h.Helper()
	return look(h, h.lms, func(v journal.Snapshot) (string, error) {
		e, err := v.Get(k, id)
		if e == nil || e.Deleted || err != nil {
			return "", err
		}
		return string(e.Body), nil
	})
}

// want waits until the LMS has a part of an object, or, for "", does not have
// it: a removal waits a moment for the other half of a move.
func (h *chain) want(k lis.Kind, id lis.SourcedID, part string) {
	h.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		h.settle()
		got := h.there(k, id)
		if (got == "") == (part == "") && strings.Contains(got, part) {
			return
		}
		if time.Now().After(until) {
			h.Fatalf("the LMS has %q of %s %s, want %q; %q", got, k, id, part, h.deliveries(k, id))
		}
	}
}

// deliveries are what was sent to the LMS of an object, and how it ended.
func (h *chain) deliveries(k lis.Kind, id lis.SourcedID) (all []string) {
	h.Helper()
	return look(h, h.sis, func(v journal.Snapshot) ([]string, error) {
		for d, err := range v.Deliveries(k, id) {
			if err != nil {
				return all, err
			}
			all = append(all, strings.TrimSpace(string(d.Act)+" "+string(d.State)+" "+string(d.Effect)+" "+d.Reason))
		}
		return all, nil
	})
}

func enrolment(person lis.SourcedID, role, status string) *lis.Membership {
	return &lis.Membership{CollectionSourcedID: "s-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{{RoleType: role, Status: status}}}}
}

// diff compares the LMS with the records, and heals it when told to.
func (h *chain) diff(k lis.Kind, heal bool) []string {
	h.Helper()
	o, remover, err := h.sis.comparison("lms")
	if err != nil {
		h.Fatal(err)
	}
	o.Kinds = []lis.Kind{k}
	healing := &reconcile.Healing{Store: h.sis.store, Remove: remover, Target: "lms", Caller: "operator"}
	var found []string
	sums, err := reconcile.Compare(h.Context(), o, func(d *reconcile.Difference) error {
		found = append(found, string(d.What)+" "+string(d.ID)+": "+d.Why)
		if heal {
			return healing.Add(h.Context(), d)
		}
		return nil
	})
	if err != nil || sums[0].Trouble != "" {
		h.Fatal(err, sums)
	}
	if err := healing.Flush(h.Context()); err != nil {
		h.Fatal(err)
	}
	h.sis.engine.Wake([]string{"lms"})
	return found
}

// await waits until the newest delivery of a membership is as it should be.
func (h *chain) await(id lis.SourcedID, good func(last string) bool) {
	h.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		all := h.deliveries(lis.KindMembership, id)
		if good(all[len(all)-1]) {
			return
		}
		if time.Now().After(until) {
			h.Fatalf("%s: %q", id, all)
		}
	}
}
