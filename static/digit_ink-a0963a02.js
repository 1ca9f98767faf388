// Shared look of all pictures of digits, of numbers on a colored ground, and shared style sheets.
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
.number { background: var(--ground); color: var(--st-text-color); }
/* black or white, whichever has the contrast of 4.5 to 1: their grounds meet at a luminance of 0.179 */
@supports (color: color(from red xyz-d65 x y z)) {
  .number {
    color: color(from var(--ground) xyz-d65
      calc(.9505 * clamp(0, (.179 - y) * 1e6, 1)) clamp(0, (.179 - y) * 1e6, 1) calc(1.0888 * clamp(0, (.179 - y) * 1e6, 1)));
  }
}
`;

const made = new Map(); // CSS -> style sheet shared by all components

export function addStyles(root, css) {
  if (!made.has(css)) made.set(css, new CSSStyleSheet());
  const sheet = made.get(css);
  if (root.adoptedStyleSheets.includes(sheet)) return;
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
