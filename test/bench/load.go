package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A run is what one measurement under load gave.
type run struct {
	perSecond float64
	p99       time.Duration
	wrong     int64 // answers that were not a success
}

// load sends requests over keep-alive connections for a while. It is a lean
// client, so that what it costs on the same two cores is little.
func load(addr string, connections int, message func(n int64) []byte, success string) (run, error) {
	var number, wrong atomic.Int64
	var wg sync.WaitGroup
	latencies := make([][]time.Duration, connections)
	errs := make([]error, connections)
	stop := time.Now().Add(*seconds)
	begin := time.Now()
	for i := range connections {
		wg.Go(func() {
			c, err := dial(addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer c.Close()
			for time.Now().Before(stop) {
				body := message(number.Add(1))
				from := time.Now()
				answer, err := c.post("/lis/pms", body)
				if err != nil {
					errs[i] = err
					return
				}
				latencies[i] = append(latencies[i], time.Since(from))
				if success != "" && !bytes.Contains(answer, []byte(success)) {
					wrong.Add(1)
				}
			}
		})
	}
	wg.Wait()
	all := slices.Concat(latencies...)
	slices.Sort(all)
	for _, err := range errs {
		if err != nil {
			return run{}, err
		}
	}
	if len(all) == 0 {
		return run{}, fmt.Errorf("no answer at all")
	}
	return run{float64(len(all)) / time.Since(begin).Seconds(), all[len(all)*99/100], wrong.Load()}, nil
}

// A client is one HTTP/1.1 connection.
type client struct {
	net.Conn
	r    *bufio.Reader
	head []byte
	body []byte
}

func dial(addr string) (*client, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{Conn: c, r: bufio.NewReaderSize(c, 32<<10)}, nil
}

func (c *client) post(path string, body []byte) ([]byte, error) {
	c.head = append(c.head[:0], "POST "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: \"\"\r\nContent-Length: "...)
	c.head = append(strconv.AppendInt(c.head, int64(len(body)), 10), "\r\n\r\n"...)
	c.head = append(c.head, body...)
	if _, err := c.Write(c.head); err != nil {
		return nil, err
	}
	return c.answer()
}

func (c *client) answer() ([]byte, error) {
	length := -1
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if len(line) <= 2 {
			break
		}
		if rest, ok := strings.CutPrefix(string(line), "Content-Length: "); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(rest))
		}
	}
	if length < 0 {
		return nil, fmt.Errorf("an answer without Content-Length")
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	_, err := io.ReadFull(c.r, c.body)
	return c.body, err
}
