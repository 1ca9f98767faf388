// A square of numbers as a picture, with a window that clicks and arrow keys move, or as a table.
//
// Positive values are blue and negative ones orange; without negative ones, ink has the text color.

import { INK, addStyles } from "./digit_ink-a0963a02.js";

const grids = new WeakMap(); // root -> Pixels

const CSS = `${INK}
.pixels { max-width: 100%; overflow-x: auto; container-type: normal; font: 12px/16px var(--st-font); color: var(--st-text-color); padding: 4px; }
.title { display: block; min-height: 16px; margin-bottom: 4px; font-weight: 600; white-space: nowrap; }
.title[hidden] { display: none; }
.paper { position: relative; width: var(--size); height: var(--size); outline: 0; }
.paper.choosable { cursor: crosshair; touch-action: manipulation; }
.paper:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
.ink { position: absolute; inset: 0; }
.frame, .window { position: absolute; box-sizing: border-box; pointer-events: none; }
.frame { border: 1px dashed color-mix(in srgb, var(--st-text-color) 45%, transparent); }
.window {
  margin: -2px; border: 2px solid var(--st-red-color); border-radius: 2px;
  box-shadow: 0 0 0 1px var(--st-background-color), inset 0 0 0 1px var(--st-background-color);
}
table {
  table-layout: fixed; width: calc(var(--columns) * var(--pixel)); border-collapse: collapse; font: 10.5px/1 var(--st-font); font-variant-numeric: tabular-nums;
  forced-color-adjust: none;
}
td {
  box-sizing: border-box; width: var(--pixel); height: var(--pixel-height); padding: 0; text-align: center;
  border: 1px solid var(--st-background-color); white-space: nowrap;
  --ground: color-mix(in srgb, var(--hue) calc(var(--ink) * 100%), var(--st-secondary-background-color));
}
td.marked { outline: 2px solid var(--st-red-color); outline-offset: -2px; }
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!grids.has(parentElement)) grids.set(parentElement, new Pixels(parentElement));
  grids.get(parentElement).show(data, (at) => setTriggerValue("choice", at));
}

class Pixels {
  constructor(root) {
    addStyles(root, CSS);
    this.root = root;
    this.host = root.querySelector(".pixels");
  }

  show(data, send) {
    this.send = send;
    const kind = data.texts ? "texts" : `${Boolean(data.below)} ${Boolean(data.at)} ${data.margin} ${data.choosable}`;
    if (data.texts || kind !== this.kind) this.build(data);
    Object.assign(this, { data, kind, at: data.at });
    this.title.textContent = data.title;
    this.title.hidden = !data.title;
    this.drawn.ariaLabel = data.alt;
    if (data.texts) return;
    const style = this.host.style;
    style.setProperty("--size", `${data.side * data.pixel}px`);
    style.setProperty("--sprite", `url("${data.above}")`);
    style.setProperty("--sprite-below", data.below ? `url("${data.below}")` : "none");
    if (data.at) this.mark();
  }

  build(data) {
    this.title = Object.assign(document.createElement("span"), { className: "title" });
    this.drawn = data.texts ? table(data) : this.picture(data);
    this.host.replaceChildren(this.title, this.drawn);
  }

  picture(data) {
    const paper = Object.assign(document.createElement("div"), { className: "paper" });
    const part = (className) => paper.appendChild(Object.assign(document.createElement("span"), { className }));
    part(data.below ? "ink signed" : "ink");
    if (data.below) part("ink below");
    if (data.margin) Object.assign(part("frame").style, box([data.margin, data.margin], [data.side - 2 * data.margin, data.side - 2 * data.margin], data.side));
    this.window = data.at ? part("window") : null;
    paper.role = data.choosable ? "application" : "img"; // so that a screen reader passes the arrow keys on
    if (!data.choosable) return paper;
    paper.classList.add("choosable");
    paper.tabIndex = 0;
    paper.addEventListener("click", (event) => this.point(event));
    paper.addEventListener("keydown", (event) => this.step(event));
    return paper;
  }

  point({ clientX, clientY }) {
    const { left, top, width, height } = this.drawn.getBoundingClientRect();
    const { side, span } = this.data;
    const place = (share, axis) => Math.floor(share * side) - Math.floor((span[axis] - 1) / 2);
    this.move([place((clientY - top) / height, 0), place((clientX - left) / width, 1)]);
  }

  step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault(); // do not scroll the page
    this.move(this.at.map((place, axis) => place + by[axis] * this.data.stride[axis]));
  }

  // Moves the window at once, then notifies the server.
  move(wanted) {
    const { side, span, stride } = this.data;
    const at = wanted.map((place, axis) => {
      const within = Math.min(side - span[axis], Math.max(0, place));
      return within - (within % stride[axis]);
    });
    if (at[0] === this.at[0] && at[1] === this.at[1]) return;
    this.at = at;
    this.mark();
    this.send(at);
  }

  mark() {
    const { span, side } = this.data;
    Object.assign(this.window.style, box(this.at, span, side));
    this.window.style.padding = "2px";
  }
}

function box([row, column], [height, width], side) {
  const share = (pixels) => `${(100 * pixels) / side}%`;
  return { top: share(row), left: share(column), width: share(width), height: share(height) };
}

function table({ texts, shades, pixel, at, below }) {
  const drawn = document.createElement("table");
  drawn.style.setProperty("--pixel", `${pixel}px`);
  drawn.style.setProperty("--columns", texts[0].length);
  drawn.style.setProperty("--pixel-height", `${texts.length > 10 ? 20 : 26}px`);
  texts.forEach((line, row) => {
    const drawnRow = drawn.insertRow();
    line.forEach((text, column) => {
      const shade = shades[row][column];
      const hue = below ? (shade < 0 ? "--st-orange-color" : "--st-blue-color") : "--st-text-color";
      const cell = drawnRow.insertCell();
      cell.textContent = text;
      cell.style.setProperty("--ink", Math.abs(shade));
      cell.style.setProperty("--hue", `var(${hue})`);
      cell.className = at && at[0] === row && at[1] === column ? "number marked" : "number";
    });
  });
  return drawn;
}
