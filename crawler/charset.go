package crawler

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// candidate is an encoding that a page may be in and who says so.
type candidate struct {
	enc  encoding.Encoding // nil for UTF-8
	name string
	weak bool // a default that servers send for everything
	from string
}

// sniff is how many bytes the detector is shown.
const sniff = 64 << 10

// decode returns the body as UTF-8 and the name of the encoding it was read
// as. It believes, in this order, a byte order mark, the header, the meta
// element and the bytes themselves, but whoever is believed must be right: an
// encoding that turns the body into rubbish is passed over for the next. It
// never fails; what no encoding explains is read as the least bad one with
// U+FFFD in the holes.
func decode(body []byte, contentType string) ([]byte, string) {
	text, name := recode(body, contentType)
	return declareUTF8(text), name
}

// Decode returns a page or text as UTF-8, whatever encoding it is in.
func Decode(body []byte) []byte {
	text, _ := decode(body, "")
	return text
}

// declareUTF8 takes the encoding out of an XML declaration, which would have
// parsers decode the text a second time.
func declareUTF8(text []byte) []byte {
	label := xmlLabel(text)
	if label == "" || strings.EqualFold(label, "utf-8") {
		return text
	}
	end := bytes.Index(text, []byte("?>"))
	return append([]byte(`<?xml version="1.0" encoding="UTF-8"`), text[end:]...)
}

func recode(body []byte, contentType string) ([]byte, string) {
	if text, name, ok := fromBOM(body); ok {
		return text, name
	}
	if isASCII(body) && !bytes.Contains(body, []byte("\x1b$")) && !bytes.Contains(body, []byte("~{")) {
		return body, "utf-8"
	}
	if enc := nulPattern(body); enc != nil {
		return convert(body, enc), "utf-16"
	}
	// Bytes that are valid UTF-8 beyond ASCII are UTF-8, whoever says what.
	if utf8.Valid(body) && !isASCII(body) {
		return body, "utf-8"
	}
	return firstRight(body, declared(body, contentType))
}

// firstRight converts by the first candidate that explains all bytes, else
// by the one that leaves the fewest holes. The detector is asked only where
// the declared ones fail.
func firstRight(body []byte, cands []candidate) ([]byte, string) {
	bestHoles, best, bestName := len(body)+1, body, "utf-8"
	try := func(c candidate) bool {
		text := convert(body, c.enc)
		holes := damage(text)
		if holes < bestHoles {
			bestHoles, best, bestName = holes, text, c.name
		}
		return holes*200 <= utf8.RuneCount(text)-asciiCount(text)
	}
	for _, c := range cands {
		if !c.weak && try(c) {
			return best, bestName
		}
	}
	for _, c := range guesses(body) {
		if try(c) {
			return best, bestName
		}
	}
	for _, c := range cands {
		if c.weak {
			try(c)
		}
	}
	if bestName == "utf-8" {
		best = bytes.ToValidUTF8(best, []byte("\uFFFD"))
	}
	return best, bestName
}

func fromBOM(body []byte) ([]byte, string, bool) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return bytes.ToValidUTF8(body[3:], []byte("\uFFFD")), "utf-8", true
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return convert(body[2:], unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), "utf-16be", true
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return convert(body[2:], unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), "utf-16le", true
	case bytes.HasPrefix(body, []byte("\x84\x31\x95\x33")):
		return convert(body[4:], simplifiedchinese.GB18030), "gb18030", true
	}
	return nil, "", false
}

