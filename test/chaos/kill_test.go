package chaos

import (
	"slices"
	"testing"
	"time"

	"lisgate/test/e2e/program"
)

// cycles is how often the gateway is killed.
func cycles(t *testing.T) int {
	t.Helper()
	usual := 20
	if program.Hasty() {
		usual = 5
		t.Log("5 cycles only, because of -race or -short; CHAOS_CYCLES sets another number")
	}
	return number("CHAOS_CYCLES", usual)
}

// TestKill kills the gateway at random moments under load, with an LMS that
// misbehaves in every way it can.
func TestKill(t *testing.T) {
	seed := seed(t)
	mood := &moody{dice: dice(seed, forNastiness)}
	l, address := newLMS(t, mood)
	g := newGateway(t, address)
	g.start()
	g.ready()
	sent := begin(t, g, seed)
	moments := dice(seed, forMoments)
	for range cycles(t) {
		<-time.After(time.Duration(50+moments.IntN(1450)) * time.Millisecond)
		g.kill()
		g.start()
		if moments.IntN(5) == 0 { // as it starts
			<-time.After(time.Duration(moments.IntN(100)) * time.Millisecond)
			g.kill()
			g.start()
		}
		g.ready()
	}
	sent.end()
	slices.Sort(g.started)
	t.Logf("%d starts, ready after %s in the middle, %s at the most", len(g.started), g.started[len(g.started)/2], g.started[len(g.started)-1])
	verify(t, g, l, sent)
	t.Log(mood)
}
