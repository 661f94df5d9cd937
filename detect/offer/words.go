package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/detect/internal/stops"
)

// A script tells which language a character belongs to, as far as a currency
// depends on it.
type script int

const (
	other script = iota
	han
	hangul
)

func scriptAt(s string, i int) script {
	switch r := firstRune(s[i:]); {
	case isHangul(r):
		return hangul
	case isHan(r):
		return han
	}
	return other
}

// mainScript returns the script of the first Han or Hangul character, Hangul
// winning within the first 400 bytes, since Korean texts quote Han and not the
// other way round.
func (p *parser) mainScript() script {
	seen := other
	for _, r := range p.s[:min(400, len(p.s))] {
		if isHangul(r) {
			return hangul
		}
		if isHan(r) {
			seen = han
		}
	}
	return seen
}

// A unit counts things. notBefore lists continuations that make it another
// word: 个月 is no 个.
type unit struct {
	word      string
	notBefore []string
}

// units are the counters by their first character. Longer words stand before
// shorter ones that begin alike.
var units = stops.NewTable(map[rune][]unit{
	'张': {{"张", nil}}, '条': {{"条", []string{"件", "款", "例"}}},
	'套': {{"套", []string{"件", "餐", "路", "装"}}}, '份': {{"份", []string{"额"}}},
	'个': {{"个", []string{"月", "小时", "工作", "人", "星期", "性", "钟"}}},
	'组': {{"组", []string{"织", "合", "长"}}},
	'单': {{"单", []string{"位", "身", "价", "独", "纯", "人", "一", "号"}}},
	'户': {{"户", []string{"外", "口", "型"}}}, '件': {{"件", []string{"套"}}},
	'只': {{"只", []string{"要", "有", "能", "需", "是", "卖", "收"}}}, '枚': {{"枚", nil}},
	'人': {{"人份", nil}, {"人", []string{"民", "脸", "像", "头", "工", "均", "物", "生", "员", "口"}}},
	'名': {{"名", []string{"字", "片", "单", "称", "下", "额"}}}, '例': {{"例", []string{"如"}}},
	'对': {{"对", []string{"公", "应", "方", "私", "比", "于", "接"}}},
	'副': {{"副", []string{"本"}}}, '本': {{"本", []string{"人", "地", "月", "店", "站", "公司"}}},
	'部': {{"部", []string{"分", "门", "委"}}}, '台': {{"台", []string{"币", "湾"}}},
	'行': {{"行", []string{"业", "情", "货", "为", "政"}}}, '盒': {{"盒", nil}}, '支': {{"支", []string{"付", "持", "出", "撑"}}}, '段': {{"段", []string{"位"}}}, '枝': {{"枝", nil}}, '包': {{"包", []string{"邮", "售", "含", "括", "过", "赔", "教", "更", "月"}}},
	'次': {{"次", []string{"数", "日", "性", "要"}}}, '卡': {{"卡", nil}}, '笔': {{"笔", []string{"记"}}},
	'粒': {{"粒", nil}}, '批': {{"批", []string{"发", "量", "准"}}}, '号': {{"号码", nil}},
	'家': {{"家", []string{"庭", "长", "人"}}}, '头': {{"头", []string{"像", "部"}}},
	'장': {{"장", []string{"소", "기", "난", "비", "애", "년"}}}, '짱': {{"짱", nil}}, '라': {{"라인", []string{"아이디", " 아이디", ":", "톡", "으로", " 계정", "계정"}}}, '건': {{"건", []string{"강", "물", "설"}}},
	'개': {{"개", []string{"월", "인정", "인 정", "통", "설", "발", "년", "사"}}}, '세': {{"세트", nil}},
	'명': {{"명분", nil}, {"명", []string{"의", "령", "함"}}}, '회': {{"회선", nil}, {"회", []string{"사", "원", "의"}}},
	'계': {{"계정", nil}}, '인': {{"인분", nil}, {"인", []string{"증", "터", "당", "의", "쇄", "화"}}},
	'매': {{"매", []string{"입", "매", "도", "월", "일", "물"}}}, '부': {{"부", []string{"터", "산", "분"}}},
	'통': {{"통", []string{"장", "신", "화", "해"}}}, '쌍': {{"쌍", nil}}, '편': {{"편", []string{"하", "의", "집", "도", "법", "안", "리", "광"}}}, '구': {{"구좌", nil}}, '벌': {{"벌", []string{"금", "써", "어"}}}, '팩': {{"팩", nil}}, '묶': {{"묶음", nil}},
	'콜': {{"콜", []string{"센"}}}, '줄': {{"줄", nil}}, '종': {{"종", []string{"류", "이"}}}, '대': {{"대", []string{"출", "포", "행", "여", "화", "면", "의"}}},
	'아': {{"아이디", nil}}, '셋': {{"셋트", nil}}, '유': {{"유심", nil}},
})

