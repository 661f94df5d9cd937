package ident

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// sampleRows is how many rows of one shape make a sample.
const sampleRows = 3

// A row is a line that holds marks.
type row struct {
	start, end  int
	first, last int    // marks [first, last)
	shape       string // kinds of its marks, in order
	strong      bool   // one of them identifies by itself
}

// rows masks what the rows around the marks make personal: lesser numbers
// beside an identifier, labelled names, and all personal cells of a sample.
func (r *reader) rows() {
	rows := r.findRows()
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].shape == rows[i].shape && r.follows(rows[j-1], rows[j]) {
			j++
		}
		sample := j-i >= sampleRows
		for k := i; k < j; k++ {
			r.readRow(&rows[k], sample, r.neighbour(rows, i, j, k))
		}
		i = j
	}
	done, known := 0, r.marks
	for i := range rows {
		if rows[i].strong {
			done = r.labels(&rows[i], done, known)
		}
	}
}

// findRows lists the lines that hold marks.
func (r *reader) findRows() []row {
	var rows []row
	for i := 0; i < len(r.marks); {
		w := row{first: i}
		w.start = strings.LastIndexByte(r.s[:r.marks[i].Start], '\n') + 1
		w.end = r.lineEnd(r.marks[i].End)
		var shape []byte
		for ; i < len(r.marks) && r.marks[i].Start < w.end; i++ {
			w.strong = w.strong || r.marks[i].strong
			if len(shape) < 64 {
				shape = append(append(shape, r.marks[i].Kind...), ' ')
			}
			if r.marks[i].End > w.end {
				w.end = r.lineEnd(r.marks[i].End)
			}
		}
		w.last, w.shape = i, string(shape)
		rows = append(rows, w)
	}
	return rows
}

func (r *reader) lineEnd(i int) int {
	if k := strings.IndexByte(r.s[i:], '\n'); k >= 0 {
		return i + k
	}
	return len(r.s)
}

// follows reports whether nothing but an empty line stands between two rows.
func (r *reader) follows(a, b row) bool {
	return b.start-a.end < 16 && strings.TrimSpace(r.s[a.end:b.start]) == ""
}

// neighbour returns another row of the sample, to tell what is the same in
// all; "" for a row alone.
func (r *reader) neighbour(rows []row, i, j, k int) string {
	switch {
	case k > i:
		k--
	case k+1 < j:
		k++
	default:
		return ""
	}
	return r.s[rows[k].start:rows[k].end]
}

// maxRow is the length of the longest line that is read as a row of cells.
const maxRow = 2048

// readRow masks the personal cells of a row. In a sample those are all that
// are not the same in every row; elsewhere, beside a strong mark, the names
// and the numbers that may be a phone or a card.
func (r *reader) readRow(w *row, sample bool, other string) {
	if !sample {
		r.rowsOnOneLine(w)
	}
	if w.end-w.start > maxRow || !sample && !w.strong {
		return
	}
	cells := r.cells(w)
	sample = sample || len(cells) >= 3 && r.record(w)
	for _, c := range cells {
		cell := r.s[c[0]:c[1]]
		switch {
		case sample && personal(cell) && !strings.Contains(other, cell):
		case sample && isName(cell, r.originalOf(c)):
		case !sample && isName(cell, r.originalOf(c)):
		case !sample && lesserNumber(cell) && !r.counted(c[1]) && !r.cued(c[0], handleCues) && !r.cued(c[0], orderCues):
			r.add(mark{Found: Found{Kind: leak.Phone, Canonical: digitsOf(cell), Start: c[0], End: c[1]}})
			continue
		default:
			continue
		}
		r.add(mark{Found: Found{Kind: leak.NameRow, Canonical: cell, Start: c[0], End: c[1]}})
	}
}

// record reports whether a row is a record by itself: cells between bars, tabs
// or runs of hyphens.
func (r *reader) record(w *row) bool {
	line := r.s[w.start:w.end]
	return w.strong && (strings.Count(line, "|") >= 3 || strings.Count(line, "\t") >= 3 || strings.Count(line, "----") >= 3)
}

func (r *reader) originalOf(c [2]int) string {
	s, e := r.f.Source(c[0], c[1])
	return r.f.Original[s:e]
}

// cells returns the parts of a row between its marks and its separators,
// without labels and outer punctuation. Where no other separator is in the
// line, spaces separate.
func (r *reader) cells(w *row) [][2]int {
	hard := strings.ContainsAny(r.s[w.start:w.end], "\t|,;、/") || strings.Contains(r.s[w.start:w.end], "--")
	var out [][2]int
	at := w.start
	for m := w.first; m <= w.last; m++ {
		end := w.end
		if m < w.last {
			end = min(w.end, r.marks[m].Start)
		}
		out = r.splitCells(out, at, end, hard)
		if m < w.last {
			at = max(at, r.marks[m].End)
		}
	}
	return out
}

func (r *reader) splitCells(out [][2]int, at, end int, hard bool) [][2]int {
	start := at
	for i := at; i <= end; {
		c, n := ' ', 1
		if i < end {
			c, n = utf8.DecodeRuneInString(r.s[i:end])
		}
		if i == end || isSeparator(c, hard) {
			if a, b := trimCell(r.s, start, i); b > a {
				out = append(out, [2]int{a, b})
			}
			start = i + n
		}
		i += n
	}
	return out
}

func isSeparator(c rune, hard bool) bool {
	switch c {
	case '\t', '|', ',', ';', '、', '/', ':', '=', '-', '\n':
		return true
	case ' ':
		return !hard
	}
	return false
}

