// A growing Plotly chart: Python sends only new points; zoom, hover and hidden lines are kept.
//
// Streamlit calls the default export again for every message and every change of theme. The chart belongs to this
// module rather than to Streamlit's tree, so it survives reruns and page changes.
import { homeRange, wholeRange } from "./live_chart_range-814d83a8.js";
import { addStyles, behind, symbol, theme, traceStyle } from "./live_chart_style-9cb61ae5.js";
import "./plotly-basic-4.1.1.min.js"; // sets window.Plotly

const { Plotly } = window; // now, before Streamlit's copy replaces it
const charts = new Map(); // key -> Chart
const MARGIN = { l: 56, r: 16, t: 32, b: 44 };
const ROW = 28; // height of a row of the legend
const SETTLED = 150; // ms without a change of size before it is drawn: a page under way changes sizes several times
const CLOSE = 2; // epochs on the axis, up to which single batches can be hovered
const MEASURED = ["training_batches", "training", "validation", "compare"]; // lines that can be smoothed
const LEGEND = ["training", "validation", "test", "best", "exploded"]; // then the others
let pointing = false; // while one chart shows the values of the epoch under the pointer in another

export default function ({ data, parentElement, setTriggerValue }) {
  addStyles();
  if (!charts.has(data.key)) charts.set(data.key, new Chart());
  const chart = charts.get(data.key);
  chart.moveTo(parentElement.querySelector(".live-chart"), data);
  if (!chart.merge(data)) setTriggerValue("gap", true); // a message was lost: request all points again
  else if (chart.content() !== chart.drawn) chart.draw();
}

class Chart {
  run = null;
  traces = []; // { name, role, text, generation, x, y }
  hidden = new Set(); // names of the lines switched off in the legend
  view = { x: null, y: null }; // the user's zoom: [from, to] or "all"; null follows the run
  home = {}; // the ranges that follow the run
  revision = 0;
  drag = matchMedia("(pointer: coarse)").matches ? false : "zoom"; // a finger scrolls the page first
  held = false; // during a drag, nothing may move below the pointer
  waiting = false;

