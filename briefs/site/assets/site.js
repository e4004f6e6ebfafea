// The pages' one script, classic and without a network: it runs from a disk as well as from a server. Everything here
// adds to pages that are whole without it: the theme, tips on charts, the day, the walk step by step, old addresses.
"use strict";
window.flowcheck = (function () {
  const query = new URLSearchParams(location.search);
  const root = document.documentElement;
  const one = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const read = (name) => { const found = one(`script.${name}`); return found && JSON.parse(found.textContent); };
  const make = (name, attributes, text) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // ---------------------------------------------------------------- the theme, before anything is painted
  const THEMES = ["light", "dark"];
  const kept = () => { try { return localStorage.getItem("flowcheck-theme"); } catch { return null; } };
  const asked = THEMES.includes(query.get("theme")) ? query.get("theme") : kept();
  if (THEMES.includes(asked)) root.dataset.theme = asked;
  root.classList.add("scripted");
  // From a server the typefaces come with the sheet, so that no line breaks anew. A page from a disk may not ask so.
  if (location.protocol.startsWith("http")) for (const face of ["SourceSerif4", "SourceSans3"]) {
    const href = new URL(`fonts/${face}-latin.woff2`, document.currentScript.src).href;
    document.head.append(make("link", { rel: "preload", as: "font", type: "font/woff2", crossorigin: "", href }));
  }
  if (query.get("presenter") === "on") root.classList.add("presenter");

  function theme() {
    const button = one(".theme");
    const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const name = () => { button.textContent = isDark() ? "Light" : "Dark"; button.setAttribute("aria-label", `Show in ${isDark() ? "light" : "dark"} colours`); };
    name();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("flowcheck-theme", root.dataset.theme); } catch { /* it lasts for this page only */ }
      name();
    });
  }

  // ---------------------------------------------------------------- charts: what stands under the pointer
  function tips(drawn) {
    const source = one("script.tips", drawn);
    if (!source) return;
    let rows = null, at = -1, tip = null, spot = null, order = null;
    const shown = () => all("svg", drawn).find((svg) => svg.getClientRects().length);
    const say = make("p", { class: "unseen", role: "status" });
    drawn.append(say);
    drawn.tabIndex = 0;
    drawn.setAttribute("role", "group");
    drawn.setAttribute("aria-label", "Values of the chart: arrow keys go from one to the next");
    const places = () => {
      rows = rows || JSON.parse(source.textContent);
      const svg = shown(), box = svg.getBoundingClientRect(), own = drawn.getBoundingClientRect();
      const scale = box.width / svg.viewBox.baseVal.width, wide = svg.classList.contains("wide") ? 0 : 2;
      return rows.map((row) => [row[wide] * scale + box.left - own.left, row[wide + 1] * scale + box.top - own.top, row[4]]);
    };
    const show = (index, found, aloud) => {
      at = index;
      if (!tip) { tip = make("div", { class: "tip", "aria-hidden": "true" }); spot = make("span", { class: "spot", "aria-hidden": "true" }); drawn.append(tip, spot); }
      const [x, y, text] = found[index];
      tip.hidden = spot.hidden = false;
      tip.textContent = text;
      if (aloud) say.textContent = text;
      spot.style.left = `${x}px`; spot.style.top = `${y}px`;
      const room = drawn.clientWidth - tip.offsetWidth;
      tip.style.left = `${Math.max(0, Math.min(room, x - tip.offsetWidth / 2))}px`;
      tip.style.top = `${y - tip.offsetHeight - 12 < -30 ? y + 14 : y - tip.offsetHeight - 12}px`;
    };
    const hide = () => { if (tip) tip.hidden = spot.hidden = true; at = -1; };
    const nearest = (event) => {
      const own = drawn.getBoundingClientRect(), found = places();
      const px = event.clientX - own.left, py = event.clientY - own.top;
      let best = -1, least = 60 * 60;
      found.forEach(([x, y], index) => {
        // along the time axis counts more than height: a line is followed without hitting it
        const away = (x - px) ** 2 + ((y - py) / 2.5) ** 2;
        if (away < least) { least = away; best = index; }
      });
      if (best < 0) hide(); else show(best, found, false);
    };
    drawn.addEventListener("pointermove", nearest);
    drawn.addEventListener("pointerdown", nearest);
    drawn.addEventListener("pointerleave", hide);
    drawn.addEventListener("blur", hide);
    drawn.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") { hide(); return; }
      if (!step && event.key !== "Home" && event.key !== "End") return;
      event.preventDefault();
      event.stopPropagation();
      const found = places();
      order = order || found.map((_, index) => index).sort((a, b) => found[a][0] - found[b][0] || a - b);
      const place = order.indexOf(at);
      const next = event.key === "Home" ? 0 : event.key === "End" ? order.length - 1
        : place < 0 ? (step > 0 ? 0 : order.length - 1) : Math.max(0, Math.min(order.length - 1, place + step));
      show(order[next], found, true);
    });
  }

  // ---------------------------------------------------------------- addresses: the day goes along from page to page
  function address(values) {
    const now = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(values)) if (value) now.set(key, value); else now.delete(key);
    const written = now.toString();
    return `${location.pathname}${written ? `?${written}` : ""}${location.hash}`;
  }
  function carry() {
    const now = new URLSearchParams(location.search), along = new URLSearchParams();
    for (const key of ["as_of", "theme", "presenter"]) if (now.get(key)) along.set(key, now.get(key));
    for (const link of all("a[href]")) {
      const plain = link.dataset.plain || (link.dataset.plain = link.getAttribute("href"));
      if (/^([a-z]+:|#)/i.test(plain) || link.hasAttribute("download")) continue;
      const [file, hash] = plain.split("#");
      const more = along.toString();
      link.setAttribute("href", `${file}${more ? `?${more}` : ""}${hash ? `#${hash}` : ""}`);
    }
  }

  // ---------------------------------------------------------------- the day
  const SHAPES = { supported: "●", contradicted: "✕", mixed: "◐", insufficient_data: "◌", consistent: "●", inconsistent: "✕", neutral: "○", not_evaluable: "◌" };
  const OUTCOMES = { c: "consistent", x: "inconsistent", o: "neutral", n: "not_evaluable" };
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const inWords = (iso) => { const [y, m, d] = iso.split("-").map(Number); return `${d} ${MONTHS[m - 1]} ${y}`; };
  const short = (iso) => { const [y, m, d] = iso.split("-").map(Number); return `${d} ${MONTHS[m - 1].slice(0, 3)} ${y}`; };
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let page = null, held = null, shown = null;

  // The last row on or before a day: rows begin with their day, in order.
  function standing(rows, day) {
    let low = 0, high = rows.length;
    while (low < high) { const middle = (low + high) >> 1; if (rows[middle][0] <= day) low = middle + 1; else high = middle; }
    return low ? rows[low - 1] : null;
  }
  const sign = (word) => make("span", { class: `sign ${word}`, "aria-hidden": "true" }, SHAPES[word]);
  function mark(word, text) {
    const made = make("span", { class: `mark ${word}` });
    made.append(sign(word), ` ${text}`);
    return made;
  }
  function verdicts(within, phrase) {
    const [direction, word, rest, sure] = phrase;
    for (const place of all("[data-v]", within)) place.replaceChildren(mark(direction, word), make("span", {}, rest));
    for (const place of all("[data-sure]", within)) place.textContent = sure;
  }
  const tally = (marks) => Object.keys(OUTCOMES).map((code) => [marks.split(code).length - 1, page.outcomes[code]])
    .filter(([count]) => count).map(([count, words]) => `${count} ${words}`).join(", ");

  function tellStory(day) {
    const row = standing(held.days, day);
    if (!row) return;
    const [, phrase, outcomes, rule, , , seen, need] = row;
    verdicts(document, held.phrases[phrase]);
    for (const place of all("[data-rule]")) place.textContent = held.texts[rule];
    all("[data-test]").forEach((test, index) => {
      const word = OUTCOMES[outcomes[index]], says = page.outcomes[outcomes[index]];
      one("[data-outcome]", test)?.replaceChildren(mark(word, says[0].toUpperCase() + says.slice(1)));
      one("[data-seen]", test).textContent = held.texts[seen[index]];
      const needs = one("[data-need]", test);
      needs.textContent = held.texts[need[index]];
      needs.hidden = !needs.textContent;
    });
  }
  function tellBoard(day) {
    for (const place of all("[data-story]")) {
      const story = held.stories[place.dataset.story], row = story && standing(story.days, day);
      const [on, phrase, marks, says] = row || [null, null, "", null];
      place.classList.toggle("before", !row);
      if (!row) continue;
      verdicts(place, story.phrases[phrase]);
      place.dataset.direction = story.phrases[phrase][0];
      for (const one_ of all("[data-strip]", place)) one_.replaceChildren(...[...marks].map((code) => sign(OUTCOMES[code])));
      for (const one_ of all("[data-tally]", place)) one_.textContent = tally(marks);
      for (const one_ of all("[data-says]", place)) one_.textContent = story.texts[says];
      for (const one_ of all("[data-stands]", place)) one_.textContent = short(on);
      place.classList.toggle("moved", day !== page.newest);
    }
    choose();
  }

  function notice(text) {
    const place = one(".notice");
    place.hidden = !text;
    place.textContent = text;
  }
  function first() { return held.days[0][0]; }
  function move(day, told) {
    const latest = day === page.newest;
    one("[data-day]").textContent = inWords(day);
    const beside = one("[data-newest]");
    beside.dataset.newest = beside.dataset.newest || beside.textContent;
    beside.textContent = latest ? beside.dataset.newest : `. ${held.stories ? page.words.board_moved : page.words.moved}`;
    document.body.classList.toggle("moved", !latest);
    // the page was written for the newest day: nothing changes before the first move
    if (!latest || (shown && shown !== day)) { if (held.stories) tellBoard(day); else tellStory(day); }
    shown = day;
    if (one(".slider")) settleSlider(day);
    notice(told);
  }
  // The slider on a day: what came then, and which buttons lead on.
  function settleSlider(day) {
    const row = standing(held.days, day), index = held.days.indexOf(row);
    const came = held.texts[held.stories ? row[1] : row[4]];
    const range = one(".slider input"), [back, on] = all(".slider > button");
    range.value = String(index);
    range.setAttribute("aria-valuetext", `${inWords(day)}${came ? `: ${came}` : ""}`);
    back.disabled = index <= 0;
    on.disabled = index >= held.days.length - 1;
    one(".slider .came").textContent = row[0] === day ? came : `${inWords(row[0])}: ${came}`;
    for (const button of all(".turns button")) button.setAttribute("aria-pressed", String(button.dataset.to === day));
  }
  function go(day, keep) {
    move(day);
    const to = address({ as_of: day === page.newest ? "" : day, snapshot: "", seal: "" });
    try { if (keep) history.pushState(null, "", to); else history.replaceState(null, "", to); } catch { /* a page from a disk may not: the day shows all the same */ }
    carry();
  }

  function slider() {
    const place = one(".slider"), last = held.days.length - 1;
    if (!place) return;
    const dayAt = (index) => (index >= last ? page.newest : held.days[index][0]);
    const range = one("input", place), [back, on] = all(":scope > button", place);
    range.max = String(last);
    range.addEventListener("input", () => go(dayAt(Number(range.value)), false));
    range.addEventListener("change", () => go(dayAt(Number(range.value)), true));
    back.addEventListener("click", () => go(dayAt(Number(range.value) - 1), true));
    on.addEventListener("click", () => go(dayAt(Number(range.value) + 1), true));
    for (const button of all(".turns button", place)) button.addEventListener("click", () => go(button.dataset.to, true));
  }

  // What the address asks for: a day that can be shown, and what has to be told about it.
  function wanted() {
    const asked = new URLSearchParams(location.search).get("as_of");
    if (!asked || asked === "latest") return [page.newest, ""];
    const date = new Date(`${asked}T00:00:00Z`);
    const valid = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(asked);
    if (!valid) return [page.newest, filled(page.words.no_date, { asked: asked.slice(0, 40) })];
    if (asked > page.newest) return [page.newest, filled(page.words.too_late, { asked: inWords(asked) })];
    if (held && asked < first()) return [page.newest, filled(page.words.too_early, { asked: inWords(asked), first: inWords(first()) })];
    return [asked, ""];
  }
  function sealed(day) {
    const seal = new URLSearchParams(location.search).get("seal");
    if (!seal || held.stories) return "";
    const row = standing(held.days, day);
    return row && row[8] === seal ? page.words.sealed : page.words.unsealed;
  }
  function settle() {
    const [day, told] = wanted();
    if (!held) {
      const elsewhere = day === page.newest ? told : filled(page.words.as_of_pages, { asked: inWords(day) });
      notice(elsewhere);
    } else move(day, told || sealed(day));
    carry();
  }
  function hold(value) { held = value; }

  // ---------------------------------------------------------------- the board: only some verdicts
  const chosen = () => all(".choices [aria-pressed=true]").map((button) => button.dataset.choice);
  function choose() {
    const words = chosen();
    const shelves = (query.get("shelves") || "").split(",").filter(Boolean);
    let any = false;
    for (const shelf of all(".shelf")) {
      const wantedShelf = !shelves.length || shelves.includes(one("h2", shelf).id);
      let own = false;
      for (const row of all(".story", shelf)) {
        row.hidden = row.classList.contains("before") || !wantedShelf || (words.length > 0 && !words.includes(row.dataset.direction));
        own = own || !row.hidden;
      }
      shelf.hidden = !own;
      any = any || own;
    }
    const none = one(".none");
    if (none) none.hidden = any;
  }
  function choices() {
    const place = one(".choices");
    if (!place) return;
    const asked = (query.get("verdicts") || "").split(",");
    for (const button of all("button", place)) {
      button.setAttribute("aria-pressed", String(asked.includes(button.dataset.choice)));
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        try { history.replaceState(null, "", address({ verdicts: chosen().join(",") })); } catch { /* from a disk */ }
        choose();
      });
    }
    choose();
  }

  // ---------------------------------------------------------------- the walk: one step at a time
  function walk() {
    const stops = all(".walk .stop");
    if (!stops.length) return;
    const moves = one(".moves"), back = one(".back", moves), next = one(".next", moves);
    const bar = make("div", { class: "bar", "aria-hidden": "true" });
    bar.append(make("span"));
    moves.before(bar);
    document.body.classList.add("stepwise");
    let now = -1;
    const ends = { back: [back.textContent, () => back.getAttribute("href")], next: [next.textContent, () => next.getAttribute("href")] };
    const show = (index, focus) => {
      const before = stops[now], stop = stops[index];
      now = index;
      stops.forEach((each) => each.classList.toggle("here", each === stop));
      one(".progress", moves).textContent = stop.dataset.at;
      const [at, of] = stop.dataset.at.split(" of ").map(Number);
      one("span", bar).style.width = `${(100 * at) / of}%`;
      back.textContent = index > 0 ? "Back" : ends.back[0];
      next.textContent = index + 1 < stops.length ? "Next" : ends.next[0];
      blend(before, stop);
      if (focus) { one("h2", stop).focus({ preventScroll: true }); scrollTo(0, 0); }
    };
    // The same chart with more on it: the drawing before stays below until the new one has come.
    const blend = (before, stop) => {
      const from = before && one(".chart", before), to = one(".chart", stop);
      if (!from || !to || from.dataset.picture !== to.dataset.picture || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const drawn = one(".drawn", to), under = one(".drawn", from).cloneNode(true);
      under.className = "drawn under";
      under.setAttribute("aria-hidden", "true");
      all("[id]", under).forEach((node) => node.removeAttribute("id"));
      all(".tip,.spot,[role=status],script", under).forEach((node) => node.remove());
      under.removeAttribute("tabindex"); under.removeAttribute("role"); under.removeAttribute("aria-label");
      drawn.append(under);
      const pictures = all(":scope > svg", drawn);
      pictures.forEach((svg) => svg.classList.add("coming"));
      setTimeout(() => { under.remove(); pictures.forEach((svg) => svg.classList.remove("coming")); }, 520);
    };
    const step = (by) => {
      const index = now + by;
      if (index >= 0 && index < stops.length) location.hash = stops[index].id;
      else location.href = (by < 0 ? back : next).href;
    };
    const find = () => {
      const hash = decodeURIComponent(location.hash.slice(1));
      const index = stops.findIndex((stop) => stop.id === hash);
      return index < 0 ? 0 : index;
    };
    back.addEventListener("click", (event) => { if (now > 0) { event.preventDefault(); step(-1); } });
    next.addEventListener("click", (event) => { if (now + 1 < stops.length) { event.preventDefault(); step(1); } });
    addEventListener("hashchange", () => show(find(), true));
    addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (event.key === "ArrowRight" || event.key === "PageDown") { event.preventDefault(); step(1); }
      if (event.key === "ArrowLeft" || event.key === "PageUp") { event.preventDefault(); step(-1); }
    });
    let touch = null;
    addEventListener("touchstart", (event) => { touch = event.touches.length === 1 && !event.target.closest(".drawn,.scrolled") ? event.touches[0] : null; }, { passive: true });
    addEventListener("touchend", (event) => {
      if (!touch) return;
      const across = event.changedTouches[0].clientX - touch.clientX, down = event.changedTouches[0].clientY - touch.clientY;
      touch = null;
      if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) step(across < 0 ? 1 : -1);
    }, { passive: true });
    show(find(), false);
  }

  // ---------------------------------------------------------------- the app's own addresses
  function onward() {
    const to = read("onward");
    if (!to) return;
    const key = query.get(to.parameter) || "";
    const own = Object.hasOwn(to.pages, key) ? to.pages[key] : Object.values(to.pages)[0];
    const step = query.get("step") || "", test = query.get("test") || "";
    const rest = new URLSearchParams();
    for (const [name, value] of query) if (!["story", "chapter", "step", "test"].includes(name)) rest.append(name, value);
    const place = step === "tests" && test ? `tests-${test}` : step;
    const more = rest.toString();
    location.replace(`${own}${more ? `?${more}` : ""}${place ? `#${encodeURIComponent(place)}` : ""}`);
  }
  function toFigure() {
    const figure = query.get("figure");
    if (figure && document.getElementById(figure)) location.hash = figure;
  }
  // A link into something folded opens it.
  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.classList.contains("audited")) one("details", target).open = true;
  }

  document.addEventListener("DOMContentLoaded", () => {
    page = read("page");
    theme();
    onward();
    for (const here of all("nav [aria-current]")) here.closest("ul, ol").scrollLeft = here.offsetLeft - 60;
    all(".drawn").forEach(tips);
    choices();
    if (held) slider();
    settle();
    addEventListener("popstate", settle);
    walk();
    toFigure();
    unfold();
    addEventListener("hashchange", unfold);
  });
  return { days: (_, value) => hold(value), board: (_, value) => hold(value) };
})();
