// What the console does beyond plain pages: keys, selecting, and asking before
// many alerts are changed. Everything works without it.
(function () {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  const inbox = document.getElementById("inbox");
  const form = inbox || document.getElementById("act");
  const boxes = () => all('.inbox input[name="id"]');
  const rows = () => all(".inbox .alert, .results .result");
  const pageAll = document.getElementById("page-all");
  const queryAll = document.getElementById("query-all");

  // On a narrow screen the menu scrolls: show where we are in it.
  const here = one("nav [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "center" });

  // Selecting.
  function everything(on) {
    boxes().forEach((b) => { b.disabled = on; });
    if (pageAll) pageAll.disabled = on;
  }
  if (pageAll) pageAll.addEventListener("change", () => boxes().forEach((b) => { b.checked = pageAll.checked; }));
  if (queryAll) queryAll.addEventListener("change", () => everything(queryAll.checked));
  if (inbox) inbox.addEventListener("submit", (e) => {
    const total = queryAll && queryAll.checked ? Number(queryAll.dataset.total) : 0;
    if (total > 100 && !window.confirm("This changes " + total + " alerts.")) { e.preventDefault(); return; }
    sessionStorage.setItem("at", String(at));
  });

  // The row under the keys. After an action the next page goes on where it was.
  let at = -1;
  function go(to) {
    const list = rows();
    if (!list.length) return;
    if (list[at]) { list[at].classList.remove("at"); list[at].removeAttribute("aria-current"); }
    at = Math.max(0, Math.min(list.length - 1, to));
    list[at].classList.add("at");
    list[at].setAttribute("aria-current", "true");
    list[at].scrollIntoView({ block: "nearest" });
  }
  const before = sessionStorage.getItem("at");
  sessionStorage.removeItem("at");
  if (inbox && before !== null && Number(before) >= 0) go(Number(before));

  function row() { return rows()[at]; }
  function click(selector, within) {
    const found = (within || document).querySelector(selector);
    if (found) found.click();
  }
  // choose ticks the row under the keys, unless others are ticked already.
  function choose() {
    if (!inbox || (queryAll && queryAll.checked) || boxes().some((b) => b.checked)) return true;
    const box = row() && row().querySelector('input[name="id"]');
    if (box) box.checked = true;
    return Boolean(box);
  }
  function act(action) {
    if (form && choose()) click('button[value="' + action + '"]', form);
  }
  function close() {
    const select = form && form.querySelector('select[name="verdict"]');
    if (!select || !choose()) return;
    const lines = Array.from(select.options).slice(1).map((o, i) => [String(i + 1), o.textContent]);
    dialog("Close as", lines, (key) => {
      const option = select.options[Number(key)];
      if (!option || Number(key) < 1) return false;
      select.value = option.value;
      click('button[value="close"]', form);
      return true;
    });
  }

  // From mark to mark.
  let mark = -1;
  function toMark(step) {
    const marks = all(".listing-title mark, .listing-body mark");
    if (!marks.length) return;
    if (marks[mark]) marks[mark].classList.remove("here");
    mark = (mark + step + marks.length) % marks.length;
    marks[mark].classList.add("here");
    marks[mark].scrollIntoView({ block: "center" });
  }

  // dialog shows lines of key and text; a key that press takes ends it.
  function dialog(title, lines, press) {
    const d = document.createElement("dialog");
    const head = document.createElement("h2");
    head.textContent = title;
    const list = document.createElement("dl");
    for (const [key, text] of lines) {
      const line = document.createElement("div"), term = document.createElement("dt"), what = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap);
      what.textContent = text;
      line.append(term, what);
      if (press) line.addEventListener("click", () => { if (press(key)) d.close(); });
      list.append(line);
    }
    d.append(head, list);
    d.addEventListener("close", () => d.remove());
    d.addEventListener("click", (e) => { if (e.target === d) d.close(); });
    d.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.key === "?" || (press && press(e.key))) { e.preventDefault(); d.close(); }
    });
    document.body.append(d);
    d.showModal();
  }

  // The keys, and the help that is made of them.
  const places = { a: "/", s: "/search", t: "/analyze", w: "/watches", o: "/sources", r: "/receivers", m: "/silences" };
  let going = false;
  const keys = [
    ["j", "next row", () => go(at + 1)],
    ["k", "row before", () => go(at - 1)],
    ["o", "open the row", () => { if (row()) click("a", row()); }],
    ["Enter", "open the row", () => { if (row()) click("a", row()); }],
    ["x", "select the row", () => { if (row()) click('input[name="id"]', row()); }],
    ["*", "select all that match", () => { if (queryAll) queryAll.click(); }],
    ["a", "acknowledge and take", () => act("acknowledge")],
    ["e", "close, then 1 to 7 for the verdict", close],
    ["u", "open again", () => act("reopen")],
    ["z", "undo: reopen what was just changed", () => click("#undo")],
    ["]", "next open alert, next page", () => click('a[rel="next"]')],
    ["n", "next mark", () => toMark(1)],
    ["N", "mark before", () => toMark(-1)],
    ["r", "load again, with new alerts", () => { const f = one("a.fresh"); if (f) f.click(); else location.reload(); }],
    ["/", "search", () => { const q = one('input[type="search"]'); if (q) { q.focus(); q.select(); } }],
    ["g", "go: a alerts, s search, t analyze a text, w watches, o sources, r receivers, m silences", () => { going = true; }],
    ["?", "these keys", () => dialog("Keys", keys.map(([key, text]) => [key, text]))],
  ];
  function typing(e) {
    const t = e.target;
    if (/^(TEXTAREA|SELECT)$/.test(t.tagName)) return true;
    if (t.tagName === "INPUT") return !/^(checkbox|radio)$/.test(t.type) || e.key === " ";
    return /^(A|BUTTON|SUMMARY)$/.test(t.tagName) && (e.key === "Enter" || e.key === " ");
  }
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape" && document.activeElement) { document.activeElement.blur(); return; }
    if (typing(e)) return;
    if (going) {
      going = false;
      if (places[e.key]) { e.preventDefault(); location.assign(places[e.key]); }
      return;
    }
    const found = keys.find(([key]) => key === e.key);
    if (found) { e.preventDefault(); found[2](); }
  });
  const help = document.getElementById("help");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => keys.find(([key]) => key === "?")[2]());
  }
})();
