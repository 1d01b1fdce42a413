package gateway

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/config"
	"lisgate/gateway/journal/journaltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house runs a gateway in memory for the length of a test.
func house(t *testing.T, change func(*config.Config)) *Gateway {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
	if change != nil {
		change(c)
	}
	g, err := NewOn(journaltest.NewMemory(nil), c, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		http.DefaultClient.CloseIdleConnections()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
	return g
}

// ask sends a request and returns the status and the body.
func ask(t *testing.T, g *Gateway, method, path, body, user string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+g.Addr()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if user != "" {
		r.SetBasicAuth(user, "p")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// groupMessage is a replaceGroup request.
func groupMessage(id string) string {
	const ns = "http://www.imsglobal.org/services/lis/gms2p0/wsdl11/sync/imsgms_v2p0"
	return fmt.Sprintf(`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>
<imsx_syncRequestHeaderInfo xmlns=%[1]q><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>m</imsx_messageIdentifier></imsx_syncRequestHeaderInfo>
</e:Header><e:Body><replaceGroupRequest xmlns=%[1]q><sourcedId>%[2]s</sourcedId><groupRecord><sourcedGUID><sourcedId>%[2]s</sourcedId></sourcedGUID>
<group><groupType><scheme><language>en</language><textString>x</textString></scheme><typevalue><id>Department</id><type><language>en</language><textString>Department</textString></type></typevalue></groupType></group>
</groupRecord></replaceGroupRequest></e:Body></e:Envelope>`, ns, id)
}

func caller(name string) config.Caller {
	return config.Caller{Name: name, Basic: &config.Basic{User: name, Password: "p"}}
}

func TestAMessageTravelsFromOneGatewayToAnother(t *testing.T) {
	lms := house(t, nil)
	g := house(t, func(c *config.Config) {
		c.Callers = []config.Caller{caller("sis")}
		c.Targets = []config.Target{{Name: "lms", Adapter: "lissoap", URL: "http://" + lms.Addr() + "/lis/"}}
		c.Routes = []config.Route{{Name: "all", To: []string{"lms"}}}
	})
	if status, text := ask(t, g, "POST", "/lis/gms", groupMessage("d-1"), "sis"); status != 200 || !strings.Contains(text, ">success<") {
		t.Fatalf("%d %s", status, text)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := g.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	if status, text := ask(t, lms, "GET", "/admin/v1/who/d-1", "", ""); status != 200 || !strings.Contains(text, "Department") {
		t.Errorf("the LMS does not have it: %d %s", status, text)
	}
	if _, text := ask(t, g, "GET", "/metrics", "", ""); !strings.Contains(text, `lisgate_delivery_attempts_total{outcome="applied",target="lms"} 1`) ||
		!strings.Contains(text, `lisgate_requests_total{operation="replaceGroup",service="gms",status="fullsuccess"} 1`) {
		t.Errorf("metrics do not tell of it:\n%s", text)
	}
}

func TestReloadChangesWhoMayCall(t *testing.T) {
	g := house(t, func(c *config.Config) { c.Callers = []config.Caller{caller("old")} })
	if status, _ := ask(t, g, "POST", "/lis/gms", groupMessage("a"), "new"); status != http.StatusUnauthorized {
		t.Errorf("an unknown caller got %d", status)
	}
	next := config.Default()
	next.Callers = []config.Caller{caller("new")}
	if err := g.Reload(next); err != nil {
		t.Fatal(err)
	}
	if status, _ := ask(t, g, "POST", "/lis/gms", groupMessage("a"), "new"); status != 200 {
		t.Errorf("the new caller got %d", status)
	}
	if status, _ := ask(t, g, "POST", "/lis/gms", groupMessage("a"), "old"); status != http.StatusUnauthorized {
		t.Errorf("the old caller got %d", status)
	}
}

// TestReloadDoesWhatConfigSays holds the tags reload in config against what
// Reload does.
func TestReloadDoesWhatConfigSays(t *testing.T) {
	g := house(t, func(c *config.Config) { c.Limits.BulkBytes = 5 })
	next := config.Default()
	next.Paths = map[string]string{"/old/gms": "gms"}
	next.PublicURL = "https://lis.example.edu"
	next.Limits.MessageBytes, next.Limits.BulkBytes = 500, config.GiB
	next.Bulk.Allow = []string{"https://files.example.edu/"}
	if err := g.Reload(next); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]bool{
		"paths, message_bytes":  says(t, g, "/old/gms", groupMessage("a"), 413, "limits.message_bytes"),
		"public_url":            says(t, g, "/lis/gms?wsdl", "", 200, "https://lis.example.edu/"),
		"bulk.allow":            g.files.Load().allowed("https://files.example.edu/x") == nil,
		"bulk_bytes, as it was": says(t, g, "/lis/bdems/file", "<bulkDataRecord/>", 200, "limits.bulk_bytes"),
	} {
		if !got {
			t.Errorf("%s: not in force", name)
		}
	}
}

func says(t *testing.T, g *Gateway, path, body string, want int, word string) bool {
	t.Helper()
	method := "POST"
	if body == "" {
		method = "GET"
	}
	status, text := ask(t, g, method, path, body, "")
	if status != want || !strings.Contains(text, word) {
		t.Logf("%s: %d %s", path, status, text)
		return false
	}
	return true
}

func TestReloadRefusesABadConfigAndKeepsTheOld(t *testing.T) {
	g := house(t, nil)
	bad := config.Default()
	bad.Routes = []config.Route{{Name: "x", Kinds: []string{"persn"}, To: []string{"y"}}}
	if err := g.Reload(bad); err == nil {
		t.Error("an unknown kind was taken")
	}
	if status, _ := ask(t, g, "POST", "/lis/gms", groupMessage("a"), ""); status != 200 {
		t.Errorf("the old config is gone: %d", status)
	}
}

func TestProbes(t *testing.T) {
	g := house(t, nil)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n", "/": "lisgate"} {
		if status, text := ask(t, g, "GET", path, "", ""); status != 200 || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	g.stopping.Store(true)
	if status, _ := ask(t, g, "GET", "/readyz", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("ready while stopping: %d", status)
	}
	if status, _ := ask(t, g, "GET", "/nowhere", "", ""); status != http.StatusNotFound {
		t.Errorf("nowhere is %d", status)
	}
}

// TestAdaptersAreKnown holds the names that the config takes against those
// that this house can build.
func TestAdaptersAreKnown(t *testing.T) {
	known := slices.Sorted(slices.Values(config.Adapters))
	if built := slices.Sorted(maps.Keys(builders)); !slices.Equal(known, built) {
		t.Errorf("the config knows %v, the house builds %v", known, built)
	}
}
