package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway"
)

func newMockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mock lms|sis|planner",
		Short: "Run a pretend LMS, SIS or planner, with the real one's manners, to try a config on",
		Long: `Run a pretend LMS, SIS or planner on this machine until it is told to stop. It
answers as the real one was seen to, its bad manners too, keeps nothing when it
ends, and is empty at the start.

  lms  moodle      web services, REST            canvas  SIS import and REST
       blackboard  flat file and REST            lis     LIS over SOAP (a lisgate of its own)
       ilp         the LIS plug-in in Moodle (enrol_lmb NXT)
  sis  ethos       Ellucian Ethos                ilp     Ellucian ILP, for grades

A planner has no --kind: it is a LIS endpoint of lisgate's own with a simple
timetabler. It plans for the gateway of --gateway, as --user; POST /mock/fetch
has it ask for courses, rooms and wishes, then /mock/plan makes a timetable,
/mock/return sends it, /mock/correct moves what was refused, and /mock/state
tells how far it is.

What they want of a caller: ethos the API key "key"; sis ilp and blackboard the
user or key lisgate with the password or secret "password", and blackboard's flat
file has the integration lisgate; the others take any token or password.

Under /mock/ it can be looked into and made to misbehave; GET /mock/ tells how.`,
		Args: oneArg("lms, sis or planner"),
		RunE: func(cmd *cobra.Command, args []string) error { return mock(cmd, args[0]) },
	}
	cmd.Flags().String("kind", "", "which lms or sis it pretends to be")
	cmd.Flags().String("listen", "127.0.0.1:9000", "address to listen on")
	addPlannerFlags(cmd)
	return cmd
}

// A pretend system answers as a real one does, and to those who look into it.
type pretend struct {
	http.Handler
	looks  map[string]look  // GET /mock/NAME
	orders map[string]order // POST /mock/NAME
	always atomic.Pointer[always]
}

// An always is what every request gets in place of an answer: what stands
// before a real system, such as a sign-on page, says its own.
type always struct {
	Status int
	Text   string // nothing ends it
}

type (
	look  func(q map[string]string) any
	order func(body []byte) error
)

// pretends are those that there are.
var pretends = map[string]map[string]func() *pretend{
	"lms": {"moodle": pretendMoodle, "canvas": pretendCanvas, "blackboard": pretendBlackboard, "ilp": pretendPlugin},
	"sis": {"ethos": pretendEthos, "ilp": pretendILP},
}

func mock(cmd *cobra.Command, role string) error {
	kind, _ := cmd.Flags().GetString("kind")
	listen, _ := cmd.Flags().GetString("listen")
	if role == "planner" {
		return mockPlanner(cmd, listen)
	}
	kinds, known := pretends[role]
	if !known {
		return fmt.Errorf("mock pretends to be an lms, a sis or a planner, not %q", role)
	}
	if role == "lms" && kind == "lis" {
		return mockLIS(cmd, listen)
	}
	begin := kinds[kind]
	if begin == nil {
		names := slices.Sorted(maps.Keys(kinds))
		if role == "lms" {
			names = append(names, "lis")
		}
		return fmt.Errorf("--kind says which %s is pretended: %s", role, strings.Join(names, ", "))
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "pretend %s %s at http://%s/ (see /mock/)\n", role, kind, listener.Addr())
	return serveUntil(cmd.Context(), listener, begin().mux())
}

// serveUntil serves until the context ends.
func serveUntil(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

// mockLIS runs a gateway without targets, whose records go when it does.
func mockLIS(cmd *cobra.Command, listen string) error {
	dir, err := os.MkdirTemp("", "lisgate-mock-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := config.Default()
	c.Listen, c.Data = listen, dir
	g, err := gateway.New(cmd.Context(), c, zap.NewNop())
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "pretend lms lis at http://%s/lis/\n", g.Addr())
	return g.Run(cmd.Context())
}

// mostOrder is the most that an order may say.
const mostOrder = 1 << 20

func (p *pretend) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", p.answer)
	mux.HandleFunc("GET /mock/{$}", p.help)
	mux.HandleFunc("GET /mock/{name}", func(w http.ResponseWriter, r *http.Request) {
		ask := p.looks[r.PathValue("name")]
		if ask == nil {
			http.NotFound(w, r)
			return
		}
		q := map[string]string{}
		for name := range r.URL.Query() {
			q[name] = r.URL.Query().Get(name)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = printJSON(w, ask(q)) // the client may have gone
	})
	mux.HandleFunc("POST /mock/{name}", p.obey)
	return mux
}

func (p *pretend) answer(w http.ResponseWriter, r *http.Request) {
	a := p.always.Load()
	if a == nil || a.Text == "" {
		p.ServeHTTP(w, r)
		return
	}
	w.WriteHeader(max(a.Status, http.StatusOK))
	io.WriteString(w, a.Text)
}

// instead has every request get another answer.
func (p *pretend) instead(body []byte) error {
	a := new(always)
	if err := strictly(body, a); err != nil {
		return err
	}
	p.always.Store(a)
	return nil
}

func (p *pretend) obey(w http.ResponseWriter, r *http.Request) {
	carryOut := p.orders[r.PathValue("name")]
	if r.PathValue("name") == "answer" {
		carryOut = p.instead
	}
	if carryOut == nil {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostOrder))
	if err = errors.Join(err, carryOut(body)); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	io.WriteString(w, "done\n")
}

// strictly reads an order, and refuses one with a word that nobody knows.
func strictly(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func (p *pretend) help(w http.ResponseWriter, _ *http.Request) {
	for _, name := range slices.Sorted(maps.Keys(p.looks)) {
		fmt.Fprintf(w, "GET  /mock/%s\n", name)
	}
	for _, name := range slices.Sorted(maps.Keys(p.orders)) {
		fmt.Fprintf(w, "POST /mock/%s\n", name)
	}
	fmt.Fprintln(w, `POST /mock/answer {"Status": 200, "Text": "…"} for every request, until the text is empty`)
}