  constructor() {
    const part = (name, more) => Object.assign(document.createElement("div"), { className: `live-chart-${name}`, ...more });
    this.plot = part("plot", { tabIndex: 0, role: "figure" });
    this.title = part("title");
    this.legend = part("legend", { role: "group" });
    this.head = part("head");
    this.head.append(part("tools"), this.title, this.legend);
    new ResizeObserver(() => this.resize()).observe(this.plot);
    this.plot.addEventListener("keydown", (event) => this.step(event));
    this.plot.addEventListener("pointerdown", () => (this.held = true));
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => this.release());
  }

  moveTo(host, message) {
    if (this.message && this.message.log_y !== message.log_y) this.rescale(message);
    this.message = message;
    this.host = host;
    if (this.plot.parentNode !== host) host.replaceChildren(this.head, this.plot);
    this.plot.ariaLabel = message.alt;
    this.title.textContent = this.legend.ariaLabel = message.y_title;
  }

  // The zoom shows the same values on a logarithmic axis, whose range is in powers of ten.
  rescale({ log_y }) {
    const shown = this.traces.flatMap(({ y }) => y).filter((value) => value > 0);
    const least = Math.min(1, ...shown);
    const other = log_y ? (value) => Math.log10(Math.max(value, least)) : (power) => 10 ** power;
    this.home = {};
    if (Array.isArray(this.view.y)) this.view.y = this.view.y.map(other);
  }

  // Returns false if points are missing because a message was lost.
  merge({ run, traces }) {
    if (this.run !== run) Object.assign(this, { run, traces: [], view: { x: null, y: null }, home: {} });
    const merged = [];
    for (const { start, x, y, ...trace } of traces) {
      const old = start ? this.traces.find(({ name }) => name === trace.name) : { x: [], y: [] };
      if (!old || old.x.length < start || (start && old.generation !== trace.generation)) return false;
      merged.push({ ...trace, x: old.x.slice(0, start).concat(x), y: old.y.slice(0, start).concat(y) });
    }
    this.traces = merged;
    return true;
  }

  // All that a drawing depends on, except what the visitor chose in the chart.
  content() {
    const lines = this.traces.map(({ x, y, ...trace }) => [trace, x.length, x.at(-1), y.at(-1)]);
    const size = [this.plot.clientWidth, this.plot.clientHeight, getComputedStyle(document.documentElement).fontSize];
    return JSON.stringify([{ ...this.message, traces: lines }, size, this.host.className, theme(this.host)]);
  }

  draw() {
    this.waiting = this.held || !this.plot.clientWidth; // a hidden tab has no size
    if (this.waiting) return;
    this.colors = theme(this.host);
    this.home = {
      x: homeRange.x(this.traces, this.message),
      y: homeRange.y(this.visible(), this.message, this.home.y),
    };
    this.drawLegend(); // first, because the plot's upper margin has its height
    this.host.classList.add("live-chart-drawn");
    this.config ??= this.modeBar(); // keep one object: a new one makes Plotly start over
    Plotly.react(this.plot, this.plotlyTraces(), this.layout(), this.config);
    if (!this.listening) this.listen();
    this.drawn = this.content();
  }

  listen() {
    this.listening = true;
    this.plot.on("plotly_relayout", (change) => this.follow(change));
    this.plot.on("plotly_doubleclick", () => this.widen());
    this.plot.on("plotly_hover", ({ points }) => this.point((other) => other.hover(points[0].x)));
    this.plot.on("plotly_unhover", () => this.point((other) => Plotly.Fx.unhover(other.plot)));
  }

  // Loss and accuracy of an epoch are read together: every chart of the run shows the epoch under the pointer.
  point(show) {
    if (pointing) return;
    pointing = true;
    const others = [...charts.values()].filter((other) => other !== this && other.run === this.run && other.visiblyDrawn());
    others.forEach(show);
    pointing = false;
  }

  visiblyDrawn() {
    return this.listening && this.plot.isConnected && this.plot.clientWidth > 0;
  }

  hover(epoch) {
    Plotly.Fx.hover(this.plot, { xval: epoch, yval: this.range("y")[0] }, "xy");
  }

  // Remember the user's zoom; Plotly would forget it when our own range changes.
  follow(change) {
    let moved = false;
    for (const axis of ["x", "y"]) {
      const range = change[`${axis}axis.range`] ?? [change[`${axis}axis.range[0]`], change[`${axis}axis.range[1]`]];
      if (range.some((value) => value === undefined)) continue;
      this.view[axis] = range;
      moved = true;
    }
    if (moved) setTimeout(() => this.draw()); // ticks that fit the new range
  }

  // A double click resets the zoom; without a zoom, it shows all points including the first batches.
  widen() {
    const home = this.view.x === null && this.view.y === null;
    this.view = home ? { x: "all", y: "all" } : { x: null, y: null };
    setTimeout(() => this.draw());
  }

  reset() {
    this.view = { x: null, y: null };
    this.draw();
  }

  release() {
    if (!this.held) return;
    this.held = false;
    setTimeout(() => this.waiting && this.draw()); // after Plotly has reported the result of the drag
  }

  resize() {
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => {
      const { width, height } = this.plot.layout ?? {};
      const { clientWidth, clientHeight } = this.plot;
      if (this.run !== null && clientWidth && (clientWidth !== width || clientHeight !== height)) this.draw();
    }, SETTLED);
  }

  visible() {
    return this.traces.filter(({ name }) => !this.hidden.has(name));
  }

  range(axis) {
    const view = this.view[axis];
    if (view === "all") return wholeRange[axis](this.visible(), this.message);
    return view ?? this.home[axis];
  }

  plotlyTraces() {
    return this.traces.flatMap((trace) => {
      const look = traceStyle(trace, this.traces, this.colors);
      const y = this.percent() ? trace.y.map((value) => value && value * 100) : trace.y;
      const drawn = { type: "scatter", uid: trace.name, name: trace.name, x: trace.x, visible: !this.hidden.has(trace.name) };
      const hover = (template) => (this.silent(trace) ? { hoverinfo: "skip" } : { hovertemplate: template });
      if (!this.smooths(trace)) return { ...drawn, ...look, ...hover(this.value("%{y}")), y };
      const measured = { ...drawn, ...behind(look, this.colors), uid: `${trace.name} measured`, hoverinfo: "skip", y };
      const both = `${this.value("%{customdata}")} (${this.message.words.smoothed} ${this.value("%{y}")})`;
      const smooth = { ...look, mode: "lines", y: smoothed(y, this.message.smoothing), customdata: y };
      return [measured, { ...drawn, ...smooth, ...hover(both) }];
    });
  }

  smooths({ role }) {
    return this.message.smoothing > 1 && MEASURED.includes(role);
  }

  percent() {
    return this.message.y_format.endsWith("%");
  }

  // A value of Plotly's hover template, such as "%{y}", in the chart's format.
  value(name) {
    const digits = this.percent() ? this.message.y_format.replace("%", "f") : this.message.y_format || ".4r";
    return name.replace("}", `:${digits}}`) + (this.percent() ? this.message.words.percent : "");
  }

  // The pointer picks whole epochs; single batches only before the first epoch or in a close zoom.
  silent({ role }) {
    const [from, to] = this.range("x");
    const epochs = this.visible().some((trace) => !["training_batches", "exploded"].includes(trace.role) && trace.x.length);
    return ["best", "exploded"].includes(role) || (role === "training_batches" && epochs && to - from > CLOSE);
  }

  layout() {
    const { x_title, x_end, log_y } = this.message;
    const { text, muted, grid, line, panel, background } = this.colors;
    const font = this.message.words.fonts; // by name: a saved picture has no language by which a browser would choose
    const room = { ticks: "outside", tickcolor: "transparent" }; // between labels and axis
    const axis = { ...room, gridcolor: grid, linecolor: line, zeroline: false, ticklen: 4, tickfont: { color: muted } };
    const [from, to] = this.range("x");
    const { clientWidth, clientHeight } = this.plot;
    // Plotly measures in pixels; the rest of the page in the root's letters, which a presentation enlarges
    const larger = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const [l, r, t, b] = [MARGIN.l, MARGIN.r, MARGIN.t, MARGIN.b].map((size) => size * larger);
    const width = Math.max(1, clientWidth - l - r);
    return {
      uirevision: this.run,
      datarevision: ++this.revision,
      width: clientWidth,
      height: clientHeight,
      margin: { l, r, b, t: Math.max(ROW + t, this.head.offsetHeight) },
      showlegend: false,
      hovermode: "x unified",
      hoverdistance: Math.max(6, Math.ceil(width / (to - from) / 2)), // up to halfway to the next epoch
      dragmode: this.drag,
      paper_bgcolor: "transparent",
      plot_bgcolor: background, // opaque, because Plotly would otherwise draw the hover line in white
      font: { color: text, family: font, size: 12 * larger },
      hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: text, family: font, size: 12 * larger } },
      modebar: { bgcolor: "transparent", color: muted, activecolor: text },
      xaxis: {
        ...axis,
        ...epochTicks(from, to, width, x_end),
        title: { text: x_title, standoff: 6, font: { size: 12 * larger, color: muted } },
        range: [from, to],
        showgrid: false,
        showline: true,
        hoverformat: ".4~r",
        unifiedhovertitle: { text: `${x_title} %{x}` },
        showspikes: true,
        spikemode: "across",
        spikethickness: 1,
        spikedash: "solid",
        spikecolor: line,
      },
      yaxis: {
        ...axis,
        range: this.range("y"),
        showline: false,
        type: log_y ? "log" : "linear",
        ticksuffix: this.percent() ? this.message.words.percent : "",
        nticks: 8,
        ...(log_y ? decadeTicks(...this.range("y")) : {}),
      },
    };
  }

  // An explicit list, because Plotly's default buttons include one that uploads the chart.
  modeBar() {
    const { zoom, pan, reset, png, svg } = this.message.words;
    const { zoombox, pan: arrows, home, camera, disk } = Plotly.Icons;
    const drag = (mode, title, icon) => {
      const click = () => {
        this.drag = this.drag === mode ? false : mode;
        this.draw();
      };
      return { name: mode, title, icon, attr: "dragmode", val: mode, click };
    };
    const save = (format, title, icon) => ({ name: format, title, icon, click: () => this.save(format) });
    const whole = { name: "reset", title: reset, icon: home, click: () => this.reset() };
    const drags = [drag("zoom", zoom, zoombox), drag("pan", pan, arrows)];
    const buttons = [...drags, whole, save("png", png, camera), save("svg", svg, disk)];
    return { displaylogo: false, displayModeBar: true, doubleClick: false, modeBarButtons: [buttons] };
  }

  // The saved picture has a background, and Plotly's legend in place of ours.
  save(format) {
    const size = { width: 1000, height: 500 };
    const legend = { orientation: "h", yref: "container", y: 0.01, yanchor: "bottom" };
    const title = { text: this.message.y_title, x: 0, xref: "paper", y: 1, yanchor: "top", pad: { t: 8 }, font: { size: 13 } };
    const alone = { paper_bgcolor: this.colors.background, showlegend: true, legend, title, margin: { ...MARGIN, t: 36, b: 84 } };
    const data = this.plotlyTraces().map((trace) => ({ ...trace, showlegend: trace.uid === trace.name }));
    const figure = { data, layout: { ...this.layout(), ...size, ...alone } };
    Plotly.downloadImage(figure, { ...size, format, scale: 2, filename: `${this.run} ${this.message.y_title}` });
  }

  // Lines with the same text share a button.
  drawLegend() {
    const old = [...this.legend.children];
    const rank = ({ role }) => (LEGEND.indexOf(role) + 1 || LEGEND.length + 1);
    const sorted = [...this.traces].sort((a, b) => rank(a) - rank(b));
    const lines = new Map(sorted.map((trace) => [legendText(trace), []]));
    for (const trace of sorted) lines.get(legendText(trace)).push(trace);
    const buttons = [...lines].map(([text, traces]) => {
      const button = old.find(({ dataset }) => dataset.name === traces[0].name) ?? this.legendButton(traces[0].name);
      const [picture, label, value] = button.children;
      const look = traces.map((trace) => symbol(traceStyle(trace, this.traces, this.colors))).join("");
      if (button.dataset.look !== look) picture.innerHTML = button.dataset.look = look;
      label.textContent = text;
      value.textContent = this.latest(traces[0]);
      button.dataset.role = traces[0].role;
      button.ariaPressed = String(!this.hidden.has(traces[0].name));
      return button;
    });
    if (buttons.length !== old.length || buttons.some((button, i) => button !== old[i])) {
      this.legend.replaceChildren(...buttons);
    }
  }

  legendButton(name) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", onclick: () => this.toggle(name) });
    button.dataset.name = name;
    button.append(document.createElement("span"), document.createElement("span"), document.createElement("b"));
    return button;
  }

  // The newest value of a line with a point for each epoch of this run.
  latest({ role, y }) {
    const value = ["training", "validation", "compare", "test", "best"].includes(role) ? y.findLast((value) => value !== null) : undefined;
    if (value === undefined) return "";
    return this.percent() ? `${(100 * value).toFixed(2)}${this.message.words.percent}` : String(+value.toPrecision(4));
  }

  toggle(name) {
    const text = legendText(this.traces.find((trace) => trace.name === name));
    const shown = this.hidden.has(name);
    for (const trace of this.traces.filter((one) => legendText(one) === text)) {
      if (shown) this.hidden.delete(trace.name);
      else this.hidden.add(trace.name);
    }
    this.draw();
  }

  // Arrow keys step through the epochs, so that values can be read without a pointer.
  step({ key, target }) {
    if (target !== this.plot) return;
    if (key === "Escape") {
      this.stop = undefined;
      return Plotly.Fx.unhover(this.plot);
    }
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const drawn = this.visible().filter(({ role }) => !["training_batches", "exploded"].includes(role));
    const stops = [...new Set(drawn.flatMap(({ x }) => x))].sort((a, b) => a - b);
    if (!by || !stops.length) return;
    const at = this.stop === undefined ? (by > 0 ? -1 : stops.length) : stops.indexOf(this.stop);
    this.stop = stops[Math.min(stops.length - 1, Math.max(0, at + by))];
    this.hover(this.stop);
  }
}

