package main

import (
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress counts work on a terminal; elsewhere it is silent.
type progress struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

func newProgress(cmd *cobra.Command, what string) *progress {
	return showProgress(cmd, decor.CurrentNoUnit("%d "+what+" "))
}

// newStreamProgress counts work that writes to standard output as it goes on;
// it is silent where that is a terminal too.
func newStreamProgress(cmd *cobra.Command, what string) *progress {
	if isTerminal(cmd.OutOrStdout()) {
		return &progress{}
	}
	return newProgress(cmd, what)
}

// newSpinner shows that work without steps goes on.
func newSpinner(cmd *cobra.Command, doing string) *progress {
	return showProgress(cmd, decor.Name(doing+" "))
}

func showProgress(cmd *cobra.Command, what decor.Decorator) *progress {
	if !isTerminal(cmd.ErrOrStderr()) {
		return &progress{}
	}
	bars := mpb.New(mpb.WithOutput(cmd.ErrOrStderr()))
	bar := bars.New(0, mpb.SpinnerStyle(), mpb.AppendDecorators(what, decor.Elapsed(decor.ET_STYLE_GO)))
	return &progress{bars, bar}
}

func (p *progress) add(n int) {
	if p.bar != nil {
		p.bar.IncrBy(n)
	}
}

func (p *progress) end() {
	if p.bar != nil {
		p.bar.SetTotal(-1, true)
		p.bars.Wait()
		p.bar = nil
	}
}
