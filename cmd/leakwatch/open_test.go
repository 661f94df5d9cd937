package main

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/spf13/cobra"
)

func TestAnInterruptEndsAReadOfStandardInput(t *testing.T) {
	never, writer := io.Pipe() // a pipe that nobody writes to
	defer writer.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := &cobra.Command{}
	cmd.SetContext(ctx)
	cmd.SetIn(never)
	in := stdin(cmd)
	cancel()
	_, err := io.ReadAll(in)
	if !errors.Is(err, context.Canceled) || exitCode(err) != exitInterrupted {
		t.Errorf("error %v, exit code %d", err, exitCode(err))
	}
}
