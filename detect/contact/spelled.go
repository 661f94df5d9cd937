package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// spelled reads a handle whose characters stand apart: "s f z 0 1". It returns
// the folded handle and 0 as end if there is none. What goes on for longer than
// any handle is none, so nothing is read far from more than one place.
func spelled(s string, j int) (string, int) {
	if j+2 >= len(s) || !isHandleByte(s[j]) || isHandleByte(s[j+1]) {
		return "", 0
	}
	sep := s[j+1]
	if sep != ' ' && sep != '.' && sep != '-' && sep != '*' && sep != '~' && sep != '/' {
		return "", 0
	}
	out := []byte{s[j]}
	k := j + 1
	for k+1 < len(s) && s[k] == sep && isHandleByte(s[k+1]) && (k+2 >= len(s) || !isHandleByte(s[k+2])) {
		if len(out) == maxSpelled {
			return "", 0
		}
		out = append(out, s[k+1])
		k += 2
	}
	if len(out) < 5 {
		return "", 0
	}
	return string(out), k
}

// spelledOriginal returns the characters of a spelled handle in their original
// case.
func (r *reader) spelledOriginal(j, end int) string {
	var b strings.Builder
	for k := j; k < end; k += 2 {
		b.WriteString(r.original(k, k+1))
	}
	return b.String()
}

const maxSpelled = 66 // characters; a Session id, the longest of all

// underscores are the words for the sign between two parts of a handle.
var underscores = starts.New(" underscore ", " under score ", "下划线", " 下划线 ", "底杠", " 언더바 ", "언더바", " 밑줄 ", "(underscore)", "[_]")

// underscored reads the handle that goes on behind [j, end) with a word for the
// sign _ and returns it in its original case, and its end; end if it does not.
func (r *reader) underscored(j, end int) (string, int) {
	w := underscores.At(r.s, end)
	if w == 0 || end == j {
		return "", end
	}
	stop := handleEnd(r.s, end+w, "")
	if stop == end+w {
		return "", end
	}
	return r.original(j, end) + "_" + r.original(end+w, stop), stop
}
