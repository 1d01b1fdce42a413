package main

import (
	"bytes"
	"fmt"
	"os"
)

// ids is over how many persons the load goes.
const ids = 20_000

// benchHTTP holds the durable gateway against itself with the journal off,
// and against a net/http handler that does nothing.
func benchHTTP() error {
	dir, err := os.MkdirTemp("", "lisgate-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	servers := map[string]*server{}
	for _, kind := range []string{"sqlite", "memory", "noop"} {
		s, err := start(kind, dir)
		if err != nil {
			return err
		}
		defer s.stop()
		servers[kind] = s
	}
	for _, kind := range []string{"sqlite", "memory"} {
		if err := fill(servers[kind].addr); err != nil {
			return err
		}
	}
	for _, op := range []struct {
		name string
		make func(n int64) []byte
	}{{"replacePerson", replaceMaker()}, {"readPerson", readMaker()}} {
		if *only != "" && op.name != *only {
			continue
		}
		for _, connections := range []int{16, 64} {
			if err := httpCase(servers, op.name, op.make, connections); err != nil {
				return err
			}
		}
	}
	fmt.Printf("  resident: durable %.0f MB, journal off %.0f MB, do-nothing %.0f MB\n",
		memory(servers["sqlite"].pid, "VmRSS"), memory(servers["memory"].pid, "VmRSS"), memory(servers["noop"].pid, "VmRSS"))
	return nil
}

func httpCase(servers map[string]*server, op string, make func(n int64) []byte, connections int) error {
	results := map[string][]run{}
	for range *rounds {
		for _, kind := range []string{"noop", "memory", "sqlite"} {
			success := "<imsx_codeMajor>success"
			if kind == "noop" {
				success = ""
			}
			r, err := load(servers[kind].addr, connections, make, success)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", op, kind, err)
			}
			if r.wrong > 0 {
				return fmt.Errorf("%s on %s: %d answers were no success", op, kind, r.wrong)
			}
			results[kind] = append(results[kind], r)
		}
	}
	rate := func(kind string) float64 {
		var v []float64
		for _, r := range results[kind] {
			v = append(v, r.perSecond)
		}
		return median(v)
	}
	var p99 []float64
	for _, r := range results["sqlite"] {
		p99 = append(p99, float64(r.p99.Microseconds())/1000)
	}
	fmt.Printf("  %-13s %2d connections: %6.0f/s durable, %6.0f/s journal off, %6.0f/s do-nothing; share %.2f of journal off, %.2f of do-nothing; p99 %.1f ms\n",
		op, connections, rate("sqlite"), rate("memory"), rate("noop"), rate("sqlite")/rate("memory"), rate("sqlite")/rate("noop"), median(p99))
	return nil
}

// known is how many persons readPerson reads.
const known = 5_000

// fill writes the persons that are read later.
func fill(addr string) error {
	c, err := dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	write := replaceMaker()
	for n := range int64(known) {
		if _, err := c.post("/lis/pms", write(n)); err != nil {
			return err
		}
	}
	return nil
}

// replaceMaker makes messages that each change a person: the text between the
// marks differs every time.
func replaceMaker() func(n int64) []byte {
	template := replacePerson("P@@@@@@@@@", "Bjørnsson-#########")
	return func(n int64) []byte {
		b := bytes.ReplaceAll(template, []byte("@@@@@@@@@"), fmt.Appendf(nil, "%09d", n%ids))
		return bytes.ReplaceAll(b, []byte("#########"), fmt.Appendf(nil, "%09d", n))
	}
}

// readMaker reads the persons that fill has written.
func readMaker() func(n int64) []byte {
	template := readPerson("P@@@@@@@@@")
	return func(n int64) []byte {
		return bytes.ReplaceAll(template, []byte("@@@@@@@@@"), fmt.Appendf(nil, "%09d", n%known))
	}
}
