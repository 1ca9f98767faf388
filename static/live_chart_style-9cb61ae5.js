// The look of each kind of line. Colors come from the app's theme: blue for training, orange validation, green test.

const DASHES = ["solid", "dash", "dot", "dashdot"];
const SYMBOLS = ["circle", "square", "triangle-up", "diamond", "cross", "x"];

const CSS = `
.live-chart { position: relative; width: 100%; overflow: hidden; container-type: inline-size; }
.live-chart-drawn { background: var(--st-background-color); }
/* over the plot, whose upper margin makes room for it: a new line of the legend then moves no other element */
.live-chart-head { position: absolute; inset: 0 0 auto; z-index: 1; pointer-events: none; }
/* the toolbar has its place at the end of the second row of the legend, or of an empty one */
.live-chart-head::before { content: ""; float: right; height: 30px; }
.live-chart-tools { float: right; clear: right; width: 124px; height: 28px; }
.live-chart-title, .live-chart-legend { display: inline; line-height: 28px; }
.live-chart-title { margin-right: 4px; font-weight: 600; }
.live-chart-plot { height: 100%; border-radius: var(--st-base-radius); }
.live-chart-plot .modebar-container { top: 28px !important; }
.live-chart-plot:focus-visible, .live-chart-legend button:focus-visible {
  outline: 2px solid var(--st-primary-color); outline-offset: -2px;
}
.live-chart-legend button {
  display: inline-flex; align-items: baseline; gap: 4px; padding: 0 4px; border: 0; border-radius: 4px;
  background: none; color: var(--st-text-color); font: 0.8125rem/24px var(--st-font); cursor: pointer; pointer-events: auto;
}
.live-chart-legend b { font-size: 0.875rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.live-chart-legend b:empty { display: none; }
.live-chart-legend button:hover { background: var(--st-secondary-background-color); }
.live-chart-legend button[aria-pressed="false"] { opacity: .7; text-decoration: line-through; }
@container (max-width: 35rem) { .live-chart-legend [data-role="best"] b { display: none; } }
/* on a phone, in two rows also with a tutorial's lines and values of seven characters */
@container (max-width: 24rem) {
  .live-chart-title { font-size: 0.875rem; }
  .live-chart-legend button { gap: 2px; padding: 0 2px; font-size: 0.75rem; }
  .live-chart-legend b { margin-left: 2px; font-size: 0.8125rem; }
  .live-chart-legend svg { width: 14px; }
}
@media (prefers-reduced-motion: reduce) { .live-chart * { transition: none !important; animation: none !important; } }
`;

export function addStyles() {
  if (document.getElementById("live-chart-styles")) return;
  const style = document.createElement("style");
  Object.assign(style, { id: "live-chart-styles", textContent: CSS });
  document.head.append(style);
}

export function theme(host) {
  const css = getComputedStyle(host);
  const read = (name) => css.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    muted: mixed(read("text-color"), read("background-color"), 0.7),
    grid: mixed(read("text-color"), read("background-color"), 0.1),
    line: mixed(read("text-color"), read("background-color"), 0.3),
    background: read("background-color"),
    panel: read("secondary-background-color"),
    training: read("blue-color"),
    validation: read("orange-color"),
    test: read("green-color"),
    wrong: read("red-color"),
    several: read("chart-categorical-colors").split(","),
  };
}

// Mixed to opaque colors, because overlapping transparent lines would add up.
function mixed(color, background, share) {
  const parts = (name) =>
    name.startsWith("#") ? name.match(/[0-9a-f]{2}/gi).slice(0, 3).map((part) => parseInt(part, 16)) : name.match(/\d+/g).map(Number);
  const [a, b] = [parts(color), parts(background)];
  return `rgb(${a.map((part, i) => Math.round(part * share + b[i] * (1 - share))).join(",")})`;
}

export function traceStyle(trace, traces, colors) {
  const { training, validation, test, wrong, text, background } = colors;
  const bold = (color, dash, shape) => ({
    mode: "lines+markers",
    line: { color, dash, width: 2.25 },
    marker: { color, symbol: shape, size: 7, maxdisplayed: 25, line: { color: background, width: 1 } },
  });
  // contrast of at least 3:1 with either background (WCAG 2.2, 1.4.11)
  const faint = (color) => ({ mode: "lines", line: { color: mixed(color, background, 0.85), dash: "dot", width: 1.5 } });
  const single = (color, shape, size) => ({
    mode: "markers", // named in the legend, because a label here would cover the curves
    marker: { color, symbol: shape, size, line: { color: background, width: 1.5 } },
    cliponaxis: false,
  });
  switch (trace.role) {
    case "training_batches":
      return { mode: "lines", line: { color: mixed(training, background, 0.7), width: 1 } };
    case "training":
      return bold(training, "solid", "circle");
    case "validation":
      return bold(validation, "dash", "square");
    case "test":
      return single(test, "triangle-up", 11);
    case "best":
      return single(text, "diamond", 12);
    case "exploded":
      return single(wrong, "x", 11);
    case "reference_training":
      return faint(training);
    case "reference_validation":
      return faint(validation);
    default: {
      const place = traces.filter(({ role }) => role === "compare").indexOf(trace);
      const pick = (list) => list[place % list.length];
      return bold(pick(colors.several), pick(DASHES), pick(SYMBOLS));
    }
  }
}

// The measured values behind their smoothed line.
export function behind({ line }, { background }) {
  return { mode: "lines", line: { color: mixed(line.color, background, 0.35), width: 1 } };
}

// The legend's symbol for a line: its color, dash and marker.
export function symbol({ mode, line, marker }) {
  const dash = { dash: "6 3", dot: "2 3", dashdot: "6 3 2 3" }[line?.dash] ?? "none";
  const stroke = line && mode.includes("lines")
    ? `<path d="M0 6H18" stroke="${line.color}" stroke-width="${line.width}" stroke-dasharray="${dash}"/>` : "";
  const shape = marker && mode.includes("markers")
    ? `<path d="${SHAPES[marker.symbol]}" fill="${marker.color}" transform="translate(9 6)"/>` : "";
  return `<svg width="18" height="12" aria-hidden="true">${stroke}${shape}</svg>`;
}

const SHAPES = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  square: "M-3.5 -3.5h7v7h-7z",
  diamond: "M0 -5.5L5.5 0L0 5.5L-5.5 0z",
  "triangle-up": "M0 -5L5 4H-5z",
  cross: "M-1.5 -4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
  x: "M-4 -2.5L-2.5 -4L0 -1.5L2.5 -4L4 -2.5L1.5 0L4 2.5L2.5 4L0 1.5L-2.5 4L-4 2.5L-1.5 0z",
};
