package app

import (
	"io"
	"log/slog"
	"strings"
	"unicode"

	"github.com/leakwatch/leakwatch/internal/safehttp"
)

// LogHandler writes JSON lines. Every text in them is made harmless: errors
// lose the secrets that addresses carry, and characters that would steer a
// terminal or turn the direction of writing are replaced.
func LogHandler(w io.Writer, level slog.Leveler) slog.Handler {
	return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch v := a.Value.Any().(type) {
		case error:
			return slog.String(a.Key, harmless(safehttp.Clean(v).Error()))
		case string:
			return slog.String(a.Key, harmless(v))
		}
		return a
	}})
}

// maxLogText is the longest text of one attribute, in bytes.
const maxLogText = 4096

func harmless(s string) string {
	s = s[:min(len(s), maxLogText)]
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
