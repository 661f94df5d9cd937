package site

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lexer splits a page into tags and texts. What pages nearly always consist
// of it reads itself, in a quarter of the time; all else, such as scripts and
// rare character references, it leaves to the tokenizer of x/net/html, token
// by token. Both give the same tokens: FuzzLexer holds one against the other.
//
// Strings of tokens stand in chunks of their own and share nothing with the
// page.
type lexer struct {
	token
	src   []byte
	at    int             // where the next token begins
	z     *html.Tokenizer // reads from at on; nil while the lexer reads itself
	falls int             // how often z was needed
	cut   bool            // attributes were left out

	tags   map[string]*tag
	keys   map[string]string
	near   [nameSlots]*tag // of tags and keys, where a name is looked for first
	kept   [nameSlots]string
	chunk  strings.Builder
	lowers [64]byte
}

// token is the token that next read.
type token struct {
	text  string // of a text
	tag   *tag
	attrs []html.Attribute // of a start tag, each key once; valid until the next token
}

// tag is what tags of one name have in common.
type tag struct {
	name string
	atom atom.Atom
	open int // such elements that have not ended; the builder's
}

const (
	// maxFalls is how often the tokenizer is started; then it reads the rest.
	maxFalls  = 100
	chunkSize = 4 << 10
	maxKeys   = 256
	nameSlots = 128
)

// slot is the place of a name among those that are looked for first: a page
// says the same few names over and over.
func slot(name []byte) int {
	n := len(name)
	if n == 0 {
		return 0
	}
	return (int(name[0]) + int(name[n-1])<<3 + n<<5) % nameSlots
}

func newLexer(src []byte) *lexer {
	return &lexer{src: src, tags: map[string]*tag{}, keys: map[string]string{}}
}

// next reads the next token. Comments and the like may be left out.
func (l *lexer) next() html.TokenType {
	if l.z == nil {
		if kind := l.fast(); kind != unread {
			return kind
		}
		l.z = html.NewTokenizer(bytes.NewReader(l.src[l.at:]))
		l.falls++
	}
	return l.slow()
}

// unread says that a token is for the tokenizer of x/net/html.
const unread html.TokenType = 1 << 16

// slow lets the tokenizer read one token. It stays for what follows the start
// of a script or the like, which only it can read.
func (l *lexer) slow() html.TokenType {
	kind := l.z.Next()
	l.at += len(l.z.Raw())
	raw := false
	switch kind {
	case html.TextToken:
		l.text = string(l.z.Text())
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := l.z.TagName()
		l.tag = l.tagOf(name)
		l.slowAttrs(more)
		raw = rawText(l.tag.atom)
		if l.tag.atom == atom.Noscript {
			l.z.NextIsNotRawText()
		}
	case html.EndTagToken:
		name, _ := l.z.TagName()
		l.tag = l.tagOf(name)
	}
	if !raw && l.falls <= maxFalls && kind != html.ErrorToken {
		l.z = nil
	}
	return kind
}

func (l *lexer) slowAttrs(more bool) {
	l.attrs = l.attrs[:0]
	var k, v []byte
	for more {
		k, v, more = l.z.TagAttr()
		if len(l.attrs) == maxAttrs {
			l.cut = true
			return
		}
		if len(k) > 0 && !hasAttr(l.attrs, k) {
			l.attrs = append(l.attrs, html.Attribute{Key: l.intern(k), Val: string(v)})
		}
	}
}

// rawText reports whether what follows the start tag is no markup. That of
// noscript is read as markup here.
func rawText(a atom.Atom) bool {
	switch a {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Plaintext, atom.Script, atom.Style,
		atom.Textarea, atom.Title, atom.Xmp:
		return true
	}
	return false
}

// fast reads one token, or answers unread and leaves everything as it was.
func (l *lexer) fast() html.TokenType {
	for {
		end := l.textEnd()
		if end > l.at {
			l.text = l.decodeText(l.src[l.at:end])
			l.at = end
			return html.TextToken
		}
		if end == len(l.src) {
			return html.ErrorToken
		}
		switch c := l.src[l.at+1]; {
		case c == '/':
			return l.endTag()
		case c == '!':
			if !l.comment() {
				return unread
			}
		case c == '?':
			return unread
		default:
			return l.startTag()
		}
	}
}

