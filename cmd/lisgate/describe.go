package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
)

func newDescribeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "describe FILE",
		Short: "Say in plain words what a LIS message asks for, or answers",
		Long: `Say in plain words what a LIS message asks for, or answers, and where it
departs from the contract. Nothing is sent.

FILE holds a SOAP envelope, a bare body element, or a bulk file of any length;
- is standard input. Names, addresses, user ids, birth dates and grades are
masked unless --show is given. Passwords are never shown.`,
		Args: oneArg("a FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			show, _ := cmd.Flags().GetBool("show")
			return describe(cmd, args[0], show)
		},
	}
	cmd.Flags().Bool("show", false, "show personal data; passwords stay hidden")
	return cmd
}

// describe reads the file and prints what it says.
func describe(cmd *cobra.Command, path string, show bool) error {
	file, err := openToDescribe(cmd, path)
	if err != nil {
		return err
	}
	defer file.Close()
	d, err := describeFrom(file, show)
	if err != nil {
		return &failure{path + ": " + err.Error()}
	}
	if wantsJSON(cmd) {
		err = printJSON(cmd.OutOrStdout(), d)
	} else {
		err = d.print(cmd.OutOrStdout())
	}
	if err == nil && d.broken {
		err = &failure{}
	}
	return err
}

func openToDescribe(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s; give the path of a LIS message, or - for standard input", path)
	}
	return file, err
}

// messageMost is the longest single message that is described.
const messageMost = 64 << 20

// describeFrom describes a message, or a bulk file, whose length does not matter.
func describeFrom(r io.Reader, show bool) (*description, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(32 << 10)
	if len(head) == 0 {
		if err == nil || errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, err
	}
	if rootOf(head) == "bulkDataRecord" {
		return describeBulk(in, show)
	}
	text, err := io.ReadAll(io.LimitReader(in, messageMost+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > messageMost:
		return nil, fmt.Errorf("is longer than %d MiB; only a bulk file (bulkDataRecord) may be", messageMost>>20)
	}
	return describeMessage(text, show)
}