function legendText({ name, text }) {
  return text || name;
}

// Ticks at 1, 2 and 5 of each decade, or over many decades only at (some) powers of ten.
function decadeTicks(from, to) {
  const step = Math.ceil((to - from) / 6);
  if (step > 1) {
    const first = Math.ceil(from / step) * step;
    const powers = Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step);
    const text = (power) => (Math.abs(power) > 4 ? `10<sup>${power}</sup>` : String(+(10 ** power).toPrecision(1)));
    return { tickmode: "array", tickvals: powers.map((power) => 10 ** power), ticktext: powers.map(text) };
  }
  const decades = Array.from({ length: Math.ceil(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i);
  const ticks = decades.flatMap((decade) => (to - from > 2.5 ? [1] : [1, 2, 5]).map((step) => step * 10 ** decade));
  const shown = ticks.filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to);
  if (shown.length < 2) return {}; // zoomed in between two ticks
  return { tickmode: "array", tickvals: shown, ticktext: shown.map((tick) => String(+tick.toPrecision(1))) };
}

// Whole epochs if possible, 1, 2, 5, 10, … apart, with room for their labels; the run's last epoch has one.
function epochTicks(from, to, width, last) {
  const room = ((to - from) / width) * 44;
  if (to - from <= CLOSE) return { tickmode: "auto", nticks: Math.max(2, Math.floor(width / 70)), tickformat: "" };
  const power = 10 ** Math.max(0, Math.floor(Math.log10(room)));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= room) ?? 10 * power;
  const first = Math.ceil(from / step);
  const ticks = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
  const ends = last !== null && last > from && last <= to;
  const tickvals = ends ? [...ticks.filter((tick) => Math.abs(tick - last) >= room), last] : ticks;
  return { tickmode: "array", tickvals, ticktext: tickvals.map((tick) => tick.toLocaleString("en")) };
}

// The exponential moving average over about `points` values, started without bias towards 0 as in Adam
// (Kingma and Ba 2015, section 3); a gap stays a gap.
function smoothed(values, points) {
  const kept = 1 - 1 / points;
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = kept * sum + (1 - kept) * value;
    weight = kept * weight + (1 - kept);
    return sum / weight;
  });
}
