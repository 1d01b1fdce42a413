package registrar

import (
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

func TestAQueryHasALimit(t *testing.T) {
	within := strings.Repeat("x", longestQuery)
	if _, err := parseQuery(lis.KindPerson, within); err != nil {
		t.Errorf("%d bytes: %v", len(within), err)
	}
	if _, err := parseQuery(lis.KindPerson, within+"x"); err == nil || !strings.Contains(err.Error(), "4096 bytes") {
		t.Errorf("one more: %v", err)
	}
}
