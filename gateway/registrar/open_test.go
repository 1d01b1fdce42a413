package registrar

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestPlaces(t *testing.T) {
	allow := []string{"sis.example.edu", "https://files.example.edu:8443/exports", "10.1.2.3"}
	cases := map[string]bool{
		"https://sis.example.edu/a.xml":                    true,
		"https://SIS.example.edu:9000/a.xml":               true,
		"http://10.1.2.3/a.xml":                            true,
		"https://files.example.edu:8443/exports/a.xml":     true,
		"https://files.example.edu:8443/exports/../a.xml":  false,
		"https://files.example.edu:8443/exports/%2e%2e/a":  false,
		"https://files.example.edu:8443/exports2/a.xml":    false,
		"https://files.example.edu/exports/a.xml":          false,
		"http://files.example.edu:8443/exports/a.xml":      false,
		"https://sis.example.edu.evil.example/a.xml":       false,
		"https://evil.example/?u=https://sis.example.edu/": false,
		"https://sis.example.edu@evil.example/a.xml":       false,
		"https://user:secret@sis.example.edu/a.xml":        false,
		"ftp://sis.example.edu/a.xml":                      false,
		"sis.example.edu/a.xml":                            false,
		"file:///etc/passwd":                               false,
		"https:sis.example.edu":                            false,
		"https://sis.example.edu\x00/":                     false,
	}
	check := AllowURL(allow, "")
	for url, want := range cases {
		if err := check(url); (err == nil) != want {
			t.Errorf("%s: %v, want allowed %v", url, err, want)
		} else if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the refusal tells the password: %v", err)
		}
	}
}

func opened(open func(context.Context, string) (io.ReadCloser, error), url string) (string, error) {
	f, err := open(context.Background(), url)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	return string(data), err
}

func TestLoopbackOnlyWhenItIsNamed(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "http://evil.example/f", http.StatusFound)
		case "/gone":
			http.NotFound(w, r)
		default:
			io.WriteString(w, "data")
		}
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())

	named := OpenURL([]string{"127.0.0.1"}, "", server.Client())
	if data, err := opened(named, server.URL+"/f"); data != "data" || err != nil {
		t.Errorf("%q %v", data, err)
	}
	if _, err := opened(named, server.URL+"/gone"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("not found: %v", err)
	}
	if _, err := opened(named, server.URL+"/away"); err == nil || !strings.Contains(err.Error(), "not on the list") {
		t.Errorf("redirect: %v", err)
	}
	// Any other name that leads to loopback is found out when connecting; this
	// one stands for those of a name server.
	calls = 0
	_, err := opened(OpenURL([]string{"LOCALHOST"}, "", nil), "http://LOCALHOST:"+port+"/f")
	if err == nil || calls != 0 || !strings.Contains(err.Error(), "an address of this machine") {
		t.Errorf("connected to %d times: %v", calls, err)
	}
	if data, err := opened(OpenURL([]string{"localhost"}, "", nil), "http://localhost:"+port+"/f"); data != "data" {
		t.Errorf("localhost named: %v", err)
	}
}

func TestAddressesOfThisMachine(t *testing.T) {
	cases := map[string]bool{
		"127.0.0.1:80": false, "127.9.9.9:80": false, "[::1]:80": false, "[::ffff:127.0.0.1]:80": false, "169.254.169.254:80": false, "[fe80::1]:80": false,
		"0.0.0.0:80": false, "[::]:80": false, "224.0.0.1:80": false, "10.0.0.1:80": true, "192.0.2.1:443": true, "[2001:db8::1]:443": true,
	}
	check := checkedAddress([]string{"sis.example.edu"})
	for address, want := range cases {
		if err := check("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, place := range []string{"169.254.1.1", "http://169.254.1.1/x", "169.254.1.1:80"} {
		if err := checkedAddress([]string{place})("tcp", "169.254.1.1:80", nil); err != nil {
			t.Errorf("%s is named: %v", place, err)
		}
	}
}

func TestDropFolder(t *testing.T) {
	base := t.TempDir()
	drop := filepath.Join(base, "drop")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(drop, "sub"), 0o755))
	must(os.WriteFile(filepath.Join(drop, "sub", "a.xml"), []byte("data"), 0o644))
	must(os.WriteFile(filepath.Join(base, "secret"), []byte("secret"), 0o644))
	must(os.Symlink(filepath.Join(base, "secret"), filepath.Join(drop, "out")))
	must(os.Symlink("sub/a.xml", filepath.Join(drop, "in")))
	must(syscall.Mkfifo(filepath.Join(drop, "pipe"), 0o644))
	cases := map[string]bool{
		"file://" + drop + "/sub/a.xml": true, "file:sub/a.xml": true, "file://localhost" + drop + "/in": true, "file:in": true,
		"file:../secret": false, "file://" + drop + "/../secret": false, "file://" + base + "/secret": false, "file:///etc/passwd": false,
		"file:out": false, "file:sub": false, "file:pipe": false, "file:nothing": false, "file://elsewhere" + drop + "/in": false,
	}
	open := OpenURL(nil, drop, nil)
	for url, want := range cases {
		data, err := opened(open, url)
		if (err == nil) != want || want && data != "data" {
			t.Errorf("%s: %q %v", url, data, err)
		}
		if strings.Contains(url, "secret") && !isRefusal(err) {
			t.Errorf("%s: it would be tried again: %v", url, err)
		}
	}
	if _, err := opened(OpenURL(nil, "", nil), "file:in"); err == nil {
		t.Error("there is no drop folder")
	}
}
