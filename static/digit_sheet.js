// A grid of digits: one picture of all, cut apart by CSS, with a button for each.
//
// Streamlit calls the default export again for every message; the buttons stay, so focus and scrolling are kept.

import { INK, addStyles } from "./digit_ink-a0963a02.js";
import { PREVIEW, Preview, SIDE } from "./digit_preview-f069e2fa.js";

const sheets = new WeakMap(); // root -> Sheet
const PICTURES = { beside: "beside", beside_below: "beside below", sprite: "", sprite_below: "below" }; // name -> class

const CSS = `${INK}
.sheet {
  --margin: 4px;
  display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, calc(var(--size) + 2 * var(--margin)));
  font: 12px/16px var(--st-font); font-variant-numeric: tabular-nums; color: var(--st-text-color);
}
.cell {
  display: block; min-width: 0; margin: 0; padding: 0; border: 0; background: none;
  color: inherit; font: inherit; text-align: center; outline: 0;
}
button.cell { cursor: pointer; }
.paper { position: relative; display: block; padding: var(--margin); margin-bottom: 4px; border-radius: 4px; }
.caption, .detail { display: block; overflow: hidden; white-space: pre; text-overflow: ellipsis; }
.two .paper { display: flex; align-items: center; gap: var(--margin); }
.two { grid-template-columns: repeat(auto-fill, calc(var(--size) + var(--beside-size) + 3 * var(--margin))); }
.paper .below { position: absolute; top: var(--margin); left: var(--margin); }
.two .below { left: calc(2 * var(--margin) + var(--beside-size)); }
.beside { --sprite: var(--beside) !important; --size: var(--beside-size) !important; }
.two .beside.below { top: auto; left: var(--margin); }
.as-is .ink:not(.beside) { mask: none; background: var(--sprite) calc(var(--place, 0) * -1 * var(--size)) 0 / auto 100% no-repeat; }
.arrows { --cell: calc(var(--size) + 2 * var(--margin) + 22px); column-gap: 16px; }
.arrows { grid-template-columns: repeat(auto-fill, var(--cell)); }
.arrows .cell { position: relative; }
.arrows .paper { width: fit-content; margin-inline: auto; }
.arrows .cell + .cell::before {
  content: "→"; content: "→" / ""; position: absolute; left: -14px; top: calc(var(--size) / 2 - 4px);
  color: color-mix(in srgb, var(--st-text-color) 55%, var(--st-background-color));
}
.arrows :is(.caption, .detail) { margin-inline: -8px; }
.caption { font-weight: 600; }
.detail { color: color-mix(in srgb, var(--st-text-color) 68%, var(--st-background-color)); }
.detail:empty { display: none; }
.wrong .caption { color: var(--st-red-color); }
.wrong .paper::after {
  content: ""; position: absolute; top: 5px; right: 5px; width: 8px; height: 8px; background: var(--st-red-color);
  clip-path: polygon(18% 0, 50% 32%, 82% 0, 100% 18%, 68% 50%, 100% 82%, 82% 100%, 50% 68%, 18% 100%, 0 82%, 32% 50%, 0 18%);
  forced-color-adjust: none; print-color-adjust: exact;
}
button:hover .paper { box-shadow: inset 0 0 0 1px var(--st-border-color); }
button:active .paper, [aria-current] .paper {
  background: color-mix(in srgb, var(--st-primary-color) 12%, var(--st-background-color));
  box-shadow: inset 0 0 0 2px var(--st-primary-color);
}
button:focus-visible .paper { outline: 2px solid var(--st-text-color); outline-offset: 1px; }
${PREVIEW}`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!sheets.has(parentElement)) sheets.set(parentElement, new Sheet(parentElement));
  sheets.get(parentElement).show(data, (index) => setTriggerValue("choice", index));
}

class Sheet {
  digits = [];
  pictures = {};
  at = 0; // the only button in the tab order; arrow keys reach the others

  constructor(root) {
    addStyles(root, CSS);
    this.root = root;
    this.grid = root.querySelector(".sheet");
    this.grid.addEventListener("click", ({ target }) => this.choose(this.cells.indexOf(target.closest("button"))));
    this.grid.addEventListener("keydown", (event) => this.step(event));
    this.grid.addEventListener("focusin", ({ target }) => this.stop(this.cells.indexOf(target)));
    this.grid.addEventListener("pointerover", (event) => this.rest(event));
    this.grid.addEventListener("pointerleave", () => this.preview.leave());
    this.preview = new Preview(root, (cell, preview) => this.enlarge(cell, preview));
  }

  get cells() {
    return [...this.grid.children];
  }

