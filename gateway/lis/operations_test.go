package lis

import "testing"

func TestThereAre156Operations(t *testing.T) {
	want := map[Service]int{PMS: 13, GMS: 15, MMS: 15, CMS: 57, OMS: 50, BDEMS: 6}
	got := map[Service]int{}
	for _, op := range operations {
		got[op.Service]++
	}
	for s, n := range want {
		if got[s] != n {
			t.Errorf("%s has %d operations, want %d", s, got[s], n)
		}
	}
}