// trimCell cuts punctuation and spaces from both ends of a cell.
func trimCell(s string, a, b int) (int, int) {
	cell := s[a:b]
	left := strings.TrimLeftFunc(cell, isOuter)
	a += len(cell) - len(left)
	return a, a + len(strings.TrimRightFunc(left, isOuter))
}

func isOuter(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '*' }

// maxCell is the length of the longest cell in characters: an address.
const maxCell = 64

// personal reports whether a cell of a sample may say something about a
// person: a word, a number of five digits or more, a date.
func personal(cell string) bool {
	n := utf8.RuneCountInString(cell)
	if n > maxCell || n == 0 || impersonal(cell) {
		return false
	}
	digits, letters := 0, 0
	for _, c := range cell {
		if unicode.IsDigit(c) {
			digits++
		} else if unicode.IsLetter(c) {
			letters++
		}
	}
	if digits > 0 && isDigit(cell[0]) && n <= 6 && digits < 5 {
		return false // a price, a count, a number of the row
	}
	return letters > 0 && n > 1 || digits >= 5
}

// impersonal reports whether a cell says nothing that tells people apart.
func impersonal(cell string) bool {
	switch cell {
	case "男", "女", "male", "female", "m", "f", "남", "여", "남자", "여자", "男性", "女性", "汉", "汉族", "身份证", "手机", "姓名", "电话", "银行卡", "卡号", "名字", "身份证号", "手机号",
		"name", "phone", "id", "card", "이름", "전화", "주민번호", "邮箱", "email", "正常", "有效", "ok", "yes", "no":
		return true
	}
	return strings.HasSuffix(cell, "银行") || strings.HasSuffix(cell, "은행") || strings.HasSuffix(cell, "bank")
}

// lesserNumber reports whether a cell beside an identifier is a number that
// may be a phone or an account: 7 to 19 digits, no date.
func lesserNumber(cell string) bool {
	d := digitsOf(cell)
	if len(d) < 7 || len(d) > 19 || utf8.RuneCountInString(cell)-len(d) > 3 {
		return false
	}
	for _, c := range cell {
		if unicode.IsLetter(c) {
			return false
		}
	}
	return !isDay(values(d))
}

func digitsOf(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// Labels of the personal fields of a record.
var (
	nameLabels  = newCues("真实姓名", "姓名", "名字", "户名", "持卡人", "开户人", "开户名", "收件人", "法人", "이름", "성명", "예금주", "성함", "name", "cardholder", "holder")
	otherLabels = newCues("家庭住址", "地址", "住址", "户籍", "출생", "생년월일", "주소", "address", "addr", "dob", "birth", "birthday", "date of birth", "出生日期", "出生", "生日", "籍贯")
)

// Reach of a record around a row with an identifier, in bytes and lines.
const (
	recordBytes = 200
	recordLines = 3
)

// labels masks the labelled fields of the record around a row, from done on,
// and returns how far it read. known are the marks in order.
func (r *reader) labels(w *row, done int, known []mark) int {
	start, end := w.start, w.end
	for n := 0; start > 0 && w.start-start < recordBytes; start-- {
		if r.s[start-1] == '\n' {
			if n++; n > recordLines {
				break
			}
		}
	}
	for n := 0; end < len(r.s) && end-w.end < recordBytes; end++ {
		if r.s[end] == '\n' {
			if n++; n > recordLines {
				break
			}
		}
	}
	if end-start > maxRow+2*recordBytes {
		start, end = max(start, w.start-recordBytes), min(end, w.start+maxRow)
	}
	start = max(start, done)
	r.labelled(start, end, known)
	return max(end, done)
}

// Longest values of labelled fields, in bytes.
const (
	maxName  = 24
	maxField = 3 * maxCell
)

// labelled masks the values behind the labels in [start, end).
func (r *reader) labelled(start, end int, known []mark) {
	for i := start; i < end; i++ {
		if c := r.s[i]; c != ':' && c != '=' && c != '\t' {
			continue
		}
		label := strings.TrimRight(r.s[max(start, i-cueReach):i], " ")
		switch {
		case nameLabels.In(label):
			i = max(i, r.labelValue(i, end, maxName, known)-1)
		case otherLabels.In(label):
			i = max(i, r.labelValue(i, end, maxField, known)-1)
		}
	}
}

// labelValue masks the value of the label whose joint stands at i, and returns
// the offset after it.
func (r *reader) labelValue(i, end, limit int, known []mark) int {
	k := i
	for k < end && (r.s[k] == ' ' || r.s[k] == ':' || r.s[k] == '=' || r.s[k] == '\t' || r.s[k] == '-') {
		k++
	}
	a, b := trimCell(r.s, k, r.valueEnd(k, end, limit))
	if n := firstBehind(known, a); n < len(known) && known[n].Start < b {
		a, b = trimCell(r.s, a, max(a, known[n].Start))
	}
	if b > a {
		r.add(mark{Found: Found{Kind: leak.NameRow, Canonical: r.s[a:b], Start: a, End: b}})
	}
	return max(b, k)
}

// valueEnd returns where the value at k ends: at a separator, or, for a short
// field, at a space between characters that need none.
func (r *reader) valueEnd(k, end, limit int) int {
	stop := k
	for stop < end && stop-k < limit {
		c, w := utf8.DecodeRuneInString(r.s[stop:])
		if strings.ContainsRune("\n\t,;|:、。", c) || c == ' ' && limit == maxName && stop > k && r.s[stop-1] >= utf8.RuneSelf {
			break
		}
		stop += w
	}
	return min(stop, end)
}

// firstBehind returns the index of the first mark that ends behind at.
func firstBehind(marks []mark, at int) int {
	n, _ := slices.BinarySearchFunc(marks, at, func(m mark, at int) int { return cmp.Compare(m.End, at+1) })
	return n
}
