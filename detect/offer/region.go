package offer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/detect/internal/stops"
)

// A listing in Traditional characters that speaks of things of Taiwan or Hong
// Kong means the money of that place by 元 and by a bare number.

// Words of one place, as the plain stream shows them.
var (
	taiwanThings  = starts.NewSearch("门号", "提款卡", "存簿", "超商", "台湾", "台北", "台中", "高雄", "台币", "健保卡", "双证件", "易付卡", "人头账", "虾皮")
	taiwanWords   = starts.NewSearch("存折", "身分证", "影片", "简讯", "脸书", "汇款", "网银", "line", "行动电话", "预付卡", "大头贴", "印监", "私讯", "讯息", "贴图", "假日", "电销")
	hongkongWords = starts.NewSearch("港币", "港元", "hkd", "hk$", "香港", "hkid", "转数快", "八达通", "户口", "嘅", "喺", "唔", "哋", "咗", "冇", "睇", "揾", "whatsapp", "过数")
)

// traditionals are common characters that Simplified writing does not have.
var traditionals = stops.Of("個號張證實賣發價錢臉電們這資銀帳戶門聯買開認線萬臺簡攝過額圖雙驗給後來點購摺匯領辦員業務單條請時會對學總頭間話")

// traditional reports whether a text is written in Traditional characters: two
// different ones are enough.
func traditional(s string) bool {
	first := rune(0)
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		if i = traditionals.Next(s, i); i == len(s) || s[i] < utf8.RuneSelf {
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == first || r >= 1<<16:
		case first != 0:
			return true
		default:
			first = r
		}
		i += n
	}
	return false
}

// regionBytes is how much of a text is read for the writing it is in.
const regionBytes = 4096

// region returns the currency of the place that a Chinese text speaks of, ""
// for the mainland; sure says that a thing stands there which only that place
// has, not just words that a converter writes too.
func region(original, folded string) (currency string, sure bool) {
	if !traditional(original[:min(len(original), regionBytes)]) {
		return "", false
	}
	if strings.Contains(folded, "人民币") {
		return "", false
	}
	things := countWords(folded, taiwanThings)
	tw, hk := 2*things+countWords(folded, taiwanWords), 2*countWords(folded, hongkongWords)
	switch {
	case hk > tw:
		return "HKD", true
	case tw > 1:
		return "TWD", things > 0
	}
	return "", false
}

// home returns the currency that 元 means in the text, "" for that of the
// mainland.
func (p *parser) home() string {
	if !p.regionKnown {
		p.regionKnown = true
		if p.lang != "ko" && p.lang != "en" && p.f.Changed() {
			currency, sure := region(p.f.Original, p.f.Text)
			if sure || !p.cheap() {
				p.region = currency
			}
		}
	}
	return p.region
}

// cheap reports whether the text asks for less than what anything costs in
// Taiwan.
func (p *parser) cheap() bool {
	return slices.ContainsFunc(p.items, func(it item) bool {
		return it.kind == price && (it.cur == "" || it.yuan) && it.n.less(num{m: 15})
	})
}

// enoughWords is how many words of a place are counted.
const enoughWords = 3

// countWords returns how many different ones of the words stand in s, at most
// enoughWords.
func countWords(s string, words *starts.Search) int {
	var found [enoughWords]string
	n := 0
	for i := words.Next(s, 0); i < len(s); i = words.Next(s, i+1) {
		if w := s[i : i+words.At(s, i)]; !slices.Contains(found[:n], w) {
			found[n] = w
			if n++; n == enoughWords {
				break
			}
		}
	}
	return n
}

// otherDollars are the currencies that a $ may stand for too.
var otherDollars = latin.Set("AUD CAD SGD HKD TWD NZD MXN")

// saidDollar reads the code in brackets that says which dollar the $ of it is:
// "$40 (AUD)".
func (p *parser) saidDollar(it *item) {
	k := p.skipSpace(it.end)
	if !it.dollar || !hasAt(p.s, k, "(") {
		return
	}
	if m, ok := matchSuffix(p.s, k+1); ok && otherDollars.Value(m.code) && hasAt(p.s, k+1+len(m.word), ")") {
		it.cur, it.dollar, it.end = m.code, false, k+2+len(m.word)
	}
}

// nameDollars gives each plain $ the dollar that the text names elsewhere, if it
// names just one.
func (p *parser) nameDollars() {
	named := ""
	if otherDollars.Value(p.declared.code) {
		named = p.declared.code
	}
	for i := range p.items {
		if c := p.items[i].cur; otherDollars.Value(c) && !p.items[i].yuan {
			if named != "" && named != c {
				return
			}
			named = c
		}
	}
	if named == "" || p.lang != "en" {
		return
	}
	for i := range p.items {
		if p.items[i].dollar {
			p.items[i].cur = named
		}
	}
}
