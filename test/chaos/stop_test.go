package chaos

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"lisgate/test/e2e/program"
)

// stopMost is how long a graceful stop may take.
const stopMost = 10 * time.Second

// TestStop stops the gateway gracefully under load, several times: it ends
// well and in time, and loses nothing.
func TestStop(t *testing.T) {
	seed := seed(t)
	mood := &moody{dice: dice(seed, forNastiness)}
	l, address := newLMS(t, mood)
	g := newGateway(t, address)
	g.start()
	g.ready()
	sent := begin(t, g, seed)
	moments := dice(seed, forMoments)
	times := 6
	if program.Hasty() {
		times = 3
	}
	for range times {
		<-time.After(time.Duration(200+moments.IntN(600)) * time.Millisecond)
		took, err := g.stop()
		if err != nil || took > stopMost {
			t.Errorf("stopped after %s with %v", took, err)
		}
		g.start()
		g.ready()
		t.Logf("stopped in %s", took.Round(time.Millisecond))
	}
	sent.end()
	verify(t, g, l, sent)
	t.Log(mood)
}

// TestReload has the gateway take new configs under load, good ones and bad
// ones: not one message goes without its answer.
func TestReload(t *testing.T) {
	seed := seed(t)
	l, address := newLMS(t, kind{})
	g := newGateway(t, address)
	g.start()
	g.ready()
	sent := begin(t, g, seed)
	moments := dice(seed, forMoments)
	const rounds = 10
	for i := range rounds {
		<-time.After(time.Duration(moments.IntN(200)) * time.Millisecond)
		taken, refused := "config taken", "config not taken"
		g.write(strings.Replace(g.config, "name: all", fmt.Sprintf("name: all-%d", i), 1))
		g.reload(taken, i+1)
		g.write(g.config + "routs: []\n")
		g.reload(refused, i+1)
	}
	sent.end()
	if _, unanswered := sent.sums(); unanswered > 0 {
		t.Errorf("%d messages went without an answer", unanswered)
	}
	verify(t, g, l, sent)
}

// reload sends SIGHUP and waits until the log says a text so often.
func (g *gateway) reload(text string, times int) {
	g.t.Helper()
	if err := g.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		g.t.Fatal(err)
	}
	began := time.Now()
	for strings.Count(g.text(), text) < times {
		if time.Since(began) > 5*time.Second {
			g.t.Fatalf("the log does not say %q %d times\n%s", text, times, g.tail())
		}
		<-time.After(5 * time.Millisecond)
	}
}
