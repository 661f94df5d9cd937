package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Language says in which language s is written and how many code points it has.
// The language is the one by which a person would label it: a
// Chinese listing with a Latin handle is zh, a Korean one with English words
// is ko. It returns zh, en, ko, mixed, or und where there is too little to
// tell or the script is none of theirs.
//
// It counts words: two Han characters are one, two and a half Hangul
// syllables are one, and a run of Latin letters is one unless it looks like a
// handle, an address or a number. Korean is what has at least a third as much
// Hangul as Han; Japanese, told by its kana, is und. A text with Han or Hangul
// is English only where Latin words are more than four in five, and mixed from
// three in five, if it has a dozen words at all.
func Language(s string) (language string, runes int) {
	c := countScripts(s)
	return c.language(), c.runes
}

func (c *scripts) language() string {
	han, hangul := float64(c.han)/2, float64(c.hangul)/2.5
	switch {
	case c.other > c.latin && c.other*2 > c.han+c.hangul:
		return "und"
	case c.kana*5 > c.han+c.kana && c.kana > c.hangul:
		return "und"
	case c.han+c.hangul == 0 && c.latin == 0:
		return "und"
	}
	language, native := "zh", han
	if hangul > 0 && hangul*3 >= han {
		language, native = "ko", han+hangul
		if han > hangul && han+hangul >= 12 {
			return "mixed"
		}
	}
	total := native + float64(c.latin)
	switch share := float64(c.latin) / total; {
	case share > 0.8:
		return "en"
	case share > 0.6 && total >= 12:
		return "mixed"
	}
	return language
}

// scripts counts code points, the characters of scripts and, for Latin and
// others, words.
type scripts struct{ runes, han, hangul, kana, latin, other int }

func countScripts(s string) scripts {
	var c scripts
	for i := 0; i < len(s); {
		if b := s[i]; b >= utf8.RuneSelf {
			i += c.wide(s[i:])
		} else if k := chunkBytes[b]; k == letterByte || k == oddByte && b != '_' {
			i += c.asciiChunk(s[i:])
		} else {
			i++
			c.runes++
		}
	}
	return c
}

// chunkByte is what a byte means to a chunk.
type chunkByte uint8

const (
	outside    chunkByte = iota // it ends the chunk
	letterByte                  // it is part of a word
	oddByte                     // the chunk is a handle or a number
	colonByte                   // it is an address, if two slashes follow
	jointByte                   // a word ends, the chunk goes on
	wideByte                    // no ASCII
)

var chunkBytes = func() (kinds [256]chunkByte) {
	for i := range kinds {
		switch b := rune(i); {
		case b >= utf8.RuneSelf:
			kinds[i] = wideByte
		case isLatin(b | 0x20):
			kinds[i] = letterByte
		case isDigit(b) || b == '@':
			kinds[i] = oddByte
		}
	}
	kinds['_'], kinds[':'] = oddByte, colonByte
	for _, b := range "-./'&" {
		kinds[b] = jointByte
	}
	return kinds
}()

// wide counts what begins s, which is not ASCII, and returns its length: a run
// of Han or hangul, as nearly always, another character, or a chunk.
func (c *scripts) wide(s string) int {
	i := 0
	for ; i+2 < len(s) && s[i]>>4 == 0xE && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80; i += 3 {
		r := threeBytes(s[i : i+3])
		if isSyllable(r) {
			c.hangul++
		} else if r >= 0x4E00 && r <= 0x9FFF {
			c.han++
		} else {
			break
		}
	}
	if c.runes += i / 3; i > 0 {
		return i
	}
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case isHan(r):
		c.han++
	case isHangul(r):
		c.hangul++
	case isKana(r):
		c.kana++
	case !isWideMark(r) && isWordRune(r):
		return c.chunk(s)
	}
	c.runes++
	return n
}

// isWideMark reports whether r is punctuation of Chinese and Korean texts, a
// quick answer for most of what is neither a letter nor part of a word there.
func isWideMark(r rune) bool {
	return r >= 0x2010 && r <= 0x2027 && r != '’' || r >= 0x3000 && r <= 0x3004 || r >= 0x3008 && r <= 0x3020 ||
		r >= 0xFF01 && r <= 0xFF0F || r >= 0xFF1A && r <= 0xFF20
}

// asciiChunk is chunk for one that begins in ASCII, as nearly all do.
func (c *scripts) asciiChunk(s string) int {
	i, words, length, odd := 0, 0, 0, false
	for ; i < len(s); i++ {
		switch chunkBytes[s[i]] {
		case letterByte:
			if length++; length == 2 {
				words++
			}
			continue
		case outside:
			return c.end(i, words, odd)
		case oddByte:
			odd = true
		case colonByte:
			odd = odd || strings.HasPrefix(s[i:], "://")
		case wideByte:
			if !inChunk(firstRune(s[i:])) {
				return c.end(i, words, odd)
			}
			return c.chunk(s)
		}
		length = 0
	}
	return c.end(i, words, odd)
}

// end counts the bytes of a chunk of ASCII, and its words, unless it is odd: a handle, an
// address or a number.
func (c *scripts) end(n, words int, odd bool) int {
	c.runes += n
	if !odd {
		c.latin += words
	}
	return n
}

// chunk counts the chunk at the begin of s, which may be of any script, and
// returns its length.
func (c *scripts) chunk(s string) int {
	n := chunkLength(s)
	c.runes += utf8.RuneCountInString(s[:n])
	c.countChunk(s[:n])
	return n
}

// chunkLength returns the length of what stands together at the begin of s:
// words, and what joins them to handles and addresses.
func chunkLength(s string) int {
	for i, r := range s {
		if i > 0 && !inChunk(r) {
			return i
		}
	}
	return len(s)
}

func inChunk(r rune) bool {
	return !isCJK(r) && !isWideMark(r) && (isWordRune(r) || unicode.IsMark(r) || strings.ContainsRune("@_-.:/'’&", r))
}

// countChunk counts the words of a chunk that is no handle, address or
// number.
func (c *scripts) countChunk(s string) {
	if strings.ContainsAny(s, "@_0123456789") || strings.Contains(s, "://") {
		return
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) }) {
		switch {
		case !unicode.Is(unicode.Latin, firstRune(word)):
			c.other++
		case len(word) > 1:
			c.latin++
		}
	}
}
