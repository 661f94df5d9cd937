package console

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/leakwatch/leakwatch/leak"
)

// A browser is a real Chromium on a served console.
type browser struct {
	t       *testing.T
	ctx     context.Context
	address string

	mu       sync.Mutex // protects all fields below
	dialogs  []string
	problems []string // what the console of the browser says: violations of the policy, errors
}

// newBrowser starts Chromium in a process group of its own, which is ended
// with the test. Without Chromium the test is skipped, unless
// LEAKWATCH_TEST_BROWSER is "require".
func newBrowser(t *testing.T, b *bench) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("LEAKWATCH_TEST_BROWSER") == "require" {
			t.Fatal("chromium is required and not installed: apt-get install chromium")
		}
		t.Skip("chromium is not installed; apt-get install chromium runs this test")
	}
	served := httptest.NewServer(b.handler)
	t.Cleanup(served.Close)
	var group *exec.Cmd
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(filepath.Join(t.TempDir(), "profile")), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(time.Minute), chromedp.ModifyCmdFunc(func(c *exec.Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			group = c
		}))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	x := &browser{t: t, address: served.URL}
	var cancel context.CancelFunc
	x.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(x.ctx)
		cancel()
		stop()
		if group != nil && group.Process != nil {
			if err := syscall.Kill(-group.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				t.Error("end chromium:", err)
			}
		}
	})
	if err := chromedp.Listen(x.ctx, x.note); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(x.ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return x
}

// note keeps what the browser tells, and takes every dialog.
func (x *browser) note(event any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch e := event.(type) {
	case *cdppage.EventJavascriptDialogOpening:
		x.dialogs = append(x.dialogs, e.Message)
		go func() {
			_, _ = chromedp.Call(x.ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			x.problems = append(x.problems, e.Entry.Text+" "+e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		x.problems = append(x.problems, e.ExceptionDetails.Text)
	}
}

// calm wants that nothing was noted.
func (x *browser) calm(where string) {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.dialogs) > 0 || len(x.problems) > 0 {
		x.t.Errorf("%s: dialogs %q, problems %q", where, x.dialogs, x.problems)
	}
	x.dialogs, x.problems = nil, nil
}

func (x *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		x.t.Fatal(err)
	}
}

// field types into a field of the page.
func (x *browser) field(selector, text string) {
	x.t.Helper()
	x.try(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// try does what may lead to another page while it is done.
func (x *browser) try(action chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, action); err != nil && !strings.Contains(err.Error(), "navigated") {
		x.t.Fatal(err)
	}
}

// open goes to a page.
func (x *browser) open(path string) {
	x.t.Helper()
	x.run(chromedp.Navigate(x.address+path), chromedp.WaitReady(chromedp.CSS("#main")))
}

// press sends keys one by one to the page, not to a field.
func (x *browser) press(keys ...string) {
	x.t.Helper()
	for _, k := range keys {
		x.try(chromedp.KeyEvent(k))
	}
}

// loads does what leads to another page and waits for that page.
func (x *browser) loads(do func()) {
	x.t.Helper()
	x.run(chromedp.Evaluate[chromedp.Void](`window.left = true`))
	do()
	ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
	defer cancel()
	for there := false; !there; { // the page under the question may go away
		if err := ctx.Err(); err != nil {
			x.t.Fatal("wait for the next page:", err)
		}
		there, _ = chromedp.Run(ctx, chromedp.Evaluate[bool](`!window.left && document.readyState === "complete"`))
	}
}

func (x *browser) value(expression string) any {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](expression))
	if err != nil {
		x.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

func (x *browser) want(expression string, want any) {
	x.t.Helper()
	if got := x.value(expression); fmt.Sprint(got) != fmt.Sprint(want) {
		x.t.Errorf("%s is %v, want %v", expression, got, want)
	}
}

// until waits for what the page does a moment later.
func (x *browser) until(expression string) {
	x.t.Helper()
	x.run(chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(30*time.Second)))
}

// prefer makes the browser prefer light or dark.
func (x *browser) prefer(scheme string) {
	x.t.Helper()
	_, err := chromedp.Call(x.ctx, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		x.t.Fatal(err)
	}
}

// count returns how many alerts are in a state.
func count(b *bench, state leak.AlertState) int {
	n := 0
	for _, a := range b.stored() {
		if a.State == state {
			n++
		}
	}
	return n
}

// TestAnAnalystWorksInARealBrowser goes the way of a first day: the set-up
// link, the inbox by keyboard only, all that match closed at once, a search,
// and a listing that is an attack.
func TestAnAnalystWorksInARealBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := newBench(t)
	x := newBrowser(t, b)
	for i := range 30 {
		b.ingest(selling(i))
	}
	setUpByLink(x, b)
	triageByKeys(x, b)
	closeByQuery(x, b)
	searchInBrowser(x)
	analyzeInBrowser(x)
	previewWhileTyping(x)
}

