package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/journal/sqlite"
)

// A server runs in a process of its own, so that its memory is its own.
type server struct {
	cmd  *exec.Cmd
	addr string
	pid  int
	in   io.Closer
}

// start starts this program again as a child: "sqlite", "memory" or "noop".
func start(kind, dir string) (*server, error) {
	cmd := exec.Command(os.Args[0], "child", kind, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("child %s said no address: %w", kind, err)
	}
	return &server{cmd, strings.TrimSpace(addr), cmd.Process.Pid, in}, nil
}

// stop ends the child by closing its input.
func (s *server) stop() error {
	s.in.Close()
	return s.cmd.Wait()
}

// memory reads a field of /proc/PID/status, such as VmRSS or VmHWM, in MB.
func memory(pid int, field string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// child is what the other process does.
func child(args []string) error {
	gateway.TuneMemory()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin) // the parent closes it, or is gone
		cancel()
	}()
	stop, err := profile(args)
	if err != nil {
		return err
	}
	defer stop()
	switch args[0] {
	case "noop":
		return noop(ctx)
	case "bulk":
		return bulkChild(args[1], args[2], args[3])
	}
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", args[1]
	g, err := build(ctx, args[0], c)
	if err != nil {
		return err
	}
	fmt.Println(g.Addr())
	return g.Run(ctx)
}

// profile writes a CPU profile when BENCH_PROFILE names a file.
func profile(args []string) (stop func(), err error) {
	file := os.Getenv("BENCH_PROFILE")
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file + "." + strings.Join(args[:1], "-") + profileName(args))
	if err != nil {
		return nil, err
	}
	return pprof.StopCPUProfile, pprof.StartCPUProfile(f)
}

func build(ctx context.Context, kind string, c *config.Config) (*gateway.Gateway, error) {
	if kind == "memory" {
		return gateway.NewOn(newOffStore(), c, zap.NewNop())
	}
	store, err := sqlite.Open(ctx, c.Data, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return gateway.NewOn(store, c, zap.NewNop())
}

// noop is the yardstick: a net/http handler that reads the body and answers.
func noop(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Header().Set("Content-Length", "4")
		io.WriteString(w, "<a/>")
	})}
	go func() { <-ctx.Done(); s.Close() }()
	s.Serve(listener)
	return nil
}

// profileName tells the readings of a bulk file apart.
func profileName(args []string) string {
	if args[0] == "bulk" {
		return "-" + strings.ReplaceAll(args[1], "/", "-")
	}
	return ""
}
