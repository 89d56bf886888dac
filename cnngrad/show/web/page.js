"use strict";
// The steps are all in the page, as tables; this shows one at a time, and says of a cell that
// is pointed at which terms it is made of. It computes nothing.

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const fill = (sentence, facts) => sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

class Walk {
  constructor(root) {
    this.root = root;
    this.given = root.previousElementSibling;
    this.terms = data.walks[root.dataset.walk];
    this.results = [...root.querySelectorAll(".result")].map((panel) => ({
      name: panel.dataset.name,
      panel,
      tab: root.querySelector(`[role=tab][data-name="${panel.dataset.name}"]`),
      steps: [...panel.querySelectorAll(".step")],
      at: 0,
    }));
    this.current = this.results[0];
    this.slider = root.querySelector("input");
    this.buttons = Object.fromEntries(
      ["start", "back", "play", "forward", "end"].map((key) => [key, root.querySelector(`.${key}`)])
    );
    this.cell = null;
    this.timer = null;
    this.prepare();
    this.choose(this.current, false);
  }

  prepare() {
    this.root.classList.add("stepping");
    for (const part of [".bar", ".formula", ".keys"]) this.root.querySelector(part).hidden = false;
    this.root.querySelector(".tabs").hidden = this.results.length < 2;
    const digits = this.results.map((_, k) => k + 1).join(" ");
    const keys = this.results.length > 1 ? words.keys : words.keys_of_one;
    this.root.querySelector(".keys").textContent = fill(keys, { digits });
    for (const result of this.results) {
      result.panel.setAttribute("role", "tabpanel");
      result.tab.addEventListener("click", () => this.choose(result));
      for (const table of this.tables(result.panel, result.name)) {
        table.querySelectorAll("tbody td").forEach((cell, k) => (cell.tabIndex = k ? -1 : 0));
      }
    }
    this.root.querySelector(".tabs").addEventListener("keydown", (event) => this.turn(event));
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.buttons.start.addEventListener("click", () => this.go(0));
    this.buttons.back.addEventListener("click", () => this.go(this.current.at - 1));
    this.buttons.forward.addEventListener("click", () => this.go(this.current.at + 1));
    this.buttons.end.addEventListener("click", () => this.go(Infinity));
    this.buttons.play.addEventListener("click", () => this.play());
    for (const kind of ["mouseover", "focusin"]) {
      this.root.addEventListener(kind, (event) => this.point(event.target.closest("td")));
    }
    this.root.addEventListener("mouseleave", () => this.explain(null));
    this.root.addEventListener("keydown", (event) => this.roam(event));
  }

  tables(within, name) {
    return within.querySelectorAll(`table[data-name="${name}"]`);
  }

  // ---- which result, which step

  choose(result, speak = true) {
    this.stop();
    this.current = result;
    for (const other of this.results) {
      other.panel.hidden = other !== result;
      other.tab.setAttribute("aria-selected", other === result);
      other.tab.tabIndex = other === result ? 0 : -1;
    }
    this.slider.max = result.steps.length - 1;
    this.root.querySelector(".controls").hidden = result.steps.length < 2;
    this.cell = null;
    this.go(result.at, speak);
  }

