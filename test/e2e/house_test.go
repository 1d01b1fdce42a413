package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"lisgate/test/e2e/program"
)

// A house is a gateway of a story.
type house struct {
	address, scheme   string
	data, config, log string
	probe             string // asked to see whether it is ready
	cmd               *exec.Cmd
	ended             chan error
}

// street is the key under which a story keeps its houses.
type street struct{}

// How long anything may take that a story waits for, and a graceful stop.
const (
	most     = 30 * time.Second
	stopMost = 10 * time.Second
)

func houses(ts *testscript.TestScript) map[string]*house {
	return ts.Value(street{}).(map[string]*house)
}

// running returns a house that a story has started.
func running(ts *testscript.TestScript, args []string, n int) *house {
	if len(args) < n {
		ts.Fatalf("too few words")
	}
	h := houses(ts)[args[0]]
	if h == nil || h.cmd == nil {
		ts.Fatalf("no gateway %s runs", args[0])
	}
	return h
}

// build returns the house of a name, which need not be running.
func build(ts *testscript.TestScript, name string) *house {
	h := houses(ts)[name]
	if h == nil {
		address, err := program.FreeAddress()
		ts.Check(err)
		h = &house{address: address, scheme: "http", probe: "/readyz", data: ts.MkAbs(name + ".data"), log: ts.MkAbs(name + ".log")}
		houses(ts)[name] = h
		ts.Setenv(name, "http://"+address)
	}
	return h
}

func address(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		build(ts, name)
	}
}

// start runs a gateway until it is ready.
func start(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: gateway NAME [CONFIG]")
	}
	h := build(ts, args[0])
	words := []string{"serve", "--listen", h.address, "--data", h.data}
	if len(args) == 2 {
		h.configure(ts, args[0], args[1])
	}
	if h.config != "" {
		words = append(words, "--config", h.config)
	}
	h.run(ts, words)
}

// mock runs a pretend system until it is ready.
func mock(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: mock NAME lms|sis KIND")
	}
	h := build(ts, args[0])
	if args[2] != "lis" {
		h.probe = "/mock/"
	}
	h.run(ts, []string{"mock", args[1], "--kind", args[2], "--listen", h.address})
}

// run runs lisgate in the background until it is ready.
func (h *house) run(ts *testscript.TestScript, words []string) {
	log, err := os.OpenFile(h.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer log.Close()
	h.cmd = exec.Command(lisgate, words...)
	h.cmd.Dir, h.cmd.Stdout, h.cmd.Stderr = filepath.Dir(h.log), log, log
	h.cmd.Env = append(os.Environ(), "SECRET="+ts.Getenv("SECRET"))
	ts.Check(h.cmd.Start())
	h.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan<- error) { ended <- cmd.Wait() }(h.cmd, h.ended)
	ts.Defer(h.end)
	h.ready(ts)
}

// configure replaces the variables in a config.
func (h *house) configure(ts *testscript.TestScript, name, file string) {
	h.config = ts.MkAbs(name + ".run.yaml")
	text := os.Expand(ts.ReadFile(file), ts.Getenv)
	if strings.Contains(text, "\ntls:") || strings.HasPrefix(text, "tls:") {
		h.scheme = "https"
	}
	ts.Setenv(name, h.scheme+"://"+h.address)
	ts.Check(os.WriteFile(h.config, []byte(text), 0o600))
}

// expand replaces the variables in files, for those who read them themselves.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	for _, file := range args {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(os.Expand(ts.ReadFile(file), ts.Getenv)), 0o600))
	}
}

func (h *house) ready(ts *testscript.TestScript) {
	poll(ts, "ready", func() bool {
		select {
		case err := <-h.ended:
			h.cmd = nil
			ts.Fatalf("the gateway ended as it started: %v\n%s", err, h.says())
		default:
		}
		client, err := clientOf(ts, fetchFlags{insecure: true})
		ts.Check(err)
		defer client.CloseIdleConnections()
		res, err := client.Get(h.scheme + "://" + h.address + h.probe)
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// end kills what a story has left running.
func (h *house) end() {
	if h.cmd != nil {
		_ = h.cmd.Process.Kill()
		<-h.ended
		h.cmd = nil
	}
}

func shutdown(ts *testscript.TestScript, _ bool, args []string) {
	h := running(ts, args, 1)
	ts.Check(h.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-h.ended:
		h.cmd = nil
		if err != nil {
			ts.Fatalf("it ended with %v\n%s", err, h.says())
		}
	case <-time.After(stopMost):
		ts.Fatalf("it has not ended within %s\n%s", stopMost, h.says())
	}
}

func reload(ts *testscript.TestScript, _ bool, args []string) {
	h := running(ts, args, 2)
	h.configure(ts, args[0], args[1])
	ts.Check(h.cmd.Process.Signal(syscall.SIGHUP))
}

// logSays waits until the log of a gateway matches; with neg it must not.
func logSays(ts *testscript.TestScript, neg bool, args []string) {
	h := houses(ts)[args[0]]
	if h == nil || len(args) != 2 {
		ts.Fatalf("usage: log NAME REGEXP")
	}
	wanted := regexp.MustCompile(args[1])
	if neg {
		if found := wanted.FindString(h.says()); found != "" {
			ts.Fatalf("the log says %q", found)
		}
		return
	}
	defer func() { ts.Logf("[log of %s]\n%s", args[0], h.says()) }()
	poll(ts, args[1], func() bool { return wanted.MatchString(h.says()) })
}

func (h *house) says() string {
	text, _ := os.ReadFile(h.log)
	return string(text)
}

// poll waits for something.
func poll(ts *testscript.TestScript, what string, done func() bool) {
	for began := time.Now(); !done(); <-time.After(20 * time.Millisecond) {
		if time.Since(began) > most {
			ts.Fatalf("not within %s: %s", most, what)
		}
	}
}
