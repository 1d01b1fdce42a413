package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
)

// A demoScreen shows the demo: lines that move on a terminal, lines that
// stand elsewhere, and one document when JSON is wanted.
type demoScreen struct {
	out   io.Writer
	json  bool
	moves bool
}

func newDemoScreen(out io.Writer, json bool) *demoScreen {
	file, ok := out.(*os.File)
	return &demoScreen{out: out, json: json, moves: ok && !json && isatty.IsTerminal(file.Fd())}
}

// say prints text for people only.
func (s *demoScreen) say(format string, args ...any) {
	if !s.json {
		fmt.Fprintf(s.out, format, args...)
	}
}

// A demoLine is the progress of one phase.
type demoLine struct {
	screen *demoScreen
	name   string
	total  int64
	done   atomic.Int64
	before atomic.Int64 // of done, by earlier phases
	began  time.Time
	stop   chan struct{}
	ended  chan struct{}
}

// line begins a phase.
func (s *demoScreen) line(name string, total int64) *demoLine {
	l := &demoLine{screen: s, name: name, total: total, began: time.Now(), stop: make(chan struct{}), ended: make(chan struct{})}
	go l.move()
	return l
}

func (l *demoLine) add(n int64) { l.done.Add(n) }

func (l *demoLine) set(n int64) { l.done.Store(n) }

// from says what was done before this phase, which is not to its credit.
func (l *demoLine) from(n int64) { l.before.Store(n) }

// move redraws the line on a terminal until the phase ends.
func (l *demoLine) move() {
	defer close(l.ended)
	if !l.screen.moves {
		return
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		fmt.Fprintf(l.screen.out, "\r%s\x1b[K", l.text())
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
	}
}

// text is the line as it is now.
func (l *demoLine) text() string {
	done, took := l.done.Load(), time.Since(l.began)
	text := fmt.Sprintf("  %-33s %7s", l.name, grouped(int(done)))
	if done < l.total {
		text += " of " + grouped(int(l.total))
	}
	return text + fmt.Sprintf("  %6.1f s  %s", took.Seconds(), rate(done-l.before.Load(), took))
}

func rate(n int64, took time.Duration) string {
	if n < 100 || took < 50*time.Millisecond {
		return ""
	}
	return grouped(int(float64(n)/took.Seconds())) + "/s"
}

// end leaves the line as it stands.
func (l *demoLine) end(err error) demoPhase {
	close(l.stop)
	<-l.ended
	begin, end := "", "\n"
	if l.screen.moves {
		begin, end = "\r", "\x1b[K\n"
	}
	text := strings.TrimRight(l.text(), " ")
	if err != nil {
		text += "  broken off"
	}
	l.screen.say("%s%s%s", begin, text, end)
	return demoPhase{l.name, l.done.Load(), seconds(time.Since(l.began))}
}

// report prints the end of the demo.
func (s *demoScreen) report(r *demoReport) error {
	if s.json {
		return printJSON(s.out, r)
	}
	w := bufio.NewWriter(s.out)
	printBalance(w, r.Balance)
	printChecks(w, r.Checks)
	if r.OK {
		fmt.Fprintf(w, "\nGood: %s, in %.1f s.\n", r.Verdict, r.Seconds)
	} else {
		fmt.Fprintf(w, "\nNot good: %s.\n", r.Verdict)
	}
	return w.Flush()
}
