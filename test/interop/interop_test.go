// Package interop drives a running gateway with SOAP clients that others
// wrote: zeep, PHP SoapClient and node-soap, and has gSOAP and libxml2 read
// the contracts.
package interop

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway"
	"lisgate/wsdl"
)

// serve runs a gateway on loopback for the length of a test.
func serve(t *testing.T) string {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	g, err := gateway.New(ctx, c, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the gateway ended badly: %v", err)
		}
	})
	return "http://" + g.Addr()
}

// need skips, loudly, when a tool is missing.
func need(t *testing.T, what string, probe ...string) {
	t.Helper()
	if err := exec.Command(probe[0], probe[1:]...).Run(); err != nil {
		t.Skipf("SKIPPED: %s is not here (%v: %v); `make tools` as root installs it", what, probe, err)
	}
}

// run runs a client and returns what it printed.
func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestZeep(t *testing.T) {
	need(t, "zeep", "/usr/bin/python3", "-c", "import zeep")
	out := run(t, nil, "/usr/bin/python3", "clients_zeep.py", serve(t))
	if !strings.HasSuffix(out, " checks\n") || strings.Contains(out, "FAIL") {
		t.Error(out)
	}
}

func TestPHP(t *testing.T) {
	need(t, "PHP's SoapClient", "php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);")
	out := run(t, nil, "php", "clients_php.php", serve(t))
	if !strings.HasSuffix(out, " checks\n") || strings.Contains(out, "FAIL") {
		t.Error(out)
	}
}

// TestListings has three tool kits list the operations of the live contracts.
func TestListings(t *testing.T) {
	modules := filepath.Join(cacheDir(), "lisgate-test", "node", "node_modules")
	for _, c := range []struct {
		name  string
		probe []string
		env   []string
		args  []string
	}{
		{"zeep", []string{"/usr/bin/python3", "-c", "import zeep"}, nil, []string{"/usr/bin/python3", "contract/zeep_list.py"}},
		{"php", []string{"php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);"}, nil, []string{"php", "contract/php_list.php"}},
		{"node", []string{"test", "-d", filepath.Join(modules, "soap")}, []string{"NODE_PATH=" + modules}, []string{"node", "contract/node_list.js"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.name, c.probe...)
			base := serve(t)
			for _, s := range wsdl.Services() {
				c.args = append(c.args, base+"/lis/"+s.Name+"?wsdl")
			}
			out := run(t, c.env, c.args[0], c.args[1:]...)
			if n := len(strings.Fields(out)); n != 156 {
				t.Errorf("%d operations listed, want 156\n%s", n, out)
			}
		})
	}
}

func cacheDir() string {
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(os.Getenv("HOME"), ".cache")
}

// TestGSOAP has wsdl2h read all six contracts.
func TestGSOAP(t *testing.T) {
	need(t, "gSOAP's wsdl2h", "sh", "-c", "command -v wsdl2h")
	for _, dir := range []string{"/usr/share/gsoap/WS", "."} {
		if _, err := os.Stat(filepath.Join(dir, "typemap.dat")); err == nil {
			t.Setenv("GSOAP_TYPEMAP", filepath.Join(dir, "typemap.dat"))
			break
		}
	}
	base, names := serve(t), map[string]bool{}
	for _, s := range wsdl.Services() {
		file := fetch(t, base+"/lis/"+s.Name+"?wsdl", s.Name+".wsdl")
		header := filepath.Join(t.TempDir(), s.Name+".h")
		run(t, nil, "wsdl2h", "-c++", "-o", header, file)
		text, err := os.ReadFile(header)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range requests.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	if len(names) != 156 {
		t.Errorf("wsdl2h found %d operations, want 156", len(names))
	}
}

// requests finds the request elements of operations in what wsdl2h writes.
var requests = regexp.MustCompile(`"[^"\n]*":(\w+)Request\b`)

// TestSchemas has libxml2 read all schemas as served.
func TestSchemas(t *testing.T) {
	need(t, "xmllint", "sh", "-c", "command -v xmllint")
	base := serve(t)
	empty := filepath.Join(t.TempDir(), "empty.xml")
	if err := os.WriteFile(empty, []byte("<nothing/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pms", "gms", "mms", "cms", "oms", "bdems", "bulkfile"} {
		service := name
		if name == "bulkfile" {
			service = "bdems"
		}
		schema := fetch(t, base+"/lis/"+service+"?xsd="+name, name+".xsd")
		out, _ := exec.Command("xmllint", "--noout", "--schema", schema, empty).CombinedOutput()
		if !strings.Contains(string(out), "No matching global declaration") {
			t.Errorf("%s: libxml2 does not take the schema: %s", name, out)
		}
	}
}

// fetch gets a document into a file.
func fetch(t *testing.T, url, name string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, answer.Status, err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