  show({ digits, chosen, alt, size, choosable, opens, arrows, as_is, beside_size, ...pictures }, send) {
    const focused = this.grid.contains(this.root.activeElement);
    const turned = digits.length !== this.digits.length || digits.some(({ index }, i) => index !== this.digits[i].index);
    Object.assign(this, { digits, send, opens, enlarged: size < SIDE - 28 });
    this.preview.leave();
    this.grid.role = choosable ? "group" : "list";
    this.grid.ariaLabel = alt;
    this.grid.style.setProperty("--size", `${size}px`);
    this.grid.style.setProperty("--beside-size", `${beside_size ?? 0}px`);
    this.grid.classList.toggle("two", Boolean(pictures.beside));
    this.grid.classList.toggle("arrows", arrows);
    this.grid.classList.toggle("as-is", as_is);
    this.draw(pictures);
    const inks = Object.keys(PICTURES).filter((name) => pictures[name]);
    this.fit(digits.length, choosable ? "BUTTON" : "DIV", inks);
    this.cells.forEach((cell, i) => fill(cell, digits[i], digits[i].index === chosen, this.enlarged));
    const place = digits.findIndex(({ index }) => index === chosen);
    if (!focused && (place >= 0 || turned)) this.at = Math.max(0, place);
    this.stop(Math.min(this.at, digits.length - 1));
    if (focused && !this.grid.contains(this.root.activeElement)) this.cells[this.at].focus();
  }

  draw(pictures) {
    for (const name in PICTURES) {
      if (this.pictures[name] === pictures[name]) continue;
      this.grid.style.setProperty(`--${name.replace("_", "-")}`, pictures[name] ? `url("${pictures[name]}")` : "none");
    }
    this.pictures = pictures;
  }

  // Adjust the number and kind of the cells.
  fit(count, tag, inks) {
    const kind = `${tag} ${inks}`;
    const cells = kind === this.kind ? this.cells.slice(0, count) : [];
    this.kind = kind;
    while (cells.length < count) cells.push(newCell(tag, cells.length, inks));
    if (cells.length !== this.cells.length || cells.some((cell, i) => cell !== this.grid.children[i])) {
      this.grid.replaceChildren(...cells);
    }
  }

  rest({ target, pointerType }) {
    if (this.enlarged) this.preview.rest(target.closest(".cell"), pointerType);
  }

  enlarge(cell, preview) {
    const digit = this.digits[this.cells.indexOf(cell)];
    if (!digit) return false;
    for (const name of ["two", "as-is"]) preview.classList.toggle(name, this.grid.classList.contains(name));
    preview.style.cssText = this.grid.style.cssText; // the pictures
    for (const name of ["--size", "--beside-size"]) preview.style.setProperty(name, `${SIDE}px`);
    preview.style.setProperty("--place", cell.style.getPropertyValue("--place"));
    preview.replaceChildren(cell.querySelector(".paper").cloneNode(true), digit.hover || digit.label);
    return true;
  }

  choose(place) {
    if (place < 0) return;
    this.preview.leave();
    this.cells[place].focus(); // Safari does not do this itself
    this.send(this.digits[place].index);
    const opened = this.opens && document.querySelector(`.st-key-${this.opens}`);
    // in one column, as on a phone, the details open below the whole sheet
    if (opened && opened.getBoundingClientRect().top >= this.grid.getBoundingClientRect().bottom) {
      opened.style.scrollMarginTop = "4.5rem"; // keeps clear of Streamlit's header
      opened.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  }

  stop(place) {
    if (place < 0) return;
    this.at = place;
    this.cells.forEach((cell, i) => cell.tagName === "BUTTON" && (cell.tabIndex = i === place ? 0 : -1));
  }

  step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.digits.length - 1;
    const columns = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length;
    const row = (place) => Math.floor(place / columns);
    const down = row(this.at) < row(last) ? Math.min(last, this.at + columns) : this.at;
    const up = this.at >= columns ? this.at - columns : this.at;
    const { at } = this;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: up, ArrowDown: down, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault(); // do not scroll the page
    this.cells[Math.min(last, Math.max(0, to))].focus();
  }
}

function newCell(tag, place, inks) {
  const cell = document.createElement(tag);
  if (tag === "BUTTON") cell.type = "button";
  else cell.role = "listitem";
  const part = (className, parent = cell) => {
    const span = Object.assign(document.createElement("span"), { className });
    parent.append(span);
    return span;
  };
  cell.style.setProperty("--place", place);
  const paper = part("paper");
  const signed = (name) => inks.includes(`${name.replace("_below", "")}_below`);
  for (const name of inks) part(`ink ${PICTURES[name]} ${signed(name) ? "signed" : ""}`.trim(), paper);
  part("caption");
  part("detail");
  return cell;
}

// Writes only changes, so that a rerun costs nothing.
function fill(cell, { caption, detail, label, wrong, hover }, chosen, enlarged) {
  const write = (part, text) => part.textContent !== text && (part.textContent = text);
  write(cell.children[1], caption);
  write(cell.children[2], detail);
  cell.className = wrong ? "cell wrong" : "cell";
  cell.ariaLabel = label;
  cell.ariaCurrent = chosen ? "true" : null;
  cell.ariaDescription = hover;
  const title = enlarged ? "" : hover; // the preview says it
  if (cell.title !== title) cell.title = title;
}
