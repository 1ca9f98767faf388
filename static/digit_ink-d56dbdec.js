// Shared look of all pictures of digits, and shared style sheets.
//
// The picture from Python contains only the amount of ink. It is used as a mask over the text color, so that a change
// of theme needs neither a message nor a script.

export const INK = `
.paper { background: var(--st-secondary-background-color); }
.ink {
  display: block; width: var(--size); height: var(--size); background: var(--st-text-color);
  mask: var(--sprite) calc(var(--place, 0) * -1 * var(--size)) 0 / auto 100% no-repeat;
  mask-mode: luminance; image-rendering: pixelated; forced-color-adjust: none; print-color-adjust: exact;
}
.ink.signed { background: var(--st-blue-color); }
.ink.below { --sprite: var(--sprite-below); background: var(--st-orange-color); }
.ink.beside.below { --sprite: var(--beside-below) !important; }
`;

const made = new Map(); // CSS -> style sheet shared by all components

export function addStyles(root, css) {
  if (!made.has(css)) made.set(css, new CSSStyleSheet());
  const sheet = made.get(css);
  if (root.adoptedStyleSheets.includes(sheet)) return;
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
