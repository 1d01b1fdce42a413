package deliver

import (
	"context"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// An allotter gives what is created an identifier of its own.
type allotter struct{ *memory.Adapter }

func (a allotter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	c.Key = "S-" + c.Key
	o, err := a.Adapter.Apply(ctx, c)
	o.TargetID = string(c.Key)
	return o, err
}

// What was created by proxy is read back by the identifier that was allotted;
// nothing else is.
func TestReadingBackWhatWasAllotted(t *testing.T) {
	for operation, want := range map[string]journal.State{"createByProxyPerson": journal.Applied, "createPerson": journal.Dead} {
		t.Run(operation, func(t *testing.T) {
			inHouse(t, func(h *house) {
				sis := &memory.Adapter{}
				h.start(h.store, Target{Name: "sis", Adapter: allotter{sis}, Verify: sis})
				h.make(operation)
				time.Sleep(time.Minute)
				if s := h.of("a")[0]; s.State != want || want == journal.Dead && !strings.Contains(s.Reason, "shows nothing") {
					t.Errorf("settled %+v", s)
				}
				h.end()
			})
		})
	}
}

func (h *house) make(operation string) {
	h.Helper()
	r := person("New", "planner")
	body, err := lis.MarshalRecord(r)
	if err != nil {
		h.Fatal(err)
	}
	c := &lis.Change{Kind: lis.KindPerson, Key: r.ID, Act: lis.Put, Created: true, Operation: operation}
	err = h.store.Write(context.Background(), func(tx journal.Tx) error { return tx.Append(c, body, nil, nil, 0, []string{"sis"}) })
	if err != nil {
		h.Fatal(err)
	}
	h.Wake([]string{"sis"})
}