// nouns are what English and Latin-letter listings count.
var nouns = latin.Set(`pcs pc piece pieces set sets record records row rows line lines photo photos picture pictures
	pic pics image images selfie selfies scan scans card cards account accounts acc accs acct accts id ids
	number numbers people person persons face faces video videos clip clips fullz pack packs dump dumps file files
	entry entries user users profile profiles sample samples item items unit units sim sims lead leads
	passport passports license licenses licence licences document documents doc docs portrait portraits print prints
	name names phone phones phonenumbers identity identities contact contacts kit kits bundle bundles copy copies
	fingerprint fingerprints certificate certificates check checks verification verifications email emails
	customer customers ssn ssns dl dls ea pair pairs cc ccs logs log bank banks wallet wallets template templates
	box boxes bag bags read reads book books key keys slot slots order orders recording recordings headshot headshots
	worker workers employee employees patient patients student students client clients guest guests driver drivers voter voters resident residents subject subjects donor donors tenant tenants applicant applicants investor investors trader traders pupil pupils player players
	member members subscriber subscribers citizen citizens victim victims man woman men women combo combos`)

// stopNouns end the look-ahead from a number to the noun it counts.
var stopNouns = latin.Set(`for of at to in and or with per each on from by is are was were years year yrs yo old days day hours hour hrs
	minutes minute mins weeks week months month percent usd usdt u rmb dollars dollar bucks eur euro euros won krw btc eth xmr
	a an the if when only free delivery price gb mb kb tb ghz x vs than times digit digits points stars km kg am pm gen min max
	sec secs second seconds px dpi mp fps inch costs goes gets makes starts here now new minus plus less more so then maybe since until before after this that it we i you they not no off discount followers friends likes posts connections trades`)

// A money is a currency word with the power of ten of the coin it names.
type money struct {
	word  string
	code  string
	power int // 毛 is -1
}

// A coin is a money by the word of it, unless one of notBefore follows.
type coin struct {
	word      string
	code      string
	power     int
	notBefore []string
}