// textEnd returns where the text ends that begins here.
func (l *lexer) textEnd() int {
	if rest := l.src[l.at:]; len(rest) > 1 && rest[0] == '<' && (isLetter(rest[1]) || rest[1] == '/') {
		return l.at
	}
	for i := l.at; ; i++ {
		k := bytes.IndexByte(l.src[i:], '<')
		i += k
		if k < 0 || i+1 == len(l.src) {
			return len(l.src)
		}
		if c := l.src[i+1]; isLetter(c) || c == '/' || c == '!' || c == '?' {
			return i
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// comment skips a comment or a declaration of the ordinary form.
func (l *lexer) comment() bool {
	rest := l.src[l.at:]
	end := bytes.IndexByte(rest, '>')
	switch {
	case end < 3:
		return false
	case isLetter(rest[2]):
	case bytes.HasPrefix(rest, []byte("<!--")) && end >= 6 && rest[end-1] == '-' && rest[end-2] == '-' &&
		!bytes.Contains(rest[4:end-2], []byte("--")):
	default:
		return false
	}
	l.at += end + 1
	return true
}

func (l *lexer) endTag() html.TokenType {
	i := l.at + 2
	if i == len(l.src) || !isLetter(l.src[i]) {
		return unread
	}
	end := l.nameEnd(i)
	if end == len(l.src) || l.src[end] != '>' || !l.named(l.src[i:end]) {
		return unread
	}
	l.at = end + 1
	return html.EndTagToken
}

// nameEnd returns where the name of a tag ends that begins at i.
func (l *lexer) nameEnd(i int) int {
	for i < len(l.src) && !isSpace(l.src[i]) && l.src[i] != '/' && l.src[i] != '>' {
		i++
	}
	return i
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f'
}

func (l *lexer) skipSpace(i int) int {
	for i < len(l.src) && isSpace(l.src[i]) {
		i++
	}
	return i
}

// startTag reads a start tag. As in the tokenizer, a slash before the end
// closes the tag only if it is not the end of an attribute.
func (l *lexer) startTag() html.TokenType {
	end := l.nameEnd(l.at + 1)
	if end == len(l.src) || !l.named(l.src[l.at+1:end]) || rawText(l.tag.atom) {
		return unread
	}
	l.attrs = l.attrs[:0]
	last := -1 // end of the last attribute
	i := l.skipSpace(end)
	for i < len(l.src) && l.src[i] != '>' {
		if l.src[i] == '/' {
			i = l.skipSpace(i + 1)
			continue
		}
		var ok bool
		if i, last, ok = l.attribute(i, last); !ok {
			return unread
		}
		i = l.skipSpace(i)
	}
	if i >= len(l.src) {
		return unread
	}
	l.at = i + 1
	if l.src[i-1] == '/' && last != i {
		return html.SelfClosingTagToken
	}
	return html.StartTagToken
}

// attribute reads the attribute that begins at i. It returns where to go on
// and where the last attribute that was kept ends, which is last where this
// one came before.
func (l *lexer) attribute(i, last int) (next, end int, ok bool) {
	if len(l.attrs) == maxAttrs {
		return 0, 0, false
	}
	keyEnd := i + 1 // even if it is an equals sign
	for keyEnd < len(l.src) && l.src[keyEnd] != '=' && !isSpace(l.src[keyEnd]) && l.src[keyEnd] != '/' && l.src[keyEnd] != '>' {
		keyEnd++
	}
	from, to, next := l.value(keyEnd)
	if next >= len(l.src) {
		return 0, 0, false
	}
	key, ok := l.keyed(l.src[i:keyEnd])
	if !ok {
		return 0, 0, false
	}
	for i := range l.attrs {
		if l.attrs[i].Key == key {
			return next, last, true
		}
	}
	val, ok := l.decodeValue(l.src[from:to])
	l.attrs = append(l.attrs, html.Attribute{Key: key, Val: val})
	return next, to, ok
}

// value returns where the value of an attribute is whose key ends at i, and
// where to go on.
func (l *lexer) value(i int) (from, to, next int) {
	from, to = i, i
	i = l.skipSpace(i)
	if i == len(l.src) || l.src[i] != '=' {
		return from, to, i
	}
	i = l.skipSpace(i + 1)
	if i == len(l.src) || l.src[i] == '>' {
		return from, to, i
	}
	if q := l.src[i]; q == '"' || q == '\'' {
		k := bytes.IndexByte(l.src[i+1:], q)
		if k < 0 {
			return from, to, len(l.src)
		}
		return i + 1, i + 1 + k, i + k + 2
	}
	from = i
	for i < len(l.src) && !isSpace(l.src[i]) && l.src[i] != '>' {
		i++
	}
	return from, i, i
}

// named takes the name of a tag, and reports whether it could.
func (l *lexer) named(name []byte) bool {
	if t := l.near[slot(name)]; t != nil && t.name == string(name) {
		l.tag = t
		return true
	}
	name, ok := l.lower(name)
	if ok {
		l.tag = l.tagOf(name)
	}
	return ok
}

// keyed returns the key of an attribute, and whether it could.
func (l *lexer) keyed(raw []byte) (string, bool) {
	if s := l.kept[slot(raw)]; s == string(raw) {
		return s, true
	}
	key, ok := l.lower(raw)
	if !ok {
		return "", false
	}
	return l.intern(key), true
}

// tagOf returns the one tag of that name.
func (l *lexer) tagOf(name []byte) *tag {
	at := slot(name)
	if t := l.near[at]; t != nil && t.name == string(name) {
		return t
	}
	t := l.tags[string(name)]
	if t == nil {
		t = &tag{name: tagName(name), atom: atom.Lookup(name)}
		l.tags[t.name] = t
	}
	l.near[at] = t
	return t
}

// lower returns a name in lower case, and false where it is unusual.
func (l *lexer) lower(name []byte) ([]byte, bool) {
	if len(name) > len(l.lowers) {
		return nil, false
	}
	out := l.lowers[:len(name)]
	for i, c := range name {
		if c == 0 {
			return nil, false
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		out[i] = c
	}
	return out, true
}

// intern returns the key of an attribute as a string, without allocating for
// those that were met before.
func (l *lexer) intern(key []byte) string {
	s, ok := l.keys[string(key)]
	if !ok {
		s = tagName(key)
		if len(l.keys) < maxKeys {
			l.keys[s] = s
		}
	}
	l.kept[slot(key)] = s
	return s
}

// copy returns a copy of b in the chunk at hand.
func (l *lexer) copy(b []byte) string {
	if len(b) > chunkSize/4 {
		return string(b)
	}
	if l.chunk.Cap()-l.chunk.Len() < len(b) {
		l.chunk = strings.Builder{}
		l.chunk.Grow(chunkSize)
	}
	n := l.chunk.Len()
	l.chunk.Write(b)
	return l.chunk.String()[n:]
}

func (l *lexer) decodeText(b []byte) string {
	s := l.copy(b)
	if literal(b) {
		return s
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = newlines.Replace(s)
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return s
}

// literal reports whether a text holds nothing that is written another way
// than it is meant.
func literal(b []byte) bool {
	if len(b) > 64 {
		return bytes.IndexByte(b, '&') < 0 && bytes.IndexByte(b, '\r') < 0 && bytes.IndexByte(b, 0) < 0
	}
	for _, c := range b {
		if c == '&' || c == '\r' || c == 0 {
			return false
		}
	}
	return true
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// decodeValue returns the value of an attribute. It knows no character
// reference but that of the ampersand itself.
func (l *lexer) decodeValue(b []byte) (string, bool) {
	if literal(b) {
		return l.copy(b), true
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", false
	}
	s := l.copy(b)
	if strings.IndexByte(s, '\r') >= 0 {
		s = newlines.Replace(s)
	}
	amp := false
	for rest := s; ; {
		i := strings.IndexByte(rest, '&')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		n := 0
		for n < len(rest) && (isLetter(rest[n]) || '0' <= rest[n] && rest[n] <= '9') {
			n++
		}
		switch {
		case n == 3 && strings.HasPrefix(rest, "amp;"):
			amp = true
		case n > 0 && (n == len(rest) || rest[n] != '='), strings.HasPrefix(rest, "#"):
			return "", false
		}
	}
	if amp {
		s = strings.ReplaceAll(s, "&amp;", "&")
	}
	return s, true
}
