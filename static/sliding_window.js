// A window that slides over a square of numbers: the numbers it covers, their arithmetic, and the output that fills in.

import { INK, addStyles } from "./digit_ink-a0963a02.js";
import { PLAYER, Player } from "./player-4ab93d86.js";

const RATES = { slow: 2, normal: 14, fast: 90 }; // places per second
const walks = new WeakMap(); // root -> Walk

const CSS = `${INK}${PLAYER}
.walk { zoom: calc(1 / var(--scale, 1)); container: walk / inline-size; padding: 4px; font: clamp(1rem, 1.08vw, 2rem)/1.4 var(--st-font); color: var(--st-text-color); }
.stage {
  --tall: max(15rem, 100vh - 23.5rem + var(--freed, 0rem)); --grid: min(100cqi * (.345 - .008 * var(--span)), var(--tall));
  --room: calc(100cqi - var(--grid) * (1 + var(--scale)) - 4rem);
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 2rem; align-items: start; margin-top: .75rem;
}
.stage.open { --grid: min(100cqi / 3 - 2rem, var(--tall)); --room: calc(100cqi - var(--grid) - 2rem); grid-template-columns: auto minmax(0, 1fr); }
.title { display: block; min-height: 1.4em; margin-bottom: .25rem; font-weight: 600; }
.title small { font-size: 1em; font-weight: 400; }
.paper { position: relative; width: var(--size); height: var(--size); outline: 0; touch-action: manipulation; }
.ground .paper { --size: var(--grid); cursor: crosshair; }
.result .paper { --size: calc(var(--grid) * var(--scale)); cursor: pointer; }
.paper:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
.ink { position: absolute; inset: 0; }
.future { opacity: .16; }
.frame { position: absolute; box-sizing: border-box; border: 1px dashed color-mix(in srgb, var(--st-text-color) 45%, transparent); }
.window {
  position: absolute; top: 0; left: 0; box-sizing: border-box; pointer-events: none; transition: transform var(--pace, 0ms) linear;
  border: 3px solid var(--st-primary-color); border-radius: 3px; outline: 1px solid var(--st-background-color);
  box-shadow: inset 0 0 0 1px var(--st-background-color);
}
.sum { min-width: 0; }
.sum.alone { align-self: center; }
.tables { display: flex; align-items: center; justify-content: center; gap: .5rem; }
.tables + .tables { margin-top: .5rem; }
.sign { font-size: 1.4em; font-weight: 600; }
.part { flex: none; }
.part > span { display: block; font-size: .875em; min-height: 1.4em; }
table { border-collapse: collapse; table-layout: fixed; font-variant-numeric: tabular-nums; forced-color-adjust: none; print-color-adjust: exact; }
.part table {
  --cell: min((var(--room) - 6rem) / (2 * var(--span)), (var(--tall) - 3.5rem) / (2 * var(--span)), 5.5rem);
  width: calc(var(--cell) * var(--span)); font-size: clamp(10.5px, calc(var(--cell) * .32), 1.4rem); line-height: 1;
}
.alone table { --cell: min((var(--room) - 11rem) / var(--span), var(--grid) / var(--span), 6rem); }
.open .tables { justify-content: start; gap: 1rem; }
.open .part table { --cell: min((var(--room) - 4rem) / (2 * var(--span)), var(--grid) / var(--span)); }
.open .part > span { font-size: 1em; font-weight: 600; margin-bottom: .25rem; }
.part td {
  box-sizing: border-box; width: var(--cell); height: var(--cell); padding: 0; text-align: center; white-space: nowrap;
  border: 1px solid var(--st-background-color);
  /* pale enough for the text on it (4.5 to 1) in both themes */
  background: color-mix(in srgb, var(--hue, var(--st-text-color)) calc(var(--ink) * 35%), var(--st-secondary-background-color));
}
.part td.marked { outline: 3px solid var(--st-primary-color); outline-offset: -3px; font-weight: 700; }
.lines { flex: 0 1 16em; min-width: 9rem; margin: 0 0 0 .5rem; font-variant-numeric: tabular-nums; }
.lines div { display: flex; justify-content: space-between; gap: .5rem; padding: .25rem 0; }
.lines div + div { border-top: 1px solid var(--st-border-color); }
.alone .lines { flex: 0 1 auto; }
.lines dt, .lines dd { margin: 0; }
.lines dd { white-space: nowrap; }
.lines .strong { font-size: 1.1em; font-weight: 700; }
@container walk (max-width: 58rem) {
  .stage, .stage.open { --grid: min(100cqi - 6px, 22rem); grid-template-columns: minmax(0, 1fr); gap: 1rem; justify-content: stretch; }
  .sum { max-width: 26rem; }
  .open .tables { flex-direction: column; align-items: start; gap: .5rem; }
  .open .sign { display: none; }
  .part table { --cell: min((100cqi - 4rem) / (2 * var(--span)), 3rem); }
  .alone table, .open .part table { --cell: min((100cqi - 2px) / var(--span), 4rem); }
}
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!walks.has(parentElement)) walks.set(parentElement, new Walk(parentElement));
  walks.get(parentElement).show(data, (at) => setTriggerValue("rest", at));
}

class Walk {
  constructor(root) {
    addStyles(root, CSS);
    this.host = root.querySelector(".walk");
  }

  show(data, send) {
    this.send = send;
    const { data: before, player } = this;
    if (before?.digest === data.digest) {
      // the server's echo of a place comes late, and must not pull the window back
      if (data.at !== this.given && data.at !== this.sent) player.start(data.at, player.last, data.complete);
      this.given = data.at;
      return;
    }
    const goes = player?.playing && player.at < player.last && before.rows === data.rows && before.columns === data.columns;
    Object.assign(this, { data, given: data.at });
    this.build(data);
    this.player.start(goes ? player.at : data.at, data.last, goes ? false : data.complete);
    if (goes) this.player.play();
  }

  build(data) {
    const focused = this.host.getRootNode().activeElement?.dataset?.part;
    const { words } = data;
    const speed = this.player?.speed.value;
    if (this.player?.playing) this.player.turn(false);
    clearTimeout(this.player?.settling);
    this.player = new Player({
      words,
      rates: RATES,
      move: (...step) => this.move(...step),
      rest: (at) => this.send((this.sent = at)),
    });
    if (speed) this.player.speed.value = speed;
    this.stage = element("div", data.output ? "stage" : "stage open");
    this.stage.style.setProperty("--span", data.span);
    this.stage.style.setProperty("--scale", data.output ? data.output.side / data.ground.side : 0);
    this.ground = this.picture("ground", data.ground, data.span, data.stride, data.margin);
    const parts = [this.ground.figure, this.arithmetic(data)];
    this.output = data.output && this.picture("result", data.output, 1, 1, 0);
    if (this.output) parts.push(this.output.figure);
    this.stage.append(...parts);
    this.host.replaceChildren(this.player.element, this.stage);
    const [back, , forward] = this.player.element.children;
    [back, this.player.toggle, forward, this.ground.paper, this.output?.paper].forEach((one, i) => one && (one.dataset.part = i));
    if (focused !== undefined) this.host.querySelector(`[data-part="${focused}"]`)?.focus();
  }

  picture(name, { title, size, alt, side, above, below }, span, stride, margin) {
    const figure = element("div", name);
    const heading = element("span", "title", title);
    heading.append(" ", element("small", "", size));
    const paper = element("div", "paper");
    Object.assign(paper, { role: "application", ariaLabel: alt, tabIndex: 0 });
    paper.style.setProperty("--sprite", `url("${above}")`);
    paper.style.setProperty("--sprite-below", below ? `url("${below}")` : "none");
    const inks = [];
    for (const when of name === "result" ? ["future", "past"] : ["past"]) {
      for (const sign of below ? ["signed", "below"] : [""]) inks.push(element("span", `ink ${sign} ${when}`));
    }
    paper.append(...inks);
    if (margin) paper.append(box("frame", margin, side - 2 * margin, side));
    const mark = box("window", 0, span, side);
    mark.style.margin = "-2px";
    mark.style.padding = "2px";
    paper.append(mark);
    figure.append(heading, paper);
    paper.addEventListener("click", (event) => this.point(event, paper, side, span, stride));
    paper.addEventListener("keydown", (event) => this.step(event));
    return { figure, paper, mark, span, stride, past: inks.filter((ink) => ink.classList.contains("past")) };
  }

  arithmetic({ span, kernel, tables, lines }) {
    const sum = element("div", Object.keys(tables).length > 1 ? "sum" : "sum alone");
    // patch × kernel above, and what comes of them below
    const rows = [element("div", "tables"), element("div", "tables")];
    this.cells = {};
    const signs = { kernel: "×", products: "=", scaled: "→" };
    for (const [name, title] of Object.entries(tables)) {
      const box = rows[name === "products" ? 1 : 0];
      if (signs[name]) box.append(element("span", "sign", signs[name]));
      const part = element("div", "part", "");
      part.append(element("span", "", title), this.table(name, span, title));
      box.append(part);
    }
    this.values = lines.map(({ label }, i) => {
      const row = element("div", i === lines.length - 1 ? "strong" : "");
      row.append(element("dt", "", label), element("dd"));
      return row;
    });
    if (lines.length) {
      const list = element("dl", "lines");
      list.append(...this.values);
      rows.findLast((row) => row.childElementCount).append(list);
    }
    sum.append(...rows.filter((row) => row.childElementCount));
    if (kernel) kernel.flat().forEach((weight, i) => this.fill("kernel", i, weight, this.data.limits.kernel, true));
    return sum;
  }

  table(name, span, title) {
    const drawn = element("table");
    drawn.ariaLabel = title;
    this.cells[name] = Array.from({ length: span }, () => drawn.insertRow()).flatMap((row) =>
      Array.from({ length: span }, () => row.insertCell()),
    );
    return drawn;
  }

  fill(name, place, value, limit, signed) {
    const cell = this.cells[name][place];
    cell.textContent = this.data.whole && name === "patch" ? String(Math.round(value)) : hundredths(value);
    cell.style.setProperty("--ink", Math.min(1, Math.abs(value) / limit));
    if (signed) cell.style.setProperty("--hue", `var(--st-${value < 0 ? "orange" : "blue"}-color)`);
  }

  move(at, pace, complete) {
    const { data } = this;
    const row = Math.floor(at / data.columns);
    const column = at % data.columns;
    this.stage.style.setProperty("--pace", `${pace}ms`);
    for (const { mark, span, stride } of [this.ground, this.output].filter(Boolean)) {
      mark.style.transform = `translate(${(100 * column * stride) / span}%, ${(100 * row * stride) / span}%)`;
    }
    if (this.output) this.reveal(complete ? data.rows : row, column);
    this.player.where.textContent = data.words.where.replace("{row}", row).replace("{column}", column);
    const signed = data.ground.below !== null;
    for (let i = 0; i < data.span; i++) {
      for (let j = 0; j < data.span; j++) {
        const value = data.values[row * data.stride + i]?.[column * data.stride + j];
        const place = i * data.span + j;
        this.fill("patch", place, value, data.limits.patch, signed);
        if (this.cells.scaled) this.fill("scaled", place, value / 255, 1, false);
        if (data.kernel) this.fill("products", place, value * data.kernel[i][j], data.limits.products, true);
        else if (data.marked) this.cells.patch[place].classList.toggle("marked", data.marked[at] === place);
      }
    }
    data.lines.forEach(({ values }, i) => (this.values[i].lastChild.textContent = hundredths(values[at] ?? values[0])));
  }

  // What was passed is shown in full, the rest faintly.
  reveal(row, column) {
    const { rows, columns } = this.data;
    const [top, bottom] = [(100 * row) / rows, (100 * (row + 1)) / rows];
    const right = (100 * (column + 1)) / columns;
    const shape = `polygon(0 0, 100% 0, 100% ${top}%, ${right}% ${top}%, ${right}% ${bottom}%, 0 ${bottom}%)`;
    for (const ink of this.output.past) ink.style.clipPath = shape;
  }

  point({ clientX, clientY }, paper, side, span, stride) {
    const { left, top, width, height } = paper.getBoundingClientRect();
    const { rows, columns } = this.data;
    const place = (share, count) =>
      Math.max(0, Math.min(count - 1, Math.floor((Math.floor(share * side) - Math.floor((span - 1) / 2)) / stride)));
    this.player.go(place((clientY - top) / height, rows) * columns + place((clientX - left) / width, columns));
  }

  step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { rows, columns } = this.data;
    const [row, column] = [Math.floor(this.player.at / columns), this.player.at % columns];
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault(); // do not scroll the page
    if (!by) return void this.player.toggle.click();
    const within = (place, count) => Math.max(0, Math.min(count - 1, place));
    this.player.go(within(row + by[0], rows) * columns + within(column + by[1], columns));
  }
}

function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function box(className, offset, span, side) {
  const made = element("span", className);
  const share = (pixels) => `${(100 * pixels) / side}%`;
  Object.assign(made.style, { top: share(offset), left: share(offset), width: share(span), height: share(span) });
  return made;
}

function hundredths(value) {
  const text = (Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2)).replace("-", "−");
  return Number(value.toFixed(2)) ? text : "0";
}
