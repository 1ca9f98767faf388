// Shows the page once its script has ended and its widgets' scripts have come, or a little later: drawn earlier, each
// widget would be a bar of another size first, and the page would move. What loads for longer has a room of its size.

const LONGEST = 90; // frames after the page's heading has come
const LARGE = '[class*="-room"], [class*="-scaled-"], [class*="-tall-"], .stDataFrame, .stCode, .stPlotlyChart';
const { dataset } = document.documentElement;

// From then on, the frame has the style that the visit's script sends, which may be that of the presentation view.
function follow() {
  if (getComputedStyle(document.documentElement).getPropertyValue("--frame-ground")) delete dataset.unframed;
  else requestAnimationFrame(follow);
}

function show(frames) {
  const begun = document.querySelector('[data-testid="stMain"] h1');
  if (begun && (complete() || frames >= LONGEST)) delete dataset.opening;
  else requestAnimationFrame(() => show(frames + Boolean(begun)));
}

function complete() {
  if ("unframed" in dataset || document.querySelector('link[media="print"]')) return false;
  if (document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "running") return false;
  const bars = [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stSkeleton"]')];
  return bars.every((bar) => bar.closest(LARGE));
}

follow();
show(0);
