package canary

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"unicode"
)

// needle is one way in which a canary could show up.
type needle struct {
	canary *canary
	form   string // how it is written: raw, planted, digits, …
	text   string
	at     int // where it was found
}

const keyLen = 7 // bytes by which needles are looked up; none is shorter

// searcher finds all needles in one pass over a place.
type searcher struct {
	plain    map[[keyLen]byte][]needle
	squeezed map[[keyLen]byte][]needle // for places without separators between digits
}

func newSearcher(all []*canary) *searcher {
	s := &searcher{map[[keyLen]byte][]needle{}, map[[keyLen]byte][]needle{}}
	for _, c := range all {
		for form, text := range c.forms() {
			s.add(s.plain, needle{c, form, text, 0})
		}
		if d := onlyDigits(c.text); len(d) >= 11 {
			s.add(s.squeezed, needle{c, "digits behind separators", d, 0})
		}
	}
	return s
}

func (s *searcher) add(to map[[keyLen]byte][]needle, n needle) {
	if len(n.text) < keyLen {
		panic("a needle that is too short: " + n.text)
	}
	k := [keyLen]byte([]byte(n.text))
	to[k] = append(to[k], n)
}

func (s *searcher) find(data []byte) []needle {
	return append(scan(s.plain, data), scan(s.squeezed, squeeze(data))...)
}

func scan(needles map[[keyLen]byte][]needle, data []byte) []needle {
	var out []needle
	for i := 0; i+keyLen <= len(data); i++ {
		for _, n := range needles[[keyLen]byte(data[i:])] {
			if len(n.text) <= len(data)-i && string(data[i:i+len(n.text)]) == n.text {
				n.at = i
				out = append(out, n)
			}
		}
	}
	return out
}

// forms are the spellings under which a canary is looked for.
func (c *canary) forms() map[string]string {
	out := map[string]string{}
	put := func(form, text string) {
		if text = strings.TrimSpace(text); len(text) >= keyLen {
			out[form] = text
		}
	}
	for i, line := range strings.Split(c.text, "\n") { // the lines of a machine-readable zone are each a value
		mark := strings.Repeat("'", i)
		put("raw"+mark, line)
		put("lower"+mark, strings.ToLower(line))
		put("letters"+mark, strings.NewReplacer("(", "", ")", "", "-", "", "<", "").Replace(line))
		put("JSON raw"+mark, inJSON(line))
		put("HTML raw"+mark, html.EscapeString(line))
		put("query raw"+mark, url.QueryEscape(line))
	}
	if d := onlyDigits(c.text); len(d) >= 9 {
		put("digits", d)
	}
	if local, _, ok := strings.Cut(c.text, "@"); ok {
		put("mailbox", local)
	}
	put("planted", c.planted)
	put("JSON planted", inJSON(c.planted))
	put("HTML planted", html.EscapeString(c.planted))
	put("query planted", url.QueryEscape(c.planted))
	put("path planted", url.PathEscape(c.planted))
	return out
}

func inJSON(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b[1 : len(b)-1])
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// squeeze folds the digits of all scripts and removes what stands between two
// digits to hide that they belong together, escapes and tags of tables
// included.
func squeeze(data []byte) []byte {
	data = bytes.ToLower(data)
	for _, gone := range []string{`\t`, `\n`, `\u200b`, "</td><td>", "<td>", "</td>", "<br>", "&nbsp;", "%20"} {
		data = bytes.ReplaceAll(data, []byte(gone), nil)
	}
	return bytes.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= '①' && r <= '⑨':
			return r - '①' + '1'
		case r == '⓪':
			return '0'
		case strings.ContainsRune("-－.．*·|,/_", r), unicode.IsSpace(r), r == '\u200b', r == '\ufeff':
			return -1
		}
		if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
			return rune('0' + i/3)
		}
		return r
	}, data)
}
