// The initial ranges of a live chart: whole epochs, and values without the outliers of the first batches.
// Ranges are in Plotly's format: [from, to], as exponents of ten on a logarithmic axis.

const EARLY = 0.1; // share of the run so far in which the loss falls from 2.3
const OUTLIERS = 0.02; // share of later batches, at either end
const SPARE = 0.6; // a range filled at least this much stays, so that the axis does not move at every tick

export const homeRange = {
  x(traces, { x_end }) {
    const [low, high] = ends(traces.flatMap((trace) => trace.x).filter((value) => value !== null));
    const from = Math.min(x_end ? 0 : 1, Math.floor(low));
    return padded(from, Math.max(from + 1, x_end ?? 0, Math.ceil(high)), 0.015);
  },

  y(traces, message, before) {
    const epochs = traces.filter(({ role }) => role !== "training_batches").flatMap((trace) => values(trace, message));
    const batches = traces.filter(({ role }) => role === "training_batches").flatMap((trace) => {
      const early = EARLY * (trace.x.at(-1) ?? 0);
      const late = trace.x.findIndex((x) => x >= early);
      return inner(values({ x: trace.x.slice(late), y: trace.y.slice(late) }, message));
    });
    const needed = extent([...epochs, ...batches], message);
    if (!before || before[0] > needed.low || before[1] < needed.high) return needed.range;
    return needed.high - needed.low < SPARE * (before[1] - before[0]) ? needed.range : before;
  },
};

export const wholeRange = {
  x: homeRange.x,
  y: (traces, message) => extent(traces.flatMap((trace) => values(trace, message)), message).range,
};

function values({ y }, { log_y, y_format }) {
  const scale = y_format.endsWith("%") ? 100 : 1;
  const drawn = y.filter((value) => value !== null && (!log_y || value > 0)).map((value) => value * scale);
  return log_y ? drawn.map(Math.log10) : drawn;
}

function inner(numbers) {
  if (numbers.length < 20) return numbers;
  const sorted = numbers.sort((a, b) => a - b);
  return [sorted[Math.floor(OUTLIERS * sorted.length)], sorted[Math.ceil((1 - OUTLIERS) * sorted.length) - 1]];
}

function extent(numbers, { log_y, y_format }) {
  if (!numbers.length) return { low: 0, high: 0, range: log_y ? [-2, 0] : [0, y_format.endsWith("%") ? 100 : 1] };
  const [low, high] = ends(numbers);
  let [from, to] = padded(low, high, 0.08);
  if (!log_y && low >= 0) from = Math.max(0, from);
  return { low, high, range: [from, to] };
}

function padded(low, high, share) {
  const room = (high - low || Math.abs(high) || 1) * share;
  return [low - room, high + room];
}

function ends(numbers) {
  return numbers.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
