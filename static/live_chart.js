// A growing Plotly chart: Python sends only new points; zoom, hover and hidden lines are kept.
//
// Streamlit calls the default export again for every message and every change of theme. The chart belongs to this
// module rather than to Streamlit's tree, so it survives reruns and page changes.
import { homeRange, wholeRange } from "./live_chart_range-814d83a8.js";
import { addStyles, symbol, theme, traceStyle } from "./live_chart_style-b9f7acb8.js";
import "./plotly-basic-4.1.1.min.js"; // sets window.Plotly

const { Plotly } = window; // now, before Streamlit's copy replaces it
const charts = new Map(); // key -> Chart
const MARGIN = { l: 56, r: 16, t: 36, b: 44 };
const CLOSE = 2; // epochs on the axis, up to which single batches can be hovered

export default function ({ data, parentElement, setTriggerValue }) {
  addStyles();
  if (!charts.has(data.key)) charts.set(data.key, new Chart());
  const chart = charts.get(data.key);
  chart.moveTo(parentElement.querySelector(".live-chart"), data);
  if (chart.merge(data)) chart.draw();
  else setTriggerValue("gap", true); // a message was lost: request all points again
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
    this.plot = document.createElement("div");
    Object.assign(this.plot, { className: "live-chart-plot", tabIndex: 0, role: "figure" });
    this.legend = document.createElement("div");
    Object.assign(this.legend, { className: "live-chart-legend", role: "group" });
    new ResizeObserver(() => this.resize()).observe(this.plot);
    this.plot.addEventListener("keydown", (event) => this.step(event));
    this.plot.addEventListener("pointerdown", () => (this.held = true));
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => this.release());
  }

  moveTo(host, message) {
    // ranges of a linear axis are invalid on a logarithmic one
    if (this.message && this.message.log_y !== message.log_y) Object.assign(this, { view: { x: null, y: null }, home: {} });
    this.message = message;
    this.host = host;
    host.style.height = `${message.height}px`;
    if (this.plot.parentNode !== host) host.replaceChildren(this.plot, this.legend);
    this.plot.ariaLabel = message.alt;
    this.legend.ariaLabel = message.y_title;
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

  draw() {
    this.waiting = this.held || !this.plot.clientWidth; // a hidden tab has no size
    if (this.waiting) return;
    this.colors = theme(this.host);
    this.home = {
      x: homeRange.x(this.traces, this.message),
      y: homeRange.y(this.visible(), this.message, this.home.y),
    };
    this.drawLegend(); // first, because the plot gets the remaining height
    this.config ??= this.modeBar(); // keep one object: a new one makes Plotly start over
    Plotly.react(this.plot, this.plotlyTraces(), this.layout(), this.config);
    if (!this.listening) this.listen();
  }

  listen() {
    this.listening = true;
    this.plot.on("plotly_relayout", (change) => this.follow(change));
    this.plot.on("plotly_doubleclick", () => this.widen());
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
    const { width, height } = this.plot.layout ?? {};
    const { clientWidth, clientHeight } = this.plot;
    if (this.run !== null && clientWidth && (clientWidth !== width || clientHeight !== height)) this.draw();
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
    const percent = this.message.y_format.endsWith("%");
    const digits = percent ? this.message.y_format.replace("%", "f") : this.message.y_format || ".4r";
    return this.traces.map((trace) => ({
      type: "scatter",
      uid: trace.name,
      name: trace.name,
      x: trace.x,
      y: percent ? trace.y.map((value) => value && value * 100) : trace.y,
      visible: !this.hidden.has(trace.name),
      ...(this.silent(trace) ? { hoverinfo: "skip" } : { hovertemplate: `%{y:${digits}}${percent ? " %" : ""}` }),
      ...traceStyle(trace, this.traces, this.colors, { ...this.home, percent, log: this.message.log_y }),
    }));
  }

  // The pointer picks whole epochs; single batches only before the first epoch or in a close zoom.
  silent({ role }) {
    const [from, to] = this.range("x");
    const epochs = this.visible().some((trace) => !["training_batches", "exploded"].includes(trace.role) && trace.x.length);
    return ["best", "exploded"].includes(role) || (role === "training_batches" && epochs && to - from > CLOSE);
  }

  layout() {
    const { x_title, y_title, y_format, log_y } = this.message;
    const { text, muted, grid, line, panel, background, font } = this.colors;
    const room = { ticks: "outside", tickcolor: "transparent" }; // between labels and axis
    const axis = { ...room, gridcolor: grid, linecolor: line, zeroline: false, ticklen: 4, tickfont: { color: muted } };
    const [from, to] = this.range("x");
    const { clientWidth, clientHeight } = this.plot;
    const width = Math.max(1, clientWidth - MARGIN.l - MARGIN.r);
    return {
      uirevision: this.run,
      datarevision: ++this.revision,
      width: clientWidth,
      height: clientHeight,
      margin: MARGIN,
      showlegend: false,
      hovermode: "x unified",
      hoverdistance: Math.max(6, Math.ceil(width / (to - from) / 2)), // up to halfway to the next epoch
      dragmode: this.drag,
      paper_bgcolor: "transparent",
      plot_bgcolor: background, // opaque, because Plotly would otherwise draw the hover line in white
      font: { color: text, family: font, size: 12 },
      hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: text, family: font, size: 12 } },
      modebar: { bgcolor: "transparent", color: muted, activecolor: text },
      title: { text: y_title, x: 0, xref: "paper", y: 1, yanchor: "top", pad: { t: 8 }, font: { size: 13 } },
      xaxis: {
        ...axis,
        ...epochTicks(from, to, width),
        title: { text: x_title, standoff: 6, font: { size: 12, color: muted } },
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
        ticksuffix: y_format.endsWith("%") ? " %" : "",
        nticks: 6,
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
    const alone = { paper_bgcolor: this.colors.background, showlegend: true, legend, margin: { ...MARGIN, b: 84 } };
    const figure = { data: this.plotlyTraces(), layout: { ...this.layout(), ...size, ...alone } };
    Plotly.downloadImage(figure, { ...size, format, scale: 2, filename: `${this.run} ${this.message.y_title}` });
  }

  drawLegend() {
    const old = [...this.legend.children];
    // the best point and a NaN marker have labels of their own
    const buttons = this.traces.filter(({ role }) => !["best", "exploded"].includes(role)).map((trace) => {
      const button = old.find(({ dataset }) => dataset.name === trace.name) ?? this.legendButton(trace.name);
      const look = symbol(traceStyle(trace, this.traces, this.colors, this.home));
      if (button.dataset.look !== look) button.firstChild.innerHTML = button.dataset.look = look;
      button.ariaPressed = String(!this.hidden.has(trace.name));
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
    button.append(document.createElement("span"), name);
    return button;
  }

  toggle(name) {
    if (!this.hidden.delete(name)) this.hidden.add(name);
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
    Plotly.Fx.hover(this.plot, { xval: this.stop, yval: this.home.y[0] }, "xy");
  }
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

// Whole epochs if possible, 1, 2, 5, 10, … apart, with room for their labels.
function epochTicks(from, to, width) {
  const room = ((to - from) / width) * 44;
  if (to - from <= CLOSE) return { tickmode: "auto", nticks: Math.max(2, Math.floor(width / 70)), tickformat: "" };
  const power = 10 ** Math.max(0, Math.floor(Math.log10(room)));
  const dtick = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= room) ?? 10 * power;
  return { tickmode: "linear", tick0: 0, dtick, tickformat: ",d" };
}
