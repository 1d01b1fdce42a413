package plan

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lisgate/config"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// bundle writes calls as a bulk data file.
func (h *house) bundle(calls ...*lis.Call) *bytes.Buffer {
	h.Helper()
	var file bytes.Buffer
	err := soap.WriteBulk(&file, func(yield func(*registrar.BulkItem, error) bool) {
		for i, c := range calls {
			if !yield(&registrar.BulkItem{Op: fmt.Sprint("op-", i+1), Call: c}, nil) {
				return
			}
		}
	})
	if err != nil {
		h.Fatal(err)
	}
	return &file
}

// packet sends calls as one packet of the planner.
func (h *house) packet(calls ...*lis.Call) (lis.Status, *lis.BulkReport) {
	h.Helper()
	r, err := http.NewRequest("POST", "http://"+h.gate.Addr()+"/lis/bdems/file", h.bundle(calls...))
	if err != nil {
		h.Fatal(err)
	}
	r.Close = true
	r.SetBasicAuth("planner", "secret")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		h.Fatal(err)
	}
	answer, err := soap.Parse(text, wire.Limits{})
	if err != nil || answer.Call == nil || answer.Call.Report == nil {
		h.Fatalf("%v: %s", err, text)
	}
	h.idle()
	return *answer.Status, answer.Call.Report
}

func (h *house) counted(r *lis.BulkReport, read, applied, failed int64, words ...string) {
	h.Helper()
	if *r.Read != read || *r.Applied != applied || *r.Failed != failed {
		h.Errorf("read %d, applied %d, failed %d; want %d, %d, %d: %+v", *r.Read, *r.Applied, *r.Failed, read, applied, failed, r.Failure)
	}
	var all strings.Builder
	for _, f := range r.Failure {
		all.WriteString(f.TransactionOpIdentifier + " " + f.FailStatus + " " + f.Description.String() + "\n")
	}
	for _, w := range words {
		if !strings.Contains(all.String(), w) {
			h.Errorf("the report does not say %q:\n%s", w, all.String())
		}
	}
}

// as is a section in a packet of a mode.
func as(mode string, n int, m lis.Meeting) *lis.Call {
	c := planned(n, m)
	c.SetPlan(lis.Plan{Packet: "packet-" + mode, Mode: mode})
	return replace(lis.KindCourseSection, id(n), c)
}

func TestPacketItemByItem(t *testing.T) {
	h := open(t, nil)
	h.seed(3)
	_, r := h.packet(as("items", 1, in(1, 9*60)), as("items", 2, in(1, 9*60)), as("items", 3, in(2, 9*60)), member(3, "p", "Learner"))
	h.counted(r, 4, 3, 1, "op-2 invaliddata", "s-1", "s-2", "room-1")
	if h.meeting(h.sis, "s-1") != mwf9 || h.meeting(h.sis, "s-2") != "none" || h.held(h.sis, lis.KindMembership, "s-3~p") == nil {
		t.Error("the SIS has not what was taken, or what was refused")
	}
	_, r = h.packet(as("items", 1, in(2, 9*60)), as("items", 3, in(1, 9*60))) // they change rooms
	h.counted(r, 2, 2, 0)
	if got := h.meeting(h.sis, "s-3"); got != mwf9 {
		t.Errorf("after the change of rooms s-3 meets %q", got)
	}
}

