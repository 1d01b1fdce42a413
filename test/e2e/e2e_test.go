// Package e2e tells stories: what an operator does with lisgate, and what is
// seen. A story is a file in testdata; to add one is to add a file. What a
// story can say beside the words of testscript:
//
//	lisgate ARGS…          run lisgate; ! when it must fail
//	status N lisgate ARGS… run it; it must end with exactly this status
//	gateway NAME [CONFIG]  serve, in the background, until it is ready; $NAME is
//	                       then its URL, and variables in CONFIG are replaced. A
//	                       gateway that is started again has its old folder and port
//	address NAME           only find out $NAME
//	shutdown NAME          SIGTERM; it must end well within 10 s
//	reload NAME CONFIG     another config, and SIGHUP
//	log NAME REGEXP        wait until its log says so; with !, it must not say so
//	await REGEXP CMD ARGS… repeat lisgate or fetch until the output matches
//	fetch [FLAGS] URL      HTTP: -u user:password, -ca file, -cert file (with key); POST with
//	                       -d file or -post text, JSON when it begins with {, else a form
//	mock NAME lms|sis KIND run lisgate mock in the background; $NAME is then its URL
//	expand FILE…           replace the variables in files, as in a CONFIG
//	set NAME FILE REGEXP   make a variable of what the first group of REGEXP matches
//	sql DATABASE FILE      carry out statements in a file of SQLite, and print the rows
//	tell NAME WHAT ID…     send a gateway what a SIS would send; !, when it is to be refused.
//	                       p-1..40 are forty; -u user sends with $LISGATE_PASSWORD:
//	                       person P [login= email= first= last=], section S [label= title= term=],
//	                       group G [title= type=], member S P [role= status= id=], leave S P,
//	                       association A S S…, rename P P, delete Kind ID
//	certificates           make ca.pem, server.pem and client.pem, each with its key
//
// Beware: stop is a word of testscript and ends the story there, well.
package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"lisgate/test/e2e/program"
)

// lisgate is the program that is run.
var lisgate string

func TestMain(m *testing.M) {
	var err error
	if lisgate, err = program.Build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := program.Remove(lisgate); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(code)
	}))
}

func TestStories(t *testing.T) {
	program.Watch(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		Setup:               setup,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(patience()),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lisgate": run, "status": status, "await": await, "fetch": fetch,
			"gateway": start, "address": address, "shutdown": shutdown, "reload": reload, "log": logSays,
			"certificates": certificates, "mock": mock, "tell": tell, "expand": expand, "set": set, "sql": runSQL,
		},
		Condition: func(name string) (bool, error) {
			if name != "samples" {
				return false, fmt.Errorf("no condition %q", name)
			}
			_, err := os.Stat(samples())
			return err == nil, nil
		},
	})
}

// patience is how long all stories together may take before one hangs.
func patience() time.Duration {
	if program.Race {
		return 5 * time.Minute
	}
	return 2 * time.Minute
}

// samples are messages of real systems, which are not part of the project.
func samples() string {
	dir, _ := filepath.Abs("../../../shared/samples")
	return dir
}

// setup gives a story a quiet environment, with lisgate in its path.
func setup(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(lisgate)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("SAMPLES", samples())
	env.Setenv("NO_PROXY", "*")
	env.Values[street{}] = map[string]*house{}
	return nil
}

// run runs lisgate, which must fail when neg.
func run(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("lisgate", args...)
	switch {
	case err != nil && !neg:
		ts.Fatalf("lisgate: %v", err)
	case err == nil && neg:
		ts.Fatalf("lisgate went well, and should not have")
	}
}