// analyzeInBrowser pastes a text; the answer comes into the page, and the
// form keeps what was typed.
func analyzeInBrowser(x *browser) {
	x.press(kb.Escape, "g")
	x.loads(func() { x.press("t") })
	x.want(`location.pathname`, "/analyze")
	paste(x)
	x.want(`document.querySelector("#analysis mark.names").textContent`, "手持身-份-证")
	x.want(`document.querySelector('textarea[name="body"]').value.includes("face_shop")`, true)
	x.want(`document.querySelector("#analysis").textContent.includes("19491231")`, false)
	x.want(`location.href.includes("face_shop")`, false)
	x.press(kb.Escape, "n")
	x.want(`document.querySelector("mark.here").textContent.length > 0`, true)
	x.calm("analyze")
}

// paste analyzes the pasted text.
func paste(x *browser) {
	x.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('textarea[name="body"]').value = ` + strconv.Quote(pasted)))
	x.run(chromedp.Click(chromedp.CSS(`form[action="/analyze"] button`)))
	x.until(`document.querySelector("#analysis mark")`)
}

func setUpByLink(x *browser, b *bench) {
	link, err := b.server.SetupLink(context.Background())
	if err != nil {
		x.t.Fatal(err)
	}
	x.open(link)
	x.loads(func() {
		x.field(`input[name="name"]`, "root")
		x.field(`input[name="password"]`, testPassword+kb.Enter)
	})
	x.want(`location.pathname`, "/")
	x.want(`document.querySelector(".flash").textContent.includes("Welcome")`, true)
	x.calm("set-up")
}

// triageByKeys goes through ten alerts without a mouse.
func triageByKeys(x *browser, b *bench) {
	x.press("?")
	x.want(`document.querySelectorAll("dialog dt").length > 12`, true)
	x.press(kb.Escape)
	x.until(`document.querySelectorAll("dialog").length === 0`)
	x.press("j", "j", "k")
	x.want(`Array.from(document.querySelectorAll(".alert")).findIndex(r => r.classList.contains("at"))`, 0)
	for range 5 {
		x.loads(func() { x.press("e", "2") })
	}
	if n := count(b, leak.Closed); n != 5 {
		x.t.Errorf("%d alerts are closed by keys, want 5", n)
	}
	x.loads(func() { x.press("a") })
	x.press("x", "j", "x")
	x.loads(func() { x.press("a") })
	if n := count(b, leak.Acknowledged); n != 3 {
		x.t.Errorf("%d alerts are acknowledged by keys, want 3", n)
	}
	x.loads(func() { x.press("z") })
	if o, n := count(b, leak.Open), count(b, leak.Acknowledged); n != 1 || o != 24 {
		x.t.Errorf("after undoing %d are acknowledged and %d open, want 1 and 24", n, o)
	}
	x.loads(func() { x.press("j", "o") })
	x.want(`location.pathname.startsWith("/alerts/")`, true)
	x.press("n")
	x.want(`document.querySelector("mark.here").textContent.length > 0`, true)
	x.loads(func() { x.press("e", "1") })
	x.want(`document.querySelector(".flash").textContent.includes("Closed 1.")`, true)
	x.loads(func() { x.press("g", "a") })
	x.want(`location.pathname`, "/")
	if n := count(b, leak.Closed); n != 6 {
		x.t.Errorf("%d alerts are closed, want 6", n)
	}
	x.calm("keys")
}

func closeByQuery(x *browser, b *bench) {
	x.loads(func() { x.field(`input[name="q"]`, "seller:seller1*"+kb.Enter) })
	matching := int(x.value(`Number(document.getElementById("query-all").dataset.total)`).(float64))
	before := count(b, leak.Closed)
	x.press("*")
	x.want(`document.getElementById("query-all").checked`, true)
	x.loads(func() { x.press("e", "4") })
	if got := count(b, leak.Closed) - before; got != matching || got == 0 {
		x.t.Errorf("%d alerts were closed by query, want %d", got, matching)
	}
	x.want(`new URL(location).searchParams.get("q")`, "seller:seller1*")
	x.want(`document.querySelector(".empty a b").textContent`, matching)
	x.calm("bulk")
}

func searchInBrowser(x *browser) {
	x.press("g")
	x.loads(func() { x.press("s") })
	x.loads(func() { x.field(`input[name="q"]`, "人脸照片 seller:seller2"+kb.Enter) })
	x.want(`document.querySelector(".result .excerpt mark").textContent`, "人脸照片")
	x.want(`document.querySelectorAll(".result").length`, 1)
	x.loads(func() { x.field(`input[name="q"]`, kb.End+" AND colour:red"+kb.Enter) })
	x.want(`document.querySelector(".fault").textContent.includes("^^^^^^")`, true)
	x.want(`new URL(location).search`, "")
	// The answer 400 to a faulty query is noted as an error by the browser.
	x.mu.Lock()
	defer x.mu.Unlock()
	x.problems = nil
}

// previewWhileTyping sees parts of a page change without a new page.
func previewWhileTyping(x *browser) {
	x.open("/watches/preview")
	x.field(`input[name="q"]`, "category:face_photo")
	x.until(`document.querySelector("#preview .numbers b") && document.querySelector("#preview .numbers b").textContent === "30"`)
	x.calm("preview")
	x.field(`input[name="exception"]`, "colour:red")
	x.until(`document.querySelector("#preview .fault")`)
	x.want(`document.querySelectorAll("#preview").length`, 1)
	x.open("/")
	x.run(chromedp.Evaluate[chromedp.Void](`htmx.ajax("GET", "/alerts/new?since=1", "#news")`))
	x.until(`document.querySelector("#news a.fresh")`)
	x.want(`document.querySelector("#news a.fresh").textContent.includes("new alerts")`, true)
}

func TestAttacksDoNothingInARealBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := newBench(t, func(o *Options) { o.Open = true })
	x := newBrowser(t, b)
	for n, text := range hostile {
		b.ingest(hostileListing(n, text))
	}
	paths := []string{"/", "/search", "/search?q=" + url.QueryEscape("人脸照片"), "/watches/preview?q=category:face_photo", "/audit"}
	for _, a := range b.stored() {
		paths = append(paths, "/alerts/"+a.ID, "/listings/"+a.Listing)
	}
	for _, path := range paths {
		x.open(path)
		x.want(`document.querySelectorAll("script:not([src^='/static/']), img, iframe, object, embed, base, [onerror], [onload], [onmouseover], a[href^='javascript:'], a[href^='data:']").length`, 0)
		x.want(`document.title.endsWith("leakwatch")`, true)
		x.calm(path)
	}
}

// TestPagesFitEveryScreen looks at every page, light and dark, wide and on a
// telephone.
func TestPagesFitEveryScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := newBench(t, func(o *Options) { o.Open = true })
	x := newBrowser(t, b)
	for i := range 5 {
		b.ingest(selling(i))
	}
	b.ingest(hostileListing(9, strings.Repeat("W", 200)))
	for _, width := range []int64{375, 1280} {
		x.run(chromedp.EmulateViewport(width, 800))
		for n, path := range b.get() {
			x.open(path)
			if over := x.value(`document.documentElement.scrollWidth - window.innerWidth`).(float64); over > 0 {
				t.Errorf("%s is %v px too wide for %d", path, over, width)
			}
			for what, wrong := range misfits {
				if x.value(wrong) == true {
					t.Errorf("%s at %d px: %s", path, width, what)
				}
			}
			x.picture(fmt.Sprintf("page-%d-%d.png", n, width))
		}
	}
	x.calm("pages")
	brightness := `(() => { const c = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number); return c[0] + c[1] + c[2] > 380 })()`
	x.open("/")
	x.prefer("light")
	x.want(brightness, true)
	x.prefer("dark")
	x.want(brightness, false)
	for theme, light := range map[string]bool{"light": true, "dark": false} {
		x.run(chromedp.Evaluate[chromedp.Void](`document.cookie = "theme=` + theme + `; path=/"`))
		x.open("/")
		x.want(brightness, light)
	}
	checkContrast(x, "/", "/search?q=offer", "/sources", "/watches", "/analyze", "/listings/"+b.stored()[0].Listing)
	checkAnalysis(x)
}

// misfits are what makes a page hard to read though it is not too wide.
var misfits = map[string]string{
	"a title is squeezed":         `Array.from(document.querySelectorAll(".alert-main, .result-main")).some((e) => e.clientWidth < 200)`,
	"a label of a chart is tiny":  `Array.from(document.querySelectorAll(".tick")).some((e) => e.getBoundingClientRect().height < 9)`,
	"the menu hides where one is": `Array.from(document.querySelectorAll("nav [aria-current]")).some((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0)`,
}

// checkAnalysis looks at an analyzed text, wide and on a telephone, light and
// dark.
func checkAnalysis(x *browser) {
	for _, theme := range []string{"light", "dark"} {
		x.run(chromedp.Evaluate[chromedp.Void](`document.cookie = "theme=` + theme + `; path=/"`))
		x.open("/analyze")
		paste(x)
		if low := x.value(contrast).([]any); len(low) > 0 {
			x.t.Errorf("an analysis in %s: too little contrast: %v", theme, low)
		}
		for _, width := range []int64{375, 1280} {
			x.run(chromedp.EmulateViewport(width, 800))
			if over := x.value(`document.documentElement.scrollWidth - window.innerWidth`).(float64); over > 0 {
				x.t.Errorf("an analysis is %v px too wide for %d", over, width)
			}
			x.picture(fmt.Sprintf("analyze-%s-%d.png", theme, width))
		}
	}
}

// picture keeps what the page looks like in the folder that
// LEAKWATCH_TEST_PICTURES names, if it does.
func (x *browser) picture(name string) {
	x.t.Helper()
	folder := os.Getenv("LEAKWATCH_TEST_PICTURES")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(x.ctx, time.Minute)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), png, 0o600)
	}
	if err != nil {
		x.t.Fatal(err)
	}
}

// checkContrast wants the contrast of WCAG AA between text and what is behind
// it, in both themes.
func checkContrast(x *browser, paths ...string) {
	for _, theme := range []string{"light", "dark"} {
		x.run(chromedp.Evaluate[chromedp.Void](`document.cookie = "theme=` + theme + `; path=/"`))
		for _, path := range paths {
			x.open(path)
			if low := x.value(contrast).([]any); len(low) > 0 {
				x.t.Errorf("%s in %s: too little contrast: %v", path, theme, low)
			}
		}
	}
}

// contrast returns the texts of a page with a ratio below 4.5.
const contrast = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1); return Array.from(canvas.getImageData(0, 0, 1, 1).data); };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] / 255 + under[i] * (1 - top[3] / 255));
  const behind = (e) => { if (!e) return [255, 255, 255]; const c = rgba(getComputedStyle(e).backgroundColor); return c[3] === 255 ? c.slice(0, 3) : over(c, behind(e.parentElement)); };
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const low = new Set();
  for (const e of document.querySelectorAll("main *, header *")) {
    if (!Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim()) || e.closest("svg, .sr, [hidden]")) continue;
    const under = behind(e), text = over(rgba(getComputedStyle(e).color), under);
    const a = light(under), b = light(text), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
  }
  return Array.from(low);
})()`
