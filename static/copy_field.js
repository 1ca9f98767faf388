// A text in a field, and a button that copies it.

import { addStyles } from "./digit_ink-a0963a02.js";

const CSS = `
.copy { zoom: calc(1 / var(--scale, 1)); display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; align-items: center; padding: 4px; font: 1rem/1.4 var(--st-font); color: var(--st-text-color); }
.copy input, .copy button { box-sizing: border-box; height: 2.5rem; font: inherit; border-radius: var(--st-base-radius); }
.copy input { min-width: 0; padding: 0 .5rem; color: inherit; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
.copy button { padding: 0 .75rem; cursor: pointer; color: #fff; background: var(--st-primary-color); border: 1px solid var(--st-primary-color); }
.copy :focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
.copy span { grid-column: 1 / -1; font-size: .875rem; min-height: 1.4em; }
`;
const SHOWN = 4000; // milliseconds that the result is shown

export default function ({ data, parentElement }) {
  addStyles(parentElement, CSS);
  const field = parentElement.querySelector("input");
  const button = parentElement.querySelector("button");
  const result = parentElement.querySelector("span");
  field.value = data.text;
  field.ariaLabel = data.label;
  field.onfocus = () => field.select();
  button.textContent = data.copy;
  const tell = (done) => {
    result.textContent = done ? data.copied : data.by_hand;
    clearTimeout(field.hiding);
    field.hiding = setTimeout(() => (result.textContent = ""), SHOWN);
  };
  button.onclick = () => {
    // without HTTPS there is no clipboard; the older command copies what is selected
    if (!navigator.clipboard) return tell(select(field));
    navigator.clipboard.writeText(field.value).then(
      () => tell(true),
      () => tell(select(field)),
    );
  };
}

function select(field) {
  field.focus();
  field.select();
  return document.execCommand("copy");
}
