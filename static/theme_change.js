// Asks for the page to be drawn again when the theme has changed: Python's charts and styles have the theme's colors.
//
// Streamlit calls the default export again for every message and every change of theme.

const asked = new WeakMap(); // root -> the theme that was asked for last, so that one it does not become asks once

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.host ?? parentElement;
  const ground = getComputedStyle(host).getPropertyValue("--st-background-color");
  const dark = brightness(ground) < 0.5;
  if (dark === data.dark) asked.delete(parentElement);
  else if (asked.get(parentElement) !== dark) {
    asked.set(parentElement, dark);
    setTriggerValue("changed", true);
  }
}

// From 0 to 1, of any CSS color.
function brightness(color) {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  pen.fillStyle = color.trim();
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
