// The look of every table with a head that stays and rows that are chosen.

export const QUIET = "color-mix(in srgb, var(--st-text-color) 68%, var(--st-background-color))";

export const TABLE = `
.rows { container-type: inline-size; font: 0.8125rem/1.125rem var(--st-font); color: var(--st-text-color); }
.scroll {
  overflow: auto; overscroll-behavior-x: contain; max-height: var(--most); scroll-padding: 2.5rem 0 0 var(--pinned, 0);
  border: 1px solid var(--st-border-color); border-radius: 8px;
}
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
th, td { box-sizing: border-box; height: 2.125rem; padding: 0 8px; text-align: left; font-weight: 400; white-space: nowrap; }
.end { text-align: right; }
tbody tr + tr > * { border-top: 1px solid color-mix(in srgb, var(--st-border-color) 60%, var(--st-background-color)); }
thead > tr > * {
  position: sticky; top: 0; z-index: 2; height: 2.5rem; white-space: normal; word-break: keep-all; line-height: 1rem;
  background: var(--st-secondary-background-color); color: ${QUIET}; border-bottom: 1px solid var(--st-border-color);
}
thead button { padding: 0; font: inherit; color: inherit; text-align: inherit; background: none; border: 0; cursor: pointer; }
thead button:hover, [aria-sort] button { color: var(--st-text-color); }
[aria-sort] button { font-weight: 600; }
tbody tr:hover > * { background: color-mix(in srgb, var(--st-text-color) 4%, var(--st-background-color)); }
tbody tr.chosen > * { background: color-mix(in srgb, var(--st-primary-color) 10%, var(--st-background-color)); }
:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; border-radius: 3px; }
`;