// nulPattern recognises UTF-16 without a mark: markup is ASCII, so every
// other byte of its beginning is NUL.
func nulPattern(body []byte) encoding.Encoding {
	head := body[:min(len(body), 1024)&^1]
	var even, odd int
	for i := 0; i < len(head); i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch pairs := len(head) / 2; {
	case pairs < 8:
	case odd*2 > pairs && even*20 < pairs:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even*2 > pairs && odd*20 < pairs:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// declared returns what the header and the meta element say.
func declared(body []byte, contentType string) []candidate {
	var out []candidate
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		out = appendLabel(out, params["charset"], "header")
	} else if _, label, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		out = appendLabel(out, strings.Trim(label, `"' ;`), "header")
	}
	// Without a content type the function of x/net looks at the bytes only;
	// what it finds in the first 1,024 of them by itself is not a meta
	// element and is left to the detector.
	if _, name, _ := charset.DetermineEncoding(body, ""); name != "windows-1252" && name != "" {
		out = appendLabel(out, name, "meta")
	}
	if label := xmlLabel(body); label != "" {
		out = appendLabel(out, label, "xml")
	}
	return out
}

// xmlLabel reads the encoding of an XML declaration.
func xmlLabel(body []byte) string {
	head := body[:min(len(body), 256)]
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	_, after, ok := bytes.Cut(head[:end], []byte("encoding="))
	if !ok || len(after) < 2 {
		return ""
	}
	value, _, _ := bytes.Cut(after[1:], after[:1])
	return string(value)
}

func appendLabel(out []candidate, label, from string) []candidate {
	label = strings.ToLower(strings.TrimSpace(label))
	if label == "" || len(label) > 40 {
		return out
	}
	enc, name := lookup(label)
	if name == "" {
		return out
	}
	for _, c := range out {
		if c.name == name {
			return out
		}
	}
	weak := name == "windows-1252" || name == "utf-8"
	return append(out, candidate{enc: enc, name: name, from: from, weak: weak})
}

// lookup returns an encoding by label. GBK and GB2312 are read as GB18030,
// which contains them and what pages labelled so really hold.
func lookup(label string) (encoding.Encoding, string) {
	switch label {
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312, label
	case "gb-18030":
		label = "gb18030"
	case "uhc", "cp949", "ms949":
		label = "euc-kr"
	}
	enc, name := charset.Lookup(label)
	switch name {
	case "gbk", "gb18030":
		return simplifiedchinese.GB18030, "gb18030"
	case "replacement", "x-user-defined":
		return nil, ""
	case "utf-8":
		return nil, "utf-8"
	}
	return enc, name
}

// guesses asks the detector, then tries what Chinese and Korean sites are
// written in, so that a short text on which the detector despairs is still
// read.
func guesses(body []byte) []candidate {
	var out []candidate
	if r := chardet.Detect(visible(body)); r.Confidence >= 0.3 {
		out = appendLabel(out, strings.ToLower(r.Encoding), "bytes")
	}
	for _, label := range []string{"gb18030", "big5", "euc-kr", "shift_jis"} {
		out = appendLabel(out, label, "guess")
	}
	for i := range out {
		out[i].weak = false
	}
	return out
}

// visible returns the beginning of the body's bytes beyond ASCII with a
// little of what is between them: markup only dilutes what the detector
// counts.
func visible(body []byte) []byte {
	out := make([]byte, 0, min(len(body), sniff))
	for i := 0; i < len(body) && len(out) < sniff; i++ {
		// A second byte of a pair may be ASCII, so one byte after is kept.
		if body[i] >= 0x80 || i > 0 && body[i-1] >= 0x80 {
			out = append(out, body[i])
		} else if len(out) > 0 && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
	}
	return out
}

func convert(body []byte, enc encoding.Encoding) []byte {
	if enc == nil {
		return body
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return out
}

// damage counts what no honest text holds: holes, C1 controls, private use
// and unassigned-looking half of a code table.
func damage(text []byte) int {
	n := 0
	for i := 0; i < len(text); {
		if text[i] < 0x80 {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError || 0x80 <= r && r < 0xa0 || 0xe000 <= r && r <= 0xf8ff {
			n++
		}
		i += size
	}
	return n
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func asciiCount(b []byte) int {
	n := 0
	for _, c := range b {
		if c < 0x80 {
			n++
		}
	}
	return n
}
