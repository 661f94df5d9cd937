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
	if !isTerminal(cmd.ErrOrStderr()) {
		return &progress{}
	}
	bars := mpb.New(mpb.WithOutput(cmd.ErrOrStderr()))
	bar := bars.New(0, mpb.SpinnerStyle(), mpb.AppendDecorators(decor.CurrentNoUnit("%d "+what), decor.Elapsed(decor.ET_STYLE_GO)))
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
	}
}
