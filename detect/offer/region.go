package offer

import "strings"

// A listing in Traditional characters that speaks of things of Taiwan or Hong
// Kong means the money of that place by 元 and by a bare number.

// Words of one place, as the plain stream shows them.
var (
	taiwanWords   = []string{"身分证", "门号", "提款卡", "存折", "存簿", "超商", "简讯", "脸书", "台湾", "台北", "台中", "高雄", "台币", "健保卡", "双证件", "易付卡", "人头帐", "人头账", "汇款", "转帐", "网银", "邮局帐", "影片", "line", "帐户", "行动电话", "预付卡", "蝦皮", "虾皮", "大头贴", "印监", "私讯", "讯息", "贴图", "假日", "电销"}
	hongkongWords = []string{"港币", "港元", "hkd", "hk$", "香港", "hkid", "转数快", "八达通", "户口", "嘅", "喺", "唔", "哋", "咗", "冇", "睇", "揾", "whatsapp", "过数"}
)

// isTraditional reports whether r is one of the common characters that
// Simplified writing does not have.
func isTraditional(r rune) bool {
	switch r {
	case '個', '號', '張', '證', '實', '賣', '發', '價', '錢', '臉', '電', '們', '這', '資', '銀', '帳', '戶', '門', '聯', '買', '開', '認', '線', '萬', '臺', '簡', '攝', '過', '額', '圖', '雙', '驗',
		'給', '後', '來', '點', '購', '摺', '匯', '領', '辦', '員', '業', '務', '單', '條', '請', '時', '會', '對', '學', '總', '頭', '間', '話':
		return true
	}
	return false
}

// traditional reports whether a text is written in Traditional characters: two
// different ones are enough.
func traditional(s string) bool {
	first := rune(0)
	for _, r := range s {
		if r < 0x4E00 || !isTraditional(r) || r == first {
			continue
		}
		if first != 0 {
			return true
		}
		first = r
	}
	return false
}

// regionBytes is how much of a text is read for the writing it is in.
const regionBytes = 4096

// region returns the currency of the place that a Chinese text speaks of, ""
// for the mainland.
func region(original, folded string) string {
	if !traditional(original[:min(len(original), regionBytes)]) {
		return ""
	}
	tw, hk := countWords(folded, taiwanWords, 3), countWords(folded, hongkongWords, 3)
	switch {
	case hk > tw:
		return "HKD"
	case tw > 0:
		return "TWD"
	}
	return ""
}

// home returns the currency that 元 means in the text, "" for that of the
// mainland.
func (p *parser) home() string {
	if !p.regionKnown {
		p.regionKnown = true
		if p.lang != "ko" && p.lang != "en" && p.f.Changed() {
			p.region = region(p.f.Original, p.f.Text)
		}
	}
	return p.region
}

// countWords returns how many of the words stand in s, at most limit.
func countWords(s string, words []string, limit int) int {
	n := 0
	for _, w := range words {
		if strings.Contains(s, w) {
			if n++; n == limit {
				break
			}
		}
	}
	return n
}
