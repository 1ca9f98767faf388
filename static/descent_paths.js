// Paths of gradient descent that grow: over the loss surface seen from above, as curves of the loss, and in numbers.

import { addStyles } from "./digit_ink-a0963a02.js";
import { PLAYER, Player } from "./player-4ab93d86.js";

const RATES = { slow: 4, normal: 14, fast: 40 }; // moments per second
const races = new WeakMap(); // root -> Race

const CSS = `${PLAYER}
.race { zoom: calc(1 / var(--scale, 1)); container: race / inline-size; padding: 4px; font: clamp(1rem, 1.08vw, 2rem)/1.4 var(--st-font); color: var(--st-text-color); }
.stage {
  --tall: max(17rem, 100vh - 22.5rem + var(--freed, 0rem)); --quiet: color-mix(in srgb, var(--st-text-color) 72%, var(--st-background-color));
  display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .75rem 2.5rem; margin-top: .5rem;
}
.title { display: block; margin-bottom: .5rem; font-weight: 600; }
.plot { position: relative; margin: 0 2.6em 2.6em 0; height: calc(var(--tall) - 4.4em); border-radius: 4px; }
.side .plot { height: calc(var(--tall) - 12.6em); min-height: 8rem; margin: 0 .5rem 2.6em 2.6em; }
.ground, .plot svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.ground { background: var(--st-text-color); mask: var(--sprite) 0 0 / 100% 100% no-repeat; mask-mode: luminance; }
.above .plot { outline: 1px solid var(--st-border-color); }
.side .plot { border-left: 1px solid var(--st-border-color); border-bottom: 1px solid var(--st-border-color); border-radius: 0; }
.plot svg { overflow: hidden; }
polyline { fill: none; stroke-width: 2.5px; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
polyline.rest { opacity: .18; }
.head {
  position: absolute; width: 14px; height: 14px; margin: -7px; box-sizing: border-box; background: var(--color); border: 2px solid var(--st-background-color);
  transition: left var(--pace, 0ms) linear, top var(--pace, 0ms) linear; forced-color-adjust: none;
}
.circle { border-radius: 50%; }
.diamond { rotate: 45deg; scale: .85; }
.start { position: absolute; translate: -50% -50%; font-size: 1.25rem; line-height: 1; font-weight: 600; }
.tick { position: absolute; color: var(--quiet); font-size: .875em; line-height: 1; white-space: nowrap; font-variant-numeric: tabular-nums; }
.tick.x { top: calc(100% + .4em); translate: -50%; }
.tick.y { right: calc(100% + .4em); translate: 0 -50%; }
.tick.level { left: calc(100% + .4em); translate: 0 -50%; }
.tick.x:last-of-type { translate: -100%; }
.axis { position: absolute; top: calc(100% + 1.5em); right: 0; color: var(--quiet); font-size: .875em; line-height: 1; }
.axis.loss { top: auto; bottom: calc(100% + .25rem); right: -2.4rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-weight: 400; text-align: right; word-break: keep-all; color: var(--quiet); font-size: .875em; }
th:first-child, td:first-child { text-align: left; }
td { text-align: right; padding: .125rem .5rem; border-top: 1px solid var(--st-border-color); white-space: nowrap; }
th { padding: 0 .5rem .25rem; }
.key { display: inline-block; width: 11px; height: 11px; margin-right: .5rem; background: var(--color); forced-color-adjust: none; print-color-adjust: exact; }
@container race (max-width: 58rem) {
  .stage { --tall: 22rem; grid-template-columns: minmax(0, 1fr); }
  .side .plot { height: 12rem; }
  td, th { padding-inline: .25rem; font-size: .8em; }
  td:first-child { white-space: normal; }
}
`;

export default function ({ data, parentElement, setTriggerValue }) {
  if (!races.has(parentElement)) races.set(parentElement, new Race(parentElement));
  races.get(parentElement).show(data, (at) => setTriggerValue("rest", at));
}

class Race {
  constructor(root) {
    addStyles(root, CSS);
    this.host = root.querySelector(".race");
  }

  show(data, send) {
    this.send = send;
    const { data: before, player } = this;
    if (before?.digest === data.digest) {
      // the server's echo of a moment comes late, and must not pull the paths back
      if (data.at !== this.given && data.at !== this.sent) player.start(data.at, data.last, data.complete);
      this.given = data.at;
      return;
    }
    const goes = player?.playing && player.at < player.last;
    Object.assign(this, { data, given: data.at });
    if (!player) {
      const words = data.words;
      const rest = (at) => this.send((this.sent = at));
      this.player = new Player({ words, rates: RATES, move: (...step) => this.move(...step), rest });
      this.stage = element("div", "stage");
      this.host.replaceChildren(this.player.element, this.stage);
    }
    this.build(data);
    this.player.start(goes ? this.player.at : data.at, data.last, data.complete);
  }

