package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/test/e2e/program"
)

// startMost is how long a start may take before something hangs.
const startMost = 30 * time.Second

// A gateway is lisgate as a process of its own.
type gateway struct {
	t       *testing.T
	address string
	log     string
	cmd     *exec.Cmd
	ended   chan struct{}
	client  *http.Client
}

// start runs a gateway that tells both systems of everything, but Moodle of no
// offerings, for which it has no place.
func start(t *testing.T, moodle, canvas string) *gateway {
	t.Helper()
	program.Watch(t)
	address, err := program.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := fmt.Sprintf(`listen: %s
data: %s
targets:
  - {name: moodle, adapter: moodle, url: %s, token: %s, max_delay: 5s}
  - {name: canvas, adapter: canvas, url: %s, token: %s, settings: {poll: 100ms}}
routes:
  - {name: roster, kinds: [person, group, courseSection, membership], to: [moodle, canvas]}
  - {name: offerings, kinds: [courseOffering], to: [canvas]}
`, address, filepath.Join(dir, "data"), moodle, token, canvas, token)
	file := filepath.Join(dir, "lisgate.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	g := &gateway{t: t, address: address, log: filepath.Join(dir, "log"), ended: make(chan struct{}), client: &http.Client{Timeout: time.Minute}}
	g.run(file)
	g.ready()
	return g
}

func (g *gateway) run(file string) {
	log, err := os.Create(g.log)
	if err != nil {
		g.t.Fatal(err)
	}
	g.cmd = exec.Command(lisgate, "serve", "-c", file)
	g.cmd.Stdout, g.cmd.Stderr = log, log
	if err := g.cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	go func() {
		_ = g.cmd.Wait()
		log.Close()
		close(g.ended)
	}()
	g.t.Cleanup(g.stop)
}

// stop ends the process, and looks into its log for what must never be there.
func (g *gateway) stop() {
	_ = g.cmd.Process.Kill()
	<-g.ended
	g.client.CloseIdleConnections()
	text, _ := os.ReadFile(g.log)
	for line := range strings.Lines(string(text)) {
		for _, word := range []string{"panic", "DATA RACE", "fatal error", `"level":"error"`, "dead letter"} {
			if strings.Contains(line, word) {
				g.t.Errorf("the log of the gateway says: %s", line)
			}
		}
	}
}

func (g *gateway) tail() string {
	text, _ := os.ReadFile(g.log)
	lines := strings.Split(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// ready waits until the gateway takes messages.
func (g *gateway) ready() {
	g.t.Helper()
	for began := time.Now(); ; {
		res, err := g.client.Get("http://" + g.address + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-g.ended:
			g.t.Fatalf("the gateway ended as it started\n%s", g.tail())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Since(began) > startMost {
			g.t.Fatalf("not ready within %s\n%s", startMost, g.tail())
		}
	}
}

// ask reads an answer of the admin API.
func (g *gateway) ask(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+g.address+"/admin/v1/"+path, nil)
	if err != nil {
		return err
	}
	res, err := g.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, res.Status)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// A sum is the balance of one target.
type sum struct {
	kinds                        map[lis.Kind]journal.Balance
	sent, applied, dead, waiting int64
}

// balance returns the balance of each target.
func (g *gateway) balance(ctx context.Context) (map[string]sum, error) {
	var rows []journal.Balance
	if err := g.ask(ctx, "balance", &rows); err != nil {
		return nil, err
	}
	sums := map[string]sum{}
	for _, b := range rows {
		s := sums[b.Target]
		if s.kinds == nil {
			s.kinds = map[lis.Kind]journal.Balance{}
		}
		s.kinds[b.Kind] = b
		s.sent, s.applied, s.dead, s.waiting = s.sent+b.Sent, s.applied+b.Applied, s.dead+b.Dead, s.waiting+b.Waiting
		sums[b.Target] = s
	}
	return sums, nil
}

// targets says how it stands with each target.
func (g *gateway) targets(ctx context.Context) ([]deliver.Status, error) {
	var all []deliver.Status
	return all, g.ask(ctx, "targets", &all)
}

// memory reads a field of the process's status, such as VmHWM, in MiB.
func (g *gateway) memory(field string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb / 1024
		}
	}
	return 0
}