  turn(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const count = this.results.length;
    const next = this.results[(this.results.indexOf(this.current) + step + count) % count];
    this.choose(next);
    next.tab.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  go(to, speak = true) {
    const { steps } = this.current;
    const at = Math.min(Math.max(to, 0), steps.length - 1);
    this.current.at = at;
    steps.forEach((step, k) => (step.hidden = k !== at));
    const counted = steps[at].querySelector(".count, .words").textContent;
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", counted);
    this.buttons.start.disabled = this.buttons.back.disabled = at === 0;
    this.buttons.forward.disabled = this.buttons.end.disabled = at === steps.length - 1;
    if (speak) {
      const told = [...steps[at].querySelectorAll("h3, .words")].map((part) => part.textContent);
      this.root.querySelector(".spoken").textContent = told.join(". ");
    }
    this.explain(this.cell);
  }

  play() {
    if (this.timer) return this.stop();
    if (this.current.at === this.current.steps.length - 1) this.go(0);
    this.root.classList.add("playing");
    this.name(this.buttons.play, words.pause);
    this.timer = setInterval(() => {
      this.go(this.current.at + 1);
      if (this.current.at === this.current.steps.length - 1) this.stop();
    }, 1400);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.root.classList.remove("playing");
    this.name(this.buttons.play, words.play);
  }

  name(button, text) {
    button.title = text;
    button.setAttribute("aria-label", text);
  }

  // ---- what a cell is made of

  place(cell) {
    const { leading, row, column } = cell.closest("table").dataset;
    const line = cell.parentElement;
    const heads = line.querySelectorAll("th").length;
    const parts = leading ? [leading] : [];
    if (row !== undefined) parts.push(Number(row) + line.sectionRowIndex);
    parts.push(Number(column) + cell.cellIndex - heads);
    return parts.join(",");
  }

  point(cell) {
    if (!cell || !cell.closest("tbody") || !cell.closest(".result")) return;
    if (cell.closest("table").dataset.name === this.current.name) this.explain(this.place(cell));
  }

  roam(event) {
    const cell = event.target.closest("td");
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!cell || !move) return;
    event.preventDefault();
    event.stopPropagation();
    const rows = cell.closest("tbody").rows;
    const row = rows[cell.parentElement.sectionRowIndex + move[0]];
    const next = row && row.cells[cell.cellIndex + move[1]];
    if (next && next.tagName === "TD") {
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  }

  explain(place) {
    this.cell = place;
    const box = this.root.querySelector(".formula");
    const { name } = this.current;
    const known = this.terms[name];
    for (const part of [this.root, this.given]) {
      for (const cell of part.querySelectorAll(".target, .feeds")) {
        cell.classList.remove("target", "feeds", "later");
      }
    }
    if (place === null || !known.cells) {
      box.replaceChildren(element("p", "hint", fill(known.cells ? words.hint : words.unknown, { name })));
      return;
    }
    const step = this.current.steps[this.current.at];
    this.mark(step, name, place, "target");
    const entry = known.cells[place];
    if (!entry) {
      const plain = place.split(",").slice(-known.rank);
      const cell = `${name}[${known.order ? known.order.map((k) => plain[k]) : plain}]`;
      box.replaceChildren(element("p", "hint", fill(words.nothing, { cell })));
      return;
    }
    const upto = step.dataset.number ? Number(step.dataset.number) : Infinity;
    const [label, value, terms] = entry;
    box.replaceChildren(
      this.line(label, terms, 3, upto),
      this.line("", terms, 4, upto),
      this.growing(terms, upto, known.divisor, value)
    );
    for (const [number, left, right] of terms) {
      for (const factor of [left, right]) {
        const [matrix, at] = factor.split(":");
        const drawn = this.tables(step, matrix).length ? step : this.given;
        if (matrix) this.mark(drawn, matrix, at, "feeds", number > upto ? "later" : "feeds");
      }
    }
  }

  mark(step, name, place, ...classes) {
    for (const table of this.tables(step, name)) {
      for (const cell of table.querySelectorAll("tbody td")) {
        if (this.place(cell) === place) cell.classList.add(...classes);
      }
    }
  }

  line(label, terms, which, upto) {
    const line = element("div", "line");
    if (label) line.append(element("span", "name", label));
    terms.forEach((term, k) => {
      const later = term[0] > upto ? " later" : "";
      line.append(element("span", `sign${later}`, k ? "+" : "="));
      line.append(this.chip(term, term[which], upto));
    });
    return line;
  }

  chip(term, text, upto) {
    const parity = term[0] % 2 ? "odd" : "even";
    const time = term[0] > upto ? " later" : term[0] === upto ? " now" : "";
    return element("span", `term ${parity}${time}`, text);
  }

  growing(terms, upto, divisor, value) {
    const line = element("div", "line");
    const done = terms.filter((term) => term[0] <= upto);
    const closed = upto > Math.max(...terms.map((term) => term[0]));
    line.append(element("span", "sign", "="));
    done.forEach((term, k) => {
      if (k) line.append(element("span", "sign", "→"));
      line.append(element("span", k === done.length - 1 ? "name" : "", term[5]));
    });
    if (!done.length) line.append(element("span", "name", "0"));
    if (done.length < terms.length) line.append(element("span", "hint", words.sofar));
    else if (divisor > 1 && closed) line.append(element("span", "name", `/ ${divisor} = ${value}`));
    return line;
  }
}

// The layers of a network: one at a time.
class Layers {
  constructor(list) {
    this.tabs = [...list.querySelectorAll("[role=tab]")];
    this.panels = [...document.querySelectorAll(".layer")];
    list.hidden = false;
    list.parentElement.classList.add("listed");
    this.tabs.forEach((tab, k) => tab.addEventListener("click", () => this.choose(k)));
    this.panels.forEach((panel) => panel.setAttribute("role", "tabpanel"));
    list.addEventListener("keydown", (event) => this.turn(event));
    this.choose(0);
  }

  choose(chosen) {
    this.tabs.forEach((tab, k) => {
      tab.setAttribute("aria-selected", k === chosen);
      tab.tabIndex = k === chosen ? 0 : -1;
      this.panels[k].hidden = k !== chosen;
    });
  }

  turn(event) {
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!move) return;
    const count = this.tabs.length;
    const next = (this.tabs.indexOf(event.target.closest("[role=tab]")) + move + count) % count;
    this.choose(next);
    this.tabs[next].focus();
    event.preventDefault();
  }
}

for (const list of document.querySelectorAll(".list")) new Layers(list);

window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

const walks = [...document.querySelectorAll(".walk")].map((root) => new Walk(root));
const inView = () => walks.find((walk) => walk.root.offsetParent !== null);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const walk = inView();
  const slider = event.target.type === "range";
  if (!walk || (slider && event.key !== " ")) return;
  const digit = walk.results[Number(event.key) - 1];
  if (event.key === "ArrowRight") walk.go(walk.current.at + 1);
  else if (event.key === "ArrowLeft") walk.go(walk.current.at - 1);
  else if (event.key === "Home") walk.go(0);
  else if (event.key === "End") walk.go(Infinity);
  else if (event.key === " " && !event.target.closest("button, summary")) walk.play();
  else if (digit && event.key !== " ") walk.choose(digit);
  else return;
  event.preventDefault();
});
