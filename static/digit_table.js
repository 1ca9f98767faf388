// A table of digits or classes: a row opens what it is about, and shows its digit, enlarged under the mouse.
//
// Streamlit calls the default export again for every message; what is scrolled and focused stays.

import { INK, addStyles } from "./digit_ink-a0963a02.js";
import { PREVIEW, Preview, SIDE } from "./digit_preview-f069e2fa.js";
import { TABLE } from "./table_style-9cc7302b.js";

const tables = new WeakMap(); // root -> Table
const PAUSE = 250; // milliseconds on a row, reached by an arrow key, until it is opened

const CSS = `${TABLE}${INK}${PREVIEW}
.preview { zoom: 1; }
tbody tr { cursor: pointer; }
.head { padding-left: 12px; }
.open { padding: 0; border: 0; background: none; font: inherit; font-weight: 600; color: inherit; cursor: pointer; }
.picture { width: 44px; }
.paper { display: block; width: fit-content; --size: 28px; }
.as-is .ink { mask: none; background: var(--sprite) calc(var(--place, 0) * -1 * var(--size)) 0 / auto 100% no-repeat; }
th { word-break: keep-all; }
.wrong { color: var(--st-red-color); font-weight: 600; }
.bar { position: relative; }
.bar::before {
  content: ""; position: absolute; right: 8px; bottom: 4px; width: calc((100% - 16px) * var(--share)); height: 3px; border-radius: 2px;
  background: var(--st-red-color); forced-color-adjust: none; print-color-adjust: exact;
}
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!tables.has(parentElement)) tables.set(parentElement, new Table(parentElement));
  tables.get(parentElement).show(data, setTriggerValue);
}

class Table {
  drawn = "";
  at = 0; // the only row in the tab order; arrow keys reach the others

  constructor(root) {
    addStyles(root, CSS);
    this.root = root;
    this.scroll = Object.assign(document.createElement("div"), { className: "scroll" });
    this.table = this.scroll.appendChild(document.createElement("table"));
    this.head = this.table.createTHead();
    this.body = this.table.createTBody();
    root.querySelector(".rows").replaceChildren(this.scroll);
    this.preview = new Preview(root, (row, preview) => this.enlarge(row, preview));
    this.head.addEventListener("click", ({ target }) => this.sort(target.closest("button")));
    this.body.addEventListener("click", ({ target }) => this.open(target.closest("tr")));
    this.body.addEventListener("keydown", (event) => this.step(event));
    this.body.addEventListener("pointerover", ({ target, pointerType }) => this.rest(target.closest("tr"), pointerType));
    this.body.addEventListener("pointerleave", () => this.preview.leave());
  }

  show({ chosen, ...shown }, send) {
    this.send = send;
    const drawn = JSON.stringify(shown);
    if (drawn !== this.drawn) this.draw(shown);
    this.drawn = drawn;
    this.mark(chosen);
  }

  draw({ columns, rows, alt, sprite, as_is, most, opens }) {
    const focused = this.body.contains(this.root.activeElement);
    const turned = JSON.stringify(rows.map(({ id }) => id)) !== JSON.stringify(this.rows?.map(({ id }) => id));
    Object.assign(this, { rows, sprite, opens });
    this.preview.leave();
    this.scroll.style.setProperty("--most", most);
    this.table.style.setProperty("--sprite", sprite ? `url("${sprite}")` : "none");
    this.table.ariaLabel = alt;
    this.table.classList.toggle("as-is", as_is);
    this.head.replaceChildren(headRow(columns, Boolean(sprite)));
    this.body.replaceChildren(...rows.map((row, place) => bodyRow(row, columns, sprite ? place : null)));
    if (turned) [this.at, this.scroll.scrollTop] = [0, 0];
    this.stop(Math.min(this.at, rows.length - 1));
    if (focused) this.focus(this.at);
  }

  mark(chosen) {
    const place = this.rows.findIndex(({ id }) => id === chosen);
    [...this.body.rows].forEach((row, i) => {
      row.classList.toggle("chosen", i === place);
      row.querySelector(".open").ariaCurrent = i === place ? "true" : null;
    });
    if (place >= 0 && place !== this.at && !this.body.contains(this.root.activeElement)) {
      this.stop(place);
      const row = this.body.rows[place];
      const hidden = row.offsetTop - this.head.offsetHeight;
      const { scrollTop, clientHeight } = this.scroll;
      if (hidden < scrollTop || row.offsetTop + row.offsetHeight > scrollTop + clientHeight) this.scroll.scrollTop = hidden;
    }
  }

  rest(row, pointerType) {
    if (this.sprite) this.preview.rest(row, pointerType);
  }

  enlarge(row, preview) {
    preview.style.setProperty("--sprite", this.table.style.getPropertyValue("--sprite"));
    preview.style.setProperty("--place", row.style.getPropertyValue("--place"));
    preview.classList.toggle("as-is", this.table.classList.contains("as-is"));
    const paper = row.querySelector(".paper").cloneNode(true);
    paper.style.setProperty("--size", `${SIDE}px`);
    preview.replaceChildren(paper, row.dataset.hover);
  }

  sort(button) {
    if (button?.dataset.sort) this.send("sort", button.dataset.sort);
  }

  open(row) {
    if (!row || getSelection().toString()) return;
    this.preview.leave();
    this.stop(row.sectionRowIndex);
    this.focus(this.at);
    this.tell();
  }

  tell() {
    clearTimeout(this.timer);
    this.send("open", this.rows[this.at].id);
    const opened = this.opens && document.querySelector(`.st-key-${this.opens}`);
    // in one column, as on a phone, what is opened stands below the table
    if (opened && opened.getBoundingClientRect().top >= this.table.getBoundingClientRect().bottom) {
      opened.style.scrollMarginTop = "4.5rem"; // keeps clear of Streamlit's header
      opened.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  }

  stop(place) {
    this.at = place;
    [...this.body.rows].forEach((row, i) => (row.querySelector(".open").tabIndex = i === place ? 0 : -1));
  }

  focus(place) {
    this.body.rows[place]?.querySelector(".open").focus();
  }

  step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.rows.length - 1;
    const to = { ArrowUp: this.at - 1, ArrowDown: this.at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault(); // do not scroll the page
    this.stop(Math.min(last, Math.max(0, to)));
    this.focus(this.at);
    // what is opened beside the table follows; another page would take the focus away
    clearTimeout(this.timer);
    if (this.opens) this.timer = setTimeout(() => this.tell(), PAUSE);
  }
}

function headRow(columns, pictured) {
  const row = document.createElement("tr");
  columns.forEach(({ key, label, help, text, sorts, sorted }, place) => {
    const cell = row.appendChild(document.createElement("th"));
    cell.scope = "col";
    cell.className = place === 0 ? "head" : text ? "" : "end";
    if (sorted) cell.ariaSort = sorted;
    const arrow = { ascending: "\u00a0↑", descending: "\u00a0↓" }[sorted] ?? "";
    const named = sorts ? cell.appendChild(document.createElement("button")) : cell;
    if (sorts) Object.assign(named, { type: "button" }).dataset.sort = key;
    named.append(label + arrow);
    if (help) named.title = help;
    if (place === 0 && pictured) row.append(document.createElement("td"));
  });
  return row;
}

function bodyRow({ name, cells, bars, wrong, hover }, columns, place) {
  const row = document.createElement("tr");
  row.dataset.hover = hover;
  const head = row.appendChild(document.createElement("th"));
  Object.assign(head, { scope: "row", className: "head" });
  const open = head.appendChild(document.createElement("button"));
  Object.assign(open, { type: "button", className: "open", textContent: name });
  if (place !== null) {
    row.style.setProperty("--place", place);
    const cell = row.appendChild(document.createElement("td"));
    cell.className = "picture";
    const paper = cell.appendChild(Object.assign(document.createElement("span"), { className: "paper" }));
    paper.append(Object.assign(document.createElement("span"), { className: "ink" }));
  }
  cells.forEach((text, i) => {
    const cell = row.appendChild(document.createElement("td"));
    cell.textContent = text;
    cell.className = [columns[i + 1].text ? "" : "end", wrong.includes(i) ? "wrong" : ""].join(" ").trim();
    if (bars[i] === undefined) return;
    cell.classList.add("bar");
    cell.style.setProperty("--share", bars[i]);
  });
  return row;
}
