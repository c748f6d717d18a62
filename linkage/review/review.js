// The page of clerical review. It asks no server: answers are kept in this browser, as item and evidence ids with the
// answer and nothing else, until they are saved as a file for 'miic review import'. Who judged is never kept.
"use strict";
(() => {
  const perScreen = 3;
  const items = [...document.querySelectorAll("article[data-item]")];
  const at = (id) => document.getElementById(id);
  const store = "miic-review:" + location.pathname;
  const words = { same: "same", different: "different", unsure: "not sure" };
  let answers = {}, screen = 0, now = 0, unsaved = false;

  // Answers on other evidence, or on questions that do not wait any more, are dropped.
  function load() {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(store)) || {}; } catch { /* nothing is kept, or nothing can be */ }
    for (const a of items) {
      const k = kept[a.dataset.item];
      if (k && k[0] === a.dataset.evidence && words[k[1]]) answers[a.dataset.item] = k[1];
    }
  }

  function keep() {
    const kept = {};
    for (const a of items) {
      const d = answers[a.dataset.item];
      if (d) kept[a.dataset.item] = [a.dataset.evidence, d];
    }
    try { localStorage.setItem(store, JSON.stringify(kept)); } catch {
      at("state").textContent = "This browser keeps nothing: save before you close the page.";
    }
  }

  const decided = () => items.filter((a) => ["same", "different"].includes(answers[a.dataset.item]));

  function show(focus) {
    screen = Math.max(0, Math.min(screen, Math.ceil(items.length / perScreen) - 1));
    const first = screen * perScreen, last = Math.min(first + perScreen, items.length);
    now = Math.max(first, Math.min(now, last - 1));
    items.forEach((a, i) => {
      a.hidden = i < first || i >= last;
      a.classList.toggle("now", i === now);
      for (const b of a.querySelectorAll("button[data-answer]")) {
        b.setAttribute("aria-pressed", String(answers[a.dataset.item] === b.dataset.answer));
      }
    });
    const unsure = items.filter((a) => answers[a.dataset.item] === "unsure").length;
    at("state").textContent = `${decided().length} of ${items.length} answered` + (unsure ? `, ${unsure} not sure` : "");
    at("place").textContent = items.length ? `${first + 1} to ${last}` : "";
    at("before").disabled = screen === 0;
    at("after").disabled = last >= items.length;
    at("save").disabled = decided().length === 0 || at("by").value.trim() === "";
    if (focus && items[now]) {
      items[now].focus({ preventScroll: true });
      items[now].scrollIntoView({ block: "nearest" });
    }
  }

  function go(to) {
    if (to < 0 || to >= items.length) return;
    now = to;
    screen = Math.floor(now / perScreen);
    show(true);
  }

  function answer(i, decision) {
    now = i;
    const id = items[i].dataset.item;
    if (answers[id] === decision) { // once more takes it back
      delete answers[id];
    } else {
      answers[id] = decision;
    }
    unsaved = true;
    keep();
    if (answers[id] && i + 1 < items.length) go(i + 1);
    else show(true);
  }

  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

  function save() {
    const by = at("by").value.trim(), list = decided();
    if (!by || !list.length) return;
    const lines = ["item_id,decision,decided_by,evidence"];
    for (const a of list) {
      lines.push(["#" + a.dataset.item, answers[a.dataset.item], quoted(by), "#" + a.dataset.evidence].join(","));
    }
    const day = new Date(), two = (n) => String(n).padStart(2, "0");
    const link = document.createElement("a");
    link.download = `review-answers-${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}.csv`;
    link.href = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    at("saved").hidden = false;
    at("file").textContent = link.download;
  }

  document.addEventListener("click", (e) => {
    const b = e.target.closest("button");
    if (!b) {
      const a = e.target.closest("article[data-item]");
      if (a && !e.target.closest("a, summary, input")) { now = items.indexOf(a); show(false); }
      return;
    }
    if (b.dataset.answer) answer(items.indexOf(b.closest("article")), b.dataset.answer);
    else if (b.id === "before") go((screen - 1) * perScreen);
    else if (b.id === "after") go((screen + 1) * perScreen);
    else if (b.id === "save") save();
  });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input")) return;
    const key = { s: () => answer(now, "same"), d: () => answer(now, "different"), n: () => answer(now, "unsure"),
      j: () => go(now + 1), k: () => go(now - 1), ArrowRight: () => go((screen + 1) * perScreen),
      ArrowLeft: () => go((screen - 1) * perScreen) }[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (key && items.length) { e.preventDefault(); key(); }
  });
  at("by").addEventListener("input", () => show(false));
  addEventListener("beforeunload", (e) => { if (unsaved) e.preventDefault(); });
  load();
  at("controls").hidden = false;
  show(false);
})();
