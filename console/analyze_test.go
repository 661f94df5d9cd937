package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

// pasted is a text with a hidden word, a victim's number and an attack.
const pasted = "出售手持身-份-证 1000套 300元，飞机 @face_shop\n样本 张三 " + victim + " <script>alert(1)</script>\n床上四件套不卖。"

func TestAPastedTextIsExplainedAndKeptNowhere(t *testing.T) {
	b := newBench(t)
	c := b.user(Analyst)
	r := b.send("POST", "/analyze", url.Values{"title": {"手持照"}, "body": {pasted}}, c)
	body := bodyOf(t, r)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s\n%s", r.Status, body)
	}
	for _, want := range []string{
		`<mark class="names" title="zh-id-handheld — undone: separator">手持身-份-证</mark>`, `<mark class="raises" title="zh-sell">出售</mark>`, `<mark class="lowers"`,
		"⟦prc_id 11…⟧", "Raised the score", "a price is named", "Lowered the score", "undone to see it: separator", "does not count: negated", "1,000", "face_shop", "&lt;script&gt;",
		"named by words that say by themselves what is traded",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	audit := b.auditText()
	if !strings.Contains(audit, `"action":"analyze","target":"","detail":"97 characters"`) {
		t.Errorf("audit: %s", audit)
	}
	for name, text := range map[string]string{"page": body, "audit": audit, "log": b.log.String()} {
		if strings.Contains(text, "19491231") || strings.Contains(text, "<script>alert") {
			t.Errorf("the %s holds the text", name)
		}
	}
	if strings.Contains(audit+b.log.String(), "face_shop") || strings.Contains(audit, "手持") {
		t.Error("the text is kept")
	}
	if got := b.send("GET", "/analyze", nil, b.user(Viewer)).StatusCode; got != http.StatusForbidden {
		t.Errorf("as a viewer: %d", got)
	}
}

func TestWhatATextLacksIsSaid(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	body := bodyOf(t, b.send("POST", "/analyze", url.Values{"body": {"今天。天气很好。"}}))
	for _, want := range []string{"no words that name something traded", "no price", "no contact", "no word of selling", "no offer"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, ">。</mark>") {
		t.Error("a full stop is marked")
	}
	if body = bodyOf(t, b.send("POST", "/analyze", url.Values{"body": {""}})); strings.Contains(body, "Looked for") {
		t.Error("an empty text is analyzed")
	}
}

func TestAListingSaysWhatRaisedAndLoweredItsScoreAndWhatIsMissing(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	l := detection().Read(leak.Raw{Source: "forum", URL: "https://forum.test/t/1", Title: "出售人脸照片", Body: "要的飞机@face_shop 手持身-份-证。"})
	base := selling(1)
	l.ID, l.Content = base.ID, "c"
	b.ingest(l)
	page := b.page("/listings/" + l.ID)
	for _, want := range []string{"Raised the score", "Lowered the score", "Looked for and missing", "no price", "one would add", `<mark class="names" title="zh-face-photo">`, "undone: separator", "in all: above 0"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "no contact") {
		t.Error("the contact is missed")
	}
	again := bodyOf(t, b.send("POST", "/analyze", url.Values{"listing": {l.ID}}))
	if !strings.Contains(again, "read with the rules of now") || !strings.Contains(again, "face_shop") {
		t.Error("the listing is not read again")
	}
	if got := b.send("POST", "/analyze", url.Values{"listing": {"none"}}).StatusCode; got != http.StatusNotFound {
		t.Errorf("a listing that is not there: %d", got)
	}
	if !strings.Contains(b.auditText(), `"action":"analyze","target":"`+l.ID+`"`) {
		t.Error("no line in the audit")
	}
}
