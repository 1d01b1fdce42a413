package main

import (
	"strings"
	"testing"

	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

func TestTheExampleCanBeSent(t *testing.T) {
	n := 0
	for item, err := range soap.ReadBulk(strings.NewReader(exampleMessage), wire.Limits{}, 1) {
		if err != nil || item.Err != nil {
			t.Fatal(err, item)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d operations", n)
	}
}