// suffixes are the currency words that follow an amount, by first character.
var suffixes = stops.NewTable(map[rune][]coin{
	'元': {{"元人民币", "CNY", 0, nil}, {"元新台币", "TWD", 0, nil}, {"元台币", "TWD", 0, nil}, {"元港币", "HKD", 0, nil}, {"元美金", "USD", 0, nil}, {"元", "CNY", 0, []string{"素", "旦", "宵", "件", "宇", "老", "气"}}},
	'块': {{"块钱", "CNY", 0, nil}, {"块台币", "TWD", 0, nil}, {"块美金", "USD", 0, nil}, {"块", "CNY", 0, []string{"链"}}},
	'圆': {{"圆", "CNY", 0, []string{"形", "满", "桌"}}}, '毛': {{"毛钱", "CNY", -1, nil}, {"毛", "CNY", -1, []string{"巾", "衣", "利", "孔", "发", "料"}}},
	'角': {{"角", "CNY", -1, []string{"度", "色", "落"}}}, '分': {{"分钱", "CNY", -2, nil}, {"分", "CNY", -2, []string{"钟", "之", "享", "类"}}},
	'刀': {{"刀", "USD", 0, []string{"具", "片", "把", "口"}}},
	'美': {{"美元", "USD", 0, nil}, {"美金", "USD", 0, nil}, {"美刀", "USD", 0, nil}},
	'人': {{"人民币", "CNY", 0, nil}}, '软': {{"软妹币", "CNY", 0, nil}},
	'港': {{"港币", "HKD", 0, nil}, {"港元", "HKD", 0, nil}, {"港纸", "HKD", 0, nil}},
	'台': {{"台币", "TWD", 0, nil}},
	'新': {{"新台币", "TWD", 0, nil}, {"新币", "SGD", 0, nil}}, '欧': {{"欧元", "EUR", 0, nil}, {"欧", "EUR", 0, []string{"洲", "美", "盟"}}},
	'英': {{"英镑", "GBP", 0, nil}}, '镑': {{"镑", "GBP", 0, nil}}, '日': {{"日元", "JPY", 0, nil}, {"日圆", "JPY", 0, nil}},
	'韩': {{"韩元", "KRW", 0, nil}, {"韩币", "KRW", 0, nil}}, '卢': {{"卢布", "RUB", 0, nil}, {"卢比", "INR", 0, nil}},
	'米': {{"米", "CNY", 0, []string{"色", "饭", "粉"}}}, '¢': {{"¢", "USD", -2, nil}}, '越': {{"越南盾", "VND", 0, nil}}, '泰': {{"泰铢", "THB", 0, nil}, {"泰达币", "USDT", 0, nil}, {"泰达", "USDT", 0, nil}}, '铢': {{"铢", "THB", 0, nil}},
	'比': {{"比特币", "BTC", 0, nil}}, '以': {{"以太坊", "ETH", 0, nil}, {"以太币", "ETH", 0, nil}}, '门': {{"门罗币", "XMR", 0, nil}, {"门罗", "XMR", 0, nil}},
	'円': {{"円", "JPY", 0, nil}},
	'원': {{"원", "KRW", 0, []string{"본", "하", "장", "격", "생"}}}, '달': {{"달러", "USD", 0, nil}},
	'유': {{"유로", "EUR", 0, nil}}, '마': {{"마넌", "KRW", 4, nil}, {"마눤", "KRW", 4, nil}, {"마논", "KRW", 4, nil}}, '언': {{"언", "KRW", 0, []string{"어", "니", "제", "급"}}}, '냥': {{"냥", "KRW", 0, []string{"이"}}}, '엔': {{"엔", "JPY", 0, nil}}, '위': {{"위안", "CNY", 0, nil}},
	'테': {{"테더", "USDT", 0, nil}}, '비': {{"비트코인", "BTC", 0, nil}}, '이': {{"이더리움", "ETH", 0, nil}, {"이더", "ETH", 0, nil}}, '모': {{"모네로", "XMR", 0, nil}}, '불': {{"불", "USD", 0, []string{"가", "법", "편", "필", "량", "안", "만"}}},
	'💰': {{"💰", "", 0, nil}}, '💵': {{"💵", "", 0, nil}}, '🔪': {{"🔪", "USD", 0, nil}}, '蚊': {{"蚊", "HKD", 0, []string{"子", "虫"}}}, '大': {{"大洋", "CNY", 0, []string{"洲"}}},
	'披': {{"披索", "PHP", 0, nil}}, '令': {{"令吉", "MYR", 0, nil}}, '马': {{"马币", "MYR", 0, nil}}, '澳': {{"澳元", "AUD", 0, nil}, {"澳币", "AUD", 0, nil}, {"澳门币", "MOP", 0, nil}}, '加': {{"加元", "CAD", 0, nil}, {"加币", "CAD", 0, nil}}, '瑞': {{"瑞郎", "CHF", 0, nil}},
	'바': {{"바트", "THB", 0, nil}}, '페': {{"페소", "PHP", 0, nil}}, '홍': {{"홍콩달러", "HKD", 0, nil}}, '대': {{"대만달러", "TWD", 0, nil}, {"대만 달러", "TWD", 0, nil}}, '루': {{"루블", "RUB", 0, nil}, {"루피", "INR", 0, nil}}, '링': {{"링깃", "MYR", 0, nil}},
	'파': {{"파운드", "GBP", 0, nil}}, 'г': {{"грн", "UAH", 0, nil}}, 'т': {{"тенге", "KZT", 0, nil}},
	'р': {{"рублей", "RUB", 0, nil}, {"руб", "RUB", 0, nil}},
	'$': {{"$", "USD", 0, nil}}, '€': {{"€", "EUR", 0, nil}}, '£': {{"£", "GBP", 0, nil}}, '¥': {{"¥", "CNY", 0, nil}},
	'₩': {{"₩", "KRW", 0, nil}}, '₽': {{"₽", "RUB", 0, nil}}, '₹': {{"₹", "INR", 0, nil}}, '₫': {{"₫", "VND", 0, nil}},
	'฿': {{"฿", "THB", 0, nil}}, '₿': {{"₿", "BTC", 0, nil}}, '₮': {{"₮", "USDT", 0, nil}}, 'ξ': {{"ξ", "ETH", 0, nil}},
	'₱': {{"₱", "PHP", 0, nil}}, '₴': {{"₴", "UAH", 0, nil}}, '₺': {{"₺", "TRY", 0, nil}}, '₦': {{"₦", "NGN", 0, nil}},
})

