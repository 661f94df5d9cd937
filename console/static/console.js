// What the console does beyond plain pages: selecting, keys, and asking
// before many are changed. Everything works without it.
(function () {
  "use strict";
  const boxes = () => Array.from(document.querySelectorAll('.inbox input[name="id"]'));
  const pageAll = document.getElementById("page-all");
  const queryAll = document.getElementById("query-all");
  if (pageAll) pageAll.addEventListener("change", () => boxes().forEach((b) => { b.checked = pageAll.checked; }));
  if (queryAll) queryAll.addEventListener("change", () => {
    boxes().forEach((b) => { b.disabled = queryAll.checked; });
    if (pageAll) pageAll.disabled = queryAll.checked;
  });
  const inbox = document.getElementById("inbox");
  if (inbox) inbox.addEventListener("submit", (e) => {
    if (queryAll && queryAll.checked && !window.confirm("This changes " + queryAll.parentElement.textContent.trim().toLowerCase() + ".")) e.preventDefault();
  });

  let at = -1;
  function move(step) {
    const rows = Array.from(document.querySelectorAll(".inbox .alert, .results .result"));
    if (!rows.length) return;
    if (at >= 0) rows[at].classList.remove("at");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].classList.add("at");
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function row() { return document.querySelector(".at"); }
  function press(action) {
    const r = row(), form = document.getElementById("inbox");
    if (!r || !form) return;
    boxes().forEach((b) => { b.checked = r.contains(b); });
    form.querySelector('button[value="' + action + '"]').click();
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const a = row() && row().querySelector("a"); if (a) a.click(); },
    Enter: () => keys.o(),
    x: () => { const b = row() && row().querySelector('input[name="id"]'); if (b) b.checked = !b.checked; },
    a: () => press("acknowledge"),
    "/": () => { const q = document.querySelector('input[type="search"]'); if (q) { q.focus(); q.select(); } },
  };
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/.test(e.target.tagName) && e.key !== "Escape") return;
    const act = keys[e.key];
    if (act) { e.preventDefault(); act(); }
  });
})();
