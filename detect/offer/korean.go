package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// What only Korean listings do: count with native numerals, write 3만 for
// 30,000 won and 30 for 300,000 a month.

// natives are the native numerals as they stand before a counter.
var natives = map[string]int64{"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
	"스무": 20, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50}

// nativeNumber reads a native numeral at i with the counter behind it, and
// returns the offset after both, 0 if there is none.
func (p *parser) nativeNumber(i int) int {
	v, end := int64(0), i
	for n := 0; n < 2; n++ {
		w, one := nativeAt(p.s, end)
		if w == 0 || n == 1 && (v%10 != 0 || one >= 10) {
			break
		}
		v, end = v+one, end+w
	}
	if v == 0 {
		return 0
	}
	k := p.skipSpace(end)
	u := matchUnit(p.s, k)
	if u == 0 {
		return 0
	}
	it := item{kind: quantity, n: num{m: v}, start: i, end: k + u, unit: [2]int{k, k + u}, pair: -1}
	p.quantityWords(&it)
	p.add(&it)
	return it.end
}

func nativeAt(s string, i int) (width int, value int64) {
	for _, w := range []int{6, 3} {
		if i+w <= len(s) {
			if v := natives[s[i:i+w]]; v > 0 {
				return w, v
			}
		}
	}
	return 0, 0
}

// tenThousands takes a bare amount below 1,000 for that many 만원 where it is
// paid for a month or for an account: "월 30", "통장 개당 200".
func (p *parser) tenThousands(it *item) {
	if p.lang != "ko" || it.cur != "" || it.scaled || it.n.e < 0 || it.n.less(num{m: 5}) || !it.n.less(num{m: 1000}) {
		return
	}
	if it.per != "" || it.lot && !it.n.less(num{m: 10}) || accountWords.In(p.lineBefore(it.start, 40)) {
		it.n, it.max, it.scaled = it.n.times10(4), it.max.times10(4), true
	}
}

var accountWords = starts.NewSearch("통장", "계좌", "체크카드", "법인", "명의", "유심", "사업자")

// wonAmount reports whether a bare number with a Korean scale is an amount by
// the particle or the word behind it: "두 달째부터는 180만으로", "후불 12만입니다".
func (p *parser) wonAmount(it *item) bool {
	return p.lang == "ko" && it.scaled && !it.n.less(num{m: 1000}) && wonParticles.At(p.s, it.end) > 0
}

var wonParticles = starts.New("에 ", "에\n", "으로", "이고", "이며", "입니다", "이에요", "예요", "이요", "씩", "선불", " 선불", "후불", " 후불", " 드립", " 드려", "드립", " 지급", " 선지급", " 당일", " 입금", " 받습", " 받아", "까지 드", "정도")

// listedWon reports whether a bare number with a Korean scale ends a line behind
// a label that names no collection, as the price of an entry does.
func (p *parser) listedWon(i int) bool {
	it := &p.items[i]
	if p.lang != "ko" || it.kind != bare || !it.scaled || it.n.less(num{m: 1000}) || !it.n.less(num{m: 10000001}) || !p.endsLine(it.end) && !p.beforeWon(i) {
		return false
	}
	label, _ := p.label(i)
	r, _ := utf8.DecodeLastRuneInString(label)
	return label != "" && (isHangul(r) || r == ')' || r < utf8.RuneSelf && isLetter(byte(r))) && !koreanCollections.In(label) && !noLabel.In(label)
}

// opensWon makes a price of the bare number i if it is the first of the text and
// ends an entry as listedWon says.
func (p *parser) opensWon(i int) bool {
	if i > 0 || !p.priced || !p.listedWon(i) {
		return false
	}
	p.items[i].kind = price
	return true
}

// beforeWon reports whether the bare number i ends a clause and the next item is
// a price of the same order behind a label of its own: "여권 7천, 면허 4천원".
func (p *parser) beforeWon(i int) bool {
	it := &p.items[i]
	k := p.skipSpace(it.end)
	if k >= len(p.s) || p.s[k] != ',' && p.s[k] != '/' || i+1 >= len(p.items) {
		return false
	}
	for j := i + 1; j < min(i+wonRow, len(p.items)); j++ {
		next := &p.items[j]
		if label, _ := p.label(j); label == "" || next.n.less(it.n.times10(-2)) || it.n.times10(2).less(next.n) {
			return false
		}
		if next.kind == price {
			return next.cur == "KRW" && next.pair < 0
		}
		if next.kind != bare || !next.scaled {
			return false
		}
	}
	return false
}

const wonRow = 8 // entries of a row that are looked at

// accountWon makes a price of the bare number i if it is below 1,000 and stands
// right behind an account, in 만원 as such prices are said: "통장 150".
func (p *parser) accountWon(i int) bool {
	it := &p.items[i]
	if p.lang != "ko" || it.scaled || !it.ascii || it.n.less(num{m: 10}) || !it.n.less(num{m: 1000}) || !p.ends(it.end) || !accountEnd.In(strings.TrimRight(p.s[max(0, it.start-24):it.start], " :=-")) {
		return false
	}
	it.kind, it.n, it.scaled = price, it.n.times10(4), true
	return true
}

var accountEnd = newEnds("통장", "계좌", "개인장", "법인장", "사업자장", "개인 장", "법인 장", "사업자 장", "체크카드", "법인", "매입가", "대여료")

// termWon reports whether the bare number i is what a rent costs for the time
// before it: "7일 130,000".
func (p *parser) termWon(i int) bool {
	it := &p.items[i]
	if p.lang != "ko" || it.n.less(num{m: 1000}) || !it.n.less(num{m: 10000001}) {
		return false
	}
	label, _ := p.label(i)
	n := koreanTerms.Of(label)
	return n > 0 && n < len(label) && isDigit(label[len(label)-n-1])
}

// koreanTerms end the label of what a rent costs for some time: "7일 130,000".
var koreanTerms = newEnds("일", "주", "개월", "달", "시간")

// koreanGoods end the label of an entry that nothing joins to its price.
var koreanGoods = newEnds("신분증", "촬영본", "스캔본", "사본", "원본", "캡처", "민증", "여권", "면허증", "면허", "셀카", "사진", "영상", "계정", "아이디", "유심", "통장", "앞뒤", "앞면", "뒷면", "양면", "포함", "세트", "인증", "등록증", "얼굴", "정면", "들고", "카톡", "라인", "위챗")

var koreanCollections = newEnds("명단", "디비", "db", "회원", "고객", "정보", "자료", "목록", "리스트", "전화번호", "휴대폰번호", "보유", "재고", "총", "약", "데이터", "사진", "얼굴", "팔로워", "조회", "누적")
