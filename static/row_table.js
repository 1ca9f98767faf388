// A table whose rows are links, can be selected, and fold into groups.
//
// A real table rather than a canvas: the browser opens a row in a new tab, and screen readers read it. Streamlit calls
// the default export again for every message; what is scrolled, folded and focused stays.

import { QUIET, TABLE } from "./table_style-9cc7302b.js";
import { addStyles } from "./digit_ink-a0963a02.js";

const tables = new WeakMap(); // root -> Table
const STYLE = `${TABLE}
.pick { position: sticky; left: 0; z-index: 1; width: 2.25rem; min-width: 2.25rem; padding: 0 0 0 0.5rem; }
.name { position: sticky; left: 2.25rem; z-index: 1; min-width: 14rem; max-width: 18.125rem; padding-left: 4px; }
thead .pick, thead .name { z-index: 3; }
tbody .pick, tbody .name { background: var(--st-background-color); }
tbody .name { padding-block: 0.25rem; }
input { width: 1rem; height: 1rem; margin: 0; vertical-align: middle; accent-color: var(--st-primary-color); cursor: pointer; }
.inside { display: flex; gap: 8px; align-items: center; min-width: 0; }
.member .inside { padding-left: 1.5rem; }
.swatch { flex: none; width: 0.6875rem; height: 0.6875rem; border-radius: 50%; forced-color-adjust: none; print-color-adjust: exact; }
.mark { font-weight: 700; }
.mark:empty, .badge:empty { display: none; }
a, .plain {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; min-width: 0;
  white-space: normal; overflow-wrap: anywhere;
}
a { color: inherit; text-decoration: underline transparent; text-underline-offset: 3px; }
a:hover { color: var(--st-link-color); text-decoration-color: currentcolor; }
.group .plain { font-weight: 600; }
.badge, .tag {
  flex: none; padding: 0 8px; border-radius: 9px; font-size: 0.75rem; line-height: 1.125rem;
  background: var(--st-secondary-background-color); box-shadow: inset 0 0 0 1px var(--st-border-color);
}
.tag + .tag { margin-left: 4px; }
.note { display: inline-block; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; vertical-align: middle; }
.fold {
  flex: none; width: 1.125rem; height: 1.125rem; margin-left: -2px; padding: 0; border: 0; border-radius: 4px; background: none;
  color: inherit; font: 0.75rem/1.125rem var(--st-font); cursor: pointer;
}
.fold::before { content: "▸"; content: "▸" / ""; display: block; }
[aria-expanded="true"].fold::before { transform: rotate(90deg); }
.quiet { color: ${QUIET}; }
svg { display: block; width: 5.25rem; height: 1.375rem; overflow: visible; }
polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
@container (max-width: 1250px) {
  th, td { padding-inline: 8px 4px; }
  .name { min-width: 13rem; }
}
@container (min-width: 1500px) {
  .name { max-width: 30rem; }
}
@container (max-width: 720px) {
  .wide { display: none; }
  td { white-space: normal; }
  td:nth-child(3), td.end { white-space: nowrap; }
  th, td { padding: 0 4px; }
  .name { min-width: 130px; max-width: 48cqw; padding-left: 0; }
  a, .plain { -webkit-line-clamp: 6; }
  .badge { display: none; }
  .member .inside { padding-left: 12px; }
}
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!tables.has(parentElement)) tables.set(parentElement, new Table(parentElement));
  tables.get(parentElement).show(data, setTriggerValue);
}

class Table {
  chosen = []; // ids of selected rows in the order of selection
  sent = 0; // how often the selection was sent
  folds = new Map(); // id of a group -> whether it is open
  drawn = "";
  at = ""; // id of the only row whose controls are in the tab order; arrow keys reach the others
  last = null; // id of the row selected last, where Shift+click begins

  constructor(root) {
    addStyles(root, STYLE);
    this.root = root;
    this.scroll = element("div", "scroll");
    this.table = this.scroll.appendChild(element("table"));
    this.head = this.table.createTHead();
    this.body = this.table.createTBody();
    root.querySelector(".rows").replaceChildren(this.scroll);
    this.table.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("keydown", (event) => this.step(event));
    this.body.addEventListener("focusin", ({ target }) => this.stop(target.closest("tr").dataset.id));
  }

  show({ chosen, turn, scroll_to, ...shown }, send) {
    this.send = send;
    // an answer to an earlier click must not undo a later one
    if (turn >= this.sent) [this.chosen, this.sent] = [chosen, turn];
    const drawn = JSON.stringify(shown);
    if (drawn !== this.drawn) this.draw(shown);
    this.drawn = drawn;
    this.mark();
    if (scroll_to && scroll_to[1] > (this.scrolled ?? 0)) this.lead(scroll_to[0]);
    this.scrolled = scroll_to?.[1] ?? this.scrolled;
  }

  draw({ columns, rows, alt, texts }) {
    const focused = this.root.activeElement;
    const [row, kind] = [focused?.closest("tbody tr")?.dataset.id, focused && selector(focused)];
    Object.assign(this, { rows, texts });
    this.table.ariaLabel = alt;
    this.head.replaceChildren(headRow(columns, texts));
    this.body.replaceChildren(...rows.map((each) => bodyRow(each, columns, texts)));
    this.fold();
    const known = rows.some(({ id }) => id === this.at);
    this.stop(known ? this.at : rows[0]?.id);
    if (row) this.row(row)?.querySelector(kind)?.focus();
  }

  row(id) {
    return this.body.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
  }

  get visible() {
    return [...this.body.rows].filter((row) => !row.hidden);
  }

  // The selectable rows of a row: itself, or the members of a group.
  members(id) {
    const inside = this.rows.filter(({ parent }) => parent === id).map((row) => row.id);
    return inside.length ? inside : [id];
  }

  mark() {
    const chosen = new Set(this.chosen);
    for (const row of this.body.rows) {
      const members = this.members(row.dataset.id);
      const count = members.filter((id) => chosen.has(id)).length;
      const box = row.querySelector("input");
      box.checked = count === members.length;
      box.indeterminate = count > 0 && !box.checked;
      row.classList.toggle("chosen", box.checked);
    }
    const all = this.head.querySelector("input");
    const runs = this.rows.filter(({ id }) => this.members(id)[0] === id);
    const count = runs.filter(({ id }) => chosen.has(id)).length;
    all.checked = count > 0 && count === runs.length;
    all.indeterminate = count > 0 && !all.checked;
  }

  choose(ids, on) {
    const others = this.chosen.filter((id) => !ids.includes(id));
    // rows that were selected keep their place in the order
    this.chosen = on ? [...this.chosen, ...ids.filter((id) => !this.chosen.includes(id))] : others;
    this.sent += 1;
    this.mark();
    this.send("choice", { ids: this.chosen, turn: this.sent });
  }

  click(event) {
    const { target } = event;
    const [row, button] = [target.closest("tbody tr"), target.closest("button")];
    if (button?.dataset.sort) this.send("sort", button.dataset.sort);
    else if (button?.classList.contains("fold")) this.turn(row.dataset.id);
    else if (target.closest("a")) this.follow(event, row.dataset.id);
    else if (target === this.head.querySelector("input")) {
      this.choose(this.rows.map(({ id }) => id).filter((id) => this.members(id)[0] === id), target.checked);
    } else if (row && !getSelection().toString()) {
      const on = target.matches("input") ? target.checked : !row.querySelector("input").checked;
      this.choose([...new Set(this.range(row.dataset.id, event.shiftKey).flatMap((id) => this.members(id)))], on);
      this.last = row.dataset.id;
    }
  }

  range(id, extended) {
    const ids = this.visible.map((row) => row.dataset.id);
    const [from, to] = [ids.indexOf(this.last), ids.indexOf(id)];
    return extended && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  }

  // The page opens the row without loading the app again; other clicks, such as with Ctrl, are the browser's.
  follow(event, id) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.send("open", id);
  }

  turn(id) {
    this.folds.set(id, !this.isOpen(id));
    this.fold();
  }

  isOpen(id) {
    return this.folds.get(id) ?? this.rows.find((row) => row.id === id)?.open ?? false;
  }

  fold() {
    for (const row of this.body.rows) {
      const { parent, id } = row.dataset;
      row.hidden = Boolean(parent) && !this.isOpen(parent);
      row.querySelector(".fold")?.setAttribute("aria-expanded", this.isOpen(id));
    }
  }

  stop(id) {
    if (id === undefined) return;
    this.at = id;
    for (const row of this.body.rows) {
      for (const control of row.querySelectorAll("input, a, .fold")) control.tabIndex = row.dataset.id === id ? 0 : -1;
    }
  }

  step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = this.visible;
    const place = rows.indexOf(event.target.closest("tr"));
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); // do not scroll the page
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    (row.querySelector(selector(event.target)) ?? row.querySelector("input")).focus();
  }

  lead(key) {
    const goal = document.querySelector(`.st-key-${key}`);
    if (!goal) return;
    goal.style.scrollMarginTop = "4.5rem"; // keeps clear of Streamlit's header
    goal.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}

function selector(control) {
  return control.matches("input") ? "input" : "a, .fold";
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function box(label) {
  const input = element("input");
  input.type = "checkbox";
  input.ariaLabel = label;
  return input;
}

function headRow(columns, texts) {
  const row = element("tr");
  row.appendChild(element("td", "pick")).append(box(texts.all));
  for (const { key, label, help, kind, narrow, sorted } of columns) {
    const cell = row.appendChild(element("th", kind === "name" ? "name" : side(kind, narrow)));
    cell.scope = "col";
    if (sorted) cell.ariaSort = sorted;
    const arrow = { ascending: "\u00a0↑", descending: "\u00a0↓" }[sorted] ?? "";
    const button = cell.appendChild(element("button", "", label + arrow));
    button.type = "button";
    button.dataset.sort = key;
    if (help) button.title = help;
  }
  return row;
}

function side(kind, narrow) {
  return [kind === "number" ? "end" : "", narrow ? "" : "wide"].join(" ").trim();
}

function bodyRow(row, columns, texts) {
  const made = element("tr", [row.group ? "group" : "", row.parent ? "member" : ""].join(" ").trim());
  made.dataset.id = row.id;
  if (row.parent) made.dataset.parent = row.parent;
  made.appendChild(element("td", "pick")).append(box(texts.select.replace("{name}", row.name)));
  columns.forEach(({ kind, narrow }, place) => {
    if (kind === "name") made.append(nameCell(row, texts));
    else made.appendChild(element("td", side(kind, narrow))).append(content(row.cells[place], kind, row.color));
  });
  return made;
}

function nameCell(row, texts) {
  const cell = element("th", "name");
  cell.scope = "row";
  const inside = cell.appendChild(element("div", "inside"));
  if (row.group) {
    const fold = inside.appendChild(element("button", "fold"));
    fold.type = "button";
    fold.ariaLabel = texts.fold.replace("{name}", row.name);
  } else {
    inside.appendChild(element("span", "swatch")).style.background = row.color;
  }
  inside.append(element("span", "mark", row.mark));
  const name = inside.appendChild(element(row.href ? "a" : "span", row.href ? "" : "plain", row.name));
  if (row.href) name.href = row.href;
  name.title = row.hover;
  for (const badge of row.badges) inside.append(element("span", "badge", badge));
  return cell;
}

function content(cell, kind, color) {
  if (kind === "curve" && cell.curve?.length > 1) return sparkline(cell, color);
  if (kind === "tags" && cell.tags?.length) {
    const tags = document.createDocumentFragment();
    tags.append(...cell.tags.map((tag) => element("span", "tag", tag)));
    return tags;
  }
  const text = element("span", cell.text === "–" ? "quiet" : kind === "note" ? "note" : "", cell.text);
  if (kind === "note") text.title = cell.text;
  return text;
}

function sparkline({ curve, text }, color) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const [low, high] = [Math.min(...curve), Math.max(...curve)];
  const line = svg.appendChild(document.createElementNS(svg.namespaceURI, "polyline"));
  const x = (i) => (84 * i) / (curve.length - 1);
  const y = (value) => (high > low ? 20 - (18 * (value - low)) / (high - low) : 11);
  line.setAttribute("points", curve.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" "));
  line.setAttribute("stroke", color);
  svg.setAttribute("viewBox", "0 0 84 22");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text);
  return svg;
}