// codes are the currency words in Latin letters, before or after an amount.
var codes = latin.New(map[string]string{"usdt": "USDT", "tether": "USDT", "u": "USDT", "usdc": "USDC", "usd": "USD", "rmb": "CNY", "cny": "CNY", "yuan": "CNY",
	"r": "CNY", "krw": "KRW", "won": "KRW", "eur": "EUR", "euro": "EUR", "euros": "EUR", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
	"quid": "GBP", "jpy": "JPY", "yen": "JPY", "twd": "TWD", "ntd": "TWD", "hkd": "HKD", "rub": "RUB", "rubles": "RUB",
	"roubles": "RUB", "inr": "INR", "rs": "INR", "rupees": "INR", "vnd": "VND", "thb": "THB", "baht": "THB", "btc": "BTC", "bitcoin": "BTC",
	"bitcoins": "BTC", "xmr": "XMR", "monero": "XMR", "eth": "ETH", "ether": "ETH", "ethereum": "ETH", "dollar": "USD", "dollars": "USD",
	"buck": "USD", "bucks": "USD", "sgd": "SGD", "myr": "MYR", "rm": "MYR", "php": "PHP", "idr": "IDR", "aud": "AUD", "cad": "CAD", "chf": "CHF",
	"aed": "AED", "brl": "BRL", "uah": "UAH", "try": "TRY", "trx": "TRX", "ltc": "LTC", "usdterc20": "USDT", "usdttrc20": "USDT", "lkr": "LKR", "reais": "BRL", "pln": "PLN", "zloty": "PLN", "zl": "PLN", "czk": "CZK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "peso": "PHP", "pesos": "PHP", "ringgit": "MYR", "rupiah": "IDR", "rp": "IDR", "dong": "VND", "lira": "TRY",
	"naira": "NGN", "ngn": "NGN", "rand": "ZAR", "zar": "ZAR", "kes": "KES", "ksh": "KES", "shilling": "KES", "shillings": "KES", "hryvnia": "UAH", "kzt": "KZT", "bnb": "BNB", "yuans": "CNY", "kuai": "CNY", "nzd": "NZD", "rupee": "INR", "ruble": "RUB", "rouble": "RUB", "cent": "USD", "cents": "USD"})

// dollars are the letters that make another dollar of a $ behind them.
var dollars = latin.New(map[string]string{"us": "USD", "nt": "TWD", "hk": "HKD", "s": "SGD", "a": "AUD", "c": "CAD", "au": "AUD", "ca": "CAD", "sg": "SGD", "r": "BRL"})

