package crawler

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	simplified  = "出售身份证照片人脸照，五千张十元，含姓名、银行卡和手机号。需要的联系，先看货后付款，支持担保交易。"
	traditional = "出售身分證照片與人臉照片，五千張十元，包含姓名、銀行卡和手機號碼。需要的請聯繫，先看貨後付款。"
	koreanText  = "신분증 사진과 얼굴 사진을 판매합니다. 통장과 휴대폰 번호 포함, 오천 장에 만 원입니다. 문의는 텔레그램으로 주세요."
	japaneseTxt = "身分証明書の写真と顔写真を販売します。銀行口座と携帯電話番号付きで、五千枚で千円です。お問い合わせはこちらまで。"
	russian     = "Продам фотографии паспортов и лиц, пять тысяч штук, с именами, банковскими картами и номерами телефонов."
)

type script struct {
	text  string
	label string
	enc   encoding.Encoding
}

var scripts = map[string]script{
	"utf-8":     {simplified, "utf-8", encoding.Nop},
	"gbk":       {simplified, "gbk", simplifiedchinese.GBK},
	"gb2312":    {simplified, "gb2312", simplifiedchinese.GBK},
	"gb18030":   {simplified + "㐀𠀀", "gb18030", simplifiedchinese.GB18030},
	"big5":      {traditional, "big5", traditionalchinese.Big5},
	"euc-kr":    {koreanText, "euc-kr", korean.EUCKR},
	"cp949":     {koreanText + "똠방각하", "ks_c_5601-1987", korean.EUCKR},
	"shift_jis": {japaneseTxt, "shift_jis", japanese.ShiftJIS},
	"euc-jp":    {japaneseTxt, "euc-jp", japanese.EUCJP},
	"koi8-r":    {russian, "koi8-r", charmap.KOI8R},
	"cp1251":    {russian, "windows-1251", charmap.Windows1251},
	"utf-16le":  {simplified, "utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	"utf-16be":  {koreanText, "utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
}

// webPage returns markup around a text, repeated as on a real page.
func webPage(text, meta string) string {
	head := "<!DOCTYPE html><html><head>"
	if meta != "" {
		head += `<meta http-equiv="Content-Type" content="text/html; charset=` + meta + `">`
	}
	return head + "<title>shop</title><link rel=stylesheet href=/a.css></head><body class=\"page item\">" +
		strings.Repeat("<div class=\"row\"><p>"+text+"</p><a href=\"/item/1\">more</a></div>\n", 4) + "</body></html>"
}

func TestAPageIsReadInItsOwnCharsetHoweverItIsDeclared(t *testing.T) {
	for name, s := range scripts {
		for _, how := range []string{"header", "meta", "both", "none", "header says utf-8", "header says iso-8859-1", "meta says utf-8", "header says x-evil"} {
			t.Run(name+" "+how, func(t *testing.T) {
				meta, contentType := "", "text/html"
				switch how {
				case "header":
					contentType = "text/html; charset=" + s.label
				case "meta":
					meta = s.label
				case "both":
					contentType, meta = "text/html;charset=\""+s.label+"\"", s.label
				case "meta says utf-8":
					meta = "utf-8"
				case "header says utf-8", "header says iso-8859-1", "header says x-evil":
					contentType = "text/html; charset=" + strings.TrimPrefix(how, "header says ")
				}
				want := webPage(s.text, meta)
				body, err := s.enc.NewEncoder().Bytes([]byte(want))
				if err != nil {
					t.Fatal(err)
				}
				got, label := decode(body, contentType)
				if string(got) != want {
					t.Errorf("read as %s: %.120q", label, cutTo(string(got), "<p>"))
				}
			})
		}
	}
}

func cutTo(s, mark string) string {
	if i := strings.Index(s, mark); i >= 0 {
		return s[i:]
	}
	return s
}

func TestAByteOrderMarkBeatsEverything(t *testing.T) {
	for _, tc := range []struct {
		mark string
		enc  encoding.Encoding
	}{
		{"\xef\xbb\xbf", encoding.Nop},
		{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	} {
		body, err := tc.enc.NewEncoder().Bytes([]byte(webPage(simplified, "big5")))
		if err != nil {
			t.Fatal(err)
		}
		got, label := decode(append([]byte(tc.mark), body...), "text/html; charset=euc-kr")
		if !strings.Contains(string(got), simplified) {
			t.Errorf("mark % x: read as %s", tc.mark, label)
		}
	}
}

func TestShortAndMixedTextsWithoutALabel(t *testing.T) {
	for _, text := range []string{"出售人脸照片", "身份证 5000张 10元", "银行卡四件套，支持验卡"} {
		body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("<html><body><h1>" + text + "</h1></body></html>"))
		if err != nil {
			t.Fatal(err)
		}
		if got, label := decode(body, "text/html"); !strings.Contains(string(got), text) {
			t.Errorf("%s was read as %s: %q", text, label, got)
		}
	}
}

func TestAFewBrokenBytesDoNotChangeTheCharset(t *testing.T) {
	body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(webPage(simplified, "")))
	if err != nil {
		t.Fatal(err)
	}
	body = append(body[:len(body)-20], []byte("\xff\xff</p>")...)
	got, label := decode(body, "text/html; charset=gbk")
	if label != "gb18030" || !strings.Contains(string(got), simplified) {
		t.Errorf("GBK with a broken byte was read as %s", label)
	}
	utf := []byte(webPage(simplified, "") + "\xc3\x28 \xe4\xb8")
	got, label = decode(utf, "text/html; charset=utf-8")
	if label != "utf-8" || !strings.Contains(string(got), simplified) {
		t.Errorf("UTF-8 with broken bytes was read as %s", label)
	}
}

func TestDecodeAlwaysGivesUTF8(t *testing.T) {
	for i, body := range []string{"", "a", "\xff", "\xff\xfe", "\xfe\xff\x00", strings.Repeat("\xff", 5000), "+ADw-script+AD4-", "\x00\x00\x00\x00\x00\x00",
		strings.Repeat("\x80", 4096), "\x1b$B$", "~{;;~}", "<?xml version='1.0' encoding='x-evil'?><a>\xe9</a>"} {
		for _, ct := range []string{"", "text/html; charset=utf-7", "text/html; charset=replacement", "text/html; charset=iso-2022-kr", "text/html; charset=", ";;;", "text/html; charset=hz-gb-2312"} {
			if got, _ := decode([]byte(body), ct); !utf8.Valid(got) {
				t.Errorf("case %d with %q: not UTF-8", i, ct)
			}
		}
	}
}

func TestXMLDeclarationsAreHeard(t *testing.T) {
	text := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"GB2312\"?><rss><title>%s</title></rss>", simplified)
	body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(text, "GB2312", "UTF-8", 1)
	if got, label := decode(body, "application/rss+xml"); string(got) != want {
		t.Errorf("read as %s", label)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xd6\xd0\xce\xc4"), "text/html; charset=gbk")
	f.Fuzz(func(t *testing.T, body []byte, ct string) {
		if got, label := decode(body, ct); !utf8.Valid(got) {
			t.Errorf("read as %s: not UTF-8", label)
		}
	})
}