func TestPacketAllOrNothing(t *testing.T) {
	h := open(t, nil)
	h.seed(3)
	_, r := h.packet(as(lis.PacketTransaction, 1, in(1, 9*60)), as(lis.PacketTransaction, 2, in(1, 9*60)), member(1, "p", "Learner"))
	h.counted(r, 3, 0, 3, "room-1", "all or nothing")
	if h.front.heard() != 0 || h.meeting(h.gate, "s-1") != "" || h.held(h.gate, lis.KindMembership, "s-1~p") != nil {
		t.Error("a part of it was carried out")
	}
	_, r = h.packet(as(lis.PacketTransaction, 1, in(1, 9*60)), as(lis.PacketTransaction, 2, in(2, 9*60)), member(1, "p", "Learner"))
	h.counted(r, 3, 3, 0)
	if h.meeting(h.sis, "s-1") != mwf9 || h.held(h.sis, lis.KindMembership, "s-1~p") == nil {
		t.Error("the SIS was not told of all")
	}
	bad := member(2, "q", "Learner") // which the registrar refuses
	bad.Record.Object.(*lis.Membership).Member.PersonSourcedID = ""
	_, r = h.packet(as(lis.PacketTransaction, 3, in(3, 9*60)), bad)
	h.counted(r, 2, 0, 2, "all or nothing")
	if got := h.meeting(h.gate, "s-3"); got != "" {
		t.Errorf("s-3 meets %q", got)
	}
	h.is(h.plan(3, planned(3, in(3, 9*60))), lis.Success, lis.SeverityStatus, lis.FullSuccess) // nothing is reserved
}

func TestPacketAudit(t *testing.T) {
	h := open(t, nil)
	h.seed(3)
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-3", planned(3, in(1, 9*60))))
	h.idle()
	heard, changes := h.front.heard(), h.changes(h.gate)
	_, r := h.packet(as(lis.PacketAudit, 1, in(1, 9*60)), as(lis.PacketAudit, 2, in(2, 9*60)))
	h.counted(r, 2, 1, 1, "s-3", "room-1")
	c := planned(2, in(2, 9*60))
	c.SetPlan(lis.Plan{Mode: lis.PacketAudit})
	h.is(h.plan(2, c), lis.Success, lis.SeverityStatus, lis.FullSuccess, "nothing was changed", "102")
	h.idle()
	if h.front.heard() != heard || h.changes(h.gate) != changes {
		t.Error("an audit changed something")
	}
	h.is(h.plan(1, planned(1, in(2, 9*60))), lis.Success, lis.SeverityStatus, lis.FullSuccess) // nothing is reserved
}

func TestPacketTooLarge(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.PacketItems = 2 })
	h.seed(3)
	st, _ := h.packet(as("items", 1, in(1, 9*60)), as("items", 2, in(2, 9*60)), as("items", 3, in(3, 9*60)))
	h.is(st, lis.Failure, lis.SeverityError, lis.OverflowFail, "packet_items", "2 items", "op-3")
	if h.meeting(h.gate, "s-1") != "" {
		t.Error("a part of it was carried out")
	}
}

func TestAnnouncedPacket(t *testing.T) {
	h := &house{T: t, dir: t.TempDir()}
	drop := filepath.Join(h.dir, "drop")
	if err := os.Mkdir(drop, 0o700); err != nil {
		t.Fatal(err)
	}
	h.build(func(c *config.Config) { c.Bulk.Drop = drop })
	h.seed(2)
	file := h.bundle(as("items", 1, in(1, 9*60)), as("items", 2, in(1, 9*60)))
	if err := os.WriteFile(filepath.Join(drop, "plan.xml"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	h.must(h.asPlan, &lis.Call{Operation: "announceBulkDataExchange", TransactionID: "t-1",
		Manifest: &lis.BulkManifest{DataFile: []lis.BulkDataFile{{URL: "file:plan.xml"}}}})
	h.within("the SIS has the one that was taken", func() bool { return h.meeting(h.sis, "s-1") == mwf9 })
	h.idle()
	if got := h.meeting(h.sis, "s-2"); got != "none" {
		t.Errorf("the SIS has s-2 at %q", got)
	}
}

func TestRestartWhileTheSISIsAway(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.AnswerWithin = 100e6 })
	h.seed(1)
	h.front.answer(func(string) (int, string) { return 503, "" })
	h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Processing, lis.SeverityStatus, lis.FullSuccess)
	h.restart()
	h.front.answer(nil)
	h.within("confirmed", func() bool { return h.state("s-1") == lis.PlanConfirmed })
	h.within("the planner is told", func() bool {
		p, _ := h.section(h.planner, 1).Plan()
		return p.State == lis.PlanConfirmed
	})
}
