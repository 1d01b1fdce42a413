package gateway

import (
	"os"
	"runtime/debug"
)

// TuneMemory lets garbage grow further than Go's default before it is
// collected: a gateway's live data is small, and a request is faster by a
// tenth for some 20 MB. More than 200 took a term of 127,000 records to two
// targets up to 293 MB. Near the limit, beside which SQLite has some 100 MB of
// its own, Go collects sooner; it is none for what is really needed. GOGC and GOMEMLIMIT in the environment stand above it.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(176 << 20)
	}
}