// timeUnits are the periods a rent is paid for.
var timeUnits = latin.New(map[string]string{"天": "day", "日": "day", "月": "month", "个月": "month", "晚": "day", "하루": "day", "일": "day",
	"달": "month", "개월": "month", "월": "month", "day": "day", "daily": "day", "d": "day", "month": "month", "mo": "month", "mth": "month",
	"monthly": "month", "年": "", "周": "", "小时": "", "week": "", "wk": "", "year": "", "yr": "", "hour": "", "h": "", "hr": "", "min": "", "minute": "", "시간": "", "주": "", "년": "", "s": "", "sec": "", "second": "", "秒": "", "分钟": ""})

// matchUnit returns the length in bytes of the counter at i, 0 if none stands
// there.
func matchUnit(s string, i int) int {
	if i >= len(s) || s[i] < utf8.RuneSelf {
		return 0
	}
	list := units.Of(firstRune(s[i:]))
	for k := range list {
		if u := &list[k]; hasAt(s, i, u.word) && !anyAt(s, i+len(u.word), u.notBefore) {
			return len(u.word)
		}
	}
	return 0
}

// unitFollows reports whether a Chinese counter or period stands at i.
func unitFollows(s string, i int) bool {
	return matchUnit(s, i) > 0 || hasAt(s, i, "天") || hasAt(s, i, "个月") || hasAt(s, i, "月")
}

// matchSuffix returns the currency word at i.
func matchSuffix(s string, i int) (money, bool) {
	if i >= len(s) {
		return money{}, false
	}
	if isLetter(s[i]) {
		w := wordAt(s, i)
		if i+len(w) < len(s) && s[i+len(w)] == '$' {
			if c := dollars.Value(w); c != "" {
				return money{word: s[i : i+len(w)+1], code: c}, true
			}
		}
		if w == "z" && hasAt(s, i+1, "ł") {
			return money{word: "zł", code: "PLN"}, true
		}
		c := codes.Value(w)
		if c == "" || w == "u" && afterU(s, i+1) || w == "r" && i > 0 && !isDigit(s[i-1]) && !isHan(lastRune(s[:i])) {
			return money{}, false
		}
		m := money{word: w, code: c}
		if strings.HasPrefix(w, "cent") {
			m.power = -2
		}
		return m, true
	}
	if w := coinCounter.At(s, i); w > 0 && i > 0 && (isDigit(s[i-1]) || i > 1 && s[i-1] == ' ' && isDigit(s[i-2])) { // 0.05个比特币
		if m, ok := matchSuffix(s, i+w); ok && coins[m.code] {
			return money{word: s[i : i+w+len(m.word)], code: m.code}, true
		}
	}
	list := suffixes.Of(firstRune(s[i:]))
	for k := range list {
		if m := &list[k]; hasAt(s, i, m.word) && !anyAt(s, i+len(m.word), m.notBefore) {
			return money{m.word, m.code, m.power}, true
		}
	}
	return money{}, false
}

// coinCounter count coins of a cryptocurrency.
var coinCounter = starts.New("个", "枚", "颗", "개의 ")

// coins are the currencies that are counted in coins.
var coins = map[string]bool{"BTC": true, "ETH": true, "XMR": true, "USDT": true, "LTC": true, "TRX": true, "BNB": true}

// afterU reports whether a u that ends at i is no tether: the U of U盾, a
// token for banking, or of U盘, a stick.
func afterU(s string, i int) bool {
	return hasAt(s, i, "盾") || hasAt(s, i, "盘")
}

func hasAt(s string, i int, w string) bool { return i <= len(s) && strings.HasPrefix(s[i:], w) }

func anyAt(s string, i int, words []string) bool {
	for _, w := range words {
		if hasAt(s, i, w) {
			return true
		}
	}
	return false
}

// wordAt returns the ASCII letters at i, at most 24.
func wordAt(s string, i int) string {
	j := i
	for j < len(s) && j-i < 24 && isLetter(s[j]) {
		j++
	}
	return s[i:j]
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
