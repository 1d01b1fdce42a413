// Command lisgate is an IMS LIS enterprise integration gateway: it takes what
// student information systems push over SOAP, keeps it, brings it to learning
// management systems, and lets each read back what the other has written.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"lisgate/gateway"
)

func main() {
	gateway.TuneMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run carries out a command line and returns the exit status: 0 when all
// went well, 1 when what was asked failed, 2 when the asking was wrong.
func run(ctx context.Context, args []string) int {
	root := newRootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var failed *failure
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		if failed.text != "" {
			fmt.Fprintln(os.Stderr, "lisgate:", failed.text)
		}
		return 1
	}
	fmt.Fprintln(os.Stderr, "lisgate:", err)
	return 2
}

// A failure is an outcome that is not an error of the command line. What is
// to be said may have been said already.
type failure struct{ text string }

func (f *failure) Error() string { return f.text }