  build({ plane, curves, paths, words }) {
    const above = this.panel("above", words.surface);
    above.plot.style.setProperty("--sprite", `url("${plane.ink}")`);
    above.plot.ariaLabel = words.surface_alt;
    const start = element("span", "start", "×");
    place(start, plane.start);
    above.plot.prepend(element("span", "ground"));
    above.plot.append(start);
    for (const [share, text] of plane.levels) label(above.plot, "level", { top: share }, text);
    above.plot.append(element("span", "axis loss", words.loss));
    const side = this.panel("side", words.curves);
    side.plot.ariaLabel = words.curves_alt;
    for (const [share, text] of curves.y_ticks) label(side.plot, "y", { top: share }, text);
    for (const [share, text] of curves.x_ticks) label(side.plot, "x", { left: share }, text);
    side.plot.append(element("span", "axis", words.over));
    this.plots = [this.lines(above.plot, paths, plane.paths), this.lines(side.plot, paths, curves.paths)];
    side.figure.append(this.table(paths, words));
    this.stage.replaceChildren(above.figure, side.figure);
  }

  panel(name, title) {
    const figure = element("div", name);
    const plot = element("div", "plot");
    plot.role = "img";
    figure.append(element("span", "title", title), plot);
    return { figure, plot };
  }

  lines(plot, paths, places) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    plot.prepend(...plot.querySelectorAll(".ground"), svg);
    return paths.map(({ color, symbol, dash }, i) => {
      const line = (className, count) => {
        const drawn = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
        drawn.setAttribute("class", className);
        drawn.setAttribute("stroke", color);
        if (dash) drawn.setAttribute("stroke-dasharray", "8 5");
        drawn.setAttribute("points", points(places[i], count));
        svg.append(drawn);
        return drawn;
      };
      line("rest", places[i].length);
      const head = element("span", `head ${symbol}`);
      head.style.setProperty("--color", color);
      plot.append(head);
      return { line: line("", 1), head, places: places[i] };
    });
  }

  table(paths, words) {
    const drawn = document.createElement("table");
    drawn.ariaLabel = words.costs;
    const heads = drawn.createTHead().insertRow();
    for (const name of words.heads) heads.append(Object.assign(document.createElement("th"), { textContent: name, scope: "col" }));
    const body = drawn.createTBody();
    this.rows = paths.map(({ name, color, symbol, seconds }) => {
      const row = body.insertRow();
      const key = element("span", `key ${symbol}`);
      key.style.setProperty("--color", color);
      row.insertCell().append(key, name);
      const cells = [row.insertCell(), row.insertCell(), row.insertCell()];
      row.insertCell().textContent = seconds;
      return cells;
    });
    return drawn;
  }

  move(at, pace) {
    const { data } = this;
    const images = Math.floor((at * data.images) / data.last);
    this.stage.style.setProperty("--pace", `${pace}ms`);
    this.player.where.textContent = data.words.seen.replace("{images}", images.toLocaleString("en-US"));
    data.paths.forEach((path, i) => {
      const now = path.images.findLastIndex((seen) => seen <= images);
      for (const { line, head, places } of this.plots.map((plot) => plot[i])) {
        line.setAttribute("points", points(places, now + 1));
        place(head, places[now]);
      }
      const texts = [path.images[now].toLocaleString("en-US"), path.updates[now].toLocaleString("en-US"), path.loss[now]];
      this.rows[i].forEach((cell, j) => (cell.textContent = texts[j]));
    });
  }
}

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function points(places, count) {
  return places.slice(0, count).map(([x, y]) => `${100 * x},${100 * y}`).join(" ");
}

function place(mark, [x, y]) {
  const within = (share) => Math.max(0, Math.min(1, share)); // a loss may be above the picture
  Object.assign(mark.style, { left: `${100 * within(x)}%`, top: `${100 * within(y)}%` });
}

function label(plot, kind, at, text) {
  const made = element("span", `tick ${kind}`, text);
  for (const [side, share] of Object.entries(at)) made.style[side] = `${100 * share}%`;
  plot.append(made);
}
