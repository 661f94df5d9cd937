package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// counted is the code whose blocks are counted: all of ours that reads a text,
// and what of the libraries can loop over it.
const counted = "github.com/leakwatch/leakwatch/detect/...,github.com/leakwatch/leakwatch/text/...,github.com/leakwatch/leakwatch/leak," +
	"github.com/leakwatch/leakwatch/internal/steps,strings,bytes,slices,sort,regexp,regexp/syntax,unicode,unicode/utf8,golang.org/x/text/..."

// A counter is the program internal/steps, built so that it counts.
type counter struct {
	in  *json.Encoder
	out *json.Decoder
}

type work struct{ Blocks, Allocated float64 }

func newCounter(t testing.TB) *counter {
	t.Helper()
	dir := t.TempDir()
	bin := filepath.Join(dir, "steps")
	build := exec.Command("go", "build", "-cover", "-covermode=atomic", "-coverpkg="+counted, "-o", bin, "../internal/steps")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the counter: %v\n%s", err, out)
	}
	run := exec.Command(bin)
	run.Env = append(os.Environ(), "GOCOVERDIR="+dir)
	run.Stderr = os.Stderr
	in, err := run.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := run.Wait(); err != nil {
			t.Errorf("the counter ended: %v", err)
		}
	})
	return &counter{in: json.NewEncoder(in), out: json.NewDecoder(bufio.NewReader(out))}
}

type fatal interface{ Fatal(...any) }

// work returns what it takes to read the units, each repeated to an equal
// share of n bytes.
func (c *counter) work(t fatal, do string, units []string, n int) (w work) {
	if err := c.in.Encode(map[string]any{"do": do, "units": units, "bytes": n}); err != nil {
		t.Fatal(err)
	}
	if err := c.out.Decode(&w); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return w
}

// hostile are the shapes of text on which readers become slow: runs that
// could begin anything anywhere, and what looks like the start of a number, a
// handle, a date, a sample or a hidden word and never ends.
var hostile = []string{
	"1", "1 ", "1-", "1.", "1,", "1\t", "1\n", "1|", "0.", "5~", "1/1", "12:30 ", "2020-01-01 ", " ", "\n", "\t", "-", "*", "* ", ".", "，", "_", "@", "#", "+", "%41", "=",
	"(", "((", "()", "[{(<", "<", "<a>", "【", "《》", "⟦", "⟦x⟧", "\"", "“", "a", "a ", "A", "a1", "ab1 ", "人", "人 ", "人脸", "人-脸-", "人\n脸\n", "身*份*证*", "한", "ㄱ", "ㄷㅐ", "ㅌㄹ", "통*장*",
	"\u200b", "人\u200b", "\u0301", "e\u0301", "\ufe0f", "①", "1️⃣", "🆔", "📱💳", "👨‍👩‍👧", "ﷺ", "㎏", "\xf0", "\u202e",
	"出售", "出售人脸照片 ", "face photo ", "face-", "fullz ", "不", "无需", "警方提醒", "记者", "收", "10元", "5000张10元", "10-20元", "每张0.7元,", "一", "一二三 ", "一万", "千", "4오백", "오백", "천", "만원",
	"$", "$1", "1u ", "1k", "usdt", "8元一套, 500套起3.5一套 ", "飞机", "飞机@abc12 ", "@abcdef ", "薇信 ", "微 信 ", "加v", "q ", "v ", "*v", "qq123456 ", "vx:", "t.me/", "t.me/abcde ", "http://a/@", "a@", "a@b.c ", "a.b.",
	"电话", "电话 ", "邮箱 ", "0x", "bc1q", "T", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT ", "110101199003077715", "110101199003077715 ", "13812345678", "13812345678,", "010-1234-5678 ", "900101-1234567 ",
	"A123456(3)", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n", "6217 0012 3456 7890 120 ", "310***********1234", "138****5678 ", "**138**", "o0", "lI", "zhèng", "shen fen zheng ", "sfz ",
	"张三 110101199003077715 13812345678\n", "姓名:王 ", "name: ",
}

// Reading four times as much takes at most four times the steps and the
// memory; a text of 128 KB is looked at by itself, since some bounds are only
// passed there. Blocks of code that run are counted, not seconds, so the answer is
// the same on every machine.
func TestNoShapeOfTextMakesReadingSuperlinear(t *testing.T) {
	c := newCounter(t)
	for _, shape := range hostile {
		for _, do := range []string{"read", "tokens"} {
			if c.superlinear(t, do, shape) || c.grows(t, do, []string{shape}, 32<<10) {
				t.Errorf("to %s %q is superlinear", do, shape)
			}
		}
	}
}

// The same for texts of up to three parts, each of shapes and pieces of real
// texts put together by chance; -rapid.checks=20000 looks for longer.
func TestNoMixtureOfShapesMakesReadingSuperlinear(t *testing.T) {
	c := newCounter(t)
	var real strings.Builder
	for _, l := range labelled(t, "dev.jsonl") {
		real.WriteString(l.Title + l.Body)
	}
	texts := []rune(real.String())
	piece := rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "shape") {
			return rapid.SampledFrom(hostile).Draw(t, "piece")
		}
		at := rapid.IntRange(0, len(texts)-10).Draw(t, "at")
		return string(texts[at : at+rapid.IntRange(1, 9).Draw(t, "length")])
	})
	unit := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 1, 4).Draw(t, "pieces"), "")
	})
	rapid.Check(t, func(r *rapid.T) {
		units := rapid.SliceOfN(unit, 1, 3).Draw(r, "units")
		if c.superlinear(r, "read", units...) {
			r.Fatalf("reading %q is superlinear", units)
		}
	})
}

// superlinear reports whether the work grows faster than the text. What does
// so in a small text is looked at again in a larger, where windows of a
// bounded reach are full.
func (c *counter) superlinear(t fatal, do string, units ...string) bool {
	return c.grows(t, do, units, 2<<10) && c.grows(t, do, units, 16<<10)
}

// grows reports whether four times the text takes more than four times the
// work.
func (c *counter) grows(t fatal, do string, units []string, n int) bool {
	const factor, slack = 4, 1.1
	const doubling, pooled = 1.5, 512 // slices grow in leaps; bytes a byte that one reading may find ready and another not
	a, b := c.work(t, do, units, n), c.work(t, do, units, factor*n)
	return a.Blocks == 0 || b.Blocks > factor*slack*a.Blocks || b.Allocated > factor*doubling*a.Allocated+float64(pooled*factor*n)
}

// BenchmarkHostile reads shapes at three sizes; ns/B must not rise from one to
// the next.
func BenchmarkHostile(b *testing.B) {
	e := testEngine(b)
	for _, shape := range []string{"1", "1 ", " ", "-", "人", "a", "[{(<", "出售人脸照片 ", "5000张10元", "4오백", "@abcdef ", "飞机@abc12 ", "身*份*证*", "110101199003077715 ", "5~", "\u200b"} {
		for _, size := range []int{1 << 10, 100 << 10, 10 << 20} {
			s := strings.Repeat(shape, size/len(shape)+1)
			b.Run(fmt.Sprintf("%q/%dKB", shape, size>>10), func(b *testing.B) {
				for b.Loop() {
					e.Analyze(Input{Body: s})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(s)), "ns/B")
			})
		}
	}
}
