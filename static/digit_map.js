// Digits as pictures on a map that can be zoomed: as many as fit, and points for those that would cover them.
//
// The pictures come in a message of their own, which the browser keeps: a click sends only points.

import { addStyles } from "./digit_ink-a0963a02.js";

const SIDE = 28; // screen pixels of an image, as many as a digit has
const NEAR = 0.72; // two pictures this far apart, as a share of their side, hardly cover each other's ink
const MOST_ZOOM = 40;
const TOUCH = 24; // screen pixels within which the pointer meets a digit
const sheets = new Map(); // digest -> image of all digits
const maps = new WeakMap(); // root -> DigitMap

const CSS = `
.map { position: relative; height: var(--height); font: 12px/16px var(--st-font); color: var(--st-text-color); }
.plot {
  position: absolute; inset: 0 0 20px 20px; overflow: hidden; background: var(--st-background-color);
  outline: 1px solid var(--st-border-color); border-radius: 4px;
}
canvas { display: block; width: 100%; height: 100%; cursor: pointer; }
canvas:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: -2px; }
.axis { position: absolute; color: color-mix(in srgb, var(--st-text-color) 72%, var(--st-background-color)); white-space: nowrap; }
.axis.x { bottom: 0; left: 50%; translate: -50%; }
.axis.y { top: 50%; left: 8px; writing-mode: vertical-rl; text-orientation: sideways; translate: -50% -50%; rotate: 180deg; }
.zoom { position: absolute; top: 6px; right: 6px; display: flex; gap: 4px; }
.zoom button {
  width: 28px; height: 28px; padding: 0; border: 1px solid var(--st-border-color); border-radius: 4px; cursor: pointer;
  background: var(--st-background-color); color: var(--st-text-color); font: 600 16px/1 var(--st-font);
}
.zoom button:disabled { cursor: default; color: color-mix(in srgb, var(--st-text-color) 40%, var(--st-background-color)); }
.zoom button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 1px; }
.told {
  position: absolute; padding: 8px; border: 1px solid var(--st-border-color); border-radius: 4px; pointer-events: none;
  background: var(--st-background-color); box-shadow: 0 2px 8px rgb(0 0 0 / 18%); font-weight: 600;
}
.told[hidden] { display: none; }
.told canvas { width: 112px; height: 112px; margin-bottom: 4px; background: var(--st-secondary-background-color); border-radius: 2px; }
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (data.sheet) {
    const image = sheetOf(data.digest);
    if (!image.src) image.src = data.sheet;
    return;
  }
  if (!maps.has(parentElement)) maps.set(parentElement, new DigitMap(parentElement));
  maps.get(parentElement).show(data, (index) => setTriggerValue("choice", index));
}

// The picture of these digits, which is loaded once its message has come.
function sheetOf(digest) {
  if (!sheets.has(digest)) sheets.set(digest, new Image());
  return sheets.get(digest);
}

class DigitMap {
  view = { zoom: 1, left: 0, top: 0 }; // the part that is seen, in shares of the whole map
  pointers = new Map();

  constructor(root) {
    addStyles(root, CSS);
    this.host = root.querySelector(".map");
    this.host.replaceChildren();
    const part = (tag, className, parent = this.host) => parent.appendChild(Object.assign(document.createElement(tag), { className }));
    this.plot = part("div", "plot");
    this.canvas = part("canvas", "", this.plot);
    this.axes = [part("span", "axis x"), part("span", "axis y")];
    const zoom = part("div", "zoom", this.plot);
    this.buttons = [["+", 1.6], ["−", 1 / 1.6], ["⤢", 0]].map(([text, by]) => {
      const button = Object.assign(part("button", "", zoom), { type: "button", textContent: text });
      button.addEventListener("click", () => (by ? this.zoom(by) : this.look({ zoom: 1, left: 0, top: 0 })));
      return button;
    });
    this.told = part("div", "told", this.plot);
    this.large = part("canvas", "", this.told);
    this.text = part("div", "", this.told);
    this.told.hidden = true;
    this.text.ariaLive = "polite";
    this.canvas.tabIndex = 0;
    this.canvas.role = "application"; // so that a screen reader passes the arrow keys on
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  listen() {
    const on = (name, act) => this.canvas.addEventListener(name, (event) => act.call(this, event));
    on("pointerdown", this.press);
    on("pointermove", this.move);
    on("pointerup", this.release);
    on("pointercancel", ({ pointerId }) => this.pointers.delete(pointerId));
    on("pointerleave", () => this.tell(-1));
    on("blur", () => this.tell(-1));
    on("keydown", this.step);
    // a plain wheel scrolls the page; with Ctrl, as a trackpad sends for a pinch, it zooms
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 200), this.at(event));
    }, { passive: false });
  }

  show(data, send) {
    if (data.map !== this.data?.map) {
      this.view = { zoom: 1, left: 0, top: 0 };
      this.told.hidden = true;
    }
    // a copy, because Streamlit freezes its data
    Object.assign(this, { data: { ...data }, send, sheet: sheetOf(data.digest), inks: null });
    if (!this.sheet.naturalWidth) this.sheet.addEventListener("load", () => this.draw(), { once: true });
    this.labels = [...data.labels].map(Number);
    this.predicted = [...data.predicted].map(Number);
    this.host.style.setProperty("--height", `${data.height}px`);
    this.canvas.ariaLabel = data.alt;
    this.axes.forEach((axis, i) => (axis.textContent = data.axes[i]));
    this.buttons.forEach((button, i) => (button.ariaLabel = button.title = data.words.zoom[i]));
    this.draw();
  }

  get count() {
    return this.data.points.length / 2;
  }

  // The place of a digit on the screen.
  place(i) {
    const { zoom, left, top } = this.view;
    return [(this.data.points[2 * i] - left) * zoom * this.width, (this.data.points[2 * i + 1] - top) * zoom * this.height];
  }

  at({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect(); // on the screen, where it may be enlarged
    const { width, height } = this;
    return [((clientX - box.left) * width) / box.width, ((clientY - box.top) * height) / box.height];
  }

  nearest([x, y], within = TOUCH) {
    let found = -1;
    let least = within;
    for (let i = 0; i < this.count; i++) {
      const [a, b] = this.place(i);
      // a picture covers the points under it
      const away = Math.hypot(a - x, b - y) * (this.pictured?.has(i) ? 0.6 : 1);
      if (away < least) [found, least] = [i, away];
    }
    return found;
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { at: this.at(event), from: this.at(event), view: { ...this.view } });
  }

  move(event) {
    const pointer = this.pointers.get(event.pointerId);
    const at = this.at(event);
    if (!pointer) return event.pointerType === "mouse" && this.tell(this.nearest(at));
    const [dx, dy] = [at[0] - pointer.from[0], at[1] - pointer.from[1]];
    if (!pointer.dragged && Math.hypot(dx, dy) < 5) return;
    pointer.dragged = true;
    this.tell(-1);
    if (this.pointers.size > 1) return this.pinch(pointer, at);
    const { zoom, left, top } = pointer.view;
    this.look({ zoom, left: left - dx / zoom / this.width, top: top - dy / zoom / this.height });
  }

  pinch(pointer, at) {
    const other = [...this.pointers.values()].find((one) => one !== pointer);
    const gap = (a, b) => Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
    const middle = [(at[0] + other.at[0]) / 2, (at[1] + other.at[1]) / 2];
    this.zoom(gap(at, other.at) / gap(pointer.at, other.at), middle);
    pointer.at = at;
    other.dragged = true;
  }

  release(event) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!pointer || pointer.dragged) return;
    const found = this.nearest(this.at(event));
    if (found >= 0) this.choose(found);
  }

  choose(i) {
    this.data.chosen = i; // at once; the server confirms it
    this.draw();
    this.send(i);
  }

  step(event) {
    const { key } = event;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (!way && !["Enter", " ", "+", "-", "0"].includes(key)) return;
    event.preventDefault(); // do not scroll the page
    if (key === "+") return this.zoom(1.6);
    if (key === "-") return this.zoom(1 / 1.6);
    if (key === "0") return this.look({ zoom: 1, left: 0, top: 0 });
    const from = this.pointed ?? this.data.chosen ?? this.nearest([this.width / 2, this.height / 2], Infinity);
    if (!way) return this.choose(from);
    const to = this.beyond(from, way);
    this.bring(to);
    this.tell(to);
  }

  // The nearest digit within a right angle around this direction.
  beyond(from, [right, down]) {
    const [x, y] = this.place(from);
    let found = from;
    let least = Infinity;
    for (let i = 0; i < this.count; i++) {
      const [a, b] = this.place(i);
      const along = (a - x) * right + (b - y) * down;
      const across = Math.abs((a - x) * down) + Math.abs((b - y) * right);
      if (i !== from && along > 2 && across <= along && along + across < least) [found, least] = [i, along + across];
    }
    return found;
  }

  // Moves the view so that a digit is in it.
  bring(i) {
    const [x, y] = this.place(i);
    if (x >= 0 && y >= 0 && x <= this.width && y <= this.height) return;
    const half = 0.5 / this.view.zoom;
    this.look({ ...this.view, left: this.data.points[2 * i] - half, top: this.data.points[2 * i + 1] - half });
  }

  zoom(by, [x, y] = [this.width / 2, this.height / 2]) {
    const { zoom, left, top } = this.view;
    const next = Math.min(MOST_ZOOM, Math.max(1, zoom * by));
    const moved = (share) => share / zoom - share / next;
    this.look({ zoom: next, left: left + moved(x / this.width), top: top + moved(y / this.height) });
  }

  look({ zoom, left, top }) {
    const within = (share) => Math.min(1 - 1 / zoom, Math.max(0, share));
    this.view = { zoom, left: within(left), top: within(top) };
    this.draw();
  }

  // Several changes before the next frame are drawn once.
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.data) this.paint();
    });
  }

  paint() {
    const { clientWidth, clientHeight } = this.plot;
    const enlarged = this.plot.getBoundingClientRect().width / clientWidth || 1;
    const dense = Math.max(1, Math.round(devicePixelRatio * enlarged)); // whole, so that pixels stay crisp
    Object.assign(this, { width: clientWidth, height: clientHeight });
    this.canvas.width = clientWidth * dense;
    this.canvas.height = clientHeight * dense;
    // only a map that is zoomed into takes the touch that scrolls a page
    this.canvas.style.touchAction = this.view.zoom > 1 ? "none" : "pan-x pan-y";
    this.buttons.forEach((button, i) => (button.disabled = i ? this.view.zoom <= 1 : this.view.zoom >= MOST_ZOOM));
    const ink = this.canvas.getContext("2d");
    ink.scale(dense, dense);
    ink.imageSmoothingEnabled = false;
    const side = SIDE * (this.view.zoom >= 5 ? 2 : 1);
    const order = this.order();
    this.pictured = this.inked() ? this.pictures(order, NEAR * side) : new Set();
    this.points(ink, order);
    for (const i of [...this.pictured].reverse()) this.picture(ink, i, side);
  }

  // Those of which a picture is wanted most come first.
  order() {
    const { chosen } = this.data;
    const all = [...Array(this.count).keys()];
    const wrong = all.filter((i) => i !== chosen && this.labels[i] !== this.predicted[i]);
    const right = all.filter((i) => i !== chosen && this.labels[i] === this.predicted[i]);
    const first = chosen !== null && chosen < this.count ? [chosen] : [];
    // an untrained network misreads nearly all
    return wrong.length < 0.2 * all.length ? [...first, ...wrong, ...right] : [...first, ...all.filter((i) => i !== chosen)];
  }

  // Those that can be drawn as pictures at least `apart` from each other.
  pictures(order, apart) {
    const cells = new Map();
    const drawn = new Set();
    for (const i of order) {
      const [x, y] = this.place(i);
      if (x < -apart || y < -apart || x > this.width + apart || y > this.height + apart) continue;
      const [column, row] = [Math.floor(x / apart), Math.floor(y / apart)];
      const free = [-1, 0, 1].every((down) =>
        [-1, 0, 1].every((right) => {
          const other = cells.get(`${row + down} ${column + right}`);
          return !other || Math.abs(other[0] - x) >= apart || Math.abs(other[1] - y) >= apart;
        }),
      );
      if (!free) continue;
      cells.set(`${row} ${column}`, [x, y]);
      drawn.add(i);
    }
    return drawn;
  }

  points(ink, order) {
    for (const i of order) {
      if (this.pictured.has(i)) continue;
      const [x, y] = this.place(i);
      const wrong = this.labels[i] !== this.predicted[i];
      ink.globalAlpha = wrong ? 1 : 0.5;
      ink.fillStyle = wrong ? this.data.colors.wrong : this.data.colors.classes[this.labels[i]];
      ink.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
    ink.globalAlpha = 1;
  }

  picture(ink, i, side) {
    const [x, y] = this.place(i).map((middle) => Math.round(middle - side / 2));
    const { colors, chosen } = this.data;
    const wrong = this.labels[i] !== this.predicted[i];
    if (i === chosen || wrong) {
      ink.fillStyle = colors.background;
      ink.fillRect(x - 2, y - 2, side + 4, side + 4);
    }
    this.digit(ink, i, x, y, side);
    if (wrong) {
      ink.strokeStyle = colors.wrong;
      ink.lineWidth = 1;
      ink.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
      ink.lineWidth = 2;
      ink.beginPath();
      for (const slant of [0, 1]) {
        ink.moveTo(x + side - 8 + 5 * slant, y + 3);
        ink.lineTo(x + side - 3 - 5 * slant, y + 8);
      }
      ink.stroke();
    }
    if (i !== chosen) return;
    ink.strokeStyle = colors.text;
    ink.lineWidth = 3;
    ink.strokeRect(x - 2.5, y - 2.5, side + 5, side + 5);
  }

  digit(ink, i, x, y, side) {
    const { columns, side: own } = this.data;
    const from = [own * (i % columns), own * Math.floor(i / columns)];
    ink.drawImage(this.inks, ...from, own, own, x, y, side, side);
  }

  // All digits in the colors of their classes, with ink as opacity; null while their picture is on its way.
  inked() {
    const image = this.sheet;
    if (!image.naturalWidth) return null;
    if (this.inks) return this.inks;
    if (this.data.as_is) return (this.inks = image);
    const { columns, colors, side } = this.data;
    this.inks = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const ink = this.inks.getContext("2d", { willReadFrequently: true });
    ink.drawImage(image, 0, 0);
    const pixels = ink.getImageData(0, 0, this.inks.width, this.inks.height);
    const classes = colors.classes.map((color) => [1, 3, 5].map((from) => parseInt(color.slice(from, from + 2), 16)));
    for (let at = 0; at < pixels.data.length; at += 4) {
      const row = Math.floor(at / 4 / this.inks.width);
      const place = columns * Math.floor(row / side) + Math.floor(((at / 4) % this.inks.width) / side);
      pixels.data[at + 3] = pixels.data[at];
      [pixels.data[at], pixels.data[at + 1], pixels.data[at + 2]] = classes[this.labels[place] ?? 0];
    }
    ink.putImageData(pixels, 0, 0);
    return this.inks;
  }

  // Shows a digit enlarged, with what it is; -1 hides it.
  tell(i) {
    if (i === (this.pointed ?? -1)) return;
    this.pointed = i < 0 ? null : i;
    this.told.hidden = i < 0;
    if (i < 0) return;
    const { words } = this.data;
    const [label, predicted] = [this.labels[i], this.predicted[i]];
    const { classes } = this.data;
    const fields = { index: i, label: classes[label], predicted: classes[predicted] };
    const text = label === predicted ? words.right : words.wrong;
    this.text.textContent = text.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
    this.large.width = this.large.height = 112;
    if (this.inked()) {
      const ink = this.large.getContext("2d");
      ink.imageSmoothingEnabled = false;
      this.digit(ink, i, 0, 0, 112);
    }
    const [x, y] = this.place(i);
    const { offsetWidth, offsetHeight } = this.told;
    const beside = x + 24 + offsetWidth < this.width ? x + 24 : x - 24 - offsetWidth;
    this.told.style.left = `${Math.max(0, beside)}px`;
    this.told.style.top = `${Math.min(Math.max(0, y - offsetHeight / 2), this.height - offsetHeight)}px`;
  }
}
