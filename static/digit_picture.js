// One digit in the theme's colors, as pixels or as numbers.

import { INK, addStyles } from "./digit_ink-a0963a02.js";

const CSS = `${INK}
.picture { max-width: 100%; overflow-x: auto; container-type: inline-size; }
.picture:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: -2px; }
.picture .paper {
  --size: min(var(--side), 100cqi); width: var(--size); border-radius: var(--st-base-radius); overflow: hidden;
}
.as-is .ink { mask: none; background: var(--sprite) 0 0 / auto 100% no-repeat; }
table {
  border-collapse: collapse; table-layout: fixed; width: var(--side); color: var(--st-text-color);
  font: calc(var(--side) / var(--columns) * .46)/1 var(--st-font); font-variant-numeric: tabular-nums;
  forced-color-adjust: none; print-color-adjust: exact;
}
td {
  width: calc(var(--side) / var(--columns)); height: calc(var(--side) / var(--columns)); padding: 0; text-align: center;
  --ground: color-mix(in srgb, var(--st-text-color) calc(var(--ink) * 100%), var(--st-secondary-background-color));
}
td.bare { color: color-mix(in srgb, var(--st-text-color) 66%, var(--st-secondary-background-color)); }
`;

export default function ({ data, parentElement }) {
  addStyles(parentElement, CSS);
  const host = parentElement.querySelector(".picture");
  host.style.setProperty("--side", `${data.size}px`);
  host.style.setProperty("--columns", data.values?.[0].length ?? 1);
  host.classList.toggle("as-is", data.as_is);
  host.style.setProperty("--sprite", `url("${data.sprite}")`);
  const wanted = data.values ? "TABLE" : "DIV";
  const old = host.firstElementChild;
  if (old?.tagName !== wanted || (data.values && host.dataset.sprite !== data.sprite)) {
    host.replaceChildren(data.values ? table(data.values) : picture());
  }
  host.dataset.sprite = data.sprite;
  const drawn = host.firstElementChild;
  drawn.ariaLabel = data.alt;
  host.tabIndex = data.values ? 0 : -1; // focusable, so that keys can scroll it
}

function picture() {
  const paper = Object.assign(document.createElement("div"), { className: "paper", role: "img" });
  paper.append(Object.assign(document.createElement("span"), { className: "ink" }));
  return paper;
}

function table(rows) {
  const drawn = document.createElement("table");
  for (const row of rows) {
    const line = drawn.insertRow();
    for (const value of row) {
      const cell = line.insertCell();
      cell.textContent = value;
      cell.style.setProperty("--ink", value / 255);
      cell.className = value ? "number" : "number bare";
    }
  }
  return drawn;
}
