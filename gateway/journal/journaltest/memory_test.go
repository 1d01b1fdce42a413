package journaltest_test

import (
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemory(t *testing.T) {
	journaltest.Run(t, func(t *testing.T, now func() time.Time) journal.Store {
		m := journaltest.NewMemory(now)
		t.Cleanup(func() { m.Close() })
		return m
	})
}
