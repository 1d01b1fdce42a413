package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// status runs lisgate, which must end with a status.
func status(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: status N lisgate ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("it ended with status %d, not %d", got, want)
	}
}

// set makes a variable of what a regular expression finds in a file.
func set(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: set NAME FILE REGEXP")
	}
	found := regexp.MustCompile("(?m)" + args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) < 2 {
		ts.Fatalf("set: nothing in %s matches %s", args[1], args[2])
	}
	ts.Setenv(args[0], found[1])
}

// await repeats a command until its output matches, and prints the last one.
func await(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: await REGEXP lisgate|fetch ARGS…")
	}
	wanted, once := regexp.MustCompile("(?m)"+args[0]), lisgateOnce
	if args[1] == "fetch" {
		once = fetchOnce
	}
	text := ""
	defer func() { fmt.Fprint(ts.Stdout(), text) }()
	poll(ts, args[0], func() bool {
		text, _ = once(ts, args[2:])
		return wanted.MatchString(text)
	})
}

func lisgateOnce(ts *testscript.TestScript, args []string) (string, error) {
	cmd := exec.Command(lisgate, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"LISGATE_PASSWORD", "SSL_CERT_FILE", "NO_PROXY"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	text, err := cmd.CombinedOutput()
	return string(text), err
}

type fetchFlags struct {
	user, data, post, ca, cert string
	insecure                   bool // only to see whether somebody is there
}

// fetch makes an HTTP request and prints the status and what came.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	text, err := fetchOnce(ts, args)
	if (err != nil) != neg {
		ts.Fatalf("fetch: %v", err)
	}
	fmt.Fprint(ts.Stdout(), text)
}

func fetchOnce(ts *testscript.TestScript, args []string) (string, error) {
	var f fetchFlags
	flags := flag.NewFlagSet("fetch", flag.ContinueOnError)
	flags.StringVar(&f.user, "u", "", "")
	flags.StringVar(&f.data, "d", "", "")
	flags.StringVar(&f.post, "post", "", "")
	flags.StringVar(&f.ca, "ca", "", "")
	flags.StringVar(&f.cert, "cert", "", "")
	ts.Check(flags.Parse(args))
	text, err := ask(ts, f, flags.Arg(0))
	if err != nil {
		text = err.Error() + "\n"
	}
	return text, err
}

func ask(ts *testscript.TestScript, f fetchFlags, url string) (string, error) {
	client, err := clientOf(ts, f)
	ts.Check(err)
	defer client.CloseIdleConnections()
	method, body, media := http.MethodGet, "", "text/xml; charset=utf-8"
	switch {
	case f.data != "":
		method, body = http.MethodPost, ts.ReadFile(f.data)
	case f.post != "":
		method, body, media = http.MethodPost, f.post, "application/x-www-form-urlencoded"
	}
	if body = strings.TrimSpace(body); strings.HasPrefix(body, "{") {
		media = "application/json"
	}
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	ts.Check(err)
	req.Header.Set("Content-Type", media)
	if user, password, ok := strings.Cut(f.user, ":"); ok {
		req.SetBasicAuth(user, password)
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return "HTTP " + res.Status + "\n" + string(text) + "\n", err
}

func clientOf(ts *testscript.TestScript, f fetchFlags) (*http.Client, error) {
	c := &tls.Config{InsecureSkipVerify: f.insecure}
	if f.ca != "" {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM([]byte(ts.ReadFile(f.ca)))
	}
	if f.cert != "" {
		pair := []byte(ts.ReadFile(f.cert))
		cert, err := tls.X509KeyPair(pair, pair)
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{cert}
	}
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: c}}, nil
}
