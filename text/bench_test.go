package text

import (
	"strings"
	"testing"
)

// samples are the texts of the benchmarks, repeated to each size: their
// figures in MB/s must not fall as the text grows.
var samples = []struct{ name, text string }{
	{"ascii", "Fresh ID card front and back with selfie, $9 per set, bulk discount, telegram only.\n"},
	{"han", "出售高清人脸照片，男女都有，五千张十元，打包带走，需要的加微信联系，骗子勿扰。\n"},
	{"traditional", "出售高清臉部照片 8000張 打包50元 飛機 @faceTW1 身份證正反面\n"},
	{"korean", "신분증 앞뒤 사진 건당 4천원 텔레 @idfb1 얼굴사진 1만장 3만원 카톡 facesell1\n"},
	{"hidden", "身*份*证*照 0.8一张 ＶＸ:sfz_aa1 ㅅㅣㄴㅂㅜㄴㅈㅡㅇ shen fen zheng 薇\u200b信 4oo ✈️\n"},
	{"marks", strings.Repeat("e\u0301\u0323", 9) + strings.Repeat("\u0301", 80)},
	{"zero-width", strings.Repeat("\u200b", 99) + "1"},
	{"separators", "*.*.*.*.*.*."},
	{"jamo", "ㅅㅣㄴㅂㅜ"},
}

func benchmark(b *testing.B, f func(s string)) {
	for _, s := range samples {
		for _, size := range []struct {
			name  string
			bytes int
		}{{"1KB", 1 << 10}, {"100KB", 100 << 10}, {"10MB", 10 << 20}} {
			in := strings.Repeat(s.text, size.bytes/len(s.text)+1)
			b.Run(s.name+"/"+size.name, func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				b.ReportAllocs()
				for b.Loop() {
					f(in)
				}
			})
		}
	}
}

func BenchmarkFold(b *testing.B) { benchmark(b, func(s string) { Fold(s) }) }

func BenchmarkTables(b *testing.B) {
	for b.Loop() {
		newTables()
	}
}

func BenchmarkUnhide(b *testing.B) { benchmark(b, func(s string) { Unhide(Fold(s)) }) }

func BenchmarkTokens(b *testing.B) { benchmark(b, func(s string) { Tokens(Fold(s)) }) }

func BenchmarkLexicon(b *testing.B) {
	for b.Loop() {
		newLexicon()
	}
}
