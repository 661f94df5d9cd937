package app

import (
	"bufio"
	"bytes"
	"io"
)

// Lines reads the lines of a file that are not blank.
type Lines struct {
	r       *bufio.Reader
	longest int
	number  int
}

// NewLines reads lines of at most longest bytes. A byte order mark, with which
// some programs begin a file, is no part of the first.
func NewLines(r io.Reader, longest int) *Lines {
	l := &Lines{r: bufio.NewReaderSize(r, 64<<10), longest: longest}
	if mark, err := l.r.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = l.r.Discard(3)
	}
	return l
}

// Number is the number of the line that Next read last, from 1.
func (l *Lines) Number() int { return l.number }

// Next returns the next line without its end, and whether it is too long, in
// which case its rest is skipped. The error is io.EOF behind the last line.
func (l *Lines) Next() (line []byte, long bool, err error) {
	for {
		l.number++
		line, long, err = l.line()
		if err != nil || long || len(bytes.TrimSpace(line)) > 0 {
			return line, long, err
		}
	}
}

func (l *Lines) line() (line []byte, long bool, err error) {
	for {
		part, more, err := l.r.ReadLine()
		if err != nil {
			return line, long, err
		}
		if long = long || len(line)+len(part) > l.longest; !long {
			line = append(line, part...)
		}
		if !more {
			return line, long, nil
		}
	}
}
