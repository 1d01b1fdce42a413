package chaos

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lisgate/test/e2e/program"
)

// startMost is how long a start may take before something hangs. The goal is
// two seconds; what it took is told at the end.
const startMost = 10 * time.Second

// A gateway is a lisgate on one folder and one port, started again and again.
type gateway struct {
	t       *testing.T
	dir     string
	address string
	config  string
	log     *os.File
	started []time.Duration

	cmd   *exec.Cmd
	ended chan error
	up    gate
}

// newGateway sets up a gateway that tells an LMS of all changes.
func newGateway(t *testing.T, lms string) *gateway {
	t.Helper()
	program.Watch(t)
	address, err := program.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{t: t, dir: t.TempDir(), address: address}
	g.up.down()
	g.config = fmt.Sprintf(`listen: %s
data: %s
targets:
  - {name: lms, adapter: lissoap, url: %s, workers: 8, timeout: 2s, first_delay: 50ms, max_delay: 500ms, removals: {off: true}}
routes:
  - {name: all, to: [lms]}
`, g.address, filepath.Join(g.dir, "data"), lms)
	g.write(g.config)
	if g.log, err = os.Create(filepath.Join(g.dir, "log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.end)
	return g
}

func (g *gateway) write(config string) {
	g.t.Helper()
	if err := os.WriteFile(g.file(), []byte(config), 0o600); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gateway) file() string { return filepath.Join(g.dir, "lisgate.yaml") }

// start starts the process; it is not ready yet.
func (g *gateway) start() {
	g.t.Helper()
	g.cmd = exec.Command(lisgate, "serve", "-c", g.file())
	g.cmd.Stdout, g.cmd.Stderr = g.log, g.log
	if err := g.cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan<- error) { ended <- cmd.Wait() }(g.cmd, g.ended)
}

// ready waits until the gateway takes messages, and lets the SIS go on.
func (g *gateway) ready() {
	g.t.Helper()
	began := time.Now()
	for !g.answers() {
		select {
		case err := <-g.ended:
			g.t.Fatalf("the gateway ended as it started: %v\n%s", err, g.tail())
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(began) > startMost {
			g.t.Fatalf("not ready within %s\n%s", startMost, g.tail())
		}
	}
	g.started = append(g.started, time.Since(began))
	g.up.open()
}

func (g *gateway) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+g.address+"/readyz", nil)
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// kill ends the process at once, as a power cut of the process would.
func (g *gateway) kill() {
	g.up.down()
	_ = g.cmd.Process.Kill()
	<-g.ended
}

// stop asks the process to end and returns how it ended, and how long it took.
func (g *gateway) stop() (time.Duration, error) {
	g.up.down()
	began := time.Now()
	_ = g.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-g.ended:
		g.ended <- err
		return time.Since(began), err
	case <-time.After(20 * time.Second):
		g.t.Fatalf("still there 20 s after SIGTERM\n%s", g.tail())
		return 0, nil
	}
}

// end cleans up, and looks into the log for what must never be there.
func (g *gateway) end() {
	if g.cmd != nil {
		_ = g.cmd.Process.Kill()
		<-g.ended
	}
	g.log.Close()
	for line := range strings.Lines(g.text()) {
		for _, word := range []string{"panic", "DATA RACE", "fatal error", `"level":"error"`} {
			if strings.Contains(line, word) && !strings.Contains(line, "config not taken") {
				g.t.Errorf("the log of the gateway says: %s", line)
			}
		}
	}
}

func (g *gateway) text() string {
	text, _ := os.ReadFile(g.log.Name())
	return string(text)
}

func (g *gateway) tail() string {
	lines := strings.Split(g.text(), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// A gate keeps callers from a gateway that is known to be down.
type gate struct {
	mu   sync.Mutex
	shut chan struct{} // closed when it opens; nil while it is open
}

func (g *gate) down() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut == nil {
		g.shut = make(chan struct{})
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		close(g.shut)
	}
	g.shut = nil
}

// wait waits until the gateway is up.
func (g *gate) wait() {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		<-shut
	}
}
